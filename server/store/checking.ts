import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { DamagedDatabase } from './failures.ts';
import type { Database } from './database.ts';

/** A file of this size is checked in about a second. In bytes. */
export const CHECK_AT_ONCE_BYTES = 128 * 1024 * 1024;
/** The same after a clean end, when there is less reason to keep everybody waiting. */
export const CHECK_ALWAYS_BYTES = 32 * 1024 * 1024;

/** Without these there is no room. */
const FACTS = ['roomId', 'roomName', 'epoch', 'openedAt', 'starts', 'clean'];

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
  // A page of another table in their place is whole in itself.
  const facts = db.all(`SELECT k FROM meta WHERE k IN (${FACTS.map((fact) => `'${fact}'`).join(', ')})`);
  if (facts.length < FACTS.length) throw new DamagedDatabase('what the room is called is missing');
}

/** Before the engine reads it: a few bytes at the start decide how it takes the file. @throws DamagedDatabase */
export function checkHeader(path: string): void {
  const header = Buffer.alloc(20);
  const file = openSync(path, 'r');
  try {
    readSync(file, header, 0, header.length, 0);
  } finally {
    closeSync(file);
  }
  if (header.toString('latin1', 0, 16) !== 'SQLite format 3\0')
    throw new DamagedDatabase('file is not a database');
  // Both say whether it has a log, which it gets if it has none; anything else makes it a file that can only be read.
  if (![header[18], header[19]].every((version) => version === 1 || version === 2))
    throw new DamagedDatabase('its header is damaged');
}

export function sizeOf(db: Database): number {
  return statSync(db.path).size;
}
