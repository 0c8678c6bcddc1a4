import { formatAddress } from '../../server/protocol/address.ts';
import { DEFAULT_PORT } from '../../server/protocol/entities.ts';
import { findJoin, groupSpoken, salonLink, type Found } from '../../server/protocol/invite.ts';

/** More than any invitation; a larger file is something else. */
const FILE_BYTES = 64 * 1024;

/** What leads to a room. */
export type Readable = Exclude<Found, { kind: 'unreadable' }>;

/**
 * What was pasted beside a field: a code or a link at once, an address only if it looks like one, because any word could
 * be the name of a computer.
 */
export function pastedJoin(text: string): Found | null {
  const found = findJoin(text);
  if (found?.kind === 'address' && !/^\S*[.:/]\S*$/.test(text.trim())) return null;
  return found;
}

/** As it stands in a field: one line. */
export function joinText(found: Readable): string {
  if (found.kind === 'code') return salonLink(found.text);
  if (found.kind === 'address') return shortAddress(formatAddress(found.address));
  const where = found.address === null ? '' : `${shortAddress(formatAddress(found.address))} `;
  return where + groupSpoken(found.spoken);
}

/** The invitation in a file: a link or a code somewhere in its text. Null when there is none. */
export async function readInvitation(file: Blob): Promise<Readable | null> {
  if (file.size > FILE_BYTES) return null;
  const text = await file.text();
  for (const part of [text, ...text.split(/\r?\n/)]) {
    const found = findJoin(part);
    if (found?.kind === 'code' || found?.kind === 'spoken') return found;
  }
  return null;
}

/** The usual port goes without saying. */
export function shortAddress(address: string): string {
  return address.endsWith(`:${DEFAULT_PORT}`) ? address.slice(0, -`:${DEFAULT_PORT}`.length) : address;
}
