import type { Id, Timestamp } from '../protocol/entities.ts';
import { SalonError } from '../protocol/errors.ts';
import { record } from './audit.ts';
import { append } from './log.ts';
import { authorOf } from './members.ts';
import { FORMER_NAME_RESERVED_MS, type Store, type Username } from './records.ts';
import { lobby } from './room.ts';
import type { Database } from './database.ts';

/** What people are called, and were called lately. */

/** Whether somebody else has the name, one that looks like it, or had it until lately. */
export function isTaken(db: Database, name: Username, exceptMemberId: Id | null, now: Timestamp): boolean {
  const { key, skeleton } = name;
  const except = exceptMemberId ?? '';
  const current = db.one(
    'SELECT 1 FROM member WHERE (username_key = ? OR skeleton = ?) AND uid <> ?',
    key,
    skeleton,
    except,
  );
  if (current !== undefined) return true;
  const former = db.one(
    `SELECT 1 FROM username_history h JOIN member m ON m.id = h.member_id
     WHERE ((h.username_key = ? AND h.used_to > ?) OR (h.skeleton = ? AND h.used_to > ?)) AND m.uid <> ?`,
    key,
    now - FORMER_NAME_RESERVED_MS,
    skeleton,
    now - FORMER_NAME_RESERVED_MS,
    except,
  );
  return former !== undefined;
}

export const usernames = (db: Database): Pick<Store, 'usernameProblem' | 'rename'> => ({
  usernameProblem: (name, exceptMemberId, now) =>
    isTaken(db, name, exceptMemberId, now) ? 'NAME_TAKEN' : null,

  rename: (memberId, name, now) =>
    db.atomic(() => {
      const author = authorOf(db, memberId);
      const from =
        db.one<{ username: string }>('SELECT username FROM member WHERE id = ?', author.row)?.username ?? '';
      if (from === name.username) return null;
      if (isTaken(db, name, memberId, now)) throw new SalonError('NAME_TAKEN');
      db.all(
        `INSERT INTO username_history(member_id, username, username_key, skeleton, used_from, used_to)
         SELECT id, username, username_key, skeleton, named_at, ? FROM member WHERE id = ?`,
        now,
        author.row,
      );
      db.all(
        'UPDATE member SET username = ?, username_key = ?, skeleton = ?, named_at = ? WHERE id = ?',
        name.username,
        name.key,
        name.skeleton,
        now,
        author.row,
      );
      const detail = { from, to: name.username };
      record(db, {
        at: now,
        action: 'member.renamed',
        actorId: memberId,
        targetId: memberId,
        detail: `${from} → ${name.username}`,
      });
      return {
        event: append(db, lobby(db), { type: 'member.renamed', author, detail }, now),
        audience: null,
      };
    }),
});
