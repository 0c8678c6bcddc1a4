import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ulid } from 'ulid';
import type { Timestamp } from '../protocol/entities.ts';
import { record } from './audit.ts';
import { backupsIn, copyRoom, setFormerApart, type Backup } from './backups.ts';
import { checkHeader, checkWhole } from './checking.ts';
import { Database } from './database.ts';
import { DamagedDatabase, explainOpening, NewerDatabase } from './failures.ts';
import { ASIDE, dated, isReadable, putInPlace, removeUnfinished, syncDirectory } from './files.ts';
import { dropMeta, readMeta, writeMeta } from './meta.ts';
import { checkIsRoom, migrate } from './migrations.ts';
import { patiently } from './patience.ts';

/** A damaged room was put aside, and a copy of it has taken its place. */
export interface Restored {
  /** When the copy was made: what came later is not in it. */
  from: Timestamp;
  at: Timestamp;
  /** What was wrong. */
  why: string;
  /** The folder that has the damaged files; null when the room was gone. */
  aside: string | null;
}

/**
 * Puts the newest good copy in the place of a room that cannot be trusted. Nothing is deleted: the damaged files, and
 * copies that turned out to be damaged too, are kept in a folder with a date. Opening it as a room does the rest (`adopt`).
 *
 * Whenever it is interrupted, the room is missing or still damaged, and the next start does it again.
 *
 * @param path - of the room's file. @returns null without a good copy; then nothing was changed.
 */
export function restore(path: string, why: string, now: Timestamp): Restored | null {
  const unfinished = `${path}.new`;
  const damaged: Backup[] = [];
  for (const backup of backupsIn(dirname(path))) {
    if (!copied(backup, unfinished)) continue;
    if (!prepare(unfinished)) {
      damaged.push(backup);
      continue;
    }
    const aside = putAside(path, damaged, now);
    putInPlace(unfinished, path);
    return { from: backup.at, at: now, why, aside };
  }
  return null;
}

/** False when the disk cannot read the copy, which perhaps it can again some day: it stays where it is. */
function copied(backup: Backup, unfinished: string): boolean {
  removeUnfinished(unfinished);
  try {
    copyRoom(backup.path, unfinished);
    return true;
  } catch (error) {
    removeUnfinished(unfinished);
    if (isReadable(backup.path)) throw error;
    return false;
  }
}

/** False when the copy that was copied is damaged. */
function prepare(unfinished: string): boolean {
  let db: Database | null = null;
  try {
    checkHeader(unfinished);
    const opened = (db = new Database(unfinished));
    checkIsRoom(opened);
    checkWhole(opened);
    migrate(opened, { backUp: () => undefined });
    opened.close();
    return true;
  } catch (error) {
    db?.abandon();
    removeUnfinished(unfinished);
    const failure = explainOpening(error);
    if (failure instanceof DamagedDatabase || failure instanceof NewerDatabase) return false;
    throw failure;
  }
}

/**
 * A copy becomes the room, whoever put it in its place: it gets a new epoch, which tells members that numbers may begin
 * anew, and newer copies are set apart.
 *
 * @returns when the copy was made; null when this is no copy.
 */
export function adopt(db: Database, now: Timestamp): Timestamp | null {
  const from = readMeta(db, 'copiedAt');
  if (from === undefined) return null;
  // Before it counts as adopted: a kill in between does it again.
  setFormerApart(dirname(db.path), db.one<{ id: number }>('SELECT max(id) AS id FROM event')?.id ?? 0);
  db.transaction(() => {
    writeMeta(db, 'epoch', ulid());
    writeMeta(db, 'restoredFrom', from);
    writeMeta(db, 'restoredAt', now);
    dropMeta(db, 'copiedAt');
    const detail = new Date(from).toISOString();
    record(db, { at: now, action: 'room.restored', actorId: null, targetId: null, detail });
  });
  return from;
}

function putAside(path: string, damaged: readonly Backup[], now: Timestamp): string | null {
  const directory = dirname(path);
  const own = ['', '-wal', '-journal', MARK].map((end) => path + end);
  const files = [...own, ...damaged.map((backup) => backup.path)].filter((file) => existsSync(file));
  if (files.length === 0) return null;
  const aside = newFolder(join(directory, `${ASIDE}${dated(now)}`));
  for (const file of files) patiently(() => renameSync(file, join(aside, basename(file))));
  for (const changed of [aside, directory]) syncDirectory(changed);
  return aside;
}

function newFolder(path: string, nth = 1): string {
  const name = nth === 1 ? path : `${path}-${nth}`;
  if (existsSync(name)) return newFolder(path, nth + 1);
  mkdirSync(name, { mode: 0o700 });
  return name;
}

/** Beside a room that was found damaged while it ran: the next start checks it whatever its size. */
const MARK = '.damaged';

export function markDamaged(path: string): void {
  try {
    writeFileSync(path + MARK, '', { mode: 0o600 });
    syncDirectory(dirname(path));
  } catch {
    // A disk that takes nothing any more; the end was not clean, which says nearly as much.
  }
}

export function isMarkedDamaged(path: string): boolean {
  return existsSync(path + MARK);
}

/** It was checked, and is whole. */
export function removeMark(path: string): void {
  rmSync(path + MARK, { force: true });
}
