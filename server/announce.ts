import { randomBytes } from 'node:crypto';
import { BlockList, isIP, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { Cards, SERVICE } from './cards.ts';
import { parseAddress } from './protocol/address.ts';
import { type Fingerprint, PROTOCOL_VERSION } from './protocol/entities.ts';

/** Tells this network that a room is here, and where. Never anything that is not for everybody. */

/** How much of a fingerprint is announced: 96 bits, too many to make a key that begins the same. */
export const PREFIX_LETTERS = 16;
/** One string of a TXT record holds 255 bytes, `n=` included. */
const NAME_BYTES = 253;

export interface Announced {
  fingerprint: Fingerprint;
  port: number;
  name: string;
  /** Where the room listens, if not everywhere: nobody is told of it elsewhere. */
  address?: string | undefined;
}

export interface Announcement {
  /** Says goodbye, so that nobody goes on showing the room. */
  end(): Promise<void>;
}

/** A room that this computer hosts, on every card for as long as it is open. */
export function announceRoom({ fingerprint, port, name, address }: Announced): Announcement {
  const id = fingerprint.slice(0, PREFIX_LETTERS);
  return announce(
    id,
    port,
    { v: String(PROTOCOL_VERSION), id, n: cut(name, NAME_BYTES) },
    address === undefined || isAny(address) ? undefined : (card) => card === address,
  );
}

/**
 * Where a member's app reached a room, so that others who knew it elsewhere find it again. The name of the record is a
 * passing one: it says nothing of who announces. Other networks of this computer's are told nothing of the room.
 *
 * @param address - `host:port`.
 */
export function announceSeen(fingerprint: Fingerprint, address: string): Announcement {
  const at = parseAddress(address);
  if (at === null) return { end: () => Promise.resolve() };
  const id = fingerprint.slice(0, PREFIX_LETTERS);
  const text = { role: 'seen', id, at: address };
  const name = `seen-${randomBytes(6).toString('hex')}`;
  return announce(name, at.port, text, (card) => sharesNetwork(card, at.host));
}

function announce(
  name: string,
  port: number,
  txt: Record<string, string>,
  only?: (address: string) => boolean,
): Announcement {
  const cards = new Cards(
    {
      up: ({ bonjour }) => {
        // Neither the computer's own name nor a question whether the name is free: the key tells rooms apart.
        bonjour.publish({ name, type: SERVICE, port, host: `salon-${name}.local`, txt, probe: false });
      },
    },
    { only },
  );
  return { end: () => cards.close() };
}

/** Whether a room at `host` is on a network of the card with this address. */
function sharesNetwork(card: string, host: string): boolean {
  if (isIP(host) === 0) return false;
  const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4');
  const its = Object.values(networkInterfaces()).find((all = []) =>
    all.some(({ address }) => address === card),
  );
  const near = new BlockList();
  for (const { address, cidr } of its ?? [])
    near.addSubnet(address, Number(cidr?.split('/')[1] ?? (isIPv6(address) ? 128 : 32)), familyOf(address));
  return near.check(host, familyOf(host));
}

function isAny(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

/** As much of a text as fits, in whole characters. */
function cut(text: string, bytes: number): string {
  let characters = [...text];
  while (Buffer.byteLength(characters.join('')) > bytes) characters = characters.slice(0, -1);
  return characters.join('');
}
