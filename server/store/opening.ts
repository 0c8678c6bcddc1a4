import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Timestamp } from '../protocol/entities.ts';
import { backupsIn, dropBackupsWith } from './backups.ts';
import { CHECK_ALWAYS_BYTES, CHECK_AT_ONCE_BYTES, checkHeader, checkWhole, sizeOf } from './checking.ts';
import { Database } from './database.ts';
import { DamagedDatabase, explainOpening, UnfinishedWriting } from './failures.ts';
import { dated, putInPlace, remove, removeStaleLock, syncDirectory } from './files.ts';
import { readMeta, writeMeta } from './meta.ts';
import { checkIsRoom, MIGRATIONS, migrate } from './migrations.ts';
import { adopt, isMarkedDamaged, removeMark, restore, type Restored } from './restoring.ts';
import { createRoom } from './room.ts';
import { lastWithdrawals } from './withdrawals.ts';

const FILE = 'room.db';
/** Beside a room that was open before: a folder that has one and no room has lost it. */
const KEY_FILE = 'room.key';

export interface OpeningOptions {
  /** The folder's real path; its owner lock is held. */
  directory: string;
  /** Of a room that is made now. */
  roomName: string;
  now: Timestamp;
  migrations?: readonly string[];
}

export interface Opened {
  db: Database;
  /** Still to be done, because the room is too large to wait for it: see `checkWhole`. */
  checkLater: boolean;
  /** The room was damaged, and a copy has taken its place just now. */
  restored: Restored | null;
}

/**
 * Opens the room in a folder, making it if there is none. The order of the steps is what keeps a room through kills and
 * power cuts. A damaged room is put aside and its last good copy takes its place (`restoring.ts`); without one it is
 * left as it is, and refused.
 *
 * @throws NewerDatabase, DamagedDatabase, UnfinishedWriting, UnwritableDirectory
 */
export function openDatabase(options: OpeningOptions): Opened {
  try {
    return open(options);
  } catch (error) {
    const failure = explainOpening(error);
    if (!(failure instanceof DamagedDatabase)) throw failure;
    return openRestored(options, failure);
  }
}

function openRestored(options: OpeningOptions, failure: DamagedDatabase): Opened {
  try {
    const restored = restore(join(options.directory, FILE), failure.message, options.now);
    if (restored === null) throw failure;
    return { ...open(options), restored };
  } catch (error) {
    throw explainOpening(error);
  }
}

function open({ directory, roomName, now, migrations = MIGRATIONS }: OpeningOptions): Opened {
  const path = join(directory, FILE);
  removeLeftovers(directory);
  refuseForeignLogs(path);
  removeStaleLock(path);
  if (!existsSync(path)) {
    refuseLostRoom(directory);
    create(path, (db) => createRoom(db, roomName, now), migrations);
  }
  // An empty file is no room: it would be taken for a new one.
  if (statSync(path).size === 0) throw new DamagedDatabase('the file is empty');
  checkHeader(path);

  const db = new Database(path);
  try {
    checkIsRoom(db);
    const checkLater = !checked(db);
    migrate(db, { migrations, backUp: () => backUp(db, now) });
    const from = adopt(db, now);
    forgetWithdrawn(db);
    start(db);
    const why = 'a copy of it was put in its place';
    return { db, checkLater, restored: from === null ? null : { from, at: now, why, aside: null } };
  } catch (error) {
    db.abandon();
    throw error;
  }
}

/** Says in the room that a host runs on it. The first write also makes the log, whose name must be on disk too. */
function start(db: Database): void {
  db.transaction(() => {
    writeMeta(db, 'starts', readMeta(db, 'starts') + 1);
    writeMeta(db, 'clean', 0);
  });
  syncDirectory(dirname(db.path));
  // What was withdrawn just before a crash may still be in the log.
  db.checkpoint('TRUNCATE');
}

/** Ends well: the next start need not check. */
export function closeDatabase(db: Database): void {
  try {
    db.transaction(() => writeMeta(db, 'clean', 1));
    db.checkpoint('TRUNCATE');
  } finally {
    db.close();
  }
}

/** Whether the file was read as a whole. A large one after a clean end is not, now. @throws DamagedDatabase */
function checked(db: Database): boolean {
  const limit = readMeta(db, 'clean') === 1 ? CHECK_ALWAYS_BYTES : CHECK_AT_ONCE_BYTES;
  if (sizeOf(db) > limit && !isMarkedDamaged(db.path)) return false;
  checkWhole(db);
  removeMark(db.path);
  return true;
}

/** A text that was withdrawn just before a kill may still be in a copy. What cannot go now goes later (`BackupTimes`). */
function forgetWithdrawn(db: Database): void {
  const directory = dirname(db.path);
  if (readMeta(db, 'clean') === 1 || backupsIn(directory).length === 0) return;
  const withdrawals = lastWithdrawals(db);
  try {
    dropBackupsWith(directory, withdrawals);
  } catch {
    // The room is well.
  }
}

/** Under another name until it is whole: a kill in between must not leave half a room. */
function create(path: string, fill: (db: Database) => void, migrations: readonly string[]): void {
  const unfinished = `${path}.new`;
  const db = new Database(unfinished, { create: true });
  try {
    migrate(db, { migrations, backUp: () => undefined });
    db.transaction(() => fill(db));
  } finally {
    db.close();
  }
  putInPlace(unfinished, path);
}

/** A dated copy beside the room, before an upgrade changes it. */
function backUp(db: Database, now: Timestamp): void {
  const unfinished = `${db.path}.new-copy`;
  db.copyInto(unfinished);
  putInPlace(unfinished, `${db.path}.version-${String(db.pragma('user_version'))}.${dated(now)}`);
}

/**
 * After another program opened the file and took the engine's log away (`LogWatch`): a new file with all that was
 * acknowledged takes the place of the old one, and is opened.
 */
export function reopenFromMemory(db: Database): Database {
  const { path } = db;
  const unfinished = `${path}.new`;
  remove(unfinished);
  db.copyInto(unfinished);
  // The engine copies without a log; it should be what a room is from the moment it has that name.
  new Database(unfinished).close();
  db.close();
  remove(`${path}-wal`);
  putInPlace(unfinished, path);
  const reopened = new Database(path);
  start(reopened);
  return reopened;
}

/**
 * After the disk refused a write: what the engine holds in memory is not trusted any more, only what can be read again.
 *
 * @throws DamagedDatabase, or StorageError while the disk goes on failing.
 */
export function reopenFromDisk(db: Database): Database {
  db.abandon();
  removeStaleLock(db.path);
  const reopened = new Database(db.path);
  try {
    if (sizeOf(reopened) <= CHECK_AT_ONCE_BYTES) checkWhole(reopened);
    start(reopened);
    return reopened;
  } catch (error) {
    reopened.abandon();
    throw error;
  }
}

function removeLeftovers(directory: string): void {
  for (const name of readdirSync(directory)) {
    if (name.startsWith(`${FILE}.new`)) remove(join(directory, name));
  }
}

/** Never an empty room in the place of one that was there. */
function refuseLostRoom(directory: string): void {
  if (existsSync(join(directory, KEY_FILE)) || backupsIn(directory).length > 0) {
    throw new DamagedDatabase(`${FILE} is gone`);
  }
}

function refuseForeignLogs(path: string): void {
  const journal = `${path}-journal`;
  // What is left of one that was finished.
  if (existsSync(journal) && isFinished(journal)) remove(journal);
  // A new room would be filled from the log of the one that is gone.
  const left = [`${path}-wal`, journal].filter((log) => existsSync(log)).map((log) => basename(log));
  if (!existsSync(path) && left.length > 0)
    throw new DamagedDatabase(`${FILE} is gone, but ${left.join(' and ')} is there`);
  // This engine would ignore it for ever. The room itself may be whole, and newer than any copy.
  if (existsSync(journal))
    throw new UnfinishedWriting(
      `Another program stopped while it wrote in ${path}, and left ${basename(journal)} beside it. Nothing was changed. Open the room once with that program, so that it finishes, or put a copy of the folder in its place.`,
    );
}

/** A rollback journal whose header is nothing but zeros, or missing, has nothing in it that is still to be done. */
function isFinished(journal: string): boolean {
  const header = Buffer.alloc(28);
  const file = openSync(journal, 'r');
  try {
    readSync(file, header);
  } finally {
    closeSync(file);
  }
  return header.every((byte) => byte === 0);
}
