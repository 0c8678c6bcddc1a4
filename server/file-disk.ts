import { mkdirSync } from 'node:fs';
import { open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FileHash, Id } from './protocol/entities.ts';
import { SalonError } from './protocol/errors.ts';
import { patientlyAside } from './store/patience.ts';

/** Where the bytes of files lie below a room's folder, and what is done to them there. */
export class FileDisk {
  readonly #root: string;

  constructor(directory: string) {
    this.#root = join(directory, 'files');
  }

  /** Of what is whole. Hexadecimal: some systems do not tell capitals from small letters. */
  place(hash: FileHash): string {
    const name = hexOf(hash);
    return join(this.#root, name.slice(0, 2), name);
  }

  /** Of what is arriving. */
  partPath(memberId: Id, hash: FileHash): string {
    return join(this.partsOf(memberId), hexOf(hash));
  }

  partsOf(memberId: Id): string {
    return join(this.#root, 'parts', memberId);
  }

  /** All that are whole. */
  async hashes(): Promise<FileHash[]> {
    const folders = await namesIn(this.#root);
    const names = await Promise.all(folders.map((folder) => namesIn(join(this.#root, folder))));
    return names.flat().filter(isHexHash).map(hashOf);
  }

  /** All that have begun. */
  async parts(): Promise<{ memberId: Id; hash: FileHash }[]> {
    const memberIds = await namesIn(join(this.#root, 'parts'));
    const parts = memberIds.map(async (memberId) => {
      const names = await namesIn(this.partsOf(memberId));
      return names.filter(isHexHash).map((name) => ({ memberId, hash: hashOf(name) }));
    });
    return (await Promise.all(parts)).flat();
  }

  /** Empty, or as it was left. */
  async openPart(path: string): Promise<FileHandle> {
    await makeFolder(dirname(path));
    const handle = await open(path, 'a', 0o600);
    await handle.close();
    return open(path, 'r+');
  }

  /** Both its names are in folders of their own; on disk when this ends. */
  async move(from: string, to: string): Promise<void> {
    await makeFolder(dirname(to));
    await patientlyAside(() => rename(from, to));
    // Windows syncs no folder, but with a file all that its own log says of it.
    if (process.platform === 'win32') await patientlyAside(() => sync(to, 'r+'));
    else await syncFolder(dirname(to));
  }

  remove(path: string): Promise<void> {
    return patientlyAside(() => rm(path, { force: true }));
  }

  /** In bytes; null where there is none. */
  async size(path: string): Promise<number | null> {
    return (await stat(path).catch(() => null))?.size ?? null;
  }

  /** Whether it has not grown since a moment of the computer's clock. */
  async isOlder(path: string, moment: number): Promise<boolean> {
    const grewAt = (await stat(path).catch(() => null))?.mtimeMs;
    return grewAt !== undefined && grewAt < moment;
  }
}

const hexOf = (hash: FileHash) => Buffer.from(hash, 'base64url').toString('hex');
const hashOf = (hex: string) => Buffer.from(hex, 'hex').toString('base64url');
const isHexHash = (name: string) => /^[0-9a-f]{64}$/.test(name);

export async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

/** For its owner alone; the names of all that had to be made are on disk. */
async function makeFolder(path: string): Promise<void> {
  const first = mkdirSync(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}

/** Windows has no such thing. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform !== 'win32') await sync(path, 'r');
}

async function sync(path: string, flags: 'r' | 'r+'): Promise<void> {
  const handle = await open(path, flags);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export async function writeAll(handle: FileHandle, data: Uint8Array, offset: number): Promise<void> {
  for (let at = 0; at < data.length;)
    at += (await handle.write(data, at, data.length - at, offset + at)).bytesWritten;
}

/** What the disk refuses, in words that members know. */
export async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SalonError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : '';
    const refusal = new SalonError(
      code === 'ENOENT' ? 'NO_SUCH_FILE' : code === 'ENOSPC' || code === 'EDQUOT' ? 'FILE_SPACE' : 'STORAGE',
    );
    refusal.cause = error;
    throw refusal;
  }
}
