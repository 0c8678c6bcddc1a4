import { ulid } from 'ulid';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LIMITS } from '../../server/protocol/entities.ts';
import { openRoom, refusal, type Caller, type Person, type TestRoom } from '../support/room.ts';
import { HandClock } from './hand-clock.ts';

const open = (person: Person, ...others: Person[]) =>
  person.caller.ask('conversation.open', { memberIds: others.map(({ memberId }) => memberId) });

const page = (caller: Caller, conversationId: string) =>
  caller.ask('history.page', { conversationId, after: 0, limit: 100 });

/** Everything anybody could have learned of a conversation. */
const heardAnythingOf = ({ events, signals }: Caller, conversationId: string) =>
  JSON.stringify([events, signals]).includes(conversationId);

const clock = new HandClock();
const room: TestRoom = await openRoom({ clock });
const ada = await room.join('ada');
const grace = await room.join('grace');
const edsger = await room.join('edsger');

const direct = suite('A direct conversation');

direct('is the same one whoever opens it, however often and in whatever order', async () => {
  const first = await open(ada, grace, edsger);
  assert.equal(await open(grace, edsger, ada, ada), {
    ...first,
    receipts: (await open(grace, edsger, ada)).receipts,
  });
  assert.is((await open(edsger, grace, ada)).id, first.id);
  assert.equal(first.memberIds, [ada, grace, edsger].map(({ memberId }) => memberId).toSorted());
  assert.equal([first.kind, first.head, first.read, first.unread], ['direct', 1, 0, 0]);
  assert.equal(
    first.receipts.map(({ memberId }) => memberId).toSorted(),
    [grace.memberId, edsger.memberId].toSorted(),
  );
});

direct('of a smaller circle is another one', async () => {
  const three = await open(ada, grace, edsger);
  const two = await open(ada, grace);
  assert.is.not(two.id, three.id);
  await ada.tell(ulid(), [grace.memberId], 'between the two of us');
  await grace.caller.hears('message.posted', ({ body }) => body === 'between the two of us');
  assert.not.ok(JSON.stringify(await page(edsger.caller, three.id)).includes('between the two of us'));
  assert.is(await refusal(page(edsger.caller, two.id)), 'NO_SUCH_CONVERSATION');
});

direct('opened by many at once is one', async () => {
  const ids = await Promise.all([open(ada, edsger), open(edsger, ada), open(ada, edsger), open(edsger, ada)]);
  assert.is(new Set(ids.map(({ id }) => id)).size, 1);
});

direct('with oneself is a notebook that nobody else hears of', async () => {
  const { id, memberIds } = await open(ada, ada);
  assert.equal(memberIds, [ada.memberId]);
  const { conversationId } = await ada.tell(ulid(), [ada.memberId], 'buy coffee');
  assert.is(conversationId, id);
  await ada.caller.hears('message.posted', ({ body }) => body === 'buy coffee');
  await ada.say(ulid(), 'after the note');
  await grace.caller.hears('message.posted', ({ body }) => body === 'after the note');
  assert.not.ok(heardAnythingOf(grace.caller, id));
});

direct(
  'tells its members and nobody else of its opening, its messages, typing, receipts and withdrawals',
  async () => {
    const stranger = await room.join('barbara');
    const { conversationId, seq } = await ada.tell(ulid(), [grace.memberId], 'psst');
    await ada.caller.ask('typing.tell', { conversationId });
    const second = await ada.tell(ulid(), [grace.memberId], 'never mind');
    await ada.caller.ask('message.withdraw', { conversationId, seq: second.seq });
    await grace.caller.ask('conversation.mark', { conversationId, delivered: seq, read: seq });
    await ada.caller.until(() => ada.caller.signals.find(({ type }) => type === 'receipt'), 'a receipt');
    await grace.caller.until(() => grace.caller.signals.find(({ type }) => type === 'typing'), 'typing');
    await grace.caller.hears('message.withdrawn', (event) => event.conversationId === conversationId);
    await ada.say(ulid(), 'after it');
    await stranger.caller.hears('message.posted', ({ body }) => body === 'after it');

    assert.not.ok(heardAnythingOf(stranger.caller, conversationId));
    assert.not.ok(JSON.stringify(await stranger.caller.ask('room.enter', {})).includes(conversationId));
  },
);

direct('of others is not there, whatever is asked of it', async () => {
  const { id: conversationId } = await open(ada, grace);
  const missing = ulid();
  const asks = (id: string) => [
    edsger.say(ulid(), 'let me in', id),
    edsger.caller.ask('message.withdraw', { conversationId: id, seq: 1 }),
    edsger.caller.ask('conversation.mark', { conversationId: id, delivered: 1, read: 1 }),
    edsger.caller.ask('typing.tell', { conversationId: id }),
    page(edsger.caller, id),
  ];
  for (const id of [conversationId, missing]) {
    assert.equal(await Promise.all(asks(id).map(refusal)), Array(5).fill('NO_SUCH_CONVERSATION'));
  }
  const { receipts } = await open(ada, grace);
  assert.ok(receipts.every(({ memberId }) => memberId === grace.memberId));
});

direct('with somebody who is no member, or with nobody, is refused and leaves nothing', async () => {
  const { caller } = edsger;
  const before = (await caller.ask('room.enter', {})).conversations.length;
  assert.is(
    await refusal(caller.ask('conversation.open', { memberIds: [grace.memberId, ulid()] })),
    'NO_SUCH_MEMBER',
  );
  assert.is(await refusal(caller.ask('conversation.open', { memberIds: [] })), 'BAD_SHAPE');
  assert.is(await refusal(edsger.tell(ulid(), [ulid()], 'anybody?')), 'NO_SUCH_MEMBER');
  const both = { id: ulid(), conversationId: edsger.lobby, to: [ada.memberId], body: 'both' };
  assert.is(await refusal(caller.ask('message.post', both)), 'BAD_SHAPE');
  assert.is(await refusal(caller.ask('message.post', { id: ulid(), body: 'neither' })), 'BAD_SHAPE');
  assert.is((await caller.ask('room.enter', {})).conversations.length, before);
});

direct('has fifty members at most, the one who opens it included', async () => {
  const crowd: Person[] = [];
  for (let n = 0; n < LIMITS.directMembers; n += 1) crowd.push(await room.join(`member-${n}`));
  const others = crowd.map(({ memberId }) => memberId);

  assert.is(await refusal(ada.caller.ask('conversation.open', { memberIds: others })), 'BAD_SHAPE');
  const { memberIds } = await ada.caller.ask('conversation.open', { memberIds: others.slice(1) });
  assert.is(memberIds.length, LIMITS.directMembers);
  const tooMany = ada.caller.ask('conversation.open', { memberIds: [...others, ulid()] });
  assert.is(await refusal(tooMany), 'BAD_SHAPE');
});

const withdrawing = suite('Taking a message back');

/** A conversation of Ada with somebody new, and a message in it. */
async function message(to: Person, body: string) {
  const { conversationId, seq } = await ada.tell(ulid(), [to.memberId], body);
  return {
    conversationId,
    seq,
    withdraw: (person = ada) => person.caller.ask('message.withdraw', { conversationId, seq }),
  };
}

withdrawing('erases it everywhere, as long as it has reached nobody', async () => {
  const to = await room.join('frances');
  const { conversationId, seq, withdraw } = await message(to, 'I should not have');
  await withdraw();
  await withdraw();

  const event = await ada.caller.hears(
    'message.withdrawn',
    (heard) => heard.conversationId === conversationId,
  );
  assert.equal([event.authorId, event.messageSeq], [ada.memberId, seq]);
  for (const { caller } of [ada, to]) {
    const { events } = await page(caller, conversationId);
    const posted = events.find((found) => found.type === 'message.posted' && found.seq === seq);
    assert.is(posted?.type === 'message.posted' ? posted.body : '', null);
    assert.is(events.length, 3);
  }
  assert.is(
    (await to.caller.ask('room.enter', {})).conversations.find(({ id }) => id === conversationId)?.unread,
    0,
  );
});

withdrawing('is too late once it has reached somebody', async () => {
  const to = await room.join('margaret');
  const { conversationId, seq, withdraw } = await message(to, 'too late');
  await to.caller.ask('conversation.mark', { conversationId, delivered: seq, read: 0 });
  assert.is(await refusal(withdraw()), 'ALREADY_DELIVERED');
  const answered = await message(to, 'answered');
  await to.say(ulid(), 'an answer', conversationId);
  assert.is(await refusal(answered.withdraw()), 'ALREADY_DELIVERED');
});

withdrawing('is for its author alone, for messages alone, and never in the lobby', async () => {
  const to = await room.join('radia');
  const { conversationId, seq, withdraw } = await message(to, 'mine');
  assert.is(await refusal(withdraw(to)), 'NO_SUCH_MESSAGE');
  assert.is(await refusal(withdraw(edsger)), 'NO_SUCH_CONVERSATION');
  for (const other of [0, 1, seq + 1, Number.MAX_SAFE_INTEGER]) {
    assert.is(
      await refusal(ada.caller.ask('message.withdraw', { conversationId, seq: other })),
      'NO_SUCH_MESSAGE',
    );
  }
  const said = await ada.say(ulid(), 'to everybody');
  const lobby = ada.caller.ask('message.withdraw', { conversationId: said.conversationId, seq: said.seq });
  assert.is(await refusal(lobby), 'ALREADY_DELIVERED');
});

withdrawing('and receiving it at the same moment comes out one way for both', async () => {
  const [author, reader] = [ada, grace];
  for (let n = 0; n < 10; n += 1) {
    clock.skip(10_000);
    const { conversationId, seq } = await author.tell(ulid(), [reader.memberId], `message ${n}`);
    const asks = [
      () => author.caller.ask('message.withdraw', { conversationId, seq }),
      () => reader.caller.ask('conversation.mark', { conversationId, delivered: seq, read: seq }),
    ];
    const [first, second] = n % 2 === 0 ? asks : asks.toReversed();
    await Promise.allSettled([first!(), second!()]);
    const { events } = await page(reader.caller, conversationId);
    const posted = events.find((event) => event.seq === seq);
    const withdrawn = events.some((event) => event.type === 'message.withdrawn' && event.messageSeq === seq);
    assert.is(posted?.type === 'message.posted' && posted.body === null, withdrawn);
  }
});

// So that it is never the haste of the tests that is refused.
for (const suite of [direct, withdrawing]) suite.before.each(() => clock.skip(60_000));
withdrawing.after(() => room.close());
direct.run();
withdrawing.run();
