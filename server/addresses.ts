import { existsSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import type { CardAddress } from './protocol/entities.ts';

type Kind = CardAddress['kind'];

/** How systems name their cards. The first that fits decides; what fits none is `other`. */
const KINDS: readonly [RegExp, Kind][] = [
  [/^(lo\d*$|loopback)/i, 'loopback'],
  // Virtual machines and containers: only what runs on this computer is behind them.
  [/^(docker|br-|veth|virbr|vmnet|vboxnet|vethernet|virtualbox|vmware|lxc|cni|bridge\d)/i, 'virtual'],
  [/^(tun|tap|wg|utun|ppp|ipsec|zt|tailscale|nordlynx|proton|openvpn|wireguard)|vpn/i, 'vpn'],
  [/^(wl|wi-?fi|wlan|ath|ra\d|airport)|wireless|sans fil/i, 'wifi'],
  [/^(en|eth|em\d|lan|local area|réseau local)/i, 'ethernet'],
];

/** Best first: where colleagues most likely are. */
const RANKS: readonly Kind[] = ['ethernet', 'wifi', 'other', 'vpn', 'virtual', 'loopback'];

/** This computer's addresses with their cards, best first: real cards before virtual ones, loopback last. */
export function ownAddresses(cards: NodeJS.Dict<Card[]> = networkInterfaces()): CardAddress[] {
  return Object.entries(cards)
    .flatMap(([card, addresses = []]) =>
      addresses
        // Link-local IPv6 addresses need a zone that means nothing on another computer.
        .filter(({ address, family }) => family === 'IPv4' || !address.startsWith('fe80'))
        .map(({ address, internal }) => ({
          address,
          card,
          kind: kindOf(card, internal),
          loopback: internal,
        })),
    )
    .toSorted((a, b) => rankOf(a) - rankOf(b));
}

interface Card {
  address: string;
  family: string;
  internal: boolean;
}

/** What a card is. Linux tells a wireless one; elsewhere, and for the rest, its name does. */
function kindOf(card: string, internal: boolean): Kind {
  if (internal) return 'loopback';
  if (process.platform === 'linux' && existsSync(`/sys/class/net/${card}/wireless`)) return 'wifi';
  // A Mac calls its Wi-Fi en0, as long as it has no other built-in card.
  if (process.platform === 'darwin' && card === 'en0') return 'wifi';
  return KINDS.find(([pattern]) => pattern.test(card))?.[1] ?? 'other';
}

function rankOf({ address, kind }: CardAddress): number {
  // An address that a card gave itself because nobody else did: there is hardly anybody there.
  const selfGiven = address.startsWith('169.254.') ? 5 : 0;
  return RANKS.indexOf(kind) * 10 + selfGiven + (address.includes(':') ? 2 : 0);
}

/**
 * Who is counted as one: an IPv4 address, or for IPv6 the network of 64 bits, because one computer has as many addresses
 * in it as it likes.
 */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.replace(/%.*$/, '').split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - before.length - after.length }, () => '0');
  const groups = [...before, ...zeros, ...after].slice(0, 4);
  return `${groups.map((group) => parseInt(group, 16).toString(16)).join(':')}::/64`;
}

/** Every name under which a browser may rightly ask this computer: anything else in a Host header is somebody's trick. */
export function ownNames(): Set<string> {
  const name = hostname().toLowerCase();
  const addresses = Object.values(networkInterfaces()).flatMap((list = []) =>
    list.map(({ address }) => address),
  );
  return new Set([
    'localhost',
    name,
    `${name}.local`,
    ...addresses.map((address) => (address.includes(':') ? `[${address}]` : address)),
    '127.0.0.1',
    '[::1]',
  ]);
}
