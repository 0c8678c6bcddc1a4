// time limit: 120 s
// Whether PROTOCOL.md is enough: a bot and a socket by hand that were written from it alone.
import { fileURLToPath } from 'node:url';
import { ulid } from 'ulid';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeCode, RECOVERY_CODE_LETTERS } from '../../server/client/codes.ts';
import { makeCodeCredential, makeCredential } from '../../server/client/signing-in.ts';
import { nodeStretch } from '../support/demo/stretching.ts';
import { start, type Running } from '../support/processes.ts';
import { OPCODE, RawSocket } from '../support/raw-socket.ts';
import { openRoom, type TestRoom } from '../support/room.ts';

const BOT = fileURLToPath(new URL('../../docs/bot-from-scratch.mjs', import.meta.url));

/** With accents and a no-break space, which are not the same bytes from every keyboard. */
const PASSWORD = 'horloge d’e\u0301te\u0301\u00a0!';
const SAME_PASSWORD = 'horloge d’été !';

/** A real one, as a page makes it: once, because it takes its time. */
const credential = makeCredential(SAME_PASSWORD, nodeStretch);

const bots = suite('A bot written from PROTOCOL.md');

bots('signs in with a real password, answers !time and greets who joins', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  await signUpBot(room);
  const bot = await startBot(room);

  await ada.say(ulid(), '!time');
  const told = await ada.caller.hears('message.posted', ({ body }) => body?.startsWith('It is') ?? false);
  assert.match(told.body ?? '', /^It is \d\d:\d\d:\d\d/);

  await room.join('grace');
  await ada.caller.hears('message.posted', ({ body }) => body === 'Welcome, grace!');

  await bot.stop();
  await room.close();
});

bots('comes back after the host was away, answers what it missed, and everything once', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  await signUpBot(room);
  const bot = await startBot(room);
  await ada.say(ulid(), '!time');
  await ada.caller.hears('message.posted', ({ body }) => body?.startsWith('It is') ?? false);

  // Not a clean end for it: the port answers again before it has noticed anything.
  await room.restart();
  const again = await room.knock();
  await again.ask('session.resume', { token: ada.token });
  await again.ask('room.enter', {});
  await again.ask('message.post', { id: ulid(), conversationId: ada.lobby, body: '!time' });
  await again.hears('message.posted', ({ body }) => body?.startsWith('It is') ?? false);
  await again.ask('message.post', { id: ulid(), conversationId: ada.lobby, body: '!time' });

  await again.until(
    () => again.events.filter((event) => event.type === 'message.posted').length >= 4,
    'the last answer',
    20_000,
  );
  const { events } = await again.ask('history.page', { conversationId: ada.lobby, after: 0, limit: 200 });
  const said = events.flatMap((event) => (event.type === 'message.posted' ? [event.body?.slice(0, 5)] : []));
  assert.equal(said, ['!time', 'It is', '!time', 'It is', '!time', 'It is']);

  await bot.stop();
  await room.close();
});

bots('ends with the host’s sentence when the password is wrong', async () => {
  const room = await openRoom();
  await room.join('ada');
  await signUpBot(room);

  const bot = start(BOT, [room.address, room.host.fingerprint, 'clock', 'not the password']);
  assert.is((await bot.ended).code, 1);
  assert.is(bot.errors(), 'That name or password is not right.\n');

  await room.close();
});

bots('on Salon’s own client takes thirty lines, and answers too', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  await signUpBot(room);
  const small = fileURLToPath(new URL('../../docs/bot.ts', import.meta.url));
  const bot = start('--import', ['tsx', small, room.address, room.host.fingerprint, 'clock', SAME_PASSWORD]);
  assert.is(await bot.first, `In ${room.host.room.name}.`);

  await ada.say(ulid(), '!time');
  await ada.caller.hears('message.posted', ({ body }) => body?.startsWith('It is') ?? false);

  await room.close();
  assert.is((await bot.ended).code, 0);
});

const byHand = suite('A WebSocket by hand');

byHand('says hello, resumes, enters, posts and hears itself', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  const socket = await RawSocket.connect(room.address);

  ask(socket, 1, 'hello', { protocol: 1, language: 'fr', client: 'by hand' });
  assert.is((await answer<{ room: { name: string } }>(socket, 1)).room.name, 'The Kitchen');
  ask(socket, 2, 'session.resume', { token: ada.token });
  assert.equal(await answer(socket, 2), { memberId: ada.memberId, sessionId: ada.sessionId });
  ask(socket, 3, 'room.enter', {});
  assert.is((await answer<{ me: string }>(socket, 3)).me, ada.memberId);

  // In three fragments, with a ping among them, as RFC 6455 allows.
  const post = { id: ulid(), conversationId: ada.lobby, body: 'à la main 🖐' };
  const text = Buffer.from(JSON.stringify({ t: 'ask', id: 4, command: 'message.post', input: post }));
  socket.send(text.subarray(0, 10), { fin: false });
  socket.send('', { opcode: OPCODE.ping });
  socket.send(text.subarray(10, 70), { opcode: OPCODE.continuation, fin: false });
  socket.send(text.subarray(70), { opcode: OPCODE.continuation });

  const { event } = await socket.json<{ event: Record<string, unknown> }>(({ t }) => t === 'event');
  assert.is(event['body'], 'à la main 🖐');
  assert.equal(await answer(socket, 4), { conversationId: ada.lobby, seq: event['seq'], at: event['at'] });

  socket.destroy();
  await room.close();
});

byHand('is refused in the language it chose, and put out with the codes of G2', async () => {
  const room = await openRoom();
  await room.join('ada');
  const put = async (say: (socket: RawSocket) => void) => {
    const socket = await RawSocket.connect(room.address);
    say(socket);
    return socket.closeCode();
  };

  const socket = await RawSocket.connect(room.address);
  ask(socket, 1, 'message.post', {});
  assert.is((await socket.json<{ code: string }>()).code, 'HELLO_FIRST');
  ask(socket, 2, 'hello', { protocol: 2, language: 'fr', client: '' });
  assert.match((await socket.json<{ text: string }>()).text, /^Les versions diffèrent/);
  assert.is(await socket.closeCode(), 4010);

  assert.is(await put((each) => each.send('{}', { masked: false })), 1002);
  assert.is(await put((each) => each.send('{}', { reserved: 4 })), 1002);
  assert.is(await put((each) => each.send('{}', { opcode: OPCODE.binary })), 1003);
  assert.is(await put((each) => each.send(Buffer.from([0xff, 0xfe]))), 1007);
  assert.is(await put((each) => ['{', '{', '{'].forEach((text) => each.send(text))), 1007);
  assert.is(await put((each) => each.send('x'.repeat(65_537))), 1009);
  assert.is(await put(tooManyFragments), 1008);

  await room.close();
});

byHand('is not let in through another door than W1 to W3', async () => {
  const room = await openRoom({ door: 'encrypted' });
  const status = async (headers: Record<string, string>, host = room.address) => {
    const socket = await RawSocket.open(room.address);
    const head = await socket.upgrade(host, { 'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==', ...headers });
    socket.destroy();
    return Number(head.split(' ')[1]);
  };

  assert.is(await status({}), 101);
  assert.is(await status({ Origin: `https://${room.address}` }), 101);
  assert.is(await status({}, 'salon'), 101);
  assert.is(await status({ Origin: 'https://salon' }, 'salon'), 403);
  assert.is(await status({ Origin: `http://${room.address}` }), 403);
  assert.is(await status({ 'Sec-WebSocket-Protocol': 'other, salon.v1' }), 101);
  assert.is(await status({ 'Sec-WebSocket-Protocol': 'salon.v2' }), 426);
  assert.is(await status({ Origin: 'http://evil.example' }), 403);
  assert.is(await status({ Origin: 'null' }), 403);
  assert.is(await status({}, 'evil.example'), 403);

  await room.close();
});

bots.run();
byHand.run();

async function signUpBot(room: TestRoom): Promise<void> {
  const caller = await room.knock();
  await caller.ask('account.signUp', {
    lastName: 'Clock',
    firstName: 'Tick',
    username: 'clock',
    password: await credential,
    recovery: makeCodeCredential(makeCode(RECOVERY_CODE_LETTERS)),
    device: 'tests',
  });
  caller.close();
}

async function startBot(room: TestRoom): Promise<Running> {
  const bot = start(BOT, [room.address, room.host.fingerprint, 'clock', PASSWORD]);
  assert.match(await bot.first, /^In The Kitchen, from number \d+ on$/);
  return bot;
}

function ask(socket: RawSocket, id: number, command: string, input: object): void {
  socket.send(JSON.stringify({ t: 'ask', id, command, input }));
}

async function answer<T>(socket: RawSocket, id: number): Promise<T> {
  const { result } = await socket.json<{ result: T }>(
    (frame) => frame['t'] === 'answer' && frame['id'] === id,
  );
  return result;
}

function tooManyFragments(socket: RawSocket): void {
  socket.send('{', { fin: false });
  for (let i = 0; i < 20; i++) socket.send(' ', { opcode: OPCODE.continuation, fin: false });
}
