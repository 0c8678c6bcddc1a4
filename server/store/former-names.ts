import type { FormerName } from '../protocol/entities.ts';
import type { Database } from './database.ts';

/** Names that members had before and that nobody has now, the earliest first. */
export function formerNames(db: Database): FormerName[] {
  return db.all<FormerName>(
    `SELECT h.username, m.uid AS memberId
     FROM username_history h JOIN member m ON m.id = h.member_id
     WHERE NOT EXISTS (SELECT 1 FROM member now WHERE now.username_key = h.username_key)
     ORDER BY h.id`,
  );
}
