import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';

/**
 * Whether the far end of a connection within this computer belongs to another user of it. A page's address, and with it
 * its token, stands among the words with which a browser was started, and those are everybody's to read. Only Linux
 * tells whose a connection is; where there is no such list, the answer is no.
 */
export function isAnotherUsers(socket: Socket): boolean {
  if (process.platform !== 'linux') return false;
  const { remoteAddress, remotePort, localAddress, localPort } = socket;
  const [far, near] = [endOf(remoteAddress, remotePort), endOf(localAddress, localPort)];
  const list = read('/proc/net/tcp') + read('/proc/net/tcp6');
  // After the two ends: the state, the queues, a timer, retransmissions, and then the user.
  const line = new RegExp(`: ${far} ${near} \\w+ \\w+:\\w+ \\w+:\\w+ \\w+ +(\\d+) `);
  const user = line.exec(list)?.[1];
  if (user !== undefined) return Number(user) !== process.getuid?.();
  // Missed in a list that has its other end, it is refused: the page asks again.
  return new RegExp(`: ${near} ${far} `).test(list);
}

/** As the kernel writes it, as a pattern: the bytes backwards, in version 4 or within version 6. */
function endOf(address = '', port = 0): string {
  const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, '0');
  const bytes = address
    .replace(/^::ffff:/, '')
    .split('.')
    .map((byte) => hex(Number(byte), 2));
  return `(?:0000000000000000FFFF0000)?${bytes.toReversed().join('')}:${hex(port, 4)}`;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
