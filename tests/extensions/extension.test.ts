// time limit: 300 s
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect, createServer as createListener, type Server as Listener } from 'node:net';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { WebSocket } from 'ws';
import { CONTROL_SUBPROTOCOL, CONTROL_TOKEN_PREFIX, REPLACED } from '../../server/protocol/control.ts';
import { engineOf, quietPort, scratch } from '../support/processes.ts';
import { Caller } from '../support/room.ts';
import { openWebSocket } from '../support/socket.ts';
import { countBytes, holdKey } from './key-holder.ts';
import { eventually, failure, knock, Page, startExtension } from './pages.ts';

const extension = suite('The extension');

function answer(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => {
    socket.on('open', () => resolve(101));
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('error', () => resolve(0));
  });
}

/** Null while the port is another's. */
function listenerAt(port: number): Promise<Listener | null> {
  return new Promise((resolve) => {
    const listener = createListener();
    listener.once('error', () => resolve(null));
    listener.listen(port, () => resolve(listener));
  });
}

extension('lets in its own page with its token, and nobody else', async () => {
  const running = await startExtension();
  const { url, token } = running;
  const good = [CONTROL_SUBPROTOCOL, CONTROL_TOKEN_PREFIX + token];

  assert.is(await answer(knock(url, good, 'http://evil.example')), 403, 'a page of another origin');
  assert.is(await answer(knock(url, good, 'null')), 403, 'a sandboxed page');
  assert.is(await answer(knock(url, good, undefined)), 403, 'no origin');
  assert.is(
    await answer(knock(url, good, `http://localhost:${url.port}`)),
    403,
    'another name of this computer',
  );
  assert.is(
    await answer(knock(url, good, 'http://evil.example', 'evil.example')),
    403,
    'a name that was rebound',
  );
  assert.is(await answer(knock(url, [CONTROL_SUBPROTOCOL], url.origin)), 403, 'no token');
  assert.is(
    await answer(knock(url, [CONTROL_SUBPROTOCOL, `${CONTROL_TOKEN_PREFIX}${'A'.repeat(43)}`], url.origin)),
    403,
  );
  const first = await Page.open(running);
  await Page.open(running);
  assert.is(await eventually(() => first.closedWith), REPLACED, 'a second page takes the place of the first');
  await running.stop();
});

extension('lets no other user of this computer in, who has read the token of its page', async () => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    process.stderr.write('Another user at the door: not tested, because only root can be somebody else.\n');
    return;
  }
  const running = await startExtension();
  const { url, token } = running;
  // What Node has by itself: this user need not be able to read our folders.
  const knocking = `
    const { request } = require('node:http');
    const headers = {
      Connection: 'Upgrade', Upgrade: 'websocket', Origin: ${JSON.stringify(url.origin)},
      'Sec-WebSocket-Version': 13, 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Protocol': ${JSON.stringify(`${CONTROL_SUBPROTOCOL}, ${CONTROL_TOKEN_PREFIX}${token}`)},
    };
    const said = (status) => { console.log(status); process.exit(); };
    request({ port: ${url.port}, host: '127.0.0.1', localAddress: process.argv[1], headers })
      .on('upgrade', () => said(101)).on('response', ({ statusCode }) => said(statusCode)).end();`;
  const status = (uid: number, from: string) =>
    Number(execFileSync(process.execPath, ['-e', knocking, from], { uid, gid: uid, cwd: '/' }));
  assert.equal([status(0, '127.0.0.1'), status(0, '127.0.0.2')], [101, 101]);
  assert.equal([status(65_534, '127.0.0.1'), status(65_534, '127.0.0.2')], [403, 403]);
  await running.stop();
});

extension('serves the interface to whoever asks by its own address only', async () => {
  const running = await startExtension();
  const page = await fetch(`${running.url.origin}/`);
  assert.is(page.status, 200);
  assert.match(page.headers.get('content-security-policy') ?? '', "default-src 'none'");
  assert.is((await fetch(`${running.url.origin}/../../package.json`)).status, 404);
  await running.stop();
});

extension('hosts a room, tells its owner’s code to its own page, and closes it', async () => {
  const running = await startExtension();
  const page = await Page.open(running);

  const hosting = await page.ask('room.host', { name: 'Classe 4B', port: 0 });
  assert.is(hosting.name, 'Classe 4B');
  assert.match(hosting.ownerCode ?? '', /^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
  const ada = await (await Caller.connect(`127.0.0.1:${hosting.port}`)).signUp('ada', hosting.ownerCode);
  assert.match(await failure(page.ask('room.host', { name: 'Another', port: 0 })), /ALREADY_HOSTING/);

  await page.ask('room.close', {});
  assert.is(await eventually(() => ada.caller.closedWith), 1001);
  assert.is(ada.caller.goodbye, 'closing');
  const again = await page.ask('room.host', {
    roomId: hosting.roomId,
    name: 'Classe 4B',
    port: hosting.port,
  });
  assert.is(again.roomId, hosting.roomId, 'the same room');
  assert.is(again.fingerprint, hosting.fingerprint, 'by the same key');
  assert.is(again.ownerCode, null, 'it has its owner');
  assert.is(await running.stop(), 0);
});

extension('says which port is taken and offers the next free one, and leaves nothing behind', async () => {
  const directory = await scratch();
  const running = await startExtension({ directory });
  const page = await Page.open(running);
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, resolve));
  const { port } = other.address() as { port: number };
  try {
    await page.ask('room.host', { name: 'Classe 4B', port });
    assert.unreachable();
  } catch (error) {
    const [code, detail] = (error as Error).message.split(' ');
    assert.is(code, 'PORT_TAKEN');
    assert.ok(Number(detail) > port);
  }
  assert.equal(await readdir(join(directory, 'rooms')), []);
  const before = await page.ask('room.host', { name: 'Classe 4B', port: 0 });
  await page.ask('room.close', {});
  const again = page.ask('room.host', { roomId: before.roomId, name: 'Classe 4B', port });
  assert.match(await failure(again), /PORT_TAKEN/);
  assert.is((await readdir(join(directory, 'rooms'))).length, 1, 'a room that was there stays');
  other.close();
  await running.stop();
});

extension('hosts a room by invitation when asked to', async () => {
  const running = await startExtension();
  const page = await Page.open(running);
  const { port, fingerprint } = await page.ask('room.host', { name: 'Board', port: 0, access: 'invited' });
  const { about } = await Caller.connect(`127.0.0.1:${port}`);
  assert.is(about.settings.access, 'invited');
  assert.is(about.fingerprint, fingerprint);
  await running.stop();
});

extension('relays a room’s frames both ways, to the key that was asked for', async () => {
  const running = await startExtension();
  const page = await Page.open(running);
  const { port, fingerprint } = await page.ask('room.host', { name: 'Classe 4B', port: 0 });

  const opened = await page.connect(7, { fingerprint, addresses: [`127.0.0.1:${port}`] });
  assert.ok(opened.open);
  assert.equal([opened.channel?.fingerprint, opened.channel?.address], [fingerprint, `127.0.0.1:${port}`]);
  assert.match(opened.channel?.binding ?? '', /^[\w-]{43}$/);
  const hello = {
    t: 'ask',
    id: 1,
    command: 'hello',
    input: { protocol: 1, language: 'fr', client: 'tests' },
  };
  page.send(JSON.stringify(hello));

  const answered = await eventually(() => page.heard.find((text) => text.startsWith('{"t":"answer"')));
  const { result } = JSON.parse(answered) as { result: { room: { name: string }; channel: string } };
  assert.equal([result.room.name, result.channel], ['Classe 4B', 'app']);
  await page.ask('room.close', {});
  await page.until(
    (frame) => frame.t === 'app.relay' && frame.relay === 7 && !frame.open && frame.code === 1001,
  );
  await running.stop();
});

extension('says why nobody who fits answers', async () => {
  const running = await startExtension();
  const page = await Page.open(running);
  const other = createServer((_request, response) => response.end('hello'));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as { port: number };
  const evil = await holdKey();

  const nobody = await page.connect(1, { addresses: ['127.0.0.1:9'] });
  assert.equal([nobody.open, nobody.code, nobody.channel], [false, 1006, null]);
  assert.is(nobody.diagnosis?.code, 'refused');
  assert.is((await page.connect(2, { addresses: [`127.0.0.1:${port}`] })).diagnosis?.code, 'notSalon');
  const wrong = await page.connect(3, { fingerprint: 'A'.repeat(43), addresses: [evil.address] });
  assert.is(wrong.diagnosis?.code, 'wrongKey');
  assert.is(wrong.diagnosis?.foundFingerprint, evil.fingerprint);
  assert.is((await page.connect(4, { prefix: 'A'.repeat(16) })).diagnosis?.code, 'notFound');
  assert.match(await failure(page.connect(5, { addresses: ['a b'] })), /BAD_ADDRESS/);
  other.close();
  other.closeAllConnections();
  await evil.close();
  await running.stop();
});

extension('by address only, tells the key of whoever answers and leaves the rest to the page', async () => {
  const room = await holdKey();
  const running = await startExtension();
  const page = await Page.open(running);
  const { open, channel } = await page.connect(1, { addresses: [room.address] });
  assert.equal([open, channel?.fingerprint], [true, room.fingerprint]);
  await page.ask('room.disconnect', {});
  await eventually(() => room.open() === 0);
  assert.equal((await page.ask('app.state', {})).recent, [], 'nothing is remembered of it');
  await room.close();
  await running.stop();
});

extension('does not let a room speak in its own name', async () => {
  const evil = await holdKey({
    greeting: [JSON.stringify({ t: 'app.hosting', hosting: null }), '{"t":"goodbye","reason":"closing"}'],
  });
  const running = await startExtension();
  const page = await Page.open(running);
  await page.connect(1, { addresses: [evil.address] });
  await eventually(() => page.heard.some((text) => text.includes('goodbye')));
  assert.not.ok(page.heard.some((text) => text.includes('app.hosting')));
  await evil.close();
  await running.stop();
});

extension('S8.1 finds a room again by its key, where it was before', async () => {
  const directory = await scratch();
  const room = await holdKey({ directory });
  const running = await startExtension();
  const page = await Page.open(running);
  const { fingerprint } = room;
  const known = { roomId: '01BX5ZZKBKACTAV9WEVGEMMVS0', name: 'Kitchen', fingerprint };
  await page.ask('recent.remember', { ...known, addresses: [room.address] });
  await room.close();

  const moved = await holdKey({ directory });
  await page.ask('recent.remember', { ...known, addresses: [moved.address] });
  const recent = (await page.ask('app.state', {})).recent;
  assert.is(recent.length, 1, 'one room, not two');
  assert.equal(recent[0]?.addresses, [moved.address, room.address]);

  // The page knows only where it was first.
  const { channel } = await page.connect(1, { fingerprint, addresses: [room.address] });
  assert.is(channel?.address, moved.address);
  await moved.close();

  // S8.2
  const { port } = new URL(`http://${moved.address}`);
  const impostor = await holdKey({ port: Number(port) });
  const { diagnosis } = await page.connect(2, { fingerprint });
  assert.equal([diagnosis?.code, diagnosis?.foundFingerprint], ['wrongKey', impostor.fingerprint]);
  await impostor.close();
  await running.stop();
});

extension('T1 tells the holder of another key nothing at all', async () => {
  const evil = await countBytes();
  const running = await startExtension();
  const page = await Page.open(running);
  const connecting = page.connect(1, { fingerprint: 'A'.repeat(43), addresses: [evil.address] });
  page.send(JSON.stringify({ t: 'ask', id: 1, command: 'hello', input: {} }));
  assert.is((await connecting).diagnosis?.code, 'wrongKey');
  page.send(JSON.stringify({ t: 'ask', id: 2, command: 'hello', input: {} }));
  await page.ask('app.state', {});
  assert.equal([evil.connections(), evil.bytes()], [1, 0]);
  await evil.close();
  await running.stop();
});

extension('remembers settings, rooms and kept texts through a kill', async () => {
  const directory = await scratch();
  const running = await startExtension({ directory });
  const page = await Page.open(running);
  await page.ask('settings.set', { language: 'fr', look: 'evening' });
  await page.ask('keep.set', { key: 'outbox/a', value: 'one' });
  await page.ask('keep.set', { key: 'outbox/b', value: 'two' });
  await page.ask('keep.set', { key: 'outbox/a', value: null });
  const { roomId, fingerprint } = await page.ask('room.host', { name: 'Classe 4B', port: 0 });
  await running.stop('SIGKILL');

  const again = await startExtension({ directory });
  const reloaded = await Page.open(again);
  const state = await reloaded.ask('app.state', {});
  assert.is(state.settings.language, 'fr');
  assert.equal([state.recent[0]?.roomId, state.recent[0]?.fingerprint], [roomId, fingerprint]);
  assert.equal(await reloaded.ask('keep.all', { prefix: 'outbox/' }), { entries: [['outbox/b', 'two']] });
  assert.match(await readFile(join(directory, 'settings.json'), 'utf8'), 'evening');
  await again.stop();
});

extension('opens no room that it could not remember', async () => {
  const directory = await scratch();
  const running = await startExtension({ directory });
  const page = await Page.open(running);
  await mkdir(join(directory, 'recent.json.new'));
  const wish = { name: 'Classe 4B', port: 0 };
  assert.match(await failure(page.ask('room.host', wish)), 'NO_FOLDER');
  assert.is((await page.ask('app.state', {})).hosting, null);
  assert.equal(await readdir(join(directory, 'rooms')), [], 'nothing is left of it');
  await rm(join(directory, 'recent.json.new'), { recursive: true });
  assert.ok(await page.ask('room.host', wish));
  await running.stop();
});

extension('leaves a room closed that its engine died over while it closed it', async () => {
  const running = await startExtension();
  const page = await Page.open(running);
  const { port } = await page.ask('room.host', { name: 'Classe 4B', port: 0 });
  // Whoever does not say that it has heard is waited for.
  const silent = openWebSocket(`127.0.0.1:${port}`, 'app');
  silent.on('error', () => undefined);
  await new Promise((resolve) => silent.on('open', resolve));
  silent.pause();
  let isClosed = false;
  void page.ask('room.close', {}).then(
    () => (isClosed = true),
    () => undefined,
  );
  await page.until((frame) => frame.t === 'app.hosting' && frame.hosting === null);
  process.kill(engineOf(running), 'SIGKILL');
  assert.is(isClosed, false, 'it was still closing');
  const again = await eventually(() => Page.open(running).catch(() => null));
  assert.is((await again.ask('app.state', {})).hosting, null);
  silent.terminate();
  await running.stop();
});

extension('opens its room elsewhere when another program took the port of the engine that died', async () => {
  const running = await startExtension();
  const page = await Page.open(running);
  const { roomId, port } = await page.ask('room.host', { name: 'Classe 4B', port: await quietPort() });
  const engine = engineOf(running);
  // Until the port is taken, nobody starts another engine.
  running.child.kill('SIGSTOP');
  process.kill(engine, 'SIGKILL');
  const other = await eventually(() => listenerAt(port));
  running.child.kill('SIGCONT');

  const again = await eventually(() => Page.open(running).catch(() => null));
  const { hosting } = await again.ask('app.state', {});
  assert.is(hosting?.roomId, roomId);
  assert.is.not(hosting?.port, port);
  other.close();
  await running.stop();
});

extension('of where a host says that it is remembers what is an address', async () => {
  const running = await startExtension();
  const page = await Page.open(running);
  const addresses = [
    '10.0.0.1:4870',
    'what is this',
    `${'a'.repeat(301)}:1`,
    '',
    '10.0.0.1:99999',
    'pc-7.local:4871',
  ];
  const known = { roomId: '01BX5ZZKBKACTAV9WEVGEMMVS0', name: 'Kitchen', fingerprint: 'A'.repeat(43) };
  await page.ask('recent.remember', { ...known, addresses });
  const [room] = (await page.ask('app.state', {})).recent;
  assert.equal(room?.addresses, ['10.0.0.1:4870', 'pc-7.local:4871']);
  await running.stop();
});

extension('outlives whoever knocks and is gone before the answer', async () => {
  const running = await startExtension();
  for (let i = 0; i < 300; i++) {
    await new Promise<void>((resolve) => {
      const knocking = connect(Number(running.url.port), '127.0.0.1', () => {
        knocking.write(
          `GET / HTTP/1.1\r\nHost: ${running.url.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
        );
        knocking.resetAndDestroy();
        resolve();
      });
      knocking.on('error', () => resolve());
    });
  }
  const page = await Page.open(running);
  assert.ok(await page.ask('app.state', {}));
  assert.is(await running.stop(), 0);
});

extension('a room that was left has no say in the next one', async () => {
  const evil = await holdKey({
    greeting: Array.from({ length: 5_000 }, (_, i) => `{"t":"goodbye","n":${i}}`),
  });
  const running = await startExtension();
  const page = await Page.open(running);
  const { port, fingerprint } = await page.ask('room.host', { name: 'Classe 4B', port: 0 });
  await page.connect(1, { addresses: [evil.address] });
  await eventually(() => page.heard.some((text) => text.includes('goodbye')));

  await page.connect(2, { fingerprint, addresses: [`127.0.0.1:${port}`] });
  const after = page.heard.length;
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.not.ok(page.heard.slice(after).some((text) => text.includes('goodbye')));
  await evil.close();
  await running.stop();
});

extension('leaves a room that it was still looking for', async () => {
  const slow = await holdKey({ delayMs: 500 });
  const running = await startExtension();
  const page = await Page.open(running);
  const target = { fingerprint: null, prefix: '', addresses: [slow.address], spoken: null };
  await page.ask('room.connect', { relay: 1, target });
  await page.ask('room.disconnect', {});
  await new Promise((resolve) => setTimeout(resolve, 800));
  assert.not.ok(page.heard.some((text) => text.includes('"app.relay"')));
  assert.is(slow.open(), 0);
  await slow.close();
  await running.stop();
});

extension('asked twice at once to host, opens one room', async () => {
  const running = await startExtension();
  const page = await Page.open(running);
  const wishes = [
    page.ask('room.host', { name: 'One', port: 0 }),
    page.ask('room.host', { name: 'Two', port: 0 }),
  ];
  const outcomes = await Promise.allSettled(wishes);
  assert.equal(outcomes.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
  const opened = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))[0];
  const closing = page.ask('room.close', {});
  const again = await page.ask('room.host', { roomId: opened?.roomId, name: 'One', port: 0 });
  await closing;
  assert.is(again.roomId, opened?.roomId, 'closing and opening again wait for each other');
  assert.is(await running.stop(), 0);
});

extension('hands on once what it was opened with', async () => {
  const link = 'salon://join#AQAB';
  for (const options of [{ args: [link] }, { env: { SALON_OPEN: link } }]) {
    const running = await startExtension(options);
    const page = await Page.open(running);
    assert.is((await page.ask('app.state', {})).opened, link);
    assert.is((await page.ask('app.state', {})).opened, null, 'a reload does not join again');
    await running.stop();
  }
  const running = await startExtension();
  assert.is((await (await Page.open(running)).ask('app.state', {})).opened, null);
  await running.stop();
});

extension('S9.1 with multicast turned off, says so, and joins by address', async () => {
  const room = await holdKey();
  const running = await startExtension();
  const page = await Page.open(running);
  const now = await page.ask('nearby.watch', { on: true });
  assert.ok(now.state === 'silent' || now.state === 'noNetwork', now.state);
  assert.equal(now.rooms, []);
  const { open } = await page.connect(1, { fingerprint: room.fingerprint, addresses: [room.address] });
  assert.ok(open);
  assert.is((await page.ask('nearby.watch', { on: false })).state, 'looking');
  await room.close();
  await running.stop();
});

extension('examines this computer and the way to a room', async () => {
  const running = await startExtension();
  const page = await Page.open(running);
  const { port, fingerprint } = await page.ask('room.host', { name: 'Classe 4B', port: 0 });
  await page.connect(1, { fingerprint, addresses: [`127.0.0.1:${port}`] });
  const report = await page.ask('doctor.run', { typed: '' });
  const { hosting } = report;
  assert.ok(hosting !== null && hosting.port === port && hosting.knocks > 0);
  assert.ok(hosting.reached.length > 0);
  assert.ok(hosting.reached.every(({ found }) => found === 'fine'));
  assert.ok(report.dataWritable && report.freeDiskBytes !== null && report.freeDiskBytes > 0);
  assert.is((await page.ask('doctor.run', { typed: `127.0.0.1:${port}` })).diagnosis?.code, 'fine');
  assert.match(await failure(page.ask('doctor.run', { typed: 'what is this' })), /BAD_ADDRESS/);
  await running.stop();
});

extension('opens web and mail links only', async () => {
  const running = await startExtension();
  const page = await Page.open(running);
  for (const url of ['file:///etc/passwd', 'javascript:alert(1)', 'not a link', 'salon:x']) {
    assert.match(await failure(page.ask('link.open', { url })), /BAD_LINK/);
  }
  await running.stop();
});

extension('ends when it is asked to, and when whoever started it is gone', async () => {
  const running = await startExtension();
  const page = await Page.open(running);
  await page.ask('room.host', { name: 'Classe 4B', port: 0 });
  page.send(JSON.stringify({ t: 'app.ask', id: 99, command: 'app.exit', input: {} }));
  assert.is((await running.ended).code, 0);
});

extension('runs twice side by side with two folders', async () => {
  const [one, two] = [await startExtension(), await startExtension()];
  const [pageOne, pageTwo] = [await Page.open(one), await Page.open(two)];
  const first = await pageOne.ask('room.host', { name: 'One', port: 0 });
  const second = await pageTwo.ask('room.host', { name: 'Two', port: 0 });
  assert.is.not(first.roomId, second.roomId);
  await Promise.all([one.stop(), two.stop()]);
});

extension.run();
