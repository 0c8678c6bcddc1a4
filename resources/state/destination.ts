import * as v from 'valibot';
import { formatAddress, parseAddress } from '../../server/protocol/address.ts';
import { Target, type Hosting, type NearbyRoom, type RecentRoom } from '../../server/protocol/control.ts';
import type { Found } from '../../server/protocol/invite.ts';

/** Where a visit goes and what it brings. It is kept while the window is open, so that a reload comes back to it. */
export const Destination = v.strictObject({
  target: Target,
  /** A join code, or the letters of a short form; null for none. */
  code: v.nullable(v.string()),
  /** What the room is called by whoever told of it: to be shown until it answers, and not to be relied on. */
  name: v.string(),
});
export type Destination = v.InferOutput<typeof Destination>;

/** The most addresses that are tried for one room. */
const MOST_ADDRESSES = 16;
/** The longest that is asked for. */
const MOST_LETTERS = 300;

const nowhere: Target = { fingerprint: null, prefix: '', addresses: [], spoken: null };

/** Where something that was typed, scanned or opened leads. */
export function destinationOf(found: Exclude<Found, { kind: 'unreadable' }>): Destination {
  if (found.kind === 'address') return toAddress(formatAddress(found.address));
  if (found.kind === 'spoken') {
    const addresses = found.address === null ? [] : [formatAddress(found.address)];
    return { target: { ...nowhere, addresses, spoken: found.spoken }, code: found.spoken, name: '' };
  }
  const { fingerprint, addresses, room } = found.code;
  const target = { ...nowhere, fingerprint, addresses: addresses.map(formatAddress) };
  return { target, code: found.text, name: room };
}

export function toAddress(address: string): Destination {
  return { target: { ...nowhere, addresses: [address] }, code: null, name: '' };
}

export function toNearby({ prefix, name, addresses }: NearbyRoom): Destination {
  return { target: { ...nowhere, prefix, addresses }, code: null, name };
}

export function toRecent({ fingerprint, name, addresses }: RecentRoom): Destination {
  return { target: { ...nowhere, fingerprint, addresses }, code: null, name };
}

/** The room that this computer hosts is found on its own loopback, through a real socket like any other. */
export function toHosted({ fingerprint, name, port }: Hosting): Destination {
  return { target: { ...nowhere, fingerprint, addresses: [`127.0.0.1:${port}`] }, code: null, name };
}

/** Every address once, the likeliest first. What is none is left out: one that a host made up must not spoil the rest. */
export function unionOf(...lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())].filter(isAddress).slice(0, MOST_ADDRESSES);
}

function isAddress(text: string): boolean {
  return text.length <= MOST_LETTERS && parseAddress(text) !== null;
}
