import type { Ban, Id, Timestamp } from '../protocol/entities.ts';
import { SalonError } from '../protocol/errors.ts';
import { record } from './audit.ts';
import { isBanned } from './banned.ts';
import { endStays } from './guests.ts';
import { authorOf, roleOf, type Person } from './members.ts';
import { ADDRESS_BAN_MS, type Ended, type NewBan, type Store } from './records.ts';
import { endAll } from './sessions.ts';
import type { Database } from './database.ts';

/** Asking somebody to leave, for now or for good. */

type BanRow = { id: Id; memberId: Id; at: Timestamp; until: Timestamp | null };

export const bans = (db: Database): Pick<Store, 'removeMember' | 'bans' | 'liftBan' | 'addressIsBanned'> => ({
  removeMember: (memberId, ban, by, now) =>
    db.atomic(() => {
      const person = authorOf(db, memberId);
      const role = roleOf(person);
      if (role === 'owner') throw new SalonError('NOT_ALLOWED');
      const action = ban === null ? 'member.removed' : 'member.banned';
      const isNews = ban === null ? hasSession(db, person.row) : !isBanned(db, memberId, now);
      if (isNews) record(db, { at: now, action, actorId: by, targetId: memberId, detail: '' });
      if (ban !== null && isNews) addBan(db, person, ban, now);
      return role === 'guest'
        ? endStay(db, person, by, now)
        : endSessions(db, memberId, ban !== null, by, now);
    }),

  bans: (now) =>
    db.all<BanRow>(
      `SELECT b.uid AS id, m.uid AS memberId, b.at, b.until FROM ban b JOIN member m ON m.id = b.member_id
       WHERE b.until IS NULL OR b.until > ? ORDER BY b.id DESC`,
      now,
    ) satisfies Ban[],

  liftBan: (id, by, now) =>
    db.atomic(() => {
      const ban = db.one<{ row: number; memberId: Id }>(
        `SELECT b.member_id AS row, m.uid AS memberId FROM ban b JOIN member m ON m.id = b.member_id WHERE b.uid = ?`,
        id,
      );
      if (ban === undefined) return false;
      db.all('DELETE FROM ban WHERE uid = ?', id);
      db.all('DELETE FROM session WHERE member_id = ? AND ended_at IS NOT NULL', ban.row);
      record(db, { at: now, action: 'ban.lifted', actorId: by, targetId: ban.memberId, detail: '' });
      return true;
    }),

  addressIsBanned: (address, now) =>
    db.one('SELECT 1 FROM ban_address WHERE address = ? AND until > ?', address, now) !== undefined,
});

function addBan(db: Database, person: Person, { id, addresses }: NewBan, now: Timestamp): void {
  const until = now + ADDRESS_BAN_MS;
  // Some end by themselves; what is left of them goes when there is a new one.
  db.all('DELETE FROM ban WHERE until <= ?', now);
  db.all('DELETE FROM ban_address WHERE until <= ?', now);
  const ban = db.one<{ row: number }>(
    'INSERT INTO ban(uid, member_id, at, until) VALUES (?, ?, ?, ?) RETURNING id AS row',
    id,
    person.row,
    now,
    roleOf(person) === 'guest' ? until : null,
  );
  for (const address of addresses)
    db.all('INSERT INTO ban_address(ban_id, address, until) VALUES (?, ?, ?)', ban?.row ?? 0, address, until);
}

function endStay(db: Database, guest: Person, by: Id, now: Timestamp): Ended {
  return endStays(db, guest.leftAt === null ? [guest] : [], by, now);
}

/** Whoever is banned is told so when they show the token: their sessions are kept for that. */
function endSessions(db: Database, memberId: Id, keep: boolean, by: Id, now: Timestamp): Ended {
  endAll(db, memberId, null, now, { by, keep });
  return { memberIds: [memberId], published: [] };
}

function hasSession(db: Database, member: number): boolean {
  return db.one('SELECT 1 FROM session WHERE member_id = ? AND ended_at IS NULL', member) !== undefined;
}
