import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ulid } from 'ulid';
import { lastWithdrawals, withdrawalsOf } from '../../server/store/withdrawals.ts';
import {
  code,
  DAY,
  filled,
  guest,
  letGuestsIn,
  message,
  named,
  newSession,
  NOON,
  openRoom,
  password,
  signUp,
} from './scratch.ts';

/** Read whole on purpose: everybody is shown, with the names that they had. */
const WHOLE = new Set(['SCAN member', 'SCAN member USING INDEX member_here', 'SCAN h']);
/** Short ones: guests who are here, the last who were, no more than a hundred and fifty invites, a few bans. */
const SHORT = new Set([
  'SCAN member USING INDEX member_staying',
  'SCAN member USING COVERING INDEX member_left',
  'SCAN invite',
  'SCAN b',
  'SCAN ban',
  'SCAN ban_address USING COVERING INDEX ban_address_until',
]);

/** Opening looks at every conversation once, to find holes. */
const OF_THE_CHECK = /FROM conversation c\s+WHERE last_seq <> \(SELECT count/;

const plans = suite('Query plans');

plans('nothing that members ask reads a whole table', () => {
  const { db, store, lobby, ada, grace } = openRoom();
  const direct = store.post(message(ada, [grace], 'Hello'));
  const later = store.post(message(ada, [grace], 'Oops'));
  store.openDirect([grace], ada, ulid(), NOON);
  store.withdraw(direct.conversationId, later.seq, ada, NOON);
  store.withdraw(direct.conversationId, later.seq, ada, NOON);
  assert.is(withdrawalsOf(db, direct.conversationId, later.seq).length, 1);
  assert.equal(lastWithdrawals(db), withdrawalsOf(db, direct.conversationId, later.seq));
  store.mark(lobby, grace, 2, 2, NOON);
  store.page(lobby, ada, { before: 9 }, 50);
  store.page(lobby, ada, { after: 0 }, 50);
  store.post(message(ada, lobby, 'Hello'));
  store.snapshotSince(grace, null);
  store.conversation(direct.conversationId, grace);
  store.member(ada);
  store.memberIdByName('ada');
  store.rename(grace, named('hopper'), NOON);
  store.usernameProblem(named('grace'), null, NOON);
  store.credential(ada, 'password');
  store.countFailure(ada, 'recovery', 1);
  const options = { issuedBy: ada, expiresAt: null, now: NOON, action: 'resetCode.created' } as const;
  store.setCredential(grace, 'reset', code(), options);
  store.dropCredential(grace, 'reset', { by: ada, now: NOON, action: 'resetCode.revoked' });
  store.createSession(grace, newSession(), 1, NOON);
  store.resumeSession(filled(32, 9), DAY, DAY, NOON);
  store.resetPassword(grace, password(), code(), newSession(), NOON);
  store.endSessions(grace, null, NOON);
  store.sawMember(grace, ulid(), NOON);
  store.auditEntries(null, 10);
  store.room();
  letGuestsIn(store, ada);
  const { member: mamie } = store.enterGuest(guest('Mamie'));
  store.enterGuest(guest('Mamie'));
  store.snapshotSince(mamie.id, null);
  store.guests();
  const invite = store.createInvite({ id: ulid(), role: 'member', expiresAt: null, uses: null }, ada, NOON);
  store.signUp(signUp('mary', { inviteId: invite.id }));
  store.invites();
  store.revokeInvite(invite.id, ada, NOON);
  store.removeMember(mamie.id, { id: ulid(), addresses: ['10.0.0.7'] }, ada, NOON);
  store.removeMember(grace, { id: ulid(), addresses: [] }, ada, NOON);
  store.removeMember(grace, null, ada, NOON);
  store.addressIsBanned('10.0.0.7', NOON);
  const file = { hash: filled(32, 1), size: 10, picture: null };
  store.addFile(ada, file, NOON);
  store.file(ada, file.hash);
  store.fileBytesOf(ada);
  store.unkeptFiles([file.hash]);
  const brought = store.post(
    message(ada, [ada, grace], '', { id: ulid(), file: { hash: file.hash, name: 'a.txt' } }),
  );
  store.withdraw(brought.conversationId, brought.seq, ada, NOON);
  store.forgetFiles(NOON);
  for (const { id } of store.bans(NOON)) store.liftBan(id, ada, NOON);
  store.changeSettings({ guestsUntil: null }, ada, NOON);

  const explainable = db.prepared.filter(
    (sql) => /^\s*(SELECT|INSERT|UPDATE|DELETE)/.test(sql) && !OF_THE_CHECK.test(sql),
  );
  assert.ok(explainable.length > 40, `${explainable.length} statements`);
  for (const sql of explainable) {
    const parameters = Array.from({ length: sql.match(/\?/g)?.length ?? 0 }, () => null);
    for (const { detail } of db.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...parameters)) {
      const scans = /^SCAN (?!\(subquery|CONSTANT)/.test(detail) && !WHOLE.has(detail) && !SHORT.has(detail);
      assert.not(scans, `${detail}: ${sql}`);
      if (/ FROM event|UPDATE event/.test(sql)) assert.not(detail.includes('TEMP B-TREE'), sql);
    }
  }
  // An explained change counts as running until it is finalised, so nothing could be committed here.
  db.close();
});

plans.run();
