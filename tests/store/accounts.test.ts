import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openDatabase } from '../../server/store/opening.ts';
import { FORMER_NAME_RESERVED_MS } from '../../server/store/records.ts';
import { createStore } from '../../server/store/store.ts';
import {
  code,
  DAY,
  filled,
  named,
  newSession,
  NOON,
  openRoom,
  password,
  refused,
  scratch,
  signUp,
  snapshotOf,
} from './scratch.ts';

const joining = suite('Becoming a member');

joining('the room waits for its owner first, and has only one', () => {
  const { db } = openDatabase({ directory: scratch(), roomName: 'Kitchen', now: NOON });
  const store = createStore(db);
  assert.is(store.room().hasOwner, false);
  refused(() => store.signUp(signUp('grace')), 'OWNER_FIRST');
  assert.is(store.signUp(signUp('ada', { owner: true })).member.role, 'owner');
  assert.is(store.room().hasOwner, true);
  refused(() => store.signUp(signUp('grace', { owner: true })), 'OWNER_CODE');
  assert.is(store.signUp(signUp('grace')).member.role, 'member');
  db.close();
});

joining('is told to everybody in the lobby, live and replayed alike', () => {
  const { store, lobby, ada, close } = openRoom();
  const { member, published } = store.signUp(
    signUp('mary', { firstName: 'Mary', lastName: 'Jackson', now: NOON + 5 }),
  );
  assert.is(published.length, 1);
  assert.is(published[0]?.audience, null);
  const event = published[0]!.event;
  assert.equal(event, store.page(lobby, ada, { before: 1_000 }, 1).events[0]);
  assert.equal(event.type === 'member.joined' && event.member, { ...member, presence: 'offline' });
  assert.equal(store.member(member.id), member);
  assert.is(member.joinedAt, event.at);
  close();
});

joining('a refused sign-up leaves nothing behind', () => {
  const { store, ada, lobby, close } = openRoom();
  const before = snapshotOf(store, ada);
  refused(() => store.signUp(signUp('Ada')), 'NAME_TAKEN');
  // Fails late, at the session's unique hash.
  const session = { ...newSession(), tokenHash: filled(31, 1) };
  assert.throws(() => store.signUp(signUp('mary', { session })));
  assert.equal(snapshotOf(store, ada), before);
  assert.is(store.memberIdByName('mary'), null);
  assert.is(store.conversation(lobby, ada).head, 4);
  close();
});

joining('credentials come back as they were given', () => {
  const { store, grace, close } = openRoom();
  assert.equal(store.credential(grace, 'password')?.credential, password());
  assert.equal(store.credential(grace, 'recovery')?.credential, code());
  assert.is(store.credential(grace, 'reset'), null);
  assert.is(store.credential('00000000000000000000000000', 'password'), null);
  close();
});

joining.run();

const naming = suite('Names');

naming('another spelling or look of a name is taken, one’s own is not', () => {
  const { store, lin, close } = openRoom();
  assert.is(store.usernameProblem(named('LIN'), null, NOON), 'NAME_TAKEN');
  assert.is(store.usernameProblem(named('l1n'), null, NOON), 'NAME_TAKEN');
  assert.is(store.usernameProblem(named('Lin'), lin, NOON), null);
  assert.is(store.usernameProblem(named('mary'), null, NOON), null);
  assert.is(store.memberIdByName('lin'), lin);
  close();
});

naming('a change is told in the lobby; the same name again changes nothing', () => {
  const { store, lobby, grace, ada, close } = openRoom();
  const published = store.rename(grace, named('amazing'), NOON);
  assert.equal(published?.event, {
    type: 'member.renamed',
    conversationId: lobby,
    seq: 5,
    at: NOON,
    authorId: grace,
    from: 'grace',
    to: 'amazing',
  });
  assert.is(published?.audience, null);
  assert.is(store.rename(grace, named('amazing'), NOON), null);
  assert.is(store.member(grace)?.username, 'amazing');
  assert.is(store.memberIdByName('grace'), null);
  refused(() => store.rename(grace, named('ADA'), NOON), 'NAME_TAKEN');
  refused(() => store.rename('00000000000000000000000000', named('nobody1'), NOON), 'NO_SUCH_MEMBER');
  assert.is(store.rename(ada, named('Ada'), NOON)?.event.type, 'member.renamed');
  close();
});

naming('a former name and its looks stay reserved for ninety days, except for who had it', () => {
  const { store, lin, grace, close } = openRoom();
  store.rename(lin, named('meitner'), NOON);
  refused(() => store.rename(grace, named('l1n'), NOON + 89 * DAY), 'NAME_TAKEN');
  refused(() => store.signUp(signUp('LIN', { now: NOON + 89 * DAY })), 'NAME_TAKEN');
  assert.is(store.usernameProblem(named('lin'), lin, NOON), null);
  assert.ok(store.rename(lin, named('lin'), NOON + DAY));
  store.rename(lin, named('meitner'), NOON + 2 * DAY);
  assert.is(
    store.usernameProblem(named('lin'), null, NOON + 2 * DAY + FORMER_NAME_RESERVED_MS - 1),
    'NAME_TAKEN',
  );
  assert.is(store.usernameProblem(named('lin'), null, NOON + 2 * DAY + FORMER_NAME_RESERVED_MS), null);
  assert.ok(store.rename(grace, named('lin'), NOON + 93 * DAY));
  refused(() => store.rename(lin, named('lin'), NOON + 93 * DAY), 'NAME_TAKEN');
  close();
});

naming.run();

const proofs = suite('Codes');

proofs('a code dies of too many wrong tries, a password does not', () => {
  const { store, grace, close } = openRoom();
  for (const failures of [1, 2, 3, 4]) {
    store.countFailure(grace, 'recovery', 5);
    store.countFailure(grace, 'password', 5);
    assert.is(store.credential(grace, 'recovery')?.failures, failures);
  }
  store.countFailure(grace, 'recovery', 5);
  store.countFailure(grace, 'password', 5);
  store.countFailure(grace, 'recovery', 5);
  store.countFailure('00000000000000000000000000', 'recovery', 5);
  assert.is(store.credential(grace, 'recovery'), null);
  assert.ok(store.credential(grace, 'password'));
  close();
});

proofs('a reset code is made, replaced and dropped, each with its line in the journal', () => {
  const { store, ada, grace, close } = openRoom();
  const options = {
    issuedBy: ada,
    expiresAt: NOON + 900_000,
    now: NOON,
    action: 'resetCode.created',
  } as const;
  store.setCredential(grace, 'reset', code(7), options);
  store.countFailure(grace, 'reset', 5);
  store.setCredential(grace, 'reset', code(8), options);
  const expected = {
    memberId: grace,
    kind: 'reset',
    credential: code(8),
    expiresAt: NOON + 900_000,
    failures: 0,
  };
  assert.equal(store.credential(grace, 'reset'), expected);
  assert.is(store.dropCredential(grace, 'reset', { by: ada, now: NOON, action: 'resetCode.revoked' }), true);
  assert.is(store.dropCredential(grace, 'reset', { by: ada, now: NOON, action: 'resetCode.revoked' }), false);
  const actions = store
    .auditEntries(null, 3)
    .map(({ action, actorId, targetId }) => ({ action, actorId, targetId }));
  const line = (action: string) => ({ action, actorId: ada, targetId: grace });
  assert.equal(actions, ['resetCode.revoked', 'resetCode.created', 'resetCode.created'].map(line));
  refused(
    () => store.setCredential('00000000000000000000000000', 'reset', code(), options),
    'NO_SUCH_MEMBER',
  );
  close();
});

proofs('a reset ends every session, replaces both proofs and uses the code up', () => {
  const { store, ada, grace, close } = openRoom();
  const options = {
    issuedBy: ada,
    expiresAt: NOON + 900_000,
    now: NOON,
    action: 'resetCode.created',
  } as const;
  store.setCredential(grace, 'reset', code(7), options);
  const before = store.sessions(grace).map(({ id }) => id);
  const session = newSession();
  assert.equal(store.resetPassword(grace, password(20), code(30), session, NOON), {
    ended: before,
    role: 'member',
  });
  assert.equal(store.credential(grace, 'password')?.credential, password(20));
  assert.equal(store.credential(grace, 'recovery')?.credential, code(30));
  assert.is(store.credential(grace, 'reset'), null);
  assert.equal(
    store.sessions(grace).map(({ id }) => id),
    [session.id],
  );
  assert.is(store.auditEntries(null, 1)[0]?.action, 'password.reset');
  close();
});

proofs.run();

const sessions = suite('Sessions');

sessions('resume by the hash of their token until they idle too long or are too old', () => {
  const { store, grace, close } = openRoom();
  const session = newSession('Salon on Windows');
  store.createSession(grace, session, 20, NOON);
  const resume = (now: number) => store.resumeSession(session.tokenHash, 30 * DAY, 365 * DAY, now);
  const expected = {
    id: session.id,
    memberId: grace,
    device: 'Salon on Windows',
    createdAt: NOON,
    role: 'member',
  };
  assert.equal(resume(NOON + 30 * DAY), { ...expected, lastSeenAt: NOON + 30 * DAY });
  assert.equal(resume(NOON + 60 * DAY), { ...expected, lastSeenAt: NOON + 60 * DAY });
  assert.is(resume(NOON + 91 * DAY), null);
  for (let day = 60; day <= 365; day += 29) resume(NOON + day * DAY);
  assert.is(resume(NOON + 366 * DAY), null);
  assert.is(store.resumeSession(filled(32, 250), DAY, DAY, NOON), null);
  close();
});

sessions('beyond the limit the one seen longest ago ends', () => {
  const { store, grace, close } = openRoom();
  const first = store.sessions(grace)[0]!;
  const second = newSession();
  assert.equal(store.createSession(grace, second, 2, NOON + 1), { ended: [], role: 'member' });
  store.sawMember(grace, first.id, NOON + 2);
  assert.is(store.member(grace)?.lastSeenAt, NOON + 2);
  const third = newSession();
  assert.equal(store.createSession(grace, third, 2, NOON + 3), {
    ended: [second.id],
    role: 'member',
  });
  assert.equal(
    store.sessions(grace).map(({ id }) => id),
    [third.id, first.id],
  );
  refused(() => store.createSession('00000000000000000000000000', newSession(), 2, NOON), 'NO_SUCH_MEMBER');
  close();
});

sessions('end one by one, or all but one; never somebody else’s', () => {
  const { store, grace, lin, close } = openRoom();
  const [own] = store.sessions(grace);
  assert.is(store.endSession(lin, own!.id, NOON), false);
  const others = [newSession(), newSession()];
  for (const session of others) store.createSession(grace, session, 20, NOON);
  assert.equal(store.endSessions(grace, own!.id, NOON).toSorted(), others.map(({ id }) => id).toSorted());
  assert.is(store.endSession(grace, own!.id, NOON), true);
  assert.is(store.endSession(grace, own!.id, NOON), false);
  assert.is(store.sessions(grace).length, 0);
  assert.is(store.sessions(lin).length, 1);
  assert.is(store.auditEntries(null, 1)[0]?.action, 'session.ended');
  close();
});

sessions.run();

const journal = suite('The journal');

journal('is read from the latest on, in pages', () => {
  const { store, ada, close } = openRoom();
  for (const detail of ['one', 'two', 'three']) {
    store.audit({ at: NOON, action: 'member.joined', actorId: ada, targetId: null, detail });
  }
  const latest = store.auditEntries(null, 2);
  assert.equal(
    latest.map(({ detail }) => detail),
    ['three', 'two'],
  );
  const rest = store.auditEntries(latest[1]!.id, 100);
  assert.is(rest[0]?.detail, 'one');
  assert.is(rest.at(-1)?.action, 'room.opened');
  close();
});

journal.run();
