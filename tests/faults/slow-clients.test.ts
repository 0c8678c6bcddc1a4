// time limit: 120 s
// long time limit: 480 s
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { scratch, startHost } from '../support/processes.ts';
import { frameOf } from '../support/raw-socket.ts';
import { addressOf, AS_USUAL, Bystanders, heldBy, signInFrom } from './crowd.ts';
import { effort, either, isLong, report } from './trial.ts';

/** How a client takes its time. */
interface Slowness {
  what: string;
  /** By default it is encrypted. */
  plain?: boolean;
  /** What it says at once. */
  says?: (address: string) => string | Buffer;
  /** And then again and again, four times a second. */
  drips?: string | Buffer;
  /** It does not read what is answered. */
  deaf?: boolean;
  /** It takes two minutes. */
  onlyLong?: boolean;
}

const get = (more: string) => (address: string) => `GET / HTTP/1.1\r\nHost: ${address}\r\n${more}`;
const UPGRADE =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: salon.v1\r\n';
const upgrade = (end: string) => (address: string) =>
  `GET /socket HTTP/1.1\r\nHost: ${address}\r\n${UPGRADE}${end}`;
const post = (more: string) => (address: string) => `POST / HTTP/1.1\r\nHost: ${address}\r\n${more}\r\n`;
/** The first record of a TLS handshake: what comes after its head is awaited. */
const HELLO_BEGUN = Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]);

const ALL: readonly Slowness[] = [
  { what: 'says nothing', plain: true },
  { what: 'begins to encrypt', plain: true, says: () => HELLO_BEGUN },
  { what: 'encrypts byte by byte', plain: true, says: () => HELLO_BEGUN, drips: Buffer.from([0]) },
  { what: 'is encrypted and says nothing' },
  { what: 'asks line by line', says: get(''), drips: 'X: y\r\n' },
  { what: 'asks letter by letter, unencrypted', plain: true, says: () => 'GE', drips: 'T' },
  { what: 'does not end asking', says: get('') },
  { what: 'uploads byte by byte', says: post('Content-Length: 1000000\r\n'), drips: 'x' },
  { what: 'uploads chunk by chunk', says: post('Transfer-Encoding: chunked\r\n'), drips: '1\r\nx\r\n' },
  { what: 'asks once and stays', says: get('\r\n') },
  { what: 'asks and goes on with empty lines', says: get('\r\n'), drips: '\r\n', onlyLong: true },
  {
    what: 'asks a hundred times and reads nothing',
    says: (address) => get('\r\n')(address).repeat(100),
    ...{ deaf: true, onlyLong: true },
  },
  { what: 'half opens a socket', says: upgrade(''), drips: 'X: y\r\n' },
  { what: 'opens a socket and says nothing', says: upgrade('\r\n') },
  {
    what: 'says hello byte by byte',
    says: upgrade('\r\n'),
    drips: frameOf(Buffer.from('{'), { fin: false }).subarray(0, 1),
  },
  { what: 'opens a socket wrongly and stays', says: upgrade('Sec-WebSocket-Key: x\r\n\r\n'), deaf: true },
];

const SLOWNESSES = ALL.filter(({ onlyLong = false }) => isLong || !onlyLong);

/** Well beyond the longest limit that any of them meets. In milliseconds. */
const LONG_MS = either(40_000, 180_000);

const slow = suite('A client that takes its time');

slow('is cut off, however it does so, while others come and go', async () => {
  const host = await startHost(await scratch(), AS_USUAL);
  const address = `127.0.0.1:${host.port}`;
  const members = await Bystanders.come(address, host.owner?.code ?? null);
  await members.more(2);
  const before = heldBy(host.pid);
  const each = effort(2, 60);
  const waiting = SLOWNESSES.map((slowness, n) => {
    const ends = Array.from({ length: each }, (_, i) =>
      endOf(slowness, host.port, addressOf(n * 10 + (i % 10))),
    );
    return Promise.all(ends);
  });
  // The room is open for everybody else meanwhile.
  for (let n = 0; n < 3; n += 1) {
    const caller = await signInFrom(address, addressOf(900 + n), 'bystander-0');
    caller.close();
    await members.more(3);
  }
  const ends = await Promise.all(waiting);
  const longest = ends.map((ms) => Math.max(...ms));
  report(`slow clients, ${each} of each kind, cut after seconds`, {
    ...Object.fromEntries(SLOWNESSES.map(({ what }, n) => [what, ((longest[n] ?? 0) / 1_000).toFixed(1)])),
    written: await members.end(),
  });
  SLOWNESSES.forEach(({ what }, n) => assert.ok((longest[n] ?? 0) < LONG_MS, `${what} is not cut off`));
  const after = heldBy(host.pid);
  if (before !== null && after !== null) assert.ok(after.descriptors <= before.descriptors);
  assert.is(await host.stop(), 0);
});

/** How long it lasts, at most somewhat longer than it may. In milliseconds. */
function endOf(
  { plain = false, says, drips, deaf = false }: Slowness,
  port: number,
  from: string,
): Promise<number> {
  const began = performance.now();
  const to = { host: '127.0.0.1', port, localAddress: from, rejectUnauthorized: false, allowHalfOpen: true };
  return new Promise((resolve) => {
    let dripping: NodeJS.Timeout | undefined;
    const opened = () => {
      if (says !== undefined) socket.write(says(`127.0.0.1:${port}`));
      if (drips !== undefined)
        dripping = setInterval(() => {
          if (socket.writable) socket.write(drips);
        }, 250);
    };
    const socket: Socket = plain ? connectPlain(to, opened) : connectSecure(to, opened);
    const patience = setTimeout(() => socket.destroy(), LONG_MS);
    if (deaf) {
      // It does not read; that it was cut shows when it writes.
      dripping = setInterval(() => {
        if (socket.writable) socket.write('\r\n');
      }, 250);
    } else socket.resume();
    // The host has hung up. A client that is slow in that too would stay half open.
    socket.on('end', () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(patience);
      clearInterval(dripping);
      resolve(performance.now() - began);
    });
  });
}

slow.run();
