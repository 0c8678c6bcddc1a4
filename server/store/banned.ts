import type { Id, Timestamp } from '../protocol/entities.ts';
import { SalonError } from '../protocol/errors.ts';
import type { Database } from './database.ts';

export function isBanned(db: Database, memberId: Id, now: Timestamp): boolean {
  const ban = db.one(
    `SELECT 1 FROM ban WHERE member_id = (SELECT id FROM member WHERE uid = ?) AND (until IS NULL OR until > ?)`,
    memberId,
    now,
  );
  return ban !== undefined;
}

/** Once they have shown who they are: nobody else learns who is banned. @throws SalonError `BANNED`. */
export function refuseBanned(db: Database, memberId: Id, now: Timestamp): void {
  if (isBanned(db, memberId, now)) throw new SalonError('BANNED');
}
