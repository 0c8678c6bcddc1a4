import { hostname, networkInterfaces } from 'node:os';
import type { CardAddress } from './protocol/control.ts';

/** Cards that usually lead nowhere a colleague is: virtual machines, containers, tunnels. */
const VIRTUAL = /^(docker|br-|veth|virbr|vmnet|vboxnet|vEthernet|tun|tap|wg|utun|zt|tailscale|lo)/i;

/** This computer's addresses, best first: real cards before virtual ones, loopback last. */
export function ownAddresses(): CardAddress[] {
  const found = Object.entries(networkInterfaces()).flatMap(([card, addresses = []]) =>
    addresses
      // Link-local IPv6 addresses need a zone that means nothing on another computer.
      .filter(({ address, family }) => family === 'IPv4' || !address.startsWith('fe80'))
      .map(({ address, family, internal }) => ({ address, card, loopback: internal, family })),
  );
  return found
    .map((each) => ({ ...each, rank: rank(each) }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ address, card, loopback }) => ({ address, card, loopback }));
}

function rank({
  card,
  family,
  loopback,
  address,
}: {
  card: string;
  family: string;
  loopback: boolean;
  address: string;
}): number {
  const kind = loopback ? 40 : VIRTUAL.test(card) ? 20 : address.startsWith('169.254.') ? 10 : 0;
  return kind + (family === 'IPv4' ? 0 : 5);
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
