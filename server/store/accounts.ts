import type { Role } from '../protocol/entities.ts';
import { SalonError } from '../protocol/errors.ts';
import { record } from './audit.ts';
import { putCredential } from './credentials.ts';
import { useInvite } from './invites.ts';
import { append } from './log.ts';
import { authorOf } from './members.ts';
import { hasOwner, lobby } from './room.ts';
import { addSession } from './sessions.ts';
import { isTaken } from './usernames.ts';
import type { Database } from './database.ts';
import type { SignUp, Store, StoredMember } from './records.ts';

/** Becoming a member. */
export const accounts = (db: Database): Pick<Store, 'signUp'> => ({
  signUp: (account) =>
    db.atomic(() => {
      const { id, name, owner, now } = account;
      if (hasOwner(db) === owner) throw new SalonError(owner ? 'OWNER_CODE' : 'OWNER_FIRST');
      if (!owner) useInvite(db, account.inviteId, 'member', now);
      if (isTaken(db, name, null, now)) throw new SalonError('NAME_TAKEN');

      const role: Role = owner ? 'owner' : 'member';
      addMember(db, account, role);
      const author = authorOf(db, id);
      putCredential(db, author.row, 'password', account.password, { issuedBy: null, expiresAt: null, now });
      putCredential(db, author.row, 'recovery', account.recovery, { issuedBy: null, expiresAt: null, now });
      addSession(db, author.row, account.session, now);

      const { firstName, lastName } = account;
      const seen = { id, username: name.username, firstName, lastName, role, lastSeenAt: now };
      const event = append(db, lobby(db), { type: 'member.joined', author, detail: { member: seen } }, now);
      const member: StoredMember = { ...seen, joinedAt: event.at, leftAt: null };
      // The lobby's clock may be ahead of this one; the event and the member must agree.
      db.all('UPDATE member SET joined_at = ? WHERE id = ?', event.at, author.row);
      // Everything before is history that this member has not read.
      db.all(
        'INSERT INTO conversation_member(conversation_id, member_id, joined_at) VALUES (?, ?, ?)',
        lobby(db),
        author.row,
        event.at,
      );
      record(db, { at: now, action: 'member.joined', actorId: id, targetId: id, detail: name.username });
      return { member, published: [{ event, audience: null }] };
    }),
});

function addMember(db: Database, { id, name, firstName, lastName, now }: SignUp, role: Role): void {
  db.all(
    `INSERT INTO member(uid, username, username_key, skeleton, first_name, last_name, role, joined_at, named_at, last_seen_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    name.username,
    name.key,
    name.skeleton,
    firstName,
    lastName,
    role,
    now,
    now,
    now,
  );
}
