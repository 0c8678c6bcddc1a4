import type { Id, Role, Timestamp } from '../protocol/entities.ts';
import { SalonError } from '../protocol/errors.ts';
import type { Database } from './database.ts';
import type { Author } from './log.ts';
import type { Store, StoredMember } from './records.ts';

/** The people of the room. */

type MemberRow = {
  id: Id;
  username: string;
  firstName: string;
  lastName: string;
  role: Role;
  joinedAt: Timestamp;
  lastSeenAt: Timestamp | null;
};

const MEMBERS = `
  SELECT uid AS id, username, first_name AS firstName, last_name AS lastName, role, joined_at AS joinedAt,
    last_seen_at AS lastSeenAt
  FROM member`;

export function allMembers(db: Database): StoredMember[] {
  return db.all<MemberRow>(`${MEMBERS} ORDER BY member.id`);
}

/** The internal number of a member. @throws SalonError `NO_SUCH_MEMBER`. */
export function authorOf(db: Database, id: Id): Author {
  const member = db.one<{ row: number }>('SELECT id AS row FROM member WHERE uid = ?', id);
  if (member === undefined) throw new SalonError('NO_SUCH_MEMBER');
  return { row: member.row, id };
}

export const members = (db: Database): Pick<Store, 'member' | 'memberIdByName' | 'sawMember'> => ({
  member: (id) => db.one<MemberRow>(`${MEMBERS} WHERE uid = ?`, id) ?? null,

  memberIdByName: (key) =>
    db.one<{ id: Id }>('SELECT uid AS id FROM member WHERE username_key = ?', key)?.id ?? null,

  sawMember: (memberId, sessionId, now) =>
    db.atomic(() => {
      db.all('UPDATE member SET last_seen_at = ? WHERE uid = ?', now, memberId);
      db.all('UPDATE session SET last_seen_at = ? WHERE uid = ?', now, sessionId);
    }),
});
