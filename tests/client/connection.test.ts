import { mock } from 'node:test';
import { ulid } from 'ulid';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Connection, ConnectionLost } from '../../server/client/connection.ts';
import type { LogEvent, Signal } from '../../server/protocol/events.ts';
import { refused } from '../host/refused.ts';
import { FakeSocket } from './fake-socket.ts';

function connect() {
  const socket = new FakeSocket();
  const heard: {
    events: LogEvent[];
    signals: Signal[];
    goodbyes: string[];
    closed: number[];
    opened: number;
  } = {
    events: [],
    signals: [],
    goodbyes: [],
    closed: [],
    opened: 0,
  };
  const connection = new Connection(socket, {
    opened: () => (heard.opened += 1),
    event: (event) => heard.events.push(event),
    signal: (signal) => heard.signals.push(signal),
    goodbye: (reason) => heard.goodbyes.push(reason),
    closed: (code) => heard.closed.push(code),
  });
  socket.onopen?.();
  return { socket, connection, heard };
}

const lost = (work: Promise<unknown>) =>
  work.then(
    () => false,
    (error: unknown) => error instanceof ConnectionLost,
  );
const checked = { username: 'ada', problem: null };

const connecting = suite('A connection to a room');

connecting('gives each answer to whoever asked, in whatever order they come', async () => {
  const { socket, connection } = connect();
  const asks = ['ada', 'grace', 'edsger'].map((username) => connection.ask('username.check', { username }));
  const ids = socket.sent.map(({ id }) => id);
  assert.is(new Set(ids).size, 3);
  for (const [index, username] of [
    [2, 'edsger'],
    [0, 'ada'],
    [1, 'grace'],
  ] as const) {
    socket.say({ t: 'answer', id: ids[index], result: { username, problem: null } });
  }
  assert.equal(
    (await Promise.all(asks)).map(({ username }) => username),
    ['ada', 'grace', 'edsger'],
  );
  // Twice, or to nobody: neither here nor there.
  socket.say({ t: 'answer', id: ids[0], result: checked });
  socket.say({ t: 'answer', id: 999, result: null });
  assert.is(socket.closedWith, undefined);
  connection.close();
});

connecting('tells why something was refused, even by a newer host', async () => {
  const { socket, connection } = connect();
  const refusal = { t: 'refused', retry: true, text: 'Patience' };
  const first = refused(connection.ask('username.check', { username: 'x' }));
  socket.say({ ...refusal, id: 1, code: 'SLOW_DOWN', retryMs: 250 });
  assert.equal(await first, { code: 'SLOW_DOWN', retryMs: 250 });
  const second = refused(connection.ask('username.check', { username: 'x' }));
  socket.say({ ...refusal, id: 2, code: 'NEW_IN_2031' });
  assert.equal(await second, { code: 'BUSY' });
  socket.say({ ...refusal, id: null, code: 'BAD_JSON' });
  connection.close();
});

connecting('leaves after three frames that make no sense, and not after two', () => {
  const nonsense = [
    '{',
    '[]',
    'null',
    '{"t":"dance"}',
    '{"t":"event","event":{"type":"message.posted"}}',
    '{"t":"answer","id":-1}',
    '{"t":"signal","signal":{"type":"heads","heads":[["x",1]]}}',
  ];
  for (const third of nonsense) {
    const { socket, heard } = connect();
    socket.say(nonsense[0]);
    socket.say(nonsense[1]);
    assert.equal([socket.closedWith, heard.closed], [undefined, []]);
    socket.say(third);
    assert.equal([socket.closedWith, heard.closed], [4000, [4000]], third);
    assert.equal([heard.events, heard.signals, heard.goodbyes], [[], [], []]);
  }
});

connecting('takes no answer that is not what the command answers', async () => {
  const { socket, connection } = connect();
  const asking = refused(connection.ask('username.check', { username: 'ada' }));
  socket.say({ t: 'answer', id: 1, result: { username: 7, problem: null } });
  assert.is((await asking).code, 'BAD_SHAPE');
  connection.close();
});

connecting('hears events and signals as they come', () => {
  const { socket, connection, heard } = connect();
  const conversationId = ulid();
  const event = {
    type: 'message.posted',
    conversationId,
    seq: 1,
    at: 0,
    authorId: ulid(),
    id: ulid(),
    body: 'hi',
  };
  socket.say({ t: 'event', event });
  socket.say({ t: 'signal', signal: { type: 'heads', heads: [[conversationId, 1]] } });
  socket.say({ t: 'goodbye', reason: 'closing' });
  assert.equal(heard.events, [event]);
  assert.equal(heard.signals, [{ type: 'heads', heads: [[conversationId, 1]] }]);
  assert.equal(heard.goodbyes, ['closing']);
  connection.close();
});

connecting('that ends leaves nobody waiting, is told once and hears nothing more', async () => {
  const { socket, connection, heard } = connect();
  const waiting = [lost(connection.ask('room.enter', {})), lost(connection.ask('session.list', {}))];
  socket.onclose?.({ code: 1006, reason: '' });
  assert.equal(await Promise.all(waiting), [true, true]);
  assert.ok(await lost(connection.ask('room.enter', {})));
  connection.close();
  socket.say({ t: 'goodbye', reason: 'closing' });
  assert.equal([heard.closed, heard.goodbyes], [[1006], []]);
});

connecting('leaves when the host has been silent for 35 seconds, also when it never answered at all', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const { socket, heard } = connect();
    mock.timers.tick(34_000);
    socket.say({ t: 'signal', signal: { type: 'heads', heads: [] } });
    mock.timers.tick(34_999);
    assert.equal(heard.closed, []);
    mock.timers.tick(1);
    assert.equal([heard.closed, socket.closedWith], [[4000], 4000]);

    const unanswered = new FakeSocket();
    const closed: number[] = [];
    const nothing = () => undefined;
    const events = {
      opened: nothing,
      event: nothing,
      signal: nothing,
      goodbye: nothing,
      closed: (code: number) => closed.push(code),
    };
    assert.ok(new Connection(unanswered, events));
    mock.timers.tick(35_000);
    assert.equal(closed, [4000]);
  } finally {
    mock.timers.reset();
  }
});

connecting.run();
