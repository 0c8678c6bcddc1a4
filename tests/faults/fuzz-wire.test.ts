// time limit: 180 s
// long time limit: 1080 s
import { createRequire } from 'node:module';
import { connect as connectPlain } from 'node:net';
import type { Writable } from 'node:stream';
import { connect as connectSecure } from 'node:tls';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ulid } from 'ulid';
import { decodeAsk } from '../../server/protocol/frames.ts';
import { LIMITS } from '../../server/protocol/entities.ts';
import { SalonError } from '../../server/protocol/errors.ts';
import { mutant, pick } from '../fuzz/mutate.ts';
import { openRoom, type TestRoom } from '../support/room.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { FRAME_CASES } from './rfc6455.ts';
import { between, effort, randomFrom, report, seed } from './trial.ts';

/** How `ws` reads frames. Its types leave it out. */
const { Receiver } = createRequire(import.meta.url)('ws') as { Receiver: new (options: object) => Writable };

const fuzzing = suite('Bytes from the network');

const SMALL_FRAMES = FRAME_CASES.map(({ bytes }) => bytes).filter(({ length }) => length < 2_000);
const FRAME_WORDS = [
  '\u0081\u0080',
  '\u0089\u0080',
  '\u0088\u0082',
  '\u00fe\u00ff',
  '\u007f',
  '\u0000\u0000\u0000\u0000',
  '{"t":"ask"}',
];
/** With which a library may say that it is not WebSocket what it reads. */
const CLOSES = [1002, 1003, 1007, 1008, 1009];

fuzzing('as frames end in a text, a refusal or a close code, and in nothing else', async () => {
  const random = randomFrom(seed);
  const runs = effort(20_000, 10_000_000);
  const ends: Record<string, number> = {};
  const note = (end: string) => (ends[end] = (ends[end] ?? 0) + 1);
  // What is thrown while a stream hears would end this process.
  const wrong: string[] = [];
  const before = process.memoryUsage().rss;
  // Nearly every input ends in an error, and two thirds of the time would go into telling where it was made.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  for (let run = 0; run < runs; run += 1) {
    const input = mutant(random, { words: FRAME_WORDS, corpus: SMALL_FRAMES });
    const receiver = new Receiver({
      ...{ isServer: true, maxPayload: LIMITS.frameBytes, skipUTF8Validation: false },
      ...{ maxFragments: 16, maxBufferedChunks: 256 },
    });
    receiver.on('message', (data: Buffer, isBinary: boolean) => {
      if (data.length > LIMITS.frameBytes) wrong.push(`${data.length} bytes`);
      try {
        if (isBinary) note('binary');
        else decodeAsk(data.toString());
        if (!isBinary) note('ask');
      } catch (error) {
        if (error instanceof SalonError) note(error.code);
        else wrong.push(`${String(error)}: ${input.toString('hex')}`);
      }
    });
    receiver.on('error', (error: Error) => {
      const code = Number(Reflect.get(error, statusIn(error)));
      if (!CLOSES.includes(code)) wrong.push(`${code}: ${error.message}: ${input.toString('hex')}`);
      note(String(code));
    });
    receiver.on('conclude', () => note('close'));
    // In pieces, as a network may bring them.
    for (let at = 0; at < input.length && receiver.writable;) {
      const piece = input.subarray(at, (at += between(random, 1, 200)));
      receiver.write(piece);
    }
    if (run % 2_000 === 0) await new Promise(setImmediate);
  }
  Error.stackTraceLimit = stackTraceLimit;
  const grown = Math.round((process.memoryUsage().rss - before) / 1_048_576);
  assert.equal(wrong.slice(0, 3), []);
  report('fuzzed frames', { runs, ...ends, 'MB grown': grown });
  assert.ok(grown < 300, `${grown} MB`);
});

const UPGRADE =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: salon.v1\r\n';
const REQUESTS = (host: string) =>
  [
    `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    `HEAD /index.html?x=1 HTTP/1.1\r\nHost: ${host}\r\nIf-None-Match: "x"\r\n\r\n`,
    `GET /socket HTTP/1.1\r\nHost: ${host}\r\n${UPGRADE}\r\n`,
    `GET /socket HTTP/1.1\r\nHost: salon\r\n${UPGRADE}Origin: https://${host}\r\n\r\n`,
    `POST / HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\nabcd`,
    `PUT / HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n`,
    `OPTIONS * HTTP/1.0\r\n\r\nGET /health HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    `CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
  ].map((text) => Buffer.from(text));
/** The beginning of what a TLS client says first. */
const HELLOS = [
  '16030100f8010000f40303',
  '160301000501',
  '1603030002',
  '16fefd',
  '15030100020228',
  '8080010301',
].map((hex) => Buffer.from(hex, 'hex'));
const HTTP_WORDS = [
  ...[
    '\r\n',
    '\r\n\r\n',
    ' HTTP/1.1',
    ' HTTP/2.0',
    ': ',
    'Host: ',
    'Content-Length: 5',
    'Content-Length: -1',
    '%00',
    '/../',
    '//',
  ],
  ...[
    'Transfer-Encoding: chunked',
    'Connection: close',
    'Upgrade: h2c',
    'Upgrade: websocket',
    '\u0000',
    '\u00ff',
    '/socket',
    'FFFFFFFFF\r\n',
  ],
];
/** 101 is a WebSocket; the others are refusals that HTTP, Node or the host has a number for. */
const STATUSES = [100, 101, 200, 304, 400, 403, 404, 405, 408, 413, 417, 426, 429, 431, 503, 505];

fuzzing('as requests, encrypted or not, are answered or cut, and the room goes on', async () => {
  const log: string[] = [];
  const room = await openRoom({ door: 'simple', limits: { ...QUICK }, log: (line) => log.push(line) });
  const ada = await room.join('ada');
  const random = randomFrom(seed + 1);
  const corpora = { http: REQUESTS(room.address), tls: HELLOS };
  const statuses: Record<string, number> = {};
  const runs = effort(300, 10_000);
  let next = 0;
  const lane = async () => {
    while (next < runs) {
      next += 1;
      const garbage = random() < 0.15;
      const corpus = garbage ? corpora.tls : corpora.http;
      const input = mutant(random, { words: HTTP_WORDS, corpus });
      const heard = await answerTo(room, input, !garbage && random() < 0.5);
      const status = /^HTTP\/1\.1 (\d{3})/.exec(heard)?.[1] ?? (heard === '' ? 'cut' : 'alert');
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status !== 'cut' && status !== 'alert') {
        assert.ok(
          STATUSES.includes(Number(status)),
          `${heard.slice(0, 100)} for ${JSON.stringify(input.toString())}`,
        );
        // Nothing that was said comes back, and nothing of the inside.
        assert.not.match(heard.split('\r\n\r\n')[1]?.slice(0, 400) ?? '', /node:|\.ts:|at \w+ \(/);
      }
    }
  };
  await Promise.all(Array.from({ length: 10 }, lane));
  assert.ok((await ada.say(ulid(), 'still here')).seq > 0);
  assert.is(ada.caller.closedWith, null);
  assert.equal(log, []);
  report('fuzzed requests', { runs, ...statuses });
  await room.close();
});

fuzzing('as frames on a real connection end that connection, and nothing else', async () => {
  const log: string[] = [];
  const room = await openRoom({ log: (line) => log.push(line) });
  const ada = await room.join('ada');
  const random = randomFrom(seed + 2);
  const ends: Record<string, number> = {};
  const runs = effort(150, 5_000);
  for (let run = 0; run < runs; run += 1) {
    const socket = await RawSocket.connect(room.address);
    for (let n = 0; n < 4; n += 1)
      socket.stream.write(mutant(random, { words: FRAME_WORDS, corpus: SMALL_FRAMES }));
    // And at last something that no reading of the above can leave standing.
    socket.stream.end(pick(SMALL_FRAMES, random));
    const code = await socket.closeCode();
    ends[code] = (ends[code] ?? 0) + 1;
    socket.destroy();
  }
  assert.ok((await ada.say(ulid(), 'still here')).seq > 0);
  assert.equal(log, []);
  report('fuzzed frames over TLS', { runs, ...ends });
  await room.close();
});

/** Where the library keeps the close code of an error. */
function statusIn(error: Error): symbol {
  return (
    Object.getOwnPropertySymbols(error).find(({ description }) => description === 'status-code') ??
    Symbol('none')
  );
}

/** Nobody waits long for a request that does not end. */
const QUICK = {
  ...{ perAddress: 1_000, connections: 2_000, connectionsPerAddress: 1_000, unsigned: 1_000 },
  ...{ newPerAddress: { perSecond: 10_000, burst: 10_000 }, signUps: { perSecond: 100, burst: 100 } },
  ...{ headersMs: 300, silentMs: 300, visitMs: 2_000 },
};

function answerTo(room: TestRoom, bytes: Buffer, encrypted: boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    const to = { host: '127.0.0.1', port: room.host.port, rejectUnauthorized: false };
    const say = () => socket.write(bytes);
    const socket = encrypted ? connectSecure(to, say) : connectPlain(to, say);
    let heard = '';
    const patience = setTimeout(
      () => reject(new Error(`held on to ${JSON.stringify(bytes.toString())}`)),
      30_000,
    );
    socket.on('data', (data: Buffer) => {
      heard += data.toString('latin1');
      // A WebSocket would stay for as long as it may be silent.
      if (heard.startsWith('HTTP/1.1 101')) socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(patience);
      resolve(heard);
    });
  });
}

fuzzing.run();
