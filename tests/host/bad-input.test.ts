import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { ulid } from 'ulid';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { COMMANDS, type CommandName } from '../../server/protocol/commands.ts';
import { LIMITS, PROTOCOL_VERSION } from '../../server/protocol/entities.ts';
import { openRoom } from '../support/room.ts';
import { HandClock } from './hand-clock.ts';
import { Wire } from './wire.ts';

const clock = new HandClock();
const log: string[] = [];
const room = await openRoom({ clock, log: (line) => log.push(line) });
const ada = await room.join('ada');

const stranger = () => Wire.open(room.address);
async function member({ token } = ada): Promise<Wire> {
  const wire = await Wire.greet(room.address);
  await wire.ask('session.resume', { token });
  return wire;
}
const ask = (command: string, input: unknown, id = 1) => JSON.stringify({ t: 'ask', id, command, input });

/** The room goes on for the others, whatever was done to it. */
async function goesOn(): Promise<void> {
  clock.skip(1_000);
  assert.ok((await ada.say(ulid(), 'still here')).seq > 0);
}

const badInput = suite('Bad input');
badInput.after.each(goesOn);

badInput(
  'that is not JSON is answered twice, and closes the connection with 1007 the third time in a minute',
  async () => {
    const wire = await stranger();
    assert.is((await wire.saying('hello')).code, 'BAD_JSON');
    assert.is((await wire.saying('{"t":"ask"')).code, 'BAD_JSON');
    clock.skip(61_000);
    assert.is((await wire.saying('')).code, 'BAD_JSON');
    assert.is((await wire.saying('NaN')).code, 'BAD_JSON');
    wire.send('{');
    assert.is(await wire.closing(), 1007);
  },
);

badInput('that is binary closes the connection with 1003', async () => {
  const wire = await stranger();
  wire.socket.send(Buffer.from(ask('hello', {})), { binary: true });
  assert.is(await wire.closing(), 1003);
});

badInput('over 64 KiB closes the connection with 1009, one byte less does not', async () => {
  const wire = await member();
  const fill = (bytes: number) => {
    const empty = ask('username.check', { username: '' });
    return ask('username.check', { username: 'x'.repeat(bytes - empty.length) });
  };
  assert.equal((await wire.saying(fill(LIMITS.frameBytes))).code, 'BAD_SHAPE');
  wire.send(fill(LIMITS.frameBytes + 1));
  assert.is(await wire.closing(), 1009);
});

badInput('of the wrong shape says where it is wrong, and the connection stays', async () => {
  const deep = (levels: number): unknown => (levels === 0 ? 1 : { a: deep(levels - 1) });
  const id = ulid();
  const conversationId = ada.lobby;
  const post = (more: object) => ask('message.post', { id, conversationId, body: 'x', ...more });
  const page = (more: object) => ask('history.page', { conversationId, limit: 10, after: 0, ...more });
  const rows: [string, string, string?][] = [
    // What surrounds a command.
    ['null', 'BAD_SHAPE'],
    ['[]', 'BAD_SHAPE'],
    ['"ask"', 'BAD_SHAPE'],
    ['1e400', 'BAD_SHAPE'],
    ['{}', 'BAD_SHAPE'],
    ['{"t":"tell"}', 'BAD_SHAPE', 't'],
    [ask('hello', {}, 0), 'BAD_SHAPE', 'id'],
    [ask('hello', {}, -1), 'BAD_SHAPE', 'id'],
    [ask('hello', {}, 1.5), 'BAD_SHAPE', 'id'],
    [ask('hello', {}, 2 ** 53), 'BAD_SHAPE', 'id'],
    ['{"t":"ask","id":1e999,"command":"hello","input":{}}', 'BAD_SHAPE', 'id'],
    [ask('hello', null), 'BAD_SHAPE', 'input'],
    [ask('hello', 'text'), 'BAD_SHAPE', 'input'],
    [ask('hello', []), 'BAD_SHAPE', 'input'],
    [
      `{"t":"ask","id":1,"command":"hello","input":{},"${'x'.repeat(9_000)}":1}`,
      'BAD_SHAPE',
      'x'.repeat(100),
    ],
    [ask('x'.repeat(41), {}), 'BAD_SHAPE', 'command'],
    ['{"t":"ask","id":1,"command":"hello","input":{},"extra":1}', 'BAD_SHAPE', 'extra'],
    ['{"t":"ask","id":1,"command":"hello","input":{},"__proto__":{"t":"ask"}}', 'BAD_SHAPE', '__proto__'],
    // Commands that do not exist, though objects have them.
    [ask('message.shout', {}), 'UNKNOWN_COMMAND'],
    [ask('constructor', {}), 'UNKNOWN_COMMAND'],
    [ask('__proto__', {}), 'UNKNOWN_COMMAND'],
    [ask('toString', {}), 'UNKNOWN_COMMAND'],
    [ask('', {}), 'UNKNOWN_COMMAND'],
    // What a command is given.
    [post({ extra: 1 }), 'BAD_SHAPE', 'extra'],
    [post({ toString: 1 }), 'BAD_SHAPE', 'toString'],
    [post({ body: 1 }), 'BAD_SHAPE', 'body'],
    [post({ body: null }), 'BAD_SHAPE', 'body'],
    [post({ body: ['x'] }), 'BAD_SHAPE', 'body'],
    [post({ body: { toString: 'x' } }), 'BAD_SHAPE', 'body'],
    [post({ id: 'x' }), 'BAD_SHAPE', 'id'],
    [post({ id: id.toLowerCase() }), 'BAD_SHAPE', 'id'],
    [post({ id: `8${id.slice(1)}` }), 'BAD_SHAPE', 'id'],
    [post({ conversationId: deep(40) }), 'BAD_SHAPE', 'conversationId'],
    [ask('message.post', { id, to: Array(500).fill(id), body: 'x' }), 'BAD_SHAPE', 'to'],
    [ask('message.post', { id, to: [id, 7], body: 'x' }), 'BAD_SHAPE', 'to.1'],
    [page({ after: 2 ** 53 }), 'BAD_SHAPE', 'after'],
    [page({ after: -1 }), 'BAD_SHAPE', 'after'],
    [page({ after: 0.5 }), 'BAD_SHAPE', 'after'],
    [page({ after: '1' }), 'BAD_SHAPE', 'after'],
    [page({ limit: null }), 'BAD_SHAPE', 'limit'],
    [page({ limit: 201 }), 'BAD_SHAPE', 'limit'],
    [
      ask('history.page', { conversationId, after: 0, limit: 10 }).replace('"after":0', '"after":1e999'),
      'BAD_SHAPE',
      'after',
    ],
    [ask('session.resume', { token: 'A'.repeat(42) }), 'BAD_SHAPE', 'token'],
    [ask('session.resume', { token: `${'A'.repeat(42)}=` }), 'BAD_SHAPE', 'token'],
    [ask('presence.set', { presence: 'offline' }), 'BAD_SHAPE', 'presence'],
    [ask('audit.list', { limit: 10, before: 0.1 }), 'BAD_SHAPE', 'before'],
  ];
  const wire = await member();
  for (const [text, code, path] of rows) {
    clock.skip(2_000);
    const answer = await wire.saying(text);
    assert.equal(
      [answer.code, path === undefined ? undefined : answer.path],
      [code, path],
      text.slice(0, 100),
    );
  }
  const good = await wire.ask('history.page', { conversationId, after: 0, limit: 1 });
  assert.is(good.t, 'answer');
  wire.close();
});

badInput('nested a thousand deep, or in a thousand pieces, is refused', async () => {
  const wire = await member();
  const nested = (open: string, close: string, levels: number) => open.repeat(levels) + close.repeat(levels);
  const texts = [
    nested('[', ']', 30_000),
    `{"t":"ask","id":1,"command":"hello","input":${nested('{"a":', '}', 10_000).replace('}', '1}')}}`,
    ask('hello', Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`key${i}`, 0]))),
    ask('message.post', { id: ulid(), to: Array(20_000).fill(''), body: '' }),
  ];
  for (const text of texts) {
    clock.skip(1_000);
    assert.is((await wire.saying(text)).code, 'BAD_SHAPE');
  }
  wire.close();
});

badInput('with keys that every object has is refused, and changes nothing for anybody', async () => {
  const wire = await member();
  for (const key of ['__proto__', 'constructor', 'prototype']) {
    clock.skip(1_000);
    const input = `{"presence":"here","${key}":{"presence":"away","isAdmin":true}}`;
    const answer = await wire.saying(`{"t":"ask","id":1,"command":"presence.set","input":${input}}`);
    assert.equal([answer.code, answer.path], ['BAD_SHAPE', key]);
    assert.not.ok('isAdmin' in {});
    assert.not.ok('presence' in {});
  }
  wire.close();
});

badInput('that is no UTF-8 closes the connection with 1007', async () => {
  const wire = await stranger();
  wire.tcp.write(frame(0x81, Buffer.from([0xc3, 0x28])));
  assert.is(await wire.closing(), 1007);
});

badInput('that breaks the framing closes the connection with 1002', async () => {
  const frames = [
    // Not masked; with a reserved bit; of an unknown kind; a long ping; a continuation of nothing.
    Buffer.from([0x81, 0x02, 0x7b, 0x7d]),
    frame(0xc1, Buffer.from('{}')),
    frame(0x83, Buffer.from('{}')),
    frame(0x89, Buffer.alloc(126)),
    frame(0x80, Buffer.from('{}')),
  ];
  for (const bytes of frames) {
    const wire = await stranger();
    wire.tcp.write(bytes);
    assert.is(await wire.closing(), 1002, bytes.toString('hex', 0, 4));
  }
});

badInput('in a flood of tiny fragments closes the connection with 1008', async () => {
  const wire = await stranger();
  wire.tcp.write(frame(0x01, Buffer.from('{')));
  for (let i = 0; i < 100; i += 1) wire.tcp.write(frame(0x00, Buffer.from(' ')));
  assert.is(await wire.closing(), 1008);
});

badInput('such as two hundred pings in a minute closes the connection with 4008', async () => {
  const wire = await stranger();
  let pongs = 0;
  wire.socket.on('pong', () => (pongs += 1));
  for (let i = 1; i <= 200; i += 1) {
    wire.socket.ping();
    if (i % 8 === 0) await wire.until(() => pongs === i, 'the pongs');
  }
  wire.socket.ping();
  assert.is(await wire.closing(), 4008);

  // All at once they are not even answered.
  const hasty = await stranger();
  for (let i = 0; i < 1_000; i += 1) hasty.socket.ping();
  assert.is(await hasty.closing(), 1006);
});

badInput('that never stops is slowed down, and then closes the connection with 4008', async () => {
  const floods = [
    '[]',
    ask('message.shout', {}),
    ask('hello', {}),
    ask('presence.set', { presence: 'here' }),
  ];
  for (const text of floods) {
    const wire = await member();
    const slowed = () => wire.heard.filter(({ code }) => code === 'SLOW_DOWN');
    for (let i = 0; i < 100; i += 1) wire.send(text);
    await wire.until(() => slowed().length >= 40, `being slowed down after ${text}`);
    assert.ok(slowed().every(({ retryMs }) => (retryMs ?? 0) > 0));
    for (let i = 0; i < 200; i += 1) wire.send(text);
    assert.is(await wire.closing(), 4008, text);
  }
});

badInput('is not what somebody says who has much to say, and waits whenever they are told to', async () => {
  const time = new HandClock();
  const other = await openRoom({ clock: time });
  const ada = await other.join('ada');
  const wire = await Wire.greet(other.address);
  await wire.ask('session.resume', { token: ada.token });
  await wire.ask('room.enter', {});
  const began = time.monotonic();
  let slowed = 0;
  for (let sent = 0; sent < 600;) {
    const { code, retryMs = 0 } = await wire.ask('message.post', {
      ...{ id: ulid(), conversationId: ada.lobby, body: 'And another thing' },
    });
    if (code === undefined) sent += 1;
    else slowed += 1;
    if (retryMs > 0) time.skip(retryMs);
  }
  const seconds = (time.monotonic() - began) / 1_000;
  assert.ok(seconds > 110 && seconds < 125, `${seconds} s for 600 at 5 a second`);
  assert.ok(slowed > 200, 'it never had to wait');
  assert.is(wire.closedWith, null);
  await other.close();
});

badInput(
  'or no hello within five seconds closes the connection with 4001, whatever else is asked',
  async () => {
    const time = new HandClock();
    const other = await openRoom({ clock: time });
    const wires = [await Wire.open(other.address), await Wire.open(other.address)];
    time.advance(3_000);
    assert.is((await wires[1]!.ask('username.check', { username: 'x' })).code, 'HELLO_FIRST');
    time.advance(3_000);
    for (const wire of wires) assert.is(await wire.closing(), 4001);
    await other.close();
  },
);

badInput('or nothing at all at the door closes the connection with 4001 after two minutes', async () => {
  const time = new HandClock();
  const other = await openRoom({ clock: time });
  const wire = await Wire.greet(other.address);
  for (let seconds = 0; seconds < 120; seconds += 10) {
    assert.is(wire.closedWith, null);
    time.advance(10_000);
    // Long enough for the answer to the ping that keeps the connection alive.
    await setTimeout(100);
  }
  // Not as far as the moment at which whoever does not answer is cut.
  time.advance(1_500);
  assert.is(await wire.closing(), 4001);
  await other.close();
});

badInput('or not even a sign of life for half a minute cuts the connection', async () => {
  const time = new HandClock();
  const other = await openRoom({ clock: time });
  const [here, dead] = [await Wire.greet(other.address), await Wire.greet(other.address)];
  dead.tcp.pause();
  for (let seconds = 0; seconds < 40; seconds += 5) {
    time.advance(5_000);
    await setTimeout(100);
  }
  dead.tcp.resume();
  assert.is(await dead.closing(), 1006);
  assert.is(here.closedWith, null);
  await other.close();
});

badInput('in another version of the protocol is told so, and closes the connection with 4010', async () => {
  for (const [protocol, why] of [
    [PROTOCOL_VERSION - 1, 'clientOlder'],
    [PROTOCOL_VERSION + 1, 'clientNewer'],
  ] as const) {
    const wire = await stranger();
    const answer = await wire.ask('hello', { protocol, language: 'fr', client: '' });
    assert.equal([answer.code, (answer as { why?: string }).why], ['VERSION', why]);
    assert.ok((answer as { text?: string }).text?.startsWith('Les versions'));
    assert.is(await wire.closing(), 4010);
  }
});

badInput('of any kind never gets INTERNAL, and a good command after it still works', async () => {
  const names = Object.keys(COMMANDS) as CommandName[];
  const ids = fc.constantFrom(ada.lobby, ada.memberId, ada.sessionId, ulid(), '', '0');
  const value = fc.oneof(
    ids,
    fc.jsonValue(),
    fc.double().filter(Number.isFinite),
    fc.string({ unit: 'binary' }),
    fc.constant('\0'),
    fc.constant('\ud800'),
  );
  const fields = fc.constantFrom(
    'id',
    'body',
    'to',
    'conversationId',
    'seq',
    'after',
    'before',
    'limit',
    'username',
    'token',
    'device',
    'presence',
    'delivered',
    'read',
    'memberIds',
    'sessionId',
    'purpose',
    'clientNonce',
    'proof',
    'memberId',
    'protocol',
    'language',
    'client',
    '__proto__',
    'constructor',
  );
  const input = fc.oneof(fc.dictionary(fields, value), fc.jsonValue());
  const anyAsk = fc.record({
    t: fc.constant('ask'),
    id: fc.oneof(fc.nat(), fc.jsonValue()),
    command: fc.oneof(fc.constantFrom(...names), fc.string()),
    input,
  });
  const text = fc.oneof(
    { weight: 4, arbitrary: anyAsk.map((each) => JSON.stringify(each)) },
    fc.json(),
    fc.string(),
  );

  // Somebody whose session may be ended and whose name may be changed on the way.
  let joined = 0;
  const somebody = async () => member(await room.join(`somebody${(joined += 1)}`));
  let wire = await somebody();
  await fc.assert(
    fc.asyncProperty(fc.array(text, { maxLength: 10 }), async (texts) => {
      clock.skip(60_000);
      if (wire.closedWith !== null) wire = await somebody();
      for (const each of texts) wire.send(each);
      const id = 2 ** 40;
      wire.heard.length = 0;
      wire.send(ask('username.check', { username: 'x' }, id));
      await wire.until(
        () => wire.closedWith !== null || wire.heard.some((frame) => frame.id === id),
        'an answer',
      );
      assert.not.ok(
        wire.heard.some(({ code }) => code === 'INTERNAL'),
        JSON.stringify(wire.heard),
      );
      const leaving = [null, 1007, 4008, 4010];
      assert.ok(leaving.includes(wire.closedWith), `closed with ${wire.closedWith}`);
    }),
    { numRuns: 120 },
  );
  wire.close();
  assert.equal(log, []);
});

badInput('that is well-formed but for one field never gets INTERNAL either', async () => {
  const conversationId = ada.lobby;
  const good: [CommandName, Record<string, unknown>][] = [
    ['message.post', { id: ulid(), conversationId, body: 'x' }],
    ['conversation.open', { memberIds: [ada.memberId] }],
    ['conversation.mark', { conversationId, delivered: 1, read: 1 }],
    ['message.withdraw', { conversationId, seq: 1 }],
    ['history.page', { conversationId, after: 0, limit: 1 }],
    ['username.check', { username: 'x' }],
    ['account.rename', { username: 'x' }],
    ['proof.start', { purpose: 'signIn', username: 'x', clientNonce: 'A'.repeat(32) }],
    ['session.end', { sessionId: ulid() }],
    ['audit.list', { limit: 1 }],
  ];
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.constantFrom('\0', '\ud800', '\ufeffx', '\uffff', 'ﷺ'.repeat(200)),
  );
  const number = fc.oneof(fc.maxSafeInteger(), fc.double(), fc.constantFrom(2 ** 53, -0, 1e308));
  const odd = fc.oneof(text, number, fc.constant(null), fc.array(text, { maxLength: 60 }), fc.boolean());
  const wire = await member();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...good), fc.nat(), odd, async ([command, input], which, value) => {
      clock.skip(60_000);
      const keys = Object.keys(input);
      const answer = await wire.ask(command, { ...input, [keys[which % keys.length] ?? '']: value });
      assert.is.not(answer.code, 'INTERNAL');
      assert.is(wire.closedWith, null);
    }),
    { numRuns: 250 },
  );
  wire.close();
  assert.equal(log, []);
});

/** One masked frame, as a client sends it; `first` is its first byte. */
function frame(first: number, payload: Buffer): Buffer {
  const mask = randomBytes(4);
  const masked = payload.map((byte, i) => byte ^ mask[i % 4]!);
  const length =
    payload.length < 126 ? [0x80 | payload.length] : [0x80 | 126, payload.length >> 8, payload.length & 0xff];
  return Buffer.concat([Buffer.from([first, ...length]), mask, masked]);
}

badInput.after(() => room.close());
badInput.run();
