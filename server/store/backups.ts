import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Timestamp } from '../protocol/entities.ts';
import { checkWhole } from './checking.ts';
import { Database } from './database.ts';
import { writeMeta } from './meta.ts';
import { patiently } from './patience.ts';
import type { Withdrawal } from './withdrawals.ts';
import { dated, freeSpace, putInPlace, removeUnfinished, syncDirectory } from './files.ts';

/** Good copies of a room, in a folder beside it: `backups/room-<when>-<last event>.db`. */

const FOLDER = 'backups';
const NAME = /^room-((\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d))-(\d+)\.db$/;
/** A copy from before an older one took the room's place; the number is of the last event that both have. */
const FORMER = /^former-(\d+)-room-.*\.db$/;
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
  const found = namesIn(directory).flatMap((name): Backup[] => {
    const [, , day = '', hours = '', minutes = '', seconds = '', lastEvent = ''] = NAME.exec(name) ?? [];
    const at = Date.parse(`${day}T${hours}:${minutes}:${seconds}Z`);
    return Number.isNaN(at)
      ? []
      : [{ path: join(directory, FOLDER, name), at, day, lastEvent: Number(lastEvent) }];
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
  // One too many is no harm, and the next copy tries again.
  for (const { path: old } of toDrop(backupsIn(directory))) failureOf(() => rmSync(old, { force: true }));
  return true;
}

/**
 * Texts were withdrawn: copies that hold one go. A copy from after the withdrawal holds it no more.
 *
 * @returns whether any went. @throws when one cannot be deleted; then the others are gone all the same.
 */
export function dropBackupsWith(directory: string, withdrawals: readonly Withdrawal[]): boolean {
  const holding = [...backupsIn(directory), ...formerIn(directory)].filter(({ lastEvent }) =>
    withdrawals.some(({ message, event }) => message <= lastEvent && lastEvent < event),
  );
  if (holding.length === 0) return false;
  const failures = holding.flatMap(({ path }) =>
    failureOf(() => patiently(() => rmSync(path, { force: true }))),
  );
  syncDirectory(join(directory, FOLDER));
  if (failures.length > 0) throw failures[0];
  return true;
}

/**
 * The room goes on from an older copy: what the newer ones have is another story, which is no use any more to whoever
 * restores, though perhaps to a person. They are kept under another name.
 *
 * @param lastEvent - the last one that both stories have.
 */
export function setFormerApart(directory: string, lastEvent: number): void {
  const former = backupsIn(directory).filter((backup) => backup.lastEvent > lastEvent);
  for (const { path } of former)
    patiently(() => renameSync(path, join(dirname(path), `former-${lastEvent}-${basename(path)}`)));
  if (former.length > 0) syncDirectory(join(directory, FOLDER));
}

/** With the last event that is the room's as well: for what is withdrawn from it, they are copies of that time. */
function formerIn(directory: string): Pick<Backup, 'path' | 'lastEvent'>[] {
  return namesIn(directory).flatMap((name) => {
    const lastEvent = FORMER.exec(name)?.[1];
    return lastEvent === undefined
      ? []
      : [{ path: join(directory, FOLDER, name), lastEvent: Number(lastEvent) }];
  });
}

function namesIn(directory: string): string[] {
  const folder = join(directory, FOLDER);
  return existsSync(folder) ? readdirSync(folder) : [];
}

function failureOf(work: () => void): unknown[] {
  try {
    work();
    return [];
  } catch (error) {
    return [error];
  }
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
