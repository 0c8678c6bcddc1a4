import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ulid } from 'ulid';
import { openDatabase } from '../../server/store/opening.ts';
import { GUESTS_AT_MOST, PAST_GUESTS_TOLD } from '../../server/store/records.ts';
import { createStore } from '../../server/store/store.ts';
import {
  DAY,
  guest,
  letGuestsIn,
  message,
  NOON,
  openRoom,
  refused,
  scratch,
  signUp,
  snapshotOf,
} from './scratch.ts';

/** A room that lets guests in, where something was said before Mamie came. */
function withMamie() {
  const room = openRoom();
  const { store, ada, lobby } = room;
  letGuestsIn(store, ada);
  const before = store.post(message(ada, lobby, 'Before she came'));
  const entered = store.enterGuest(guest('Mamie', { now: NOON + 1 }));
  return { ...room, before, entered, mamie: entered.member.id };
}

const entering = suite('Coming in as a guest');

entering('is told in the lobby like any other’s coming, with a name and an end to come', () => {
  const { store, lobby, ada, entered, before, close } = withMamie();
  const { member, published } = entered;
  const { id: _, ...seen } = member;
  assert.equal(seen, {
    ...{ username: 'mamie', firstName: 'Mamie', lastName: '', role: 'guest' },
    ...{ joinedAt: NOON + 1, lastSeenAt: NOON + 1, leftAt: null },
  });
  const [last] = store.page(lobby, ada, { before: 99 }, 1).events;
  assert.equal(
    [last],
    published.map(({ event }) => event),
  );
  assert.equal(last?.type === 'member.joined' && last.member, { ...member, presence: 'offline' });
  assert.is(last?.seq, before.seq + 1);
  assert.equal(store.member(member.id), member);
  assert.equal(store.auditEntries(null, 1)[0]?.action, 'guest.entered');
  close();
});

entering('needs an owner who lets guests in, now', () => {
  const { db } = openDatabase({ directory: scratch(), roomName: 'Kitchen', now: NOON });
  const empty = createStore(db);
  empty.changeSettings({ guestsUntil: NOON + DAY }, null, NOON);
  refused(() => empty.enterGuest(guest('Mamie')), 'OWNER_FIRST');
  db.close();

  const { store, ada, close } = openRoom();
  refused(() => store.enterGuest(guest('Mamie')), 'GUESTS_OFF');
  letGuestsIn(store, ada);
  refused(() => store.enterGuest(guest('Mamie', { now: NOON + DAY })), 'GUESTS_OFF');
  assert.is(store.enterGuest(guest('Mamie', { now: NOON + DAY - 1 })).member.role, 'guest');
  close();
});

entering('two of one name are told apart, and a name is free again when its guest has left', () => {
  const { store, lobby, ada, mamie, close } = withMamie();
  const named = (name: string) => store.enterGuest(guest(name)).member.username;
  assert.is(named('Mamie'), 'mamie2');
  assert.is(named('MAMIE'), 'mamie3');
  refused(() => store.signUp(signUp('mamie')), 'NAME_TAKEN');
  store.post(message(mamie, lobby, 'Bye'));
  store.endGuests([mamie], null, NOON + 9);
  assert.is(store.member(mamie)?.username, 'mamie');
  assert.is(store.signUp(signUp('mamie')).member.username, 'mamie');
  assert.is(store.memberIdByName('mamie'), snapshotOf(store, ada).people.members.at(-1)?.id);
  close();
});

entering('a guest shall not pass for a member, by whatever letters', () => {
  const { store, ada, lin, close } = openRoom();
  letGuestsIn(store, ada);
  for (const name of ['Ada', 'ADA', 'A da', 'A-d-a', '\u0410da', 'L1n', 'Lin.'])
    refused(() => store.enterGuest(guest(name)), 'NAME_TAKEN');
  store.rename(lin, { username: 'mary', key: 'mary', skeleton: 'rnary' }, NOON);
  refused(() => store.enterGuest(guest('Lin')), 'NAME_TAKEN');
  assert.is(store.enterGuest(guest('Adam')).member.username, 'adam');
  assert.equal(store.guests().length, 1);
  close();
});

entering('a guest does not carry a member’s full name either, in whatever order or letters', () => {
  const { store, ada, close } = openRoom();
  letGuestsIn(store, ada);
  store.signUp(signUp('countess', { firstName: 'Zoë', lastName: 'De la Tour' }));
  const names = [
    'Zoë De la Tour',
    'ZOË DE LA TOUR',
    'De la Tour Zoë',
    'Zoë de-la-Tour',
    'Zo\u00eb D\u0435 la Tour',
  ];
  for (const name of names) refused(() => store.enterGuest(guest(name, { base: 'zed' })), 'NAME_TAKEN');
  assert.is(store.enterGuest(guest('Zoë', { base: 'zed' })).member.firstName, 'Zoë');
  assert.is(store.enterGuest(guest('Zoë De la Tourelle', { base: 'zed' })).member.username, 'zed2');
  close();
});

entering('is for so many at one time', () => {
  const { store, ada, close } = openRoom();
  letGuestsIn(store, ada);
  const enter = (n: number) => store.enterGuest(guest(`x${n}y`)).member.id;
  const here = Array.from({ length: GUESTS_AT_MOST }, (_, n) => enter(n));
  refused(() => enter(GUESTS_AT_MOST), 'ROOM_FULL');
  store.endGuests(here.slice(0, 1), null, NOON);
  assert.ok(enter(GUESTS_AT_MOST));
  refused(() => enter(GUESTS_AT_MOST + 1), 'ROOM_FULL');
  close();
});

entering.run();

const reading = suite('What a guest reads');

reading('begins with their own coming, whatever they ask for', () => {
  const { store, lobby, ada, mamie, before, close } = withMamie();
  const first = before.seq + 1;
  const after = store.post(message(ada, lobby, 'After she came'));
  const all = [first, after.seq];
  const seqs = (range: { before: number } | { after: number }) =>
    store.page(lobby, mamie, range, 200).events.map(({ seq }) => seq);
  assert.equal(seqs({ after: 0 }), all);
  assert.equal(seqs({ after: 2 }), all);
  assert.equal(seqs({ before: 999 }), all);
  assert.equal(seqs({ before: first }), []);
  assert.equal(seqs({ before: 2 }), []);
  const [conversation, ...others] = snapshotOf(store, mamie).conversations;
  assert.equal(others, []);
  assert.equal(conversation, {
    ...{ id: lobby, kind: 'lobby', memberIds: [], first, head: after.seq, lastAt: NOON + 1 },
    ...{ read: first, unread: 1, receipts: [] },
  });
  assert.equal(store.conversation(lobby, mamie), conversation);
  assert.is(JSON.stringify(store.page(lobby, mamie, { after: 0 }, 200)).includes('Before'), false);
  // The others read on as before.
  assert.is(store.page(lobby, ada, { after: 0 }, 200).events.length, after.seq);
  close();
});

reading('is the lobby and nothing else: no private talk, in either direction', () => {
  const { store, ada, grace, mamie, close } = withMamie();
  const direct = store.post(message(ada, [grace], 'Psst')).conversationId;
  refused(() => store.page(direct, mamie, { after: 0 }, 10), 'NO_SUCH_CONVERSATION');
  refused(() => store.audience(direct, mamie), 'NO_SUCH_CONVERSATION');
  refused(() => store.post(message(mamie, direct, 'Me too')), 'NO_SUCH_CONVERSATION');
  refused(() => store.post(message(mamie, [ada], 'Psst')), 'NOT_FOR_GUESTS');
  refused(() => store.post(message(mamie, [mamie], 'A notebook')), 'NOT_FOR_GUESTS');
  refused(() => store.openDirect([ada], mamie, ulid(), NOON), 'NOT_FOR_GUESTS');
  refused(() => store.post(message(ada, [mamie], 'Psst')), 'GUEST_READS_LOBBY');
  refused(() => store.openDirect([grace, mamie], ada, ulid(), NOON), 'GUEST_READS_LOBBY');
  store.endGuests(null, null, NOON);
  refused(() => store.post(message(ada, [mamie], 'Psst')), 'GUEST_READS_LOBBY');
  close();
});

reading('tells neither what people were called before nor who was a guest before', () => {
  const { store, ada, grace, mamie, close } = withMamie();
  store.rename(grace, { username: 'hopper', key: 'hopper', skeleton: 'hopper' }, NOON + 2);
  store.endGuests([mamie], null, NOON + 3);
  const { member } = store.enterGuest(guest('Papi', { now: NOON + 4 }));
  const seen = snapshotOf(store, member.id);
  assert.equal(seen.people.formerNames, []);
  assert.equal(
    seen.people.members.map(({ username }) => username),
    ['ada', 'hopper', 'lin', 'papi'],
  );
  assert.ok(snapshotOf(store, ada).people.members.some(({ id }) => id === mamie));
  assert.is(snapshotOf(store, ada).people.formerNames.length, 1);
  close();
});

reading.run();

const leaving = suite('The end of a guest’s stay');

leaving('is told in the lobby, and from then on nothing of theirs is done', () => {
  const { store, lobby, ada, entered, mamie, close } = withMamie();
  store.post(message(mamie, lobby, 'Hello'));
  const { memberIds, published } = store.endGuests([mamie, ada, 'nobody'], null, NOON + 5);
  assert.equal(memberIds, [mamie]);
  const [{ event, audience }] = published as [(typeof published)[0]];
  assert.equal(
    { event, audience },
    {
      event: {
        ...{ type: 'guest.ended', conversationId: lobby, authorId: mamie },
        ...{ seq: event.seq, at: NOON + 5 },
      },
      audience: null,
    },
  );
  assert.equal(store.page(lobby, ada, { before: 99 }, 1).events, [event]);
  assert.is(store.member(mamie)?.leftAt, event.at);
  assert.equal(store.sessions(mamie), []);
  assert.equal(store.guests(), []);
  assert.is(entered.member.leftAt, null);
  refused(() => store.post(message(mamie, lobby, 'Still here')), 'NO_SUCH_CONVERSATION');
  refused(() => store.page(lobby, mamie, { after: 0 }, 9), 'NO_SUCH_CONVERSATION');
  refused(() => store.mark(lobby, mamie, 9, 9, NOON), 'NO_SUCH_CONVERSATION');
  assert.equal(store.endGuests([mamie], null, NOON + 6), { memberIds: [], published: [] });
  close();
});

leaving('comes for all when guests are let in no longer, in the same step', () => {
  const { store, ada, mamie, close } = withMamie();
  const papi = store.enterGuest(guest('Papi')).member.id;
  const open = store.changeSettings({ access: 'invited', door: 'simple' }, ada, NOON);
  assert.equal(open, {
    settings: { access: 'invited', door: 'simple', guestsUntil: NOON + DAY },
    memberIds: [],
    published: [],
  });
  const shut = store.changeSettings({ guestsUntil: null }, ada, NOON);
  assert.equal(shut.settings, { access: 'invited', door: 'simple', guestsUntil: null });
  assert.equal(shut.memberIds, [mamie, papi]);
  assert.equal(
    shut.published.map(({ event }) => event.type),
    ['guest.ended', 'guest.ended'],
  );
  assert.equal(store.room().settings, shut.settings);
  assert.equal(
    store
      .auditEntries(null, 20)
      .filter(({ action }) => action === 'room.changed')
      .map(({ detail, actorId }) => [detail, actorId]),
    [
      ['guestsUntil=never', ada],
      ['access=invited door=simple', ada],
      ['guestsUntil=2026-11-24T12:00:00.000Z', ada],
    ],
  );
  close();
});

leaving('is remembered of the latest alone, so that coming in takes no longer year by year', () => {
  const { store, ada, mamie, close } = withMamie();
  const past = Array.from({ length: PAST_GUESTS_TOLD + 5 }, (_, n) => {
    const { member } = store.enterGuest(guest(`x${n}y`, { now: NOON + 2 }));
    store.endGuests([member.id], null, NOON + 3 + n);
    return member.id;
  });
  const seen = new Set(snapshotOf(store, ada).people.members.map(({ id }) => id));
  assert.equal(
    past.map((id) => seen.has(id)),
    past.map((_, n) => n >= 5),
  );
  assert.is(seen.size, 4 + PAST_GUESTS_TOLD);
  assert.ok(seen.has(mamie));
  // Nothing is lost: what the others wrote is theirs still.
  assert.is(store.member(past[0] ?? '')?.firstName, 'x0y');
  close();
});

leaving.run();
