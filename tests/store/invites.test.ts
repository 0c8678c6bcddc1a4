import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ulid } from 'ulid';
import { LIMITS } from '../../server/protocol/entities.ts';
import type { InviteRole } from '../../server/protocol/entities.ts';
import { DAY, guest, letGuestsIn, NOON, openRoom, refused, signUp, type Room } from './scratch.ts';

interface Wish {
  role?: InviteRole;
  uses?: number | null;
  expiresAt?: number | null;
}

const make = ({ store, ada }: Room, { role = 'member', uses = null, expiresAt = null }: Wish = {}) =>
  store.createInvite({ id: ulid(), role, uses, expiresAt }, ada, NOON).id;

/** A room by invitation. */
function privateRoom(): Room {
  const room = openRoom();
  room.store.changeSettings({ access: 'invited' }, room.ada, NOON);
  return room;
}

const using = suite('An invite');

using('is needed where the room is by invitation, and counted with the account that it lets in', () => {
  const room = privateRoom();
  const { store } = room;
  refused(() => store.signUp(signUp('mary')), 'INVITE_NEEDED');
  const inviteId = make(room, { uses: 2 });
  store.signUp(signUp('mary', { inviteId }));
  assert.is(store.invite(inviteId)?.used, 1);
  // Refused for another reason: the use is given back with the rest.
  refused(() => store.signUp(signUp('mary', { inviteId })), 'NAME_TAKEN');
  assert.is(store.invite(inviteId)?.used, 1);
  store.signUp(signUp('doro', { inviteId }));
  refused(() => store.signUp(signUp('frances', { inviteId })), 'INVITE_USED');
  refused(() => store.signUp(signUp('frances', { inviteId: ulid() })), 'INVITE_UNKNOWN');
  room.close();
});

using('is counted in an open room too, when it is brought', () => {
  const room = openRoom();
  const inviteId = make(room, { uses: 1 });
  room.store.signUp(signUp('mary', { inviteId }));
  refused(() => room.store.signUp(signUp('doro', { inviteId })), 'INVITE_USED');
  assert.is(room.store.signUp(signUp('doro')).member.username, 'doro');
  room.close();
});

using('for guests makes nobody a member; one for members lets in a guest as well', () => {
  const room = privateRoom();
  const { store, ada } = room;
  letGuestsIn(store, ada);
  const forGuests = make(room, { role: 'guest' });
  const forMembers = make(room);
  refused(() => store.signUp(signUp('mary', { inviteId: forGuests })), 'INVITE_FOR_GUESTS');
  refused(() => store.enterGuest(guest('Mamie')), 'INVITE_NEEDED');
  store.enterGuest(guest('Mamie', { inviteId: forGuests }));
  store.enterGuest(guest('Papi', { inviteId: forMembers }));
  assert.equal([store.invite(forGuests)?.used, store.invite(forMembers)?.used], [1, 1]);
  room.close();
});

using('ends by the clock, by being used up, or by its owner, who has the last word', () => {
  const room = openRoom();
  const { store, ada } = room;
  const inviteId = make(room, { uses: 1, expiresAt: NOON + DAY });
  const attempt = (now: number) => () => store.signUp(signUp(`m${ulid()}`.toLowerCase(), { inviteId, now }));
  refused(attempt(NOON + DAY), 'INVITE_EXPIRED');
  attempt(NOON + DAY - 1)();
  refused(attempt(NOON + DAY), 'INVITE_USED');
  assert.is(store.revokeInvite(inviteId, ada, NOON + 7), true);
  assert.is(store.revokeInvite(inviteId, ada, NOON + 8), false);
  assert.is(store.invite(inviteId)?.revokedAt, NOON + 7);
  refused(attempt(NOON), 'INVITE_REVOKED');
  assert.equal(
    store
      .auditEntries(null, 9)
      .flatMap(({ action, detail }) => (action.startsWith('invite') ? [[action, detail]] : [])),
    [
      ['invite.revoked', 'member'],
      ['invite.created', 'member'],
    ],
  );
  room.close();
});

using('is one of fifty that can be used; of the others a hundred are remembered', () => {
  const room = openRoom();
  const { store, ada, db } = room;
  db.transaction(() => {
    for (let n = 0; n < 3 * LIMITS.liveInvites; n += 1) {
      if (n >= LIMITS.liveInvites)
        store.revokeInvite(store.invites().at(-1 - (n - LIMITS.liveInvites))?.id ?? '', ada, NOON);
      make(room);
    }
  });
  refused(() => make(room), 'TOO_MANY_INVITES');
  const latest = store.invites()[0]!.id;
  for (let n = 0; n < 60; n += 1) {
    store.revokeInvite(store.invites().find(({ revokedAt }) => revokedAt === null)?.id ?? '', ada, NOON);
    make(room);
  }
  assert.is(store.invites().filter(({ revokedAt }) => revokedAt === null).length, LIMITS.liveInvites);
  assert.ok(store.invites().length <= LIMITS.liveInvites + 101, `${store.invites().length}`);
  assert.ok(store.invite(latest)?.revokedAt !== null);
  room.close();
});

using.run();
