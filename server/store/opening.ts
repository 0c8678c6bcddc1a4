import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Timestamp } from '../protocol/entities.ts';
import { Database } from './database.ts';
import { DamagedDatabase, explainOpening } from './failures.ts';
import { readMeta, writeMeta } from './meta.ts';
import { checkIsRoom, MIGRATIONS, migrate } from './migrations.ts';
import { createRoom } from './room.ts';

const FILE = 'room.db';
/** A file of this size is checked in about a second. In bytes. */
const CHECK_AT_ONCE_BYTES = 128 * 1024 * 1024;

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
  /** Still to be done after a crash, because the room is too large to wait for it: see `checkWhole`. */
  checkLater: boolean;
}

/**
 * Opens the room in a folder, making it if there is none. The order of the steps is what keeps a room through kills and
 * power cuts.
 *
 * @throws NewerDatabase, DamagedDatabase, UnwritableDirectory
 */
export function openDatabase(options: OpeningOptions): Opened {
  try {
    return open(options);
  } catch (error) {
    throw explainOpening(error);
  }
}

function open({ directory, roomName, now, migrations = MIGRATIONS }: OpeningOptions): Opened {
  const path = join(directory, FILE);
  removeLeftovers(directory);
  refuseForeignLogs(path);
  removeStaleLock(path);
  if (!existsSync(path)) create(path, (db) => createRoom(db, roomName, now), migrations);
  // An empty file is no room: it would be taken for a new one.
  if (statSync(path).size === 0) throw new DamagedDatabase('the file is empty');

  const db = new Database(path);
  try {
    checkIsRoom(db);
    migrate(db, { migrations, backUp: () => backUp(db, now) });
    const checkLater = readMeta(db, 'clean') !== 1 && !checkedAtOnce(db);
    start(db);
    return { db, checkLater };
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
  syncDirectory(db.path);
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

/** Reads the whole file. @throws DamagedDatabase */
export function checkWhole(db: Database): void {
  const answer = db.pragma('quick_check(1)');
  if (answer !== 'ok') throw new DamagedDatabase(`the file is damaged: ${String(answer)}`);
}

function checkedAtOnce(db: Database): boolean {
  if (statSync(db.path).size > CHECK_AT_ONCE_BYTES) return false;
  checkWhole(db);
  return true;
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
  const date = new Date(now).toISOString().slice(0, 19).replaceAll(':', '-');
  putInPlace(unfinished, `${db.path}.version-${String(db.pragma('user_version'))}.${date}`);
}

/**
 * After another program opened the file and took the engine's log away (`LogWatch`): a new file with all that was
 * acknowledged takes the place of the old one, and is opened.
 */
export function reopenFromMemory(db: Database): Database {
  const { path } = db;
  const unfinished = `${path}.new`;
  rmSync(unfinished, { force: true });
  db.copyInto(unfinished);
  db.close();
  rmSync(`${path}-wal`, { force: true });
  putInPlace(unfinished, path);
  const reopened = new Database(path);
  start(reopened);
  return reopened;
}

function putInPlace(unfinished: string, path: string): void {
  syncFile(unfinished);
  renameSync(unfinished, path);
  syncDirectory(path);
}

function removeLeftovers(directory: string): void {
  for (const name of readdirSync(directory)) {
    if (name.startsWith(`${FILE}.new`)) rmSync(join(directory, name), { recursive: true, force: true });
  }
}

function refuseForeignLogs(path: string): void {
  // This engine would ignore it for ever, and any other would empty the room with it.
  if (existsSync(`${path}-journal`)) {
    throw new DamagedDatabase(`another program wrote in the room: ${FILE}-journal lies beside it`);
  }
  // A new room would be filled from the log of the one that is gone.
  if (!existsSync(path) && existsSync(`${path}-wal`)) {
    throw new DamagedDatabase(`${FILE} is gone, but ${FILE}-wal is there`);
  }
}

/** The engine's lock is a folder, and a kill always leaves it. Ours is held, so nobody else's is in it. */
function removeStaleLock(path: string): void {
  try {
    rmdirSync(`${path}.lock`);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}

function syncFile(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Puts the names of the files on disk; the engine never does. Windows has no such thing and needs none. */
function syncDirectory(path: string): void {
  if (process.platform === 'win32') return;
  const directory = openSync(join(path, '..'), 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
