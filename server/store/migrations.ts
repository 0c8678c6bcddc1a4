import { DamagedDatabase, NewerDatabase, StorageError } from './failures.ts';
import { room } from './migrations/0001-room.ts';
import { door } from './migrations/0002-door.ts';
import { pastGuests } from './migrations/0003-past-guests.ts';
import { files } from './migrations/0004-files.ts';
import type { Database } from './database.ts';

/** One step each; the number of steps done is the database's `user_version`. */
export const MIGRATIONS: readonly string[] = [room, door, pastGuests, files];

/** "Saln": tells the file from any other program's. */
export const APPLICATION_ID = 0x53_61_6c_6e;

interface MigrationOptions {
  migrations?: readonly string[];
  /** Makes a copy of a room before the first step that changes it. */
  backUp: () => void;
}

/**
 * Brings the tables up to date, each step in a transaction of its own.
 *
 * @throws NewerDatabase when a newer Salon has been here.
 * @throws DamagedDatabase when the version cannot be true.
 */
export function migrate(db: Database, { migrations = MIGRATIONS, backUp }: MigrationOptions): void {
  const version = Number(db.pragma('user_version'));
  if (version > migrations.length) {
    throw new NewerDatabase(`the room has version ${version}, this Salon knows ${migrations.length}`);
  }
  if (version === migrations.length) return;
  if (version > 0) backUp();

  // A step may rebuild a table that others point at. The setting cannot change inside a transaction.
  db.pragma('foreign_keys = OFF');
  try {
    for (const [index, sql] of migrations.entries()) if (index >= version) step(db, sql, index + 1);
  } catch (error) {
    // The step was done before: the number of the version was changed by nobody of ours.
    if (error instanceof StorageError && /already exists|duplicate column/.test(error.message))
      throw new DamagedDatabase(`its version is damaged: ${error.message}`, { cause: error });
    throw error;
  } finally {
    db.pragma('foreign_keys = ON');
  }
}

/** Another program's database is left alone. @throws DamagedDatabase */
export function checkIsRoom(db: Database): void {
  if (db.pragma('application_id') !== APPLICATION_ID) throw new DamagedDatabase('this is not a room');
}

function step(db: Database, sql: string, version: number): void {
  db.transaction(() => {
    db.script(sql);
    const orphan = db.pragma('foreign_key_check');
    // The step is at fault, not the file: no copy of it would do better.
    if (orphan !== undefined)
      throw new StorageError(`step ${version} leaves a row of ${String(orphan)} without its owner`);
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.pragma(`user_version = ${version}`);
  });
}
