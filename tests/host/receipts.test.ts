import { ulid } from 'ulid';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Signal } from '../../server/protocol/events.ts';
import { openRoom, type Caller } from '../support/room.ts';
import { HandClock } from './hand-clock.ts';
import { refused } from './refused.ts';

const clock = new HandClock();
const room = await openRoom({ clock });
const ada = await room.join('ada');
const grace = await room.join('grace');
const phone = await (await room.knock()).signIn('grace');
const edsger = await room.join('edsger');

type Heard<T extends Signal['type']> = Extract<Signal, { type: T }>;
const heard = <T extends Signal['type']>(caller: Caller, type: T) =>
  caller.signals.filter((signal): signal is Heard<T> => signal.type === type);
const settle = (...callers: Caller[]) => Promise.all(callers.map((caller) => caller.ask('session.list', {})));
const everyone = [ada.caller, grace.caller, phone.caller, edsger.caller];

const receipts = suite('Receipts');

receipts('tell the author how far a message has come, and one’s own other devices', async () => {
  const { conversationId, seq } = await ada.tell(ulid(), [grace.memberId], 'have you seen this?');
  await grace.caller.ask('conversation.mark', { conversationId, delivered: seq, read: 0 });
  await grace.caller.ask('conversation.mark', { conversationId, delivered: 0, read: seq });
  await settle(...everyone);

  const steps = [
    { type: 'receipt', conversationId, memberId: grace.memberId, delivered: seq, read: 0 },
    { type: 'receipt', conversationId, memberId: grace.memberId, delivered: seq, read: seq },
  ];
  assert.equal(heard(ada.caller, 'receipt'), steps);
  assert.equal(heard(phone.caller, 'receipt'), steps);
  assert.equal([heard(grace.caller, 'receipt'), heard(edsger.caller, 'receipt')], [[], []]);
});

receipts('only ever grow, never beyond what there is, and what is read has been delivered', async () => {
  const { conversationId, seq } = await ada.tell(ulid(), [grace.memberId], 'and this?');
  const before = heard(ada.caller, 'receipt').length;
  const mark = (delivered: number, read: number) =>
    grace.caller.ask('conversation.mark', { conversationId, delivered, read });
  await mark(1, 1);
  await mark(0, Number.MAX_SAFE_INTEGER);
  await mark(seq - 1, 1);
  await mark(seq, seq);
  await settle(ada.caller);
  const told = heard(ada.caller, 'receipt').slice(before);
  assert.equal(
    told.map(({ delivered, read }) => [delivered, read]),
    [[seq, seq]],
  );
});

receipts('of the lobby are told to one’s own other devices alone', async () => {
  const { conversationId, seq } = await ada.say(ulid(), 'good morning');
  const counts = everyone.map((caller) => heard(caller, 'receipt').length);
  await grace.caller.ask('conversation.mark', { conversationId, delivered: seq, read: seq });
  await settle(...everyone);
  const added = everyone.map((caller, i) => heard(caller, 'receipt').length - counts[i]!);
  assert.equal(added, [0, 0, 1, 0]);
  const { conversations } = await phone.caller.ask('room.enter', {});
  const lobby = conversations.find(({ kind }) => kind === 'lobby');
  assert.equal([lobby?.read, lobby?.unread, lobby?.receipts], [seq, 0, []]);
});

receipts('are still known to whoever comes in later', async () => {
  const again = await (await room.knock()).signIn('ada');
  const direct = again.entered.conversations.find(({ kind }) => kind === 'direct');
  assert.equal(direct?.receipts, [{ memberId: grace.memberId, delivered: direct?.head, read: direct?.head }]);
  assert.is(direct?.unread, 0);
});

const typing = suite('Typing');

typing('is told to those who can read it, and not back to the one who types', async () => {
  const { id: conversationId } = await ada.caller.ask('conversation.open', { memberIds: [grace.memberId] });
  await grace.caller.ask('typing.tell', { conversationId });
  await settle(...everyone);
  const told = { type: 'typing', conversationId, memberId: grace.memberId };
  assert.equal(
    everyone.map((caller) => heard(caller, 'typing')),
    [[told], [], [told], []],
  );
  await edsger.caller.ask('typing.tell', { conversationId: edsger.lobby });
  await settle(...everyone);
  assert.equal(
    everyone.map((caller) => heard(caller, 'typing').length),
    [2, 1, 2, 0],
  );
});

typing('leaves no trace: it is not in the history', async () => {
  const { events } = await ada.caller.ask('history.page', {
    conversationId: ada.lobby,
    after: 0,
    limit: 200,
  });
  assert.not.ok(JSON.stringify(events).includes('typing'));
});

typing('told without a pause is slowed down', async () => {
  clock.skip(60_000);
  const tell = () => ada.caller.ask('typing.tell', { conversationId: ada.lobby });
  for (let n = 0; n < 5; n += 1) await tell();
  assert.equal(await refused(tell()), { code: 'SLOW_DOWN', retryMs: 1_000 });
  clock.skip(1_000);
  await tell();
});

typing.after(() => room.close());
receipts.run();
typing.run();
