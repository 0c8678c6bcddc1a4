import { ulid } from 'ulid';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeCodeCredential } from '../../server/client/signing-in.ts';
import { openRoom, refusal } from '../support/room.ts';
import { until, Wire } from './wire.ts';

const ask = (id: number, command: string, input: unknown) => JSON.stringify({ t: 'ask', id, command, input });
const post = (id: number, conversationId: string) =>
  ask(id, 'message.post', { id: ulid(), conversationId, body: `message ${id}` });

const races = suite('At the same moment');

races(
  'a room that closes answers what it was asked before it says goodbye, and has kept all of it',
  async () => {
    const room = await openRoom();
    const people = [await room.join('ada'), await room.join('grace')];
    const wires = await Promise.all(
      people.map(async ({ token }) => {
        const wire = await Wire.greet(room.address);
        await wire.ask('session.resume', { token });
        await wire.ask('room.enter', {});
        return wire;
      }),
    );
    const lobby = people[0]!.lobby;
    for (const wire of wires) for (let id = 100; id < 118; id += 1) wire.send(post(id, lobby));
    // The first of them have arrived, others are on their way.
    await wires[0]!.until(() => wires[0]!.heard.some(({ id }) => id === 100), 'the first answer');
    const closing = room.host.close();
    for (const wire of wires) if (wire.socket.readyState === wire.socket.OPEN) wire.send(post(200, lobby));
    assert.is(room.host.close(), closing);
    await closing;

    const acknowledged: unknown[] = [];
    for (const wire of wires) {
      assert.is(await wire.closing(), 1001);
      const kinds = wire.heard.map(({ t }) => t);
      assert.is(kinds.at(-1), 'goodbye');
      assert.is(wire.heard.at(-1)?.reason, 'closing');
      for (let id = 100; id < 118; id += 1) {
        const answer = wire.heard.find((frame) => frame.id === id);
        assert.ok(answer?.t === 'answer' || answer?.code === 'CLOSING', JSON.stringify(answer));
        if (answer.t === 'answer') acknowledged.push(answer.result?.['seq']);
      }
    }
    assert.ok(acknowledged.length > 0);
    await room.restart();
    const caller = await room.knock();
    await caller.ask('session.resume', { token: people[0]!.token });
    const { events } = await caller.ask('history.page', { conversationId: lobby, after: 0, limit: 200 });
    const stored = new Set<unknown>(events.map(({ seq }) => seq));
    assert.ok(acknowledged.every((seq) => stored.has(seq)));
    await room.close();
  },
);

races('a room that closes lets nobody in any more, and a silent guest does not hold it up', async () => {
  const room = await openRoom();
  const silent = await Wire.greet(room.address);
  silent.tcp.pause();
  const began = performance.now();
  const closing = room.host.close();
  const late = await Wire.open(room.address).catch(() => null);
  await closing;
  // Far below the half minute that a silent one is waited for otherwise.
  assert.ok(performance.now() - began < 15_000, `${performance.now() - began} ms`);
  if (late !== null) assert.ok([1001, 1006].includes(await late.closing()));
  silent.tcp.resume();
  assert.ok([1001, 1006].includes(await silent.closing()));
  await room.close();
});

races(
  'signing out with messages in flight keeps those before it and refuses those after its answer',
  async () => {
    const room = await openRoom();
    const ada = await room.join('ada');
    const wire = await Wire.greet(room.address);
    await wire.ask('session.resume', { token: ada.token });
    await wire.ask('room.enter', {});
    for (let id = 100; id < 105; id += 1) wire.send(post(id, ada.lobby));
    wire.send(ask(200, 'account.signOut', {}));
    await wire.until(() => wire.heard.some(({ id }) => id === 200), 'the answer to signing out');
    const after = wire.heard.length;
    for (let id = 300; id < 305; id += 1) wire.send(post(id, ada.lobby));
    await wire.until(() => wire.heard.some(({ id }) => id === 304), 'the last answer');

    for (let id = 100; id < 105; id += 1) assert.is(wire.heard.find((frame) => frame.id === id)?.t, 'answer');
    assert.ok(
      wire.heard.slice(after).every(({ code }) => code === 'NOT_SIGNED_IN'),
      JSON.stringify(wire.heard.slice(after)),
    );
    wire.close();
    await room.close();
  },
);

races('the owner asking and another member signing in on one connection never mix the two', async () => {
  const room = await openRoom();
  const [ada, grace, frances] = [
    await room.join('ada'),
    await room.join('grace'),
    await room.join('frances'),
  ];
  const code = makeCodeCredential('0'.repeat(12));
  const wire = await Wire.greet(room.address);
  await wire.ask('session.resume', { token: ada.token });
  wire.send(ask(100, 'session.resume', { token: grace.token }));
  wire.send(ask(101, 'resetCode.create', { memberId: frances.memberId, code }));
  await wire.until(() => wire.heard.some(({ id }) => id === 101), 'the answers');

  const outcome = wire.heard.find(({ id }) => id === 101);
  const { entries } = await ada.caller.ask('audit.list', { limit: 10 });
  const lines = entries.filter(({ action }) => action === 'resetCode.created');
  assert.ok(
    lines.every(({ actorId }) => actorId === ada.memberId),
    'only the owner makes codes',
  );
  assert.is(lines.length, outcome?.t === 'answer' ? 1 : 0);
  assert.is((await wire.ask('resetCode.create', { memberId: frances.memberId, code })).code, 'NOT_ALLOWED');
  wire.close();
  await room.close();
});

races('signing out and in again on one connection does not sign the new one out', async () => {
  const room = await openRoom();
  const [ada, grace] = [await room.join('ada'), await room.join('grace')];
  const wire = await Wire.greet(room.address);
  await wire.ask('session.resume', { token: ada.token });
  wire.send(ask(100, 'session.resume', { token: grace.token }));
  wire.send(ask(101, 'account.signOut', {}));
  await wire.until(() => wire.heard.some(({ id }) => id === 101), 'the answers');
  assert.is((await wire.ask('room.enter', {})).result?.['me'], grace.memberId);
  assert.is(await refusal((await room.knock()).ask('session.resume', { token: ada.token })), 'SESSION_ENDED');
  wire.close();
  await room.close();
});

races(
  'connections that break while they come in, speak and leave, by the hundred, leave nothing behind',
  async () => {
    const room = await openRoom();
    const ada = await room.join('ada');
    await Promise.all(
      Array.from({ length: 100 }, async (_, n) => {
        const wire = await Wire.open(room.address);
        wire.send(ask(1, 'hello', { protocol: 1, language: 'en', client: '' }));
        await wire.until(() => wire.heard.length > 0, 'hello');
        wire.send(ask(2, 'session.resume', { token: ada.token }));
        if (n % 3 > 0) await wire.until(() => wire.heard.length > 1, 'the session');
        wire.send(ask(3, 'room.enter', {}));
        if (n % 3 > 1) wire.send(ask(4, 'account.rename', { username: `ada${n}` }));
        wire.close();
      }),
    );
    ada.caller.close();
    await until(() => room.host.online() === 0, 'everybody to be gone');
    await room.close();
  },
);

races.run();
