import * as assert from 'uvu/assert';
import { ulid } from 'ulid';
import { Connection } from '../../server/client/connection.ts';
import { COMMANDS, isCommandName } from '../../server/protocol/commands.ts';
import { CONTROL, ControlAsk, ControlFrame } from '../../server/protocol/control.ts';
import { SalonError } from '../../server/protocol/errors.ts';
import { check, decodeAsk } from '../../server/protocol/frames.ts';
import { FakeSocket } from '../client/fake-socket.ts';
import type { Target } from './guided.ts';

const id = ulid();
const bytes = (length: number) => 'A'.repeat(Math.ceil((length * 4) / 3));
const credential = { salt: bytes(16), storedKey: bytes(32), serverKey: bytes(32) };
const scrypt = { algorithm: 'scrypt', log2N: 17, r: 8, p: 1, ...credential };
const hkdf = { algorithm: 'hkdf', ...credential };

/** One good input for each command. */
export const GOOD_INPUTS: Record<keyof typeof COMMANDS, Record<string, unknown>> = {
  hello: { protocol: 1, language: 'en', client: 'fuzz' },
  'invite.check': { id, secret: bytes(16) },
  'invite.prove': { proof: bytes(32) },
  'guest.enter': { name: 'Mamie', device: '', invite: { id, secret: bytes(16) } },
  'username.check': { username: 'ada' },
  'account.signUp': {
    ...{ lastName: 'Lovelace', firstName: 'Ada', username: 'ada', password: scrypt, recovery: hkdf },
    ...{ device: '', ownerCode: 'AAAA', invite: { id, secret: bytes(16) } },
  },
  'proof.start': { purpose: 'signIn', username: 'ada', clientNonce: bytes(24), binding: 'tls-exporter' },
  'proof.finish': { proof: bytes(32), device: '' },
  'session.resume': { token: bytes(32) },
  'password.reset': { password: scrypt, recovery: hkdf, device: '' },
  'room.enter': {},
  'message.post': { id, conversationId: id, body: 'hello', file: { hash: bytes(32), name: 'a.txt' } },
  'file.begin': { hash: bytes(32), size: 10 },
  'file.write': { hash: bytes(32), offset: 0, data: 'AAAA' },
  'file.read': { conversationId: id, seq: 1, offset: 0 },
  'message.withdraw': { conversationId: id, seq: 1 },
  'conversation.open': { memberIds: [id] },
  'conversation.mark': { conversationId: id, delivered: 1, read: 1 },
  'history.page': { conversationId: id, after: 0, limit: 10 },
  'typing.tell': { conversationId: id },
  'presence.set': { presence: 'here' },
  'account.rename': { username: 'ada' },
  'password.change': { password: scrypt },
  'recovery.renew': { recovery: hkdf },
  'session.list': {},
  'session.end': { sessionId: id },
  'account.signOut': {},
  'resetCode.create': { memberId: id, code: hkdf },
  'resetCode.revoke': { memberId: id },
  'room.change': { access: 'open', door: 'none', guestsForMs: 60_000 },
  'room.addresses': {},
  'invite.create': { role: 'guest', expiresInMs: 60_000, uses: 1 },
  'invite.list': {},
  'invite.revoke': { id },
  'knock.list': {},
  'member.remove': { memberId: id, ban: false },
  'ban.list': {},
  'ban.lift': { id },
  'audit.list': { limit: 10, before: 5 },
};

const JSON_WORDS = [
  ...['{', '}', '[', ']', '"', ':', ',', 'null', 'true', 'false', '1e999', '-0', '\\u0000', '\\ud800'],
  ...['"__proto__":', '"constructor":', '"toString":', '"prototype":{"isAdmin":true},', '"":'],
];
const fieldsOf = (value: unknown): string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => [key, ...fieldsOf(inner)])
    : [];

/** What a host reads of a client, up to the input of the command. */
export const asks: Target = {
  name: 'asks of clients',
  files: ['server/protocol/frames.ts', 'server/protocol/errors.ts', 'valibot/dist/index.mjs'],
  seeds: Object.entries(GOOD_INPUTS).map(([command, input]) =>
    JSON.stringify({ t: 'ask', id: 1, command, input }),
  ),
  words: [...JSON_WORDS, ...Object.keys(COMMANDS), ...new Set(Object.values(GOOD_INPUTS).flatMap(fieldsOf))],
  run(bytesOfFrame) {
    refusedOrNot(['BAD_JSON', 'BAD_SHAPE'], () => {
      const ask = decodeAsk(bytesOfFrame.toString());
      assert.equal(Object.keys(ask).toSorted(), ['command', 'id', 'input', 't']);
      if (!isCommandName(ask.command)) return;
      const { input } = COMMANDS[ask.command];
      const checked = check(input, ask.input);
      const known = new Set(Object.keys((input as { entries: object }).entries));
      assert.ok(Object.keys(checked).every((key) => known.has(key)));
      // Nothing that was said is passed over in silence.
      const said = (JSON.parse(bytesOfFrame.toString()) as { input: object }).input;
      assert.not.ok(Array.isArray(said));
      assert.equal(Object.keys(said).toSorted(), Object.keys(checked).toSorted());
    });
  },
};

const event = { conversationId: id, seq: 1, at: 1, authorId: id };
const member = {
  ...{ id, username: 'ada', firstName: 'Ada', lastName: 'L', role: 'owner', joinedAt: 1 },
  ...{ lastSeenAt: null, leftAt: null, presence: 'here' },
};
const HOST_FRAMES = [
  { t: 'answer', id: 1, result: { seq: 1, conversationId: id, at: 1 } },
  { t: 'answer', id: 2, result: { events: [{ type: 'guest.ended', ...event }], head: 1 } },
  { t: 'refused', id: 1, code: 'SLOW_DOWN', retry: true, retryMs: 1, path: 'a', why: 'b', text: 'No.' },
  { t: 'refused', id: null, code: 'NEWER', retry: false, text: 'No.' },
  { t: 'event', event: { type: 'message.posted', ...event, id, body: 'hello' } },
  { t: 'event', event: { type: 'message.withdrawn', ...event, messageSeq: 1 } },
  { t: 'event', event: { type: 'conversation.opened', ...event, memberIds: [id] } },
  { t: 'event', event: { type: 'member.joined', ...event, member } },
  { t: 'event', event: { type: 'member.renamed', ...event, from: 'a', to: 'b' } },
  {
    t: 'signal',
    signal: { type: 'presence', changes: [{ memberId: id, presence: 'away', lastSeenAt: null }] },
  },
  { t: 'signal', signal: { type: 'typing', conversationId: id, memberId: id } },
  { t: 'signal', signal: { type: 'receipt', conversationId: id, memberId: id, delivered: 1, read: 1 } },
  { t: 'signal', signal: { type: 'heads', heads: [[id, 3]] } },
  {
    t: 'signal',
    signal: { type: 'settings', settings: { access: 'open', door: 'none', guestsUntil: null } },
  },
  { t: 'signal', signal: { type: 'addresses', addresses: ['127.0.0.1:4870'] } },
  { t: 'goodbye', reason: 'closing' },
];

/** What a client reads of its host, which may be hostile: nothing is thrown, and after three odd frames it leaves. */
export const hostFrames: Target = {
  name: 'frames of hosts',
  files: ['server/client/connection.ts', 'server/protocol/frames.ts', 'valibot/dist/index.mjs'],
  seeds: HOST_FRAMES.map((frame) => JSON.stringify(frame)),
  words: [...JSON_WORDS, ...new Set(HOST_FRAMES.flatMap(fieldsOf)), 'message.posted', 'heads', 'presence'],
  run(frame) {
    const socket = new FakeSocket();
    let heard = 0;
    const hear = () => (heard += 1);
    const connection = new Connection(socket, {
      ...{ opened: () => undefined, event: hear, signal: hear, goodbye: hear, closed: () => undefined },
    });
    const unanswered = () => undefined;
    connection.ask('message.post', { id, conversationId: id, body: 'x' }).then(unanswered, unanswered);
    connection.ask('history.page', { conversationId: id, after: 0, limit: 1 }).then(unanswered, unanswered);
    for (let times = 0; times < 3; times += 1) socket.say(frame.toString());
    assert.ok(heard === 0 || heard === 3);
    assert.ok(socket.closedWith === undefined || socket.closedWith === 4000);
    connection.close();
  },
};

/** What the window asks of its own computer, and hears from it. */
export const control: Target = {
  name: 'control of the extension',
  files: ['server/protocol/control.ts', 'server/protocol/diagnosis.ts', 'valibot/dist/index.mjs'],
  seeds: [
    '{"t":"app.ask","id":1,"command":"app.state","input":{}}',
    '{"t":"app.ask","id":1,"command":"settings.set","input":{"textSize":15,"language":null,"look":"day"}}',
    '{"t":"app.ask","id":1,"command":"room.host","input":{"name":"The Kitchen","port":0,"access":"open"}}',
    '{"t":"app.ask","id":1,"command":"room.connect","input":{"relay":1,"target":{"fingerprint":null,"prefix":"","addresses":["127.0.0.1:1"],"spoken":null}}}',
    '{"t":"app.ask","id":1,"command":"keep.set","input":{"key":"a","value":null}}',
    '{"t":"app.relay","relay":1,"open":false,"code":1006,"reason":"","channel":null,"diagnosis":null}',
    '{"t":"app.nearby","nearby":{"state":"ok","rooms":[{"prefix":"a","name":"b","addresses":[],"version":1}]}}',
    '{"t":"app.refused","id":1,"code":"FAILED","detail":""}',
  ],
  words: [...JSON_WORDS, ...Object.keys(CONTROL), 'app.hosting', 'diagnosis', 'tries', 'problem', 'verdict'],
  run(bytesOfFrame) {
    const text = bytesOfFrame.toString();
    let frame: unknown;
    try {
      frame = JSON.parse(text);
    } catch {
      return;
    }
    refusedOrNot(['BAD_SHAPE'], () => check(ControlFrame, frame));
    refusedOrNot(['BAD_SHAPE'], () => {
      const ask = check(ControlAsk, frame);
      if (Object.hasOwn(CONTROL, ask.command))
        check(CONTROL[ask.command as keyof typeof CONTROL].input, ask.input);
    });
  },
};

/** Only these refusals may come of it; and nobody's prototype is another one afterwards. */
function refusedOrNot(codes: readonly string[], work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof SalonError) || !codes.includes(error.code)) throw error;
    assert.ok((error.detail.path ?? '').length <= 200, 'a refusal repeats what was said at length');
  }
  assert.not.ok('isAdmin' in {});
}
