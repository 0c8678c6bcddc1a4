import {
  closeSync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  rmdirSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { patiently } from './patience.ts';

/** How the name of a folder begins into which a damaged room was put. */
export const ASIDE = 'damaged-';

/** What has to be done to a file so that it, and its name, are there after a power cut. */

/** Puts a whole file in the place of another, or of none. */
export function putInPlace(unfinished: string, path: string): void {
  syncFile(unfinished);
  rename(unfinished, path);
}

/** On disk under its new name when this returns. */
export function rename(from: string, to: string): void {
  patiently(() => renameSync(from, to));
  // Windows syncs no folder, but with a file all that its own log says of it.
  if (process.platform === 'win32') patiently(() => syncFile(to));
  else syncDirectory(dirname(to));
}

export function syncFile(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Puts the names of the files in it on disk; the engine never does. Windows has no such thing. */
export function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return;
  const opened = openSync(directory, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

/** The engine's lock is a folder, and a kill always leaves it. Ours is held, so nobody else's is in it. */
export function removeStaleLock(path: string): void {
  try {
    patiently(() => rmdirSync(`${path}.lock`));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}

/** An unfinished database, and what the engine left beside it. */
export function removeUnfinished(path: string): void {
  for (const end of ['', '-wal', '-journal', '.lock']) remove(path + end);
}

/** A file, or a folder with all that is in it, if it is there. */
export function remove(path: string): void {
  patiently(() => rmSync(path, { recursive: true, force: true }));
}

/** In bytes. */
export function freeSpace(directory: string): number {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize;
}

/** Whether the disk takes a write and keeps it, tried with a file of its own. */
export function canWrite(directory: string): boolean {
  const probe = join(directory, 'room.db.new-probe');
  try {
    writeFileSync(probe, Buffer.alloc(8_192), { mode: 0o600 });
    syncFile(probe);
    rmSync(probe);
    return true;
  } catch {
    return false;
  }
}

/** Whether the disk gives back all of a file. */
export function isReadable(path: string): boolean {
  const part = Buffer.alloc(1024 * 1024);
  try {
    const file = openSync(path, 'r');
    try {
      while (readSync(file, part) > 0);
      return true;
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}

/** A moment as it stands in a file's name: `2026-11-23T12-00-00`. */
export function dated(moment: number): string {
  return new Date(moment).toISOString().slice(0, 19).replaceAll(':', '-');
}
