import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ulid } from 'ulid';
import { LIMITS } from '../../server/protocol/entities.ts';
import { message, NOON, openRoom, refused, signUp, snapshotOf } from './scratch.ts';

const NOBODY = '00000000000000000000000000';

const room = suite('A new room');

room('has a lobby for everybody, whose first event is its opening', () => {
  const { store, lobby, ada, grace, close } = openRoom();
  assert.equal(store.page(lobby, ada, { after: 0 }, 1), {
    events: [
      { type: 'conversation.opened', conversationId: lobby, seq: 1, at: NOON, authorId: null, memberIds: [] },
    ],
    head: 4,
  });
  const { room: it, people, conversations } = snapshotOf(store, grace);
  assert.is(it.name, 'Kitchen');
  assert.is(it.openedAt, NOON);
  assert.equal(
    people.members.map(({ username }) => username),
    ['ada', 'grace', 'lin'],
  );
  assert.equal(conversations, [
    {
      id: lobby,
      kind: 'lobby',
      memberIds: [],
      first: 1,
      head: 4,
      lastAt: NOON,
      read: 0,
      unread: 0,
      receipts: [],
    },
  ]);
  assert.is(store.audience(lobby, grace), null);
  close();
});

room.run();

const posting = suite('Posting');

posting('numbers the messages of a conversation without holes, and time never goes back', () => {
  const { store, lobby, ada, grace, close } = openRoom();
  const first = store.post(message(ada, lobby, 'Coffee?', { now: NOON + 1_000 }));
  const second = store.post(message(grace, lobby, 'Yes!', { now: NOON + 500 }));
  assert.equal([first.seq, first.at], [5, NOON + 1_000]);
  assert.equal([second.seq, second.at], [6, NOON + 1_000]);
  assert.equal(
    first.published.map(({ audience }) => audience),
    [null],
  );
  assert.equal(
    store.page(lobby, ada, { after: 4 }, 10).events,
    [...first.published, ...second.published].map(({ event }) => event),
  );
  close();
});

posting('the same id again gives the first answer and publishes nothing', () => {
  const { store, lobby, ada, grace, close } = openRoom();
  const coffee = message(ada, lobby, 'Coffee?');
  const { published: _, ...first } = store.post(coffee);
  store.post(message(ada, lobby, 'And tea?'));
  assert.equal(store.post({ ...coffee, now: NOON + 5_000 }), { ...first, published: [] });
  // Ids are the author's own: somebody else's same id is another message.
  assert.is(store.post({ ...coffee, authorId: grace }).published.length, 1);
  close();
});

posting('the same id with another text or for another conversation is refused', () => {
  const { store, lobby, ada, grace, lin, close } = openRoom();
  const coffee = message(ada, lobby, 'Coffee?');
  store.post(coffee);
  refused(() => store.post({ ...coffee, body: 'Tea?' }), 'CID_REUSED');
  refused(() => store.post({ ...coffee, conversationId: null, to: [grace] }), 'CID_REUSED');
  const secret = message(ada, [grace], 'Psst');
  const { conversationId } = store.post(secret);
  refused(() => store.post({ ...secret, to: [lin] }), 'CID_REUSED');
  refused(() => store.post({ ...secret, to: null, conversationId: lobby }), 'CID_REUSED');
  assert.is(store.post({ ...secret, to: [ada, grace, grace] }).conversationId, conversationId);
  assert.is(store.post({ ...secret, to: null, conversationId }).seq, 2);
  close();
});

posting('to people opens the direct conversation of exactly them, once', () => {
  const { store, ada, grace, lin, close } = openRoom();
  const first = store.post(message(ada, [grace], 'Hello'));
  assert.equal(
    first.published.map(({ event }) => event.type),
    ['conversation.opened', 'message.posted'],
  );
  const both = [ada, grace].toSorted();
  assert.equal(
    first.published.map(({ audience }) => audience),
    [both, both],
  );
  const opening = first.published[0]!.event;
  assert.equal(opening.type === 'conversation.opened' && [opening.authorId, opening.memberIds], [ada, both]);

  const answer = store.post(message(grace, [ada], 'Hello you'));
  assert.is(answer.conversationId, first.conversationId);
  assert.is(answer.seq, 3);
  assert.is.not(store.post(message(ada, [grace, lin], 'All')).conversationId, first.conversationId);
  assert.equal(store.audience(first.conversationId, ada), both);
  close();
});

posting('a conversation with oneself is a notebook', () => {
  const { store, ada, close } = openRoom();
  const { conversationId } = store.post(message(ada, [ada], 'Buy milk'));
  const notebook = store.conversation(conversationId, ada);
  assert.equal([notebook.memberIds, notebook.receipts, notebook.unread], [[ada], [], 0]);
  close();
});

posting('what is not one’s own is not there', () => {
  const { store, ada, grace, lin, lobby, close } = openRoom();
  const { conversationId } = store.post(message(ada, [grace], 'Psst'));
  refused(() => store.post(message(lin, conversationId, 'Me too')), 'NO_SUCH_CONVERSATION');
  refused(() => store.conversation(conversationId, lin), 'NO_SUCH_CONVERSATION');
  refused(() => store.audience(conversationId, lin), 'NO_SUCH_CONVERSATION');
  refused(() => store.page(conversationId, lin, { after: 0 }, 10), 'NO_SUCH_CONVERSATION');
  refused(() => store.mark(conversationId, lin, 1, 1, NOON), 'NO_SUCH_CONVERSATION');
  refused(() => store.withdraw(conversationId, 2, lin, NOON), 'NO_SUCH_CONVERSATION');
  refused(() => store.post(message(ada, NOBODY, 'Hm')), 'NO_SUCH_CONVERSATION');
  refused(() => store.post(message(ada, [NOBODY], 'Hm')), 'NO_SUCH_MEMBER');
  refused(() => store.post(message(NOBODY, lobby, 'Hm')), 'NO_SUCH_CONVERSATION');
  assert.is(snapshotOf(store, lin).conversations.length, 1);
  assert.is(snapshotOf(store, ada).conversations.length, 2);
  close();
});

posting('text that cannot be seen and the engine would lose is left out', () => {
  const { store, ada, lobby, close } = openRoom();
  const body = `\uFEFFa\u0000b${'c'.repeat(40)}\uD800`;
  const posted = message(ada, lobby, body);
  store.post(posted);
  const [event] = store.page(lobby, ada, { before: 100 }, 1).events;
  assert.is(event?.type === 'message.posted' && event.body, `ab${'c'.repeat(40)}\uFFFD`);
  assert.is(store.post(posted).published.length, 0);
  close();
});

posting.run();

const opening = suite('Opening a direct conversation');

opening('gives the one that is there, whoever asks', () => {
  const { store, ada, grace, close } = openRoom();
  const first = store.openDirect([ada, grace], ada, ulid(), NOON);
  assert.is(first.published?.event.type, 'conversation.opened');
  const again = store.openDirect([ada], grace, ulid(), NOON);
  assert.is(again.published, null);
  assert.is(again.conversation.id, first.conversation.id);
  assert.equal(again.conversation.receipts, [{ memberId: ada, delivered: 0, read: 0 }]);
  close();
});

opening('refuses strangers and crowds, and leaves nothing', () => {
  const { store, ada, close } = openRoom();
  refused(() => store.openDirect([NOBODY], ada, ulid(), NOON), 'NO_SUCH_MEMBER');
  const crowd = Array.from(
    { length: LIMITS.directMembers },
    (_, i) => store.signUp(signUp(`m${i}x`)).member.id,
  );
  refused(() => store.openDirect(crowd, ada, ulid(), NOON), 'BAD_SHAPE');
  assert.is(snapshotOf(store, ada).conversations.length, 1);
  assert.is(
    store.openDirect(crowd.slice(1), ada, ulid(), NOON).conversation.receipts.length,
    LIMITS.directMembers - 1,
  );
  close();
});

opening.run();

const reading = suite('Reading');

reading('what others wrote after one’s position is unread; writing oneself moves it', () => {
  const { store, lobby, ada, grace, lin, close } = openRoom();
  const unread = (who: string) => store.conversation(lobby, who).unread;
  store.post(message(ada, lobby, 'One'));
  const second = store.post(message(ada, lobby, 'Two'));
  assert.equal([unread(ada), unread(grace), unread(lin)], [0, 2, 2]);
  store.mark(lobby, grace, second.seq, second.seq - 1, NOON);
  assert.is(unread(grace), 1);
  const third = store.post(message(grace, lobby, 'Three'));
  assert.equal([unread(ada), unread(grace), unread(lin)], [1, 0, 3]);
  assert.is(store.conversation(lobby, grace).read, third.seq);
  // Who comes later has not read what was before.
  const late = store.signUp(signUp('mary')).member.id;
  assert.is(unread(late), 3);
  close();
});

reading('counts no further than needed', () => {
  const { db, store, lobby, ada, grace, close } = openRoom();
  db.transaction(() => {
    for (let i = 0; i < 2_500; i += 1) store.post(message(ada, lobby, `${i}`));
  });
  assert.is(store.conversation(lobby, grace).unread, LIMITS.unreadCount);
  assert.is(snapshotOf(store, grace).conversations[0]?.unread, LIMITS.unreadCount);
  close();
});

reading('positions only grow, stay within the log, and what is read is delivered', () => {
  const { store, ada, grace, close } = openRoom();
  const { conversationId, seq } = store.post(message(ada, [grace], 'Hello'));
  const both = [ada, grace].toSorted();
  assert.equal(store.mark(conversationId, grace, 1, 0, NOON), { delivered: 1, read: 0, audience: both });
  assert.equal(store.conversation(conversationId, ada).receipts, [
    { memberId: grace, delivered: 1, read: 0 },
  ]);
  assert.is(store.mark(conversationId, grace, 1, 0, NOON), null);
  assert.is(store.mark(conversationId, grace, 0, 0, NOON), null);
  assert.equal(store.mark(conversationId, grace, 0, 999, NOON), {
    delivered: seq,
    read: seq,
    audience: both,
  });
  assert.equal(store.conversation(conversationId, ada).receipts, [
    { memberId: grace, delivered: seq, read: seq },
  ]);
  assert.equal(snapshotOf(store, ada).conversations[1]?.receipts, [
    { memberId: grace, delivered: seq, read: seq },
  ]);
  close();
});

reading('pages go both ways, in order, with the head beside them', () => {
  const { db, store, lobby, ada, close } = openRoom();
  db.transaction(() => {
    for (let i = 5; i <= 300; i += 1) store.post(message(ada, lobby, `${i}`));
  });
  const seqs = (range: { before: number } | { after: number }, limit: number) => {
    const { events, head } = store.page(lobby, ada, range, limit);
    assert.is(head, 300);
    return events.map(({ seq }) => seq);
  };
  assert.equal(seqs({ before: 301 }, 3), [298, 299, 300]);
  assert.equal(seqs({ before: 9_999 }, 1), [300]);
  assert.equal(seqs({ before: 3 }, 10), [1, 2]);
  assert.equal(seqs({ after: 298 }, 10), [299, 300]);
  assert.equal(seqs({ after: 300 }, 10), []);
  assert.equal(seqs({ after: 10 }, 2), [11, 12]);
  assert.is(seqs({ after: 0 }, 9_999).length, LIMITS.pageEvents);
  close();
});

reading.run();

const withdrawing = suite('Taking a message back');

withdrawing('erases its text, says so in the log, and counts as unread no more', () => {
  const { store, ada, grace, close } = openRoom();
  const secret = message(ada, [grace], 'Not meant for you');
  const { conversationId, seq } = store.post(secret);
  assert.is(store.conversation(conversationId, grace).unread, 1);
  const { event, audience } = store.withdraw(conversationId, seq, ada, NOON + 1);
  const place = { conversationId, seq: seq + 1, at: NOON + 1, authorId: ada };
  assert.equal(event, { type: 'message.withdrawn', ...place, messageSeq: seq });
  assert.equal(audience, [ada, grace].toSorted());
  const [posted, withdrawn] = store.page(conversationId, grace, { after: seq - 1 }, 10).events;
  assert.is(posted?.type === 'message.posted' && posted.body, null);
  assert.equal(withdrawn, event);
  assert.is(store.conversation(conversationId, grace).unread, 0);

  // Both commands may be sent twice: the answers are the first ones.
  assert.equal(store.withdraw(conversationId, seq, ada, NOON + 9).event, event);
  assert.equal(store.post(secret), { conversationId, seq, at: NOON, published: [] });
  close();
});

withdrawing('is too late once it has reached another member', () => {
  const { store, ada, grace, lin, close } = openRoom();
  const { conversationId, seq } = store.post(message(ada, [grace, lin], 'Oops'));
  store.mark(conversationId, ada, seq, seq, NOON);
  store.mark(conversationId, lin, seq - 1, 0, NOON);
  const later = store.post(message(ada, conversationId, 'Oops again'));
  store.mark(conversationId, grace, seq, 0, NOON);
  refused(() => store.withdraw(conversationId, seq, ada, NOON), 'ALREADY_DELIVERED');
  assert.is(store.withdraw(conversationId, later.seq, ada, NOON).event.type, 'message.withdrawn');
  close();
});

withdrawing('is for one’s own messages in direct conversations', () => {
  const { store, lobby, ada, grace, close } = openRoom();
  const { seq } = store.post(message(ada, lobby, 'To all'));
  refused(() => store.withdraw(lobby, seq, ada, NOON), 'ALREADY_DELIVERED');
  refused(() => store.withdraw(lobby, seq, grace, NOON), 'NO_SUCH_MESSAGE');
  refused(() => store.withdraw(lobby, 1, ada, NOON), 'NO_SUCH_MESSAGE');
  refused(() => store.withdraw(lobby, 99, ada, NOON), 'NO_SUCH_MESSAGE');
  const direct = store.post(message(ada, [grace], 'To one'));
  refused(() => store.withdraw(direct.conversationId, direct.seq, grace, NOON), 'NO_SUCH_MESSAGE');
  const own = store.post(message(ada, [ada], 'To me'));
  assert.is(store.withdraw(own.conversationId, own.seq, ada, NOON).event.type, 'message.withdrawn');
  close();
});

withdrawing.run();
