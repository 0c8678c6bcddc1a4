import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentOf, type DiskOperation } from './disk.ts';
import { between, type Random } from './trial.ts';

/**
 * A disk as a power cut may leave it, by the strictest reading of the rules: what was not fsynced may be there, be
 * missing, or be there in part, sector by sector and in any order; and so with names, until their folder was fsynced.
 */

const SECTOR = 512;

type Change = { at: number; bytes: Buffer } | { size: number };

/** A file's bytes, whatever its name is. */
interface File {
  durable: Buffer;
  pending: Change[];
}

type Entry = File | 'folder';
type Names = Map<string, Entry>;

interface Folder {
  /** What is on disk, and what the program sees. */
  durable: Names;
  live: Names;
  pending: ((names: Names) => void)[];
}

/** Follows the operations one by one; an image can be taken after each. */
export class Disk {
  readonly #folders = new Map<string, Folder>([['', emptyFolder()]]);

  do(operation: DiskOperation): void {
    const { path } = operation;
    switch (operation.kind) {
      case 'create': {
        const file: File = { durable: Buffer.alloc(0), pending: [] };
        return this.#name(path, (names) => names.set(path, file));
      }
      case 'mkdir':
        this.#folders.set(path, emptyFolder());
        return this.#name(path, (names) => names.set(path, 'folder'));
      case 'unlink':
      case 'rmdir':
        return this.#name(path, (names) => names.delete(path));
      case 'rename': {
        const { to } = operation;
        const entry = this.#entry(path);
        // Within one folder a rename is done whole or not at all.
        if (parentOf(path) === parentOf(to))
          return this.#name(path, (names) => void (names.delete(path), names.set(to, entry)));
        this.#name(to, (names) => names.set(to, entry));
        return this.#name(path, (names) => names.delete(path));
      }
      case 'write':
        return void this.#file(path).pending.push({ at: operation.at, bytes: operation.bytes });
      case 'truncate':
        return void this.#file(path).pending.push({ size: operation.size });
      case 'fsync':
        return this.#sync(path);
    }
  }

  /** Writes what may be found after a cut into an empty folder. */
  image(target: string, random: Random): void {
    this.#write('', target, random);
  }

  #write(path: string, target: string, random: Random): void {
    const folder = this.#folders.get(path);
    if (folder === undefined) return;
    const names = new Map(folder.durable);
    for (const change of survivors(folder.pending, random)) change(names);
    for (const [name, entry] of names) {
      if (entry === 'folder') {
        mkdirSync(join(target, name));
        this.#write(name, target, random);
      } else writeFileSync(join(target, name), survived(entry, random));
    }
  }

  #name(path: string, change: (names: Names) => unknown): void {
    const folder = this.#folder(parentOf(path));
    change(folder.live);
    folder.pending.push((names) => void change(names));
  }

  #sync(path: string): void {
    const folder = this.#folders.get(path);
    if (folder !== undefined) {
      folder.durable = new Map(folder.live);
      folder.pending = [];
      return;
    }
    const file = this.#file(path);
    file.durable = applied(file.durable, file.pending);
    file.pending = [];
  }

  #folder(path: string): Folder {
    const folder = this.#folders.get(path);
    if (folder === undefined) throw new Error(`no folder ${path}`);
    return folder;
  }

  #entry(path: string): Entry {
    const entry = this.#folder(parentOf(path)).live.get(path);
    if (entry === undefined) throw new Error(`no file ${path}`);
    return entry;
  }

  #file(path: string): File {
    const entry = this.#entry(path);
    if (entry === 'folder') throw new Error(`${path} is a folder`);
    return entry;
  }
}

function emptyFolder(): Folder {
  return { durable: new Map(), live: new Map(), pending: [] };
}

function survived({ durable, pending }: File, random: Random): Buffer {
  const torn = survivors(pending, random).flatMap((change): Change[] => {
    if ('size' in change || random() < 0.5) return [change];
    return sectorsOf(change).filter(() => random() < 0.5);
  });
  return applied(durable, torn);
}

/** Nothing, everything, the first ones, or any of them in any order. */
function survivors<T>(pending: readonly T[], random: Random): readonly T[] {
  switch (between(random, 0, 3)) {
    case 0:
      return [];
    case 1:
      return pending;
    case 2:
      return pending.slice(0, between(random, 0, pending.length));
    default: {
      const some = pending.filter(() => random() < 0.5);
      return random() < 0.5 ? some : shuffled(some, random);
    }
  }
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, order: random() }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ item }) => item);
}

function sectorsOf({ at, bytes }: { at: number; bytes: Buffer }): { at: number; bytes: Buffer }[] {
  const sectors = [];
  for (let from = 0; from < bytes.length; from += SECTOR) {
    sectors.push({ at: at + from, bytes: bytes.subarray(from, from + SECTOR) });
  }
  return sectors;
}

function applied(before: Buffer, changes: readonly Change[]): Buffer {
  let content = before;
  let isOwn = false;
  for (const change of changes) {
    if ('size' in change) {
      content = resized(content, change.size);
      isOwn = true;
      continue;
    }
    const end = change.at + change.bytes.length;
    if (end > content.length) content = resized(content, end);
    else if (!isOwn) content = Buffer.from(content);
    isOwn = true;
    change.bytes.copy(content, change.at);
  }
  return content;
}

function resized(content: Buffer, size: number): Buffer {
  const next = Buffer.alloc(size);
  content.copy(next, 0, 0, Math.min(size, content.length));
  return next;
}
