import { LIMITS, type AuditAction, type Id } from '../protocol/entities.ts';
import { storableText, type Database } from './database.ts';
import type { AuditRecord, Store } from './records.ts';

/** A line in the room's journal. Changes of the store write their own, in the same transaction. */
export function record(db: Database, { at, action, actorId, targetId, detail }: AuditRecord): void {
  db.all(
    'INSERT INTO audit(at, action, actor, target, detail) VALUES (?, ?, ?, ?, ?)',
    at,
    action,
    actorId,
    targetId,
    storableText(detail),
  );
}

type Line = {
  id: number;
  at: number;
  action: AuditAction;
  actorId: Id | null;
  targetId: Id | null;
  detail: string;
};

export const audit = (db: Database): Pick<Store, 'audit' | 'auditEntries'> => ({
  audit: (entry) => db.atomic(() => record(db, entry)),

  auditEntries: (before, limit) =>
    db.all<Line>(
      `SELECT id, at, action, actor AS actorId, target AS targetId, detail FROM audit
       WHERE id < ? ORDER BY id DESC LIMIT ?`,
      before ?? Number.MAX_SAFE_INTEGER,
      Math.min(limit, LIMITS.pageEvents),
    ),
});
