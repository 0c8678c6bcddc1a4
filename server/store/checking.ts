import { statSync } from 'node:fs';
import { DamagedDatabase } from './failures.ts';
import type { Database } from './database.ts';

/** A file of this size is checked in about a second. In bytes. */
export const CHECK_AT_ONCE_BYTES = 128 * 1024 * 1024;
/** The same after a clean end, when there is less reason to keep everybody waiting. */
export const CHECK_ALWAYS_BYTES = 32 * 1024 * 1024;

/**
 * Reads the whole file: its structure, its indexes against its tables, and that no log has a hole. A changed letter in
 * a text is not found, because the engine keeps no sums.
 *
 * @throws DamagedDatabase
 */
export function checkWhole(db: Database): void {
  const answer = db.pragma('integrity_check(1)');
  if (answer !== 'ok') throw new DamagedDatabase(`the file is damaged: ${String(answer)}`);
  const [torn] = db.all<{ id: number }>(
    `SELECT id FROM conversation c
     WHERE last_seq <> (SELECT count(*) FROM event WHERE conversation_id = c.id) LIMIT 1`,
  );
  if (torn !== undefined) throw new DamagedDatabase(`the log of conversation ${torn.id} has a hole`);
}

export function sizeOf(db: Database): number {
  return statSync(db.path).size;
}
