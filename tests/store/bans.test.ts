import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ulid } from 'ulid';
import { ADDRESS_BAN_MS, type Store } from '../../server/store/records.ts';
import { code, DAY, guest, letGuestsIn, newSession, NOON, openRoom, password, refused } from './scratch.ts';

const banning = (...addresses: string[]) => ({ id: ulid(), addresses });
const actions = (store: Store, of: RegExp) =>
  store.auditEntries(null, 50).flatMap(({ action }) => (of.test(action) ? [action] : []));

const removing = suite('Removing a member');

removing('ends their sessions, and they may sign in again', () => {
  const { store, ada, grace, close } = openRoom();
  const session = newSession();
  store.createSession(grace, session, 20, NOON);
  assert.equal(store.removeMember(grace, null, ada, NOON), { memberIds: [grace], published: [] });
  assert.equal(store.sessions(grace), []);
  assert.is(store.resumeSession(session.tokenHash, DAY, DAY, NOON), null);
  assert.equal(store.createSession(grace, newSession(), 20, NOON), { ended: [], role: 'member' });
  // Asked twice, noted once.
  store.removeMember(grace, null, ada, NOON);
  store.removeMember(grace, null, ada, NOON);
  assert.equal(actions(store, /member.removed/), ['member.removed', 'member.removed']);
  assert.equal(store.bans(NOON), []);
  close();
});

removing('is not for the owner nor for strangers', () => {
  const { store, ada, close } = openRoom();
  refused(() => store.removeMember(ada, null, ada, NOON), 'NOT_ALLOWED');
  refused(() => store.removeMember(ada, banning(), ada, NOON), 'NOT_ALLOWED');
  refused(() => store.removeMember(ulid(), null, ada, NOON), 'NO_SUCH_MEMBER');
  assert.is(store.sessions(ada).length, 1);
  close();
});

removing('for good keeps them out, whatever they prove, until it is lifted', () => {
  const { store, ada, grace, close } = openRoom();
  const session = newSession();
  store.createSession(grace, session, 20, NOON);
  const ban = banning();
  store.removeMember(grace, ban, ada, NOON + 1);
  assert.equal(store.sessions(grace), []);
  const resume = () => store.resumeSession(session.tokenHash, DAY, DAY, NOON + 2);
  refused(resume, 'BANNED');
  refused(() => store.createSession(grace, newSession(), 20, NOON + 400 * DAY), 'BANNED');
  refused(() => store.resetPassword(grace, password(), code(), newSession(), NOON), 'BANNED');
  assert.equal(store.bans(NOON + 2), [{ id: ban.id, memberId: grace, at: NOON + 1, until: null }]);
  store.removeMember(grace, banning(), ada, NOON + 3);
  assert.is(store.bans(NOON + 3).length, 1);

  assert.is(store.liftBan(ban.id, ada, NOON + 4), true);
  assert.is(store.liftBan(ban.id, ada, NOON + 4), false);
  assert.is(resume(), null);
  assert.equal(store.createSession(grace, newSession(), 20, NOON + 5), { ended: [], role: 'member' });
  assert.equal(actions(store, /ban/), ['ban.lifted', 'member.banned']);
  close();
});

removing('for good shuts every place they were in for a day, and the ban outlasts that', () => {
  const { store, ada, grace, lin, close } = openRoom();
  const ban = banning('10.0.0.7', '10.0.0.8');
  store.removeMember(grace, ban, ada, NOON);
  for (const address of ['10.0.0.7', '10.0.0.8']) {
    assert.is(store.addressIsBanned(address, NOON + ADDRESS_BAN_MS - 1), true);
    assert.is(store.addressIsBanned(address, NOON + ADDRESS_BAN_MS), false);
  }
  assert.is(store.addressIsBanned('10.0.0.9', NOON), false);
  assert.equal(store.bans(NOON + 9 * DAY), [{ id: ban.id, memberId: grace, at: NOON, until: null }]);
  store.removeMember(lin, banning('10.0.0.8'), ada, NOON);
  store.liftBan(ban.id, ada, NOON);
  assert.equal(
    ['10.0.0.7', '10.0.0.8'].map((address) => store.addressIsBanned(address, NOON)),
    [false, true],
  );
  close();
});

removing.run();

const guests = suite('Removing a guest');

guests('ends the stay; for good, nobody comes from there for a day', () => {
  const { store, ada, close } = openRoom();
  letGuestsIn(store, ada);
  const mamie = store.enterGuest(guest('Mamie')).member.id;
  const papi = store.enterGuest(guest('Papi')).member.id;
  const removed = store.removeMember(mamie, null, ada, NOON);
  assert.equal(
    removed.published.map(({ event }) => [event.type, event.authorId]),
    [['guest.ended', mamie]],
  );
  assert.equal(store.bans(NOON), []);
  const ban = banning('10.0.0.7');
  assert.is(store.removeMember(papi, ban, ada, NOON).published.length, 1);
  assert.equal(store.removeMember(papi, ban, ada, NOON), { memberIds: [], published: [] });
  assert.equal(store.bans(NOON), [{ id: ban.id, memberId: papi, at: NOON, until: NOON + ADDRESS_BAN_MS }]);
  assert.is(store.addressIsBanned('10.0.0.7', NOON + ADDRESS_BAN_MS - 1), true);
  assert.is(store.addressIsBanned('10.0.0.8', NOON), false);
  assert.is(store.addressIsBanned('10.0.0.7', NOON + ADDRESS_BAN_MS), false);
  assert.equal(store.bans(NOON + ADDRESS_BAN_MS), []);
  store.liftBan(ban.id, ada, NOON);
  assert.is(store.addressIsBanned('10.0.0.7', NOON), false);
  close();
});

guests.run();
