import type { Id, Role, Seq, Timestamp } from '../protocol/entities.ts';
import { SalonError } from '../protocol/errors.ts';
import type { Database } from './database.ts';
import type { Author } from './log.ts';
import { formerNames } from './former-names.ts';
import { peopleVersion } from './people-version.ts';
import { PAST_GUESTS_TOLD, type People, type Store, type StoredMember } from './records.ts';

/** The people of the room. */

type MemberRow = {
  id: Id;
  username: string;
  firstName: string;
  lastName: string;
  role: Role;
  joinedAt: Timestamp;
  lastSeenAt: Timestamp | null;
  leftAt: Timestamp | null;
};

const MEMBERS = `
  SELECT uid AS id, username, first_name AS firstName, last_name AS lastName,
    CASE WHEN guest_from IS NULL THEN role ELSE 'guest' END AS role, joined_at AS joinedAt,
    last_seen_at AS lastSeenAt, left_at AS leftAt
  FROM member`;

/** Everybody that one person sees. */
export function peopleSeenBy(db: Database, seenBy: Person): People {
  const members = allMembers(db);
  if (seesEverybody(db, seenBy)) return { version: peopleVersion(), members, formerNames: formerNames(db) };
  // What people were called before is history too.
  return { version: null, members: withoutEarlier(members, seenBy), formerNames: [] };
}

/** Whether somebody would see what is known by that version. */
export function areStill(db: Database, version: number | null, seenBy: Person): boolean {
  return version === peopleVersion() && seesEverybody(db, seenBy);
}

/** A guest does, as long as there is nothing to hide. */
function seesEverybody(db: Database, { row, guestFrom }: Person): boolean {
  if (guestFrom === null) return true;
  const earlier = db.one(
    'SELECT 1 FROM member WHERE left_at < (SELECT joined_at FROM member WHERE id = ?) LIMIT 1',
    row,
  );
  return earlier === undefined && formerNames(db).length === 0;
}

/** Everybody there is to see, and the guests who left last. */
function allMembers(db: Database): StoredMember[] {
  return db.all<MemberRow>(
    `${MEMBERS} WHERE member.id IN (
       SELECT id FROM member WHERE left_at IS NULL
       UNION ALL
       SELECT id FROM (SELECT id FROM member WHERE left_at IS NOT NULL ORDER BY left_at DESC LIMIT ?)
     ) ORDER BY member.id`,
    PAST_GUESTS_TOLD,
  );
}

/** Without the guests who were gone before that person came. */
function withoutEarlier(all: readonly StoredMember[], { id: own }: Person): StoredMember[] {
  const { joinedAt } = all.find(({ id }) => id === own) ?? { joinedAt: 0 };
  return all.filter(({ leftAt }) => leftAt === null || leftAt >= joinedAt);
}

/** Somebody by their internal number. A guest has a `guestFrom`: the number of their coming in the lobby. */
export interface Person extends Author {
  account: 'owner' | 'member';
  guestFrom: Seq | null;
  leftAt: Timestamp | null;
}

type PersonRow = {
  row: number;
  account: 'owner' | 'member';
  guestFrom: Seq | null;
  leftAt: Timestamp | null;
};

/** @throws SalonError `NO_SUCH_MEMBER`. */
export function authorOf(db: Database, id: Id): Person {
  const person = db.one<PersonRow>(
    'SELECT id AS row, role AS account, guest_from AS guestFrom, left_at AS leftAt FROM member WHERE uid = ?',
    id,
  );
  if (person === undefined) throw new SalonError('NO_SUCH_MEMBER');
  return { ...person, id };
}

export function roleOf({ account, guestFrom }: Person): Role {
  return guestFrom === null ? account : 'guest';
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
