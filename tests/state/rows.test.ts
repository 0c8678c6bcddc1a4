import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { LogEvent } from '../../server/protocol/events.ts';
import type { Pending } from '../../resources/state/outbox.ts';
import { Rows, rowsOf, type Row, type RowsInput } from '../../resources/state/rows.ts';

const ada = '01J8ZQ4T7N9X5C2V6B3M1K0H0A';
const grace = '01J8ZQ4T7N9X5C2V6B3M1K0H0G';
const conversationId = '01J8ZQ4T7N9X5C2V6B3M1K0H0C';
const noon = new Date(2026, 10, 23, 12, 0).getTime();
const MINUTE = 60_000;

const opened = (seq = 1): LogEvent => ({
  type: 'conversation.opened',
  conversationId,
  seq,
  at: noon,
  authorId: null,
  memberIds: [],
});
const said = (
  seq: number,
  authorId = ada,
  at = noon + seq * 1_000,
  body: string | null = `line ${seq}`,
): LogEvent => ({
  type: 'message.posted',
  conversationId,
  seq,
  at,
  authorId,
  id: `message-${seq}`,
  body,
});
const joined = (seq: number, at = noon + seq * 1_000): LogEvent => ({
  type: 'member.joined',
  conversationId,
  seq,
  at,
  authorId: grace,
  member: {
    id: grace,
    username: 'grace',
    firstName: 'Grace',
    lastName: 'Hopper',
    role: 'member',
    joinedAt: at,
    lastSeenAt: null,
    leftAt: null,
    presence: 'here',
  },
});
const left = (seq: number): LogEvent => ({
  type: 'guest.ended',
  conversationId,
  seq,
  at: noon + seq * 1_000,
  authorId: grace,
});
const renamed = (seq: number): LogEvent => ({
  type: 'member.renamed',
  conversationId,
  seq,
  at: noon + seq * 1_000,
  authorId: grace,
  from: 'ismail12',
  to: 'ismail001',
});
const withdrawn = (seq: number, messageSeq: number): LogEvent => ({
  type: 'message.withdrawn',
  conversationId,
  seq,
  at: noon + seq * 1_000,
  authorId: ada,
  messageSeq,
});
const waiting = (id: string, createdAt = noon + 60_000): Pending => ({
  id,
  conversationId,
  to: null,
  lane: '',
  body: 'not there yet',
  createdAt,
  state: 'waiting',
  refusal: null,
});

const input = (given: Partial<RowsInput>): RowsInput => ({
  events: [],
  pending: [],
  me: ada,
  firstUnread: null,
  atStart: true,
  ...given,
});
const rows = (given: Partial<RowsInput>) => rowsOf(input(given));
const kinds = (of: readonly Row[]) => of.map(({ kind }) => kind).join(' ');
const messages = (of: readonly Row[]) => of.filter((row) => row.kind === 'message');

const rowsSuite = suite('The rows of a conversation');

rowsSuite('begin with its beginning, also before anybody wrote', () => {
  const empty = rows({});
  assert.is(kinds(empty), 'start');
  assert.ok(empty[0]?.kind === 'start' && empty[0].isEmpty);

  const begun = rows({ events: [opened(), said(2)] });
  assert.is(kinds(begun), 'start day message');
  assert.ok(begun[0]?.kind === 'start' && !begun[0].isEmpty);
  assert.is(begun[0]?.key, empty[0]?.key, 'the same row, so that nothing jumps when the first message comes');
});

rowsSuite('stand under one name for five minutes', () => {
  const events = [
    opened(),
    said(2, ada, noon),
    said(3, ada, noon + 4 * MINUTE),
    said(4, ada, noon + 9 * MINUTE),
    said(5, grace, noon + 9 * MINUTE),
    said(6, ada, noon + 9 * MINUTE),
  ];
  assert.equal(
    messages(rows({ events })).map(({ follows }) => follows),
    [false, true, false, false, false],
  );
});

rowsSuite('name the author again after a line of the room', () => {
  const events = [opened(), said(2), joined(3), said(4), renamed(5), said(6)];
  const all = rows({ events });
  assert.is(kinds(all), 'start day message joined message renamed message');
  assert.ok(messages(all).every(({ follows }) => !follows));
  const line = all.find((row) => row.kind === 'renamed');
  assert.ok(line?.kind === 'renamed' && line.from === 'ismail12' && line.to === 'ismail001');
});

rowsSuite('part the days, at midnight by the wall', () => {
  const lateEvening = new Date(2026, 10, 23, 23, 59).getTime();
  const midnight = new Date(2026, 10, 24, 0, 0).getTime();
  const all = rows({
    events: [opened(), said(2, ada, lateEvening), said(3, ada, midnight), said(4, ada, midnight + 1)],
  });
  assert.is(kinds(all), 'start day message day message message');
  assert.equal(
    messages(all).map(({ follows }) => follows),
    [false, false, true],
  );
});

rowsSuite('have one key each, even when a clock jumps back over midnight', () => {
  const today = noon;
  const yesterday = noon - 24 * 60 * MINUTE;
  const all = rows({ events: [opened(), said(2, ada, today), said(3, ada, yesterday), said(4, ada, today)] });
  assert.is(new Set(all.map(({ key }) => key)).size, all.length);
});

rowsSuite('draw the "new" line once, above the first unread message', () => {
  const events = [opened(), said(2), said(3, grace), said(4, grace)];
  const all = rows({ events, firstUnread: 3 });
  assert.is(kinds(all), 'start day message new message message');
  assert.equal(
    messages(all).map(({ follows }) => follows),
    [false, false, true],
    'a name is shown below the line',
  );
});

rowsSuite('draw it above the next message when the first unread event is not one', () => {
  const events = [opened(), said(2), joined(3), withdrawn(4, 2), said(5, grace)];
  assert.is(kinds(rows({ events, firstUnread: 3 })), 'start day message joined new message');
});

rowsSuite('draw no line while the first unread message is not loaded', () => {
  const events = [said(40), said(41), said(42)];
  assert.is(kinds(rows({ events, firstUnread: 12, atStart: false })), 'message message');
  assert.is(kinds(rows({ events, firstUnread: 99, atStart: false })), 'message message');
});

rowsSuite('stay as they are when history is loaded above them', () => {
  const log = Array.from({ length: 60 }, (_, index) =>
    said(index + 10, Math.floor(index / 4) % 2 === 0 ? ada : grace, noon + index * 20 * MINUTE),
  );
  for (let cut = 1; cut < 40; cut++) {
    const before = rowsOf(input({ events: log.slice(cut), atStart: false }));
    const after = rowsOf(input({ events: log, atStart: false }));
    assert.equal(after.slice(-before.length), before);
  }
});

rowsSuite('end with what is not on the host yet', () => {
  const events = [opened(), said(2)];
  const all = rows({
    events,
    pending: [waiting('p1', noon + 3_000), { ...waiting('p2', noon + 4_000), state: 'failed' }],
  });
  assert.equal(
    messages(all).map(({ key, seq, follows }) => [key, seq, follows]),
    [
      ['message-2', 2, false],
      ['p1', null, true],
      ['p2', null, true],
    ],
  );
});

rowsSuite('show a message once while its answer is on the way', () => {
  const all = rows({ events: [opened(), said(2)], pending: [waiting('message-2')] });
  assert.equal(
    messages(all).map(({ key, pending }) => [key, pending]),
    [['message-2', null]],
  );
});

rowsSuite('keep the place of a withdrawn message', () => {
  const events = [opened(), said(2, ada, noon, null), said(3), withdrawn(4, 2)];
  const all = messages(rows({ events }));
  assert.equal(
    all.map(({ body }) => body),
    [null, 'line 3'],
  );
});

rowsSuite('begin for a guest where they came in, and say that this is not the beginning', () => {
  const all = rows({ events: [joined(7), said(8), left(9), said(10)] });
  assert.is(kinds(all), 'start day joined message left message');
  const [start] = all;
  assert.ok(start?.kind === 'start' && start.isCutOff && !start.isEmpty && start.seq === 7);
  const own = rows({ events: [opened(), said(2)] })[0];
  assert.ok(own?.kind === 'start' && !own.isCutOff);
});

rowsSuite('do not say so before the place where they came in is loaded', () => {
  assert.is(kinds(rows({ events: [said(8), said(9)], atStart: false })), 'message');
});

const memo = suite('Rows that are kept');

memo('are made again only when something changed', () => {
  const kept = new Rows();
  const events = [opened(), said(2)];
  const first = kept.of(input({ events }));
  assert.is(kept.of(input({ events })), first);
  events.push(said(3));
  assert.is.not(kept.of(input({ events })), first, 'the timeline adds to its events in place');
});

memo('are the same objects where they did not change', () => {
  const kept = new Rows();
  const events = [opened(), said(2), said(3)];
  const first = kept.of(input({ events }));
  const next = kept.of(input({ events: [...events, said(4)] }));
  assert.is(next.length, first.length + 1);
  for (const [index, row] of first.entries()) assert.is(next[index], row);
});

memo('notice a text that was taken back', () => {
  const kept = new Rows();
  const events = [opened(), said(2), said(3)];
  kept.of(input({ events }));
  const taken = events.with(1, said(2, ada, noon + 2_000, null));
  assert.equal(
    messages(kept.of(input({ events: taken }))).map(({ body }) => body),
    [null, 'line 3'],
  );
});

memo('cost little for a full window', () => {
  const kept = new Rows();
  const events = Array.from({ length: 2_000 }, (_, index) => said(index + 5, index % 3 === 0 ? ada : grace));
  kept.of(input({ events, atStart: false }));
  const rows = kept.of(input({ events, atStart: false }));
  // The very same rows, not equal ones: a keystroke must not make thousands of them.
  assert.ok(rows.every((row, i) => row === kept.of(input({ events, atStart: false }))[i]));
});

rowsSuite.run();
memo.run();
