import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocket, WebSocketServer } from 'ws';
import {
  CONTROL_SUBPROTOCOL,
  CONTROL_TOKEN_PREFIX,
  REPLACED,
  type ControlFrame,
  type ControlName,
} from '../../server/protocol/control.ts';
import { program, scratch, start, type Running } from '../support/processes.ts';
import { Caller } from '../support/room.ts';

const extension = suite('The extension');

interface Started extends Running {
  url: URL;
  token: string;
}

async function startExtension(directory?: string): Promise<Started> {
  const running = start(program('extension'), ['--browser', '--data', directory ?? (await scratch())]);
  const url = new URL((JSON.parse(await running.first) as { url: string }).url);
  return { ...running, url, token: new URLSearchParams(url.hash.slice(1)).get('app') ?? '' };
}

/** A page at the loopback door. */
class Page {
  readonly heard: string[] = [];
  readonly socket: WebSocket;
  closedWith: number | null = null;
  #lastId = 0;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer) => this.heard.push(data.toString()));
    socket.on('close', (code) => (this.closedWith = code));
  }

  static async open({ url, token }: Started): Promise<Page> {
    const page = new Page(knock(url, [CONTROL_SUBPROTOCOL, CONTROL_TOKEN_PREFIX + token], url.origin));
    await new Promise((resolve, reject) => page.socket.on('open', resolve).on('error', reject));
    return page;
  }

  async ask(command: ControlName, input: unknown): Promise<Record<string, unknown>> {
    const id = ++this.#lastId;
    this.socket.send(JSON.stringify({ t: 'app.ask', id, command, input }));
    const frame = await this.until((each) => 'id' in each && each.id === id);
    if (frame.t === 'app.refused') throw new Error(`${frame.code} ${frame.detail}`);
    return (frame as { result: Record<string, unknown> }).result;
  }

  until(which: (frame: ControlFrame) => boolean): Promise<ControlFrame> {
    return eventually(() => this.heard.map((text) => JSON.parse(text) as ControlFrame).find(which));
  }
}

function knock(url: URL, protocols: string[], origin: string | undefined, host?: string): WebSocket {
  return new WebSocket(`ws://${url.host}/`, protocols, {
    ...(origin === undefined ? {} : { origin }),
    ...(host === undefined ? {} : { headers: { Host: host } }),
  });
}

function answer(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => {
    socket.on('open', () => resolve(101));
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('error', () => resolve(0));
  });
}

async function eventually<T>(find: () => T | undefined | null | false): Promise<T> {
  for (let i = 0; i < 500; i++) {
    const found = find();
    if (found !== undefined && found !== null && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('waited in vain');
}

async function failure(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'nothing failed',
    (error: Error) => error.message,
  );
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
  assert.is(hosting['name'], 'Classe 4B');
  assert.match(String(hosting['ownerCode']), /^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
  const ada = await (
    await Caller.connect(`127.0.0.1:${String(hosting['port'])}`)
  ).signUp('ada', String(hosting['ownerCode']));
  assert.match(await failure(page.ask('room.host', { name: 'Another', port: 0 })), /ALREADY_HOSTING/);

  await page.ask('room.close', {});
  assert.is(await eventually(() => ada.caller.closedWith), 1001);
  assert.is(ada.caller.goodbye, 'closing');
  const again = await page.ask('room.host', {
    roomId: hosting['roomId'],
    name: 'Classe 4B',
    port: hosting['port'],
  });
  assert.is(again['roomId'], hosting['roomId'], 'the same room');
  assert.is(again['ownerCode'], null, 'it has its owner');
  assert.is(await running.stop(), 0);
});

extension('says which port is taken and offers the next free one', async () => {
  const running = await startExtension();
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
  other.close();
  await running.stop();
});

extension('relays a room’s frames both ways', async () => {
  const running = await startExtension();
  const page = await Page.open(running);
  const hosting = await page.ask('room.host', { name: 'Classe 4B', port: 0 });

  await page.ask('room.connect', { relay: 7, address: `127.0.0.1:${String(hosting['port'])}` });
  await page.until((frame) => frame.t === 'app.relay' && frame.relay === 7 && frame.open);
  const hello = {
    t: 'ask',
    id: 1,
    command: 'hello',
    input: { protocol: 1, language: 'fr', client: 'tests' },
  };
  page.socket.send(JSON.stringify(hello));

  const answered = await eventually(() => page.heard.find((text) => text.startsWith('{"t":"answer"')));
  assert.is((JSON.parse(answered) as { result: { room: { name: string } } }).result.room.name, 'Classe 4B');
  await page.ask('room.close', {});
  await page.until(
    (frame) => frame.t === 'app.relay' && frame.relay === 7 && !frame.open && frame.code === 1001,
  );
  await running.stop();
});

extension('says so when nobody answers at an address, or something that is no room', async () => {
  const running = await startExtension();
  const page = await Page.open(running);
  await page.ask('room.connect', { relay: 1, address: '127.0.0.1:9' });
  await page.until(
    (frame) => frame.t === 'app.relay' && frame.relay === 1 && !frame.open && frame.code === 1006,
  );
  const other = createServer((_request, response) => response.end('hello'));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as { port: number };
  await page.ask('room.connect', { relay: 2, address: `127.0.0.1:${port}` });
  await page.until((frame) => frame.t === 'app.relay' && frame.relay === 2 && !frame.open);
  assert.match(await failure(page.ask('room.connect', { relay: 3, address: 'a b' })), /BAD_ADDRESS/);
  other.close();
  other.closeAllConnections();
  await running.stop();
});

extension('does not let a room speak in its own name', async () => {
  const evil = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'salon.v1' });
  evil.on('connection', (socket) => {
    socket.send(JSON.stringify({ t: 'app.hosting', hosting: null }));
    socket.send('{"t":"goodbye","reason":"closing"}');
  });
  const running = await startExtension();
  const page = await Page.open(running);
  await page.ask('room.connect', {
    relay: 1,
    address: `127.0.0.1:${(evil.address() as { port: number }).port}`,
  });

  await eventually(() => page.heard.some((text) => text.includes('goodbye')));
  assert.not.ok(page.heard.some((text) => text.includes('app.hosting')));
  for (const client of evil.clients) client.terminate();
  evil.close();
  await running.stop();
});

extension('remembers settings, rooms and kept texts through a kill', async () => {
  const directory = await scratch();
  const running = await startExtension(directory);
  const page = await Page.open(running);
  await page.ask('settings.set', { language: 'fr', look: 'evening' });
  await page.ask('keep.set', { key: 'outbox/a', value: 'one' });
  await page.ask('keep.set', { key: 'outbox/b', value: 'two' });
  await page.ask('keep.set', { key: 'outbox/a', value: null });
  const { roomId } = await page.ask('room.host', { name: 'Classe 4B', port: 0 });
  await running.stop('SIGKILL');

  const again = await startExtension(directory);
  const reloaded = await Page.open(again);
  const state = await reloaded.ask('app.state', {});
  assert.is((state['settings'] as { language: string }).language, 'fr');
  assert.is((state['recent'] as { roomId: string }[])[0]?.roomId, roomId);
  assert.equal(await reloaded.ask('keep.all', { prefix: 'outbox/' }), { entries: [['outbox/b', 'two']] });
  assert.match(await readFile(join(directory, 'settings.json'), 'utf8'), 'evening');
  await again.stop();
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
  const evil = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'salon.v1' });
  await new Promise((resolve) => evil.on('listening', resolve));
  const talking = setInterval(() => {
    for (const client of evil.clients) client.send('{"t":"goodbye","reason":"closing"}');
  }, 5);
  const running = await startExtension();
  const page = await Page.open(running);
  const hosting = await page.ask('room.host', { name: 'Classe 4B', port: 0 });
  await page.ask('room.connect', {
    relay: 1,
    address: `127.0.0.1:${(evil.address() as { port: number }).port}`,
  });
  await eventually(() => page.heard.some((text) => text.includes('goodbye')));

  await page.ask('room.connect', { relay: 2, address: `127.0.0.1:${String(hosting['port'])}` });
  const after = page.heard.length;
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.not.ok(page.heard.slice(after).some((text) => text.includes('goodbye')));
  clearInterval(talking);
  for (const client of evil.clients) client.terminate();
  evil.close();
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
  const again = await page.ask('room.host', { roomId: opened?.['roomId'], name: 'One', port: 0 });
  await closing;
  assert.is(again['roomId'], opened?.['roomId'], 'closing and opening again wait for each other');
  assert.is(await running.stop(), 0);
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
  page.socket.send(JSON.stringify({ t: 'app.ask', id: 99, command: 'app.exit', input: {} }));
  assert.is((await running.ended).code, 0);
});

extension('runs twice side by side with two folders', async () => {
  const [one, two] = [await startExtension(), await startExtension()];
  const [pageOne, pageTwo] = [await Page.open(one), await Page.open(two)];
  const first = await pageOne.ask('room.host', { name: 'One', port: 0 });
  const second = await pageTwo.ask('room.host', { name: 'Two', port: 0 });
  assert.is.not(first['roomId'], second['roomId']);
  await Promise.all([one.stop(), two.stop()]);
});

extension.run();
