import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Timestamp } from '../protocol/entities.ts';
import { checkWhole } from './checking.ts';
import { Database } from './database.ts';
import { writeMeta } from './meta.ts';
import { dated, freeSpace, putInPlace, removeUnfinished, syncDirectory } from './files.ts';

/** Good copies of a room, in a folder beside it: `backups/room-<when>-<last event>.db`. */

const FOLDER = 'backups';
const NAME = /^room-((\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d))-(\d+)\.db$/;
/** Of so many days the last copy is kept. */
const KEPT_DAYS = 3;
/** As much as this stays free besides: the room itself must be able to grow. In bytes. */
const MARGIN_BYTES = 64 * 1024 * 1024;

export interface Backup {
  path: string;
  at: Timestamp;
  /** In UTC. */
  day: string;
  /** The internal number of the last event in it: it holds no text of a later one. */
  lastEvent: number;
}

/** The one with the most in it first. */
export function backupsIn(directory: string): Backup[] {
  const folder = join(directory, FOLDER);
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const found = names.flatMap((name): Backup[] => {
    const [, , day = '', hours = '', minutes = '', seconds = '', lastEvent = ''] = NAME.exec(name) ?? [];
    const at = Date.parse(`${day}T${hours}:${minutes}:${seconds}Z`);
    return Number.isNaN(at) ? [] : [{ path: join(folder, name), at, day, lastEvent: Number(lastEvent) }];
  });
  return found.toSorted((a, b) => b.lastEvent - a.lastEvent || b.at - a.at);
}

/**
 * Copies a room whose file has everything: its log was moved into it, and nothing is written meanwhile. The copy counts
 * once it was read as a whole, so a damaged room is never the source of a copy. Nothing is done where the disk would get
 * too full.
 *
 * @param path - the room's file. @param lastEvent - see `Backup`.
 * @throws DamagedDatabase when the copy, and so most likely the room, is damaged.
 */
export function backUp(path: string, lastEvent: number, now: Timestamp): boolean {
  const directory = dirname(path);
  const folder = join(directory, FOLDER);
  if (freeSpace(directory) < statSync(path).size + MARGIN_BYTES) return false;
  if (!existsSync(folder)) {
    mkdirSync(folder, { mode: 0o700 });
    syncDirectory(directory);
  }
  const unfinished = join(folder, `${basename(path)}.new`);
  removeUnfinished(unfinished);
  try {
    copyRoom(path, unfinished);
    const copy = new Database(unfinished);
    try {
      checkWhole(copy);
      // Whoever opens it as a room, put in its place by us or by hand, has to know.
      copy.transaction(() => writeMeta(copy, 'copiedAt', now));
      copy.close();
    } catch (error) {
      copy.abandon();
      throw error;
    }
    putInPlace(unfinished, join(folder, `room-${dated(now)}-${lastEvent}.db`));
  } finally {
    removeUnfinished(unfinished);
  }
  for (const { path: old } of toDrop(backupsIn(directory))) rmSync(old, { force: true });
  return true;
}

/** A text was withdrawn: copies that hold it go. What event it was, in `Backup.lastEvent`'s count. */
export function dropBackupsWith(directory: string, event: number): boolean {
  const holding = backupsIn(directory).filter(({ lastEvent }) => lastEvent >= event);
  for (const { path } of holding) rmSync(path, { force: true });
  if (holding.length > 0) syncDirectory(join(directory, FOLDER));
  return holding.length > 0;
}

/** On file systems that can, both share their blocks until one changes. */
export function copyRoom(from: string, to: string): void {
  copyFileSync(from, to, constants.COPYFILE_FICLONE);
  chmodSync(to, 0o600);
}

/** All but the last of each of the last days. */
function toDrop(newestFirst: readonly Backup[]): Backup[] {
  const days = new Set<string>();
  return newestFirst.filter(({ day }) => {
    if (days.has(day) || days.size === KEPT_DAYS) return true;
    days.add(day);
    return false;
  });
}
