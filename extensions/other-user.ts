import type { Socket } from 'node:net';
import { readText } from './read-text.ts';

/** A list that changes while it is read may lack a line. */
const READS = 3;

/**
 * Whether the far end of a connection within this computer belongs to another user of it. A page's address, and with it
 * its token, stands among the words with which a browser was started, and those are everybody's to read. Only Linux
 * tells whose a connection is; where it does not, the answer is no.
 */
export function isAnotherUsers(socket: Socket): boolean {
  if (process.platform !== 'linux') return false;
  const { remoteAddress = '', remotePort = 0, localAddress = '', localPort = 0 } = socket;
  for (let reads = 0; reads < READS; reads += 1) {
    const list = readText('/proc/net/tcp') + readText('/proc/net/tcp6');
    const user = userOf(list, [remoteAddress, remotePort], [localAddress, localPort]);
    // The superuser passes on what comes from outside, as from Windows around a WSL; and needs no door.
    if (user !== null) return user !== 0 && user !== process.getuid?.();
  }
  return false;
}

type End = readonly [address: string, port: number];

/**
 * Whose the far end is, by its number, in the kernel's lists of TCP connections. Null where they do not have it.
 *
 * @param list - `/proc/net/tcp`, `/proc/net/tcp6`, or both: after the two ends the state, the queues, a timer,
 *   retransmissions, and then the user.
 */
export function userOf(list: string, far: End, near: End): number | null {
  const line = new RegExp(`: ${written(far)} ${written(near)} \\w+ \\w+:\\w+ \\w+:\\w+ \\w+ +(\\d+) `);
  const user = line.exec(list)?.[1];
  return user === undefined ? null : Number(user);
}

/** As the kernel writes an end, as a pattern: the bytes backwards, in version 4 or within version 6. */
function written([address, port]: End): string {
  const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, '0');
  const bytes = address
    .replace(/^::ffff:/, '')
    .split('.')
    .map((byte) => hex(Number(byte), 2));
  return `(?:0000000000000000FFFF0000)?${bytes.toReversed().join('')}:${hex(port, 4)}`;
}
