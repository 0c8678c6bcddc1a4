import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { connect, type Socket } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SUBPROTOCOL } from '../../server/protocol/entities.ts';
import { VERSION } from '../../server/version.ts';
import { openRoom, type TestRoom } from '../support/room.ts';
import { Wire } from './wire.ts';

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

function get(
  room: TestRoom,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = request(
      { host: '127.0.0.1', port: room.host.port, path, method, headers, agent: false },
      (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => (body += text));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      },
    );
    asking.on('error', reject);
    asking.end();
  });
}

/** What comes back for bytes as they are, until the host closes. */
function raw(room: TestRoom, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(room.host.port, '127.0.0.1', () => socket.write(text));
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
): Promise<number> {
  const all = { Host: room.address, ...UPGRADE, ...headers };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === null ? [] : [`${name}: ${value}\r\n`],
  );
  const socket = connect(room.host.port, '127.0.0.1');
  socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
  const first = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))));
  socket.destroy();
  return Number(/^HTTP\/1\.1 (\d+)/.exec(first)?.[1]);
}

const pageDirectory = mkdtempSync(join(tmpdir(), 'salon-page-'));
mkdirSync(join(pageDirectory, 'parts'));
writeFileSync(join(pageDirectory, 'index.html'), '<!doctype html><title>Salon</title>');
writeFileSync(join(pageDirectory, 'parts', 'main-ABCD2345.js'), 'export {};');
writeFileSync(join(pageDirectory, 'notes.md'), 'not for the web');
writeFileSync(join(pageDirectory, '..', 'secret.html'), 'outside');

const room = await openRoom({ pageDirectory });
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
      `media-src 'self' blob:; font-src 'self'; connect-src 'self' ws://${room.address}; manifest-src 'self'; ` +
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
  assert.is(await knock(room, { Origin: `http://${room.address}` }), 101);
  assert.is(await knock(room, { Origin: `http://${room.address}`.toUpperCase() }), 101);
  const foreign = [
    'null',
    '',
    'http://evil.example',
    `https://${room.address}`,
    `http://localhost:${room.host.port}`,
    'http://127.0.0.1',
    `http://${room.address}.evil.example`,
    `http://${room.address}/`,
    `http://${room.address}, http://evil.example`,
    'file://',
    `ws://${room.address}`,
  ];
  for (const origin of foreign) assert.is(await knock(room, { Origin: origin }), 403, origin);
  // A name of the attacker's that leads here: the page's origin and the Host header agree, and are not ours.
  const rebound = `rebound.example:${room.host.port}`;
  assert.is(await knock(room, { Host: rebound, Origin: `http://${rebound}` }), 403);
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

crowds('new connections at once from one address are refused', async () => {
  const full = await openRoom({ limits: { newPerAddress: { perSecond: 0.01, burst: 2 } } });
  assert.equal([await knock(full), await knock(full), await knock(full)], [101, 101, 429]);
  (await Wire.open(full.address, { localAddress: '127.0.0.3' })).close();
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

crowds('or too long headers are refused', async () => {
  const long = `X: ${'x'.repeat(9_000)}\r\n`;
  const answer = await raw(room, `GET / HTTP/1.1\r\nHost: ${room.address}\r\n${long}\r\n`);
  assert.match(answer, /^HTTP\/1\.1 431 /);
});

crowds('seconds for a request’s head, or without a word, cut the connection', async () => {
  const quick = await openRoom({ limits: { headersMs: 400, silentMs: 800 } });
  const began = performance.now();
  const opened = (write: (socket: Socket) => void) =>
    new Promise<number>((resolve) => {
      const socket = connect(quick.host.port, '127.0.0.1', () => write(socket));
      socket.on('error', () => undefined).resume();
      socket.on('close', () => resolve(performance.now() - began));
    });
  const slowly = (socket: Socket) => {
    socket.write(`GET / HTTP/1.1\r\nHost: ${quick.address}\r\n`);
    const timer = setInterval(() => (socket.writable ? socket.write('X: y\r\n') : clearInterval(timer)), 50);
  };
  const [silent, slow, idle] = await Promise.all([
    opened(() => undefined),
    opened(slowly),
    opened((socket) => socket.write(`GET /health HTTP/1.1\r\nHost: ${quick.address}\r\n\r\n`)),
  ]);
  for (const [what, ms] of Object.entries({ silent, slow, idle }))
    assert.ok(ms > 300 && ms < 3_000, `${what}: ${ms} ms`);

  // A WebSocket may be silent for longer, and everybody else was served meanwhile.
  const wire = await Wire.greet(quick.address);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
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
