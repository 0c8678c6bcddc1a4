import type { Id, Seq } from '../protocol/entities.ts';
import type { Database } from './database.ts';
import { KIND_NUMBERS } from './log.ts';

/** A message whose text was taken back, and the event that did it, both by their internal numbers. */
export type Withdrawal = { message: number; event: number };

/** More events than one commit ever adds. */
const LAST_EVENTS = 5_000;

/** None unless that message is withdrawn. */
export function withdrawalsOf(db: Database, conversationId: Id, seq: Seq): Withdrawal[] {
  return db.all<Withdrawal>(
    `SELECT m.id AS message, w.id AS event FROM conversation c
       JOIN event m ON m.conversation_id = c.id AND m.seq = ?
       JOIN event w ON w.conversation_id = c.id AND w.seq = m.detail ->> 'withdrawnAs'
     WHERE c.uid = ?`,
    seq,
    conversationId,
  );
}

/** Those of the last commit before a kill, and some more. */
export function lastWithdrawals(db: Database): Withdrawal[] {
  return db.all<Withdrawal>(
    `SELECT m.id AS message, w.id AS event FROM event w
       JOIN event m ON m.conversation_id = w.conversation_id AND m.seq = w.detail ->> 'messageSeq'
     WHERE w.id > (SELECT max(id) FROM event) - ? AND w.kind = ?`,
    LAST_EVENTS,
    KIND_NUMBERS['message.withdrawn'],
  );
}
