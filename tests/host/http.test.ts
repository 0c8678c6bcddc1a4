import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as plainRequest, type IncomingHttpHeaders } from 'node:http';
import { createServer as createSecureServer, request } from 'node:https';
import { connect as plainConnect, type Socket } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as secureConnect } from 'node:tls';
import { gunzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createOnePort } from '../../server/one-port.ts';
import { APP_HOST, SUBPROTOCOL } from '../../server/protocol/entities.ts';
import { VERSION } from '../../server/version.ts';
import { openRoom, type TestRoom } from '../support/room.ts';
import { Wire } from './wire.ts';

/** Encrypted or not: the one port takes both. */
type Way = 'tls' | 'plain';

const connect = (room: TestRoom, way: Way = 'tls', connected: () => void = () => undefined): Socket => {
  const to = { host: '127.0.0.1', port: room.host.port };
  return way === 'tls'
    ? secureConnect({ ...to, rejectUnauthorized: false }, connected)
    : plainConnect(to, connected);
};

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
  bytes: Buffer;
}

function get(
  room: TestRoom,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  way: Way = 'tls',
): Promise<Answer> {
  const ask = way === 'tls' ? request : plainRequest;
  const to = { host: '127.0.0.1', port: room.host.port, rejectUnauthorized: false };
  return new Promise((resolve, reject) => {
    const asking = ask({ ...to, path, method, headers, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => {
        const bytes = Buffer.concat(parts);
        const { statusCode: status = 0, headers } = response;
        resolve({ status, headers, body: bytes.toString(), bytes });
      });
    });
    asking.on('error', reject);
    asking.end();
  });
}

/** What comes back for bytes as they are, until the host closes. */
function raw(room: TestRoom, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(room, 'tls', () => socket.write(text));
    let heard = '';
    socket.setEncoding('utf8').on('data', (more: string) => (heard += more));
    socket.on('close', () => resolve(heard));
    socket.on('error', reject);
  });
}

const UPGRADE = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  'Sec-WebSocket-Protocol': SUBPROTOCOL,
};

/** The status that an attempt to open the WebSocket gets; 101 is success. */
async function knock(
  room: TestRoom,
  headers: Record<string, string | null> = {},
  path = '/socket',
  way: Way = 'tls',
): Promise<number> {
  const all = { Host: room.address, ...UPGRADE, ...headers };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === null ? [] : [`${name}: ${value}\r\n`],
  );
  const socket = connect(room, way);
  socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
  const first = await new Promise<string>((resolve) => {
    socket.once('data', (data) => resolve(String(data)));
    // Cut without an answer.
    socket.on('error', () => undefined).on('close', () => resolve(''));
  });
  socket.destroy();
  return Number(/^HTTP\/1\.1 (\d+)/.exec(first)?.[1]);
}

const pageDirectory = mkdtempSync(join(tmpdir(), 'salon-page-'));
mkdirSync(join(pageDirectory, 'parts'));
writeFileSync(join(pageDirectory, 'index.html'), '<!doctype html><title>Salon</title>');
writeFileSync(join(pageDirectory, 'parts', 'main-ABCD2345.js'), 'export {};');
writeFileSync(join(pageDirectory, 'notes.md'), 'not for the web');
const LONG = `export const long = [${'0123456789, '.repeat(2_000)}];`;
writeFileSync(join(pageDirectory, 'long.js'), LONG);
writeFileSync(join(pageDirectory, 'letters.woff2'), LONG);
writeFileSync(join(pageDirectory, '..', 'secret.html'), 'outside');

const room = await openRoom({ pageDirectory, door: 'encrypted' });
const http = suite('The page');

http('comes with headers that let it do what it needs and nothing else', async () => {
  const { status, headers, body } = await get(room, '/');
  assert.is(status, 200);
  assert.match(body, '<title>Salon</title>');
  const { date: _, etag, ...rest } = headers;
  assert.match(etag ?? '', /^"[\w-]{22}"$/);
  assert.equal(rest, {
    'content-security-policy':
      "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' blob: data:; " +
      `media-src 'self' blob:; font-src 'self'; connect-src 'self' wss://${room.address}; manifest-src 'self'; ` +
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; " +
      'trusted-types lit-html salon-worker',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
    'cache-control': 'no-cache',
    'content-type': 'text/html; charset=utf-8',
    'content-length': String(body.length),
    connection: 'close',
  });
});

http('is checked for news each time, but for parts whose name changes with what is in them', async () => {
  const index = await get(room, '/index.html?from=bookmark');
  const unchanged = await get(room, '/', { 'If-None-Match': index.headers.etag! });
  assert.equal([unchanged.status, unchanged.body], [304, '']);
  assert.is((await get(room, '/', { 'If-None-Match': '"another"' })).status, 200);
  const part = await get(room, '/parts/main-ABCD2345.js');
  assert.is(part.headers['cache-control'], 'public, max-age=31536000, immutable');
  assert.is(part.headers['content-type'], 'text/javascript; charset=utf-8');
  const head = await get(room, '/', {}, 'HEAD');
  assert.equal(
    [head.status, head.body, head.headers['content-length']],
    [200, '', index.headers['content-length']],
  );
});

http('is compressed for whoever takes that, and another copy of it in caches', async () => {
  const asks = { 'Accept-Encoding': 'br;q=1.0, gzip, *;q=0.1' };
  const [whole, packed] = [await get(room, '/long.js'), await get(room, '/long.js', asks)];
  assert.is(whole.body, LONG);
  assert.is(packed.bytes.length, Number(packed.headers['content-length']));
  assert.ok(packed.bytes.length < LONG.length / 10);
  assert.is(gunzipSync(packed.bytes).toString(), LONG);
  assert.equal(
    [whole, packed].map(({ headers }) => [headers['content-encoding'], headers.vary]),
    [
      [undefined, 'Accept-Encoding'],
      ['gzip', 'Accept-Encoding'],
    ],
  );
  assert.is.not(whole.headers.etag, packed.headers.etag);
  for (const [{ headers }, expected] of [
    [whole, [304, 200]],
    [packed, [200, 304]],
  ] as const) {
    const statuses = [{}, asks].map(async (more) => {
      return (await get(room, '/long.js', { ...more, 'If-None-Match': headers.etag! })).status;
    });
    assert.equal(await Promise.all(statuses), expected);
  }
  const head = await get(room, '/long.js', asks, 'HEAD');
  assert.equal([head.body, head.headers['content-length']], ['', packed.headers['content-length']]);
  for (const refusing of ['gzip;q=0', 'gzip; q=0.00, br', 'identity', ''])
    assert.is((await get(room, '/long.js', { 'Accept-Encoding': refusing })).body, LONG, refusing);
  // What is compressed already, or too short for it to matter, goes as it is.
  for (const path of ['/', '/letters.woff2'])
    assert.is((await get(room, path, asks)).headers['content-encoding'], undefined, path);
});

http('is all there is: other paths are not found, however they are written', async () => {
  const paths = [
    '/nothing',
    '/parts',
    '/parts/',
    '/notes.md',
    '/../secret.html',
    '/..%2fsecret.html',
    '/%2e%2e/secret.html',
    '/parts/../../secret.html',
    '/..\\secret.html',
    '//',
    '///',
    '//[',
    '/\\',
    '//localhost/index.html',
    '/%',
    '/%00',
    '/index.html%00.js',
    '/room.db',
    '/secret.key',
    '/INDEX.HTML',
    '/socket',
    `/${'a'.repeat(4_000)}`,
    '/__proto__',
    '/constructor',
  ];
  for (const path of paths) {
    const answer = await raw(
      room,
      `GET ${path} HTTP/1.1\r\nHost: ${room.address}\r\nConnection: close\r\n\r\n`,
    );
    assert.match(answer, /^HTTP\/1\.1 404 /, path);
    assert.match(answer, /content-security-policy/i, path);
  }
  for (const path of ['index.html', 'http://[/', '*', 'x:', '?']) {
    const answer = await raw(
      room,
      `GET ${path} HTTP/1.1\r\nHost: ${room.address}\r\nConnection: close\r\n\r\n`,
    );
    assert.match(answer, /^HTTP\/1\.1 40[04] /, path);
  }
  const clients = await raw(
    room,
    `GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
  );
  assert.match(clients, /^HTTP\/1\.1 403 /);
});

http('is only read: other methods are refused', async () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE']) {
    const { status, headers } = await get(room, '/', {}, method);
    assert.equal([status, headers.allow], [405, 'GET, HEAD'], method);
  }
});

http('says how the host is, and no more', async () => {
  const { status, headers, body } = await get(room, '/health');
  assert.equal(
    [status, headers['content-type'], headers['cache-control']],
    [200, 'application/json', 'no-store'],
  );
  assert.equal(JSON.parse(body), { status: 'ok', version: VERSION, online: 0 });
});

http('is shown under the host’s own names only, so that no foreign page can pass for it', async () => {
  const { port } = room.host;
  for (const ours of [
    `localhost:${port}`,
    `127.0.0.1:${port}`,
    `[::1]:${port}`,
    `${hostname().toUpperCase()}:${port}`,
    `${hostname()}.local:${port}`,
  ]) {
    assert.is((await get(room, '/', { Host: ours })).status, 200, ours);
  }
  const others = [
    'evil.example',
    `evil.example:${port}`,
    '127.0.0.1',
    `127.0.0.1:${port + 1}`,
    `127.0.0.1.:${port}`,
    `127.0.0.1:${port}:80`,
    `localhost.evil.example:${port}`,
    `localhost:${port}@evil.example`,
    `0x7f000001:${port}`,
    `127.1:${port}`,
    `[::1`,
  ];
  for (const other of others) {
    assert.is((await get(room, '/', { Host: other })).status, 403, other);
    assert.is(await knock(room, { Host: other }), 403, other);
  }
  assert.is(await knock(room, { Host: '' }), 403);
  assert.match(await raw(room, 'GET / HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 403 /);
});

http('may open the socket, and no page of another origin may', async () => {
  assert.is(await knock(room), 101);
  assert.is(await knock(room, { Origin: `https://${room.address}` }), 101);
  assert.is(await knock(room, { Origin: `https://${room.address}`.toUpperCase() }), 101);
  const foreign = [
    'null',
    '',
    'https://evil.example',
    `http://${room.address}`,
    `https://localhost:${room.host.port}`,
    'https://127.0.0.1',
    `https://${room.address}.evil.example`,
    `https://${room.address}/`,
    `https://${room.address}, https://evil.example`,
    'file://',
    `ws://${room.address}`,
  ];
  for (const origin of foreign) assert.is(await knock(room, { Origin: origin }), 403, origin);
  // A name of the attacker's that leads here: the page's origin and the Host header agree, and are not ours.
  const rebound = `rebound.example:${room.host.port}`;
  assert.is(await knock(room, { Host: rebound, Origin: `https://${rebound}` }), 403);
  // An app names no host, because it knows the key; a page cannot pass for one.
  assert.is(await knock(room, { Host: APP_HOST }), 101);
  assert.is(await knock(room, { Host: APP_HOST, Origin: `https://${APP_HOST}` }), 403);
});

http('lets in by each way only what the owner opened', async () => {
  const none = await openRoom({ pageDirectory });
  const simple = await openRoom({ pageDirectory, door: 'simple' });
  const page = async (each: TestRoom, way: Way) => (await get(each, '/', {}, 'GET', way)).status;
  const socket = (each: TestRoom, way: Way) =>
    knock(each, { Origin: `http${way === 'tls' ? 's' : ''}://${each.address}` }, '/socket', way);
  assert.equal(
    {
      none: [
        await page(none, 'tls'),
        await page(none, 'plain'),
        await socket(none, 'tls'),
        await socket(none, 'plain'),
      ],
      encrypted: [
        await page(room, 'tls'),
        await page(room, 'plain'),
        await socket(room, 'tls'),
        await socket(room, 'plain'),
      ],
      simple: [
        await page(simple, 'tls'),
        await page(simple, 'plain'),
        await socket(simple, 'tls'),
        await socket(simple, 'plain'),
      ],
    },
    { none: [403, 400, 403, 403], encrypted: [200, 400, 101, 403], simple: [200, 200, 101, 101] },
  );
  for (const each of [none, room, simple]) {
    assert.is(await knock(each), 101, 'an app always comes in encrypted');
    assert.is(await knock(each, {}, '/socket', 'plain'), 403, 'and never otherwise');
    assert.is(await knock(each, { Host: APP_HOST }, '/socket', 'plain'), 403);
  }
  assert.match((await get(none, '/', {}, 'GET', 'plain')).body, /https:/);
  await none.close();
  await simple.close();
});

http('takes no TLS before 1.3, and speaks no other protocol', async () => {
  const outcome = await new Promise<string>((resolve) => {
    const socket = secureConnect(
      { host: '127.0.0.1', port: room.host.port, rejectUnauthorized: false, maxVersion: 'TLSv1.2' },
      () => resolve('connected'),
    );
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
  });
  assert.is(outcome, 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
  for (const bytes of ['SSH-2.0-x\r\n', '\x16\x03\x01\x00\x05hello', '\x00'.repeat(2_000), '\x16']) {
    const socket = plainConnect(room.host.port, '127.0.0.1', () => socket.end(Buffer.from(bytes, 'latin1')));
    socket.on('error', () => undefined).resume();
    await new Promise((resolve) => socket.on('close', resolve));
  }
  assert.is((await get(room, '/')).status, 200, 'and is well afterwards');
});

http('opens the socket at one path, in one version of it', async () => {
  assert.is(await knock(room, {}, '/'), 404);
  assert.is(await knock(room, {}, '/socket/'), 404);
  assert.is(await knock(room, {}, '//'), 404);
  for (const offered of [null, 'salon.v0', 'salon.v2', 'chat', `${SUBPROTOCOL}x`]) {
    assert.is(await knock(room, { 'Sec-WebSocket-Protocol': offered }), 426, String(offered));
  }
  assert.is(await knock(room, { 'Sec-WebSocket-Protocol': `chat, ${SUBPROTOCOL}` }), 101);
  assert.is(await knock(room, { 'Sec-WebSocket-Key': 'short' }), 400);
  assert.is(await knock(room, { Upgrade: 'h2c' }), 400);
});

const crowds = suite('Too many');

crowds('connections from one address are refused, and others may still come', async () => {
  const full = await openRoom({ limits: { perAddress: 3 } });
  const wires = [await Wire.open(full.address), await Wire.open(full.address), await Wire.open(full.address)];
  assert.is(await knock(full), 429);
  const other = await Wire.open(full.address, { localAddress: '127.0.0.2' });
  wires[0]!.close();
  await retry(async () => assert.is(await knock(full), 101));
  other.close();
  await full.close();
});

crowds('connections from one address are cut before they say anything', async () => {
  const full = await openRoom({ limits: { connectionsPerAddress: 5 } });
  const sockets = Array.from({ length: 8 }, () => plainConnect(full.host.port, '127.0.0.1'));
  let cut = 0;
  for (const socket of sockets)
    socket
      .on('error', () => undefined)
      .on('close', () => (cut += 1))
      .resume();
  await retry(() => Promise.resolve(assert.is(cut, 3)));
  (await Wire.open(full.address, { localAddress: '127.0.0.2' })).close();
  for (const socket of sockets) socket.destroy();
  await full.close();
});

crowds('new connections at once from one address are refused', async () => {
  const full = await openRoom({ limits: { newPerAddress: { perSecond: 0.01, burst: 2 } } });
  assert.equal([await knock(full), await knock(full), await knock(full)], [101, 101, 429]);
  (await Wire.open(full.address, { localAddress: '127.0.0.3' })).close();
  await full.close();
});

crowds('who was refused and does not hang up is cut, and holds no place', async () => {
  const full = await openRoom({ limits: { connectionsPerAddress: 6 } });
  const held = (['tls', 'plain'] as const).flatMap((way) =>
    Array.from({ length: 3 }, () => {
      const to = { host: '127.0.0.1', port: full.host.port, allowHalfOpen: true, rejectUnauthorized: false };
      const ask = () =>
        socket.write(`GET /socket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
      const socket: Socket = way === 'tls' ? secureConnect(to, ask) : plainConnect(to, ask);
      return socket.on('error', () => undefined).resume();
    }),
  );
  await retry(async () => assert.is(await knock(full), 101));
  for (const socket of held) socket.destroy();
  await full.close();
});

crowds('people at the door are refused, while members come and go', async () => {
  const full = await openRoom({ limits: { unsigned: 2 } });
  const ada = await full.join('ada');
  const [first, second] = [await Wire.greet(full.address), await Wire.greet(full.address)];
  assert.is(await knock(full), 503);
  await first.ask('session.resume', { token: ada.token });
  const third = await Wire.greet(full.address);
  assert.is(await knock(full), 503);
  second.close();
  third.close();
  await retry(async () => assert.is(await knock(full), 101));
  await full.close();
});

crowds('for the system itself, which has no descriptor left for them, end nothing', () => {
  const { server } = createOnePort(
    createSecureServer(),
    createServer(),
    { connections: 1, connectionsPerAddress: 1, firstByteMs: 1 },
    { knocked: () => undefined, silent: () => undefined },
  );
  for (let times = 0; times < 2; times += 1) server.emit('error', new Error('accept ENFILE'));
});

crowds('or too long headers are refused', async () => {
  const long = `X: ${'x'.repeat(9_000)}\r\n`;
  const answer = await raw(room, `GET / HTTP/1.1\r\nHost: ${room.address}\r\n${long}\r\n`);
  assert.match(answer, /^HTTP\/1\.1 431 /);
});

crowds('seconds for a request’s head, or without a word, cut the connection', async () => {
  const quick = await openRoom({ limits: { headersMs: 400, silentMs: 800, visitMs: 1_500 } });
  const began = performance.now();
  const opened = (write: (socket: Socket) => void, way: Way = 'tls') =>
    new Promise<number>((resolve) => {
      const socket = connect(quick, way, () => write(socket));
      socket.on('error', () => undefined).resume();
      socket.on('close', () => resolve(performance.now() - began));
    });
  const slowly = (socket: Socket) => {
    socket.write(`GET / HTTP/1.1\r\nHost: ${quick.address}\r\n`);
    const timer = setInterval(() => (socket.writable ? socket.write('X: y\r\n') : clearInterval(timer)), 50);
  };
  const emptyLines = (socket: Socket) => {
    socket.write(`GET /health HTTP/1.1\r\nHost: ${quick.address}\r\n\r\n`);
    const timer = setInterval(() => (socket.writable ? socket.write('\r\n') : clearInterval(timer)), 50);
  };
  const [mute, handshake, silent, slow, idle, restless, restlessInClear] = await Promise.all([
    opened(() => undefined, 'plain'),
    opened((socket) => socket.write(Buffer.from([0x16, 3, 1, 2, 0, 1])), 'plain'),
    opened(() => undefined),
    opened(slowly),
    opened((socket) => socket.write(`GET /health HTTP/1.1\r\nHost: ${quick.address}\r\n\r\n`)),
    opened(emptyLines),
    opened(emptyLines, 'plain'),
  ]);
  for (const [what, ms] of Object.entries({ mute, handshake, silent, slow, idle, restless, restlessInClear }))
    assert.ok(ms > 300 && ms < 5_000, `${what}: ${ms} ms`);

  // A WebSocket may be silent for longer, and everybody else was served meanwhile.
  const wire = await Wire.greet(quick.address);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  assert.is((await wire.ask('username.check', { username: 'x' })).t, 'answer');
  wire.close();
  await quick.close();
});

async function retry(attempt: () => Promise<void>): Promise<void> {
  for (let left = 40; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

crowds.after(async () => {
  await room.close();
  rmSync(pageDirectory, { recursive: true });
  rmSync(join(pageDirectory, '..', 'secret.html'));
});
http.run();
crowds.run();
