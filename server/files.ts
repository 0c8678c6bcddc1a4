import { createHash, type Hash } from 'node:crypto';
import { createReadStream, mkdirSync } from 'node:fs';
import { open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Clock } from './clock.ts';
import type { RoomLimits } from './limits.ts';
import { PICTURE_HEAD_BYTES, pictureOf } from './picture.ts';
import type { FileProgress } from './protocol/commands.ts';
import { LIMITS, type FileHash, type Id, type StoredFile } from './protocol/entities.ts';
import { SalonError } from './protocol/errors.ts';
import { freeSpace, syncDirectory } from './store/files.ts';
import type { AsyncStore } from './store/records.ts';

/** So many files of one member arrive at one time. */
const PARTS_PER_MEMBER = 4;
/** A file that has not grown for so long gives its place to another, and is closed. In milliseconds. */
const STALLED_MS = 20_000;
/** How often the disk's free space is looked at while a file grows, in bytes. */
const LOOK_EVERY_BYTES = 4 * 1024 * 1024;
/** What was brought and not posted, or begun and not finished, is let go after so long. In milliseconds. */
const FORGET_AFTER_MS = 24 * 60 * 60_000;
const FORGET_EVERY_MS = 60 * 60_000;
/** How long whoever has too many files arriving waits. In milliseconds. */
const BUSY_RETRY_MS = 2_000;

/** A file that is arriving. */
interface Part {
  memberId: Id;
  path: string;
  size: number;
  handle: FileHandle;
  hasher: Hash;
  received: number;
  /** When it last grew, on the monotonic clock. */
  grewAt: number;
}

/** What commands ask of it. */
export type FileKeeper = Pick<Files, 'begin' | 'write' | 'read' | 'drop'>;

export interface FilesOptions {
  /** The room's. Files are kept below it, readable by its owner alone. */
  directory: string;
  store: AsyncStore;
  clock: Clock;
  limits: Pick<RoomLimits, 'fileBytes' | 'memberFileBytes' | 'freeBytes'>;
  report: (error: unknown) => void;
}

/**
 * The bytes of files, named by their hash: what arrives lies apart, one for each member who sends it, and takes its place
 * once it is whole and is what it was said to be. All of it is on disk before its sender is told.
 */
export class Files {
  readonly #options: FilesOptions;
  readonly #parts = new Map<string, Part>();
  /** One thing at a time happens to a file. */
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #timers: (() => void)[];
  #closed = false;

  constructor(options: FilesOptions) {
    this.#options = options;
    const { clock } = options;
    this.#timers = [
      clock.every(STALLED_MS, () => void this.#closeStalled()),
      clock.every(FORGET_EVERY_MS, () => void this.#forget()),
    ];
  }

  /** Removes what nobody needs: what an earlier host was about to, and what was never finished. */
  async tidy(): Promise<void> {
    try {
      const names = await Promise.all(
        (await namesIn(this.#root)).map((folder) => namesIn(join(this.#root, folder))),
      );
      const hashes = names.flat().filter(isHexHash).map(hashOf);
      await this.#removeUnkept(hashes);
    } catch (error) {
      this.#options.report(error);
    }
    await this.#forget();
  }

  /** @throws SalonError `FILE_TOO_BIG`, `FILE_QUOTA`, `FILE_SPACE`, `BUSY`, `STORAGE`. */
  begin(memberId: Id, hash: FileHash, size: number): Promise<FileProgress> {
    return this.#inTurn(hash, async () => {
      const { store, limits } = this.#options;
      if (size > limits.fileBytes) throw new SalonError('FILE_TOO_BIG');
      const stored = await this.#stored(memberId, hash);
      if (stored !== null) return { received: stored.size, stored };
      const { parts, bytes } = this.#arriving(memberId, hash);
      if ((await store.fileBytesOf(memberId)) + bytes + size > limits.memberFileBytes)
        throw new SalonError('FILE_QUOTA');
      this.#mustHaveRoom();
      await this.#makeWay(parts);
      const part = await this.#open(memberId, hash, size);
      return this.#progress(part, hash);
    });
  }

  /** @throws SalonError `NO_SUCH_FILE` unless it was begun, `FILE_DAMAGED`, `FILE_SPACE`, `STORAGE`. */
  write(memberId: Id, hash: FileHash, offset: number, data: Uint8Array): Promise<FileProgress> {
    return this.#inTurn(hash, async () => {
      const part = this.#parts.get(keyOf(memberId, hash));
      if (part === undefined) {
        const stored = await this.#stored(memberId, hash);
        if (stored === null) throw new SalonError('NO_SUCH_FILE');
        return { received: stored.size, stored };
      }
      // Sent twice, or after something that was refused: it is told where to go on.
      if (offset !== part.received || data.length === 0) return { received: part.received, stored: null };
      if (offset + data.length > part.size) {
        await this.#discard(part, hash);
        throw new SalonError('FILE_DAMAGED');
      }
      if (Math.floor(offset / LOOK_EVERY_BYTES) !== Math.floor((offset + data.length) / LOOK_EVERY_BYTES))
        this.#mustHaveRoom();
      await guarded(() => writeAll(part.handle, data, offset));
      part.hasher.update(data);
      part.received += data.length;
      part.grewAt = this.#options.clock.monotonic();
      return this.#progress(part, hash);
    });
  }

  /** `LIMITS.fileReadBytes`, or fewer at the end. @throws SalonError `NO_SUCH_FILE`, `STORAGE`. */
  async read(hash: FileHash, offset: number): Promise<Buffer> {
    return guarded(async () => {
      const handle = await open(this.#place(hash), 'r');
      try {
        const { buffer, bytesRead } = await handle.read(
          Buffer.alloc(LIMITS.fileReadBytes),
          0,
          LIMITS.fileReadBytes,
          offset,
        );
        return buffer.subarray(0, bytesRead);
      } finally {
        await handle.close();
      }
    });
  }

  /** A message that brought it is gone: so are its bytes, unless another one brings them. */
  async drop(hash: FileHash): Promise<void> {
    await this.#removeUnkept([hash]);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const stop of this.#timers) stop();
    await Promise.allSettled(this.#turns.values());
    await Promise.allSettled([...this.#parts.values()].map(({ handle }) => handle.close()));
    this.#parts.clear();
  }

  /** What this member has brought before, if its bytes are there still. */
  async #stored(memberId: Id, hash: FileHash): Promise<StoredFile | null> {
    const stored = await this.#options.store.file(memberId, hash);
    if (stored === null) return null;
    const there = await stat(this.#place(hash)).catch(() => null);
    return there?.size === stored.size ? stored : null;
  }

  #arriving(memberId: Id, except: FileHash): { parts: Part[]; bytes: number } {
    const parts = [...this.#parts.values()].filter(
      (part) => part.memberId === memberId && part.path !== this.#partPath(memberId, except),
    );
    return { parts, bytes: parts.reduce((sum, { size }) => sum + size, 0) };
  }

  /** Whoever sends more than a few at once loses the one that has stalled longest. @throws SalonError `BUSY`. */
  async #makeWay(parts: readonly Part[]): Promise<void> {
    if (parts.length < PARTS_PER_MEMBER) return;
    const [stalled] = parts.toSorted((a, b) => a.grewAt - b.grewAt);
    if (stalled === undefined || this.#options.clock.monotonic() - stalled.grewAt < STALLED_MS)
      throw new SalonError('BUSY', { retryMs: BUSY_RETRY_MS });
    await this.#shut(stalled);
  }

  #mustHaveRoom(): void {
    if (freeSpace(this.#options.directory) < this.#options.limits.freeBytes)
      throw new SalonError('FILE_SPACE');
  }

  /** What arrived of it before, after a break or another start of the host, is not asked for again. */
  async #open(memberId: Id, hash: FileHash, size: number): Promise<Part> {
    const key = keyOf(memberId, hash);
    const known = this.#parts.get(key);
    if (known?.size === size) return known;
    if (known !== undefined) await this.#discard(known, hash);
    return guarded(async () => {
      const path = this.#partPath(memberId, hash);
      makeFolder(dirname(path));
      await this.#limitFolder(dirname(path), path);
      const handle = await open(path, 'a+', 0o600);
      await handle.close();
      const hasher = createHash('sha256');
      let received = (await stat(path)).size;
      if (received > size) {
        await rm(path);
        received = 0;
      } else if (received > 0) await pipeline(createReadStream(path), hasher, { end: false });
      const part: Part = {
        memberId,
        path,
        size,
        handle: await open(path, received === 0 ? 'w+' : 'r+', 0o600),
        hasher,
        received,
        grewAt: this.#options.clock.monotonic(),
      };
      this.#parts.set(key, part);
      return part;
    });
  }

  /** Unfinished files that nobody goes on with must not add up. */
  async #limitFolder(folder: string, except: string): Promise<void> {
    const open = new Set([...this.#parts.values()].map(({ path }) => path));
    const paths = (await namesIn(folder)).map((name) => join(folder, name));
    const idle = paths.filter((path) => path !== except && !open.has(path));
    if (idle.length < PARTS_PER_MEMBER) return;
    await Promise.all(idle.map((path) => rm(path, { force: true })));
  }

  async #progress(part: Part, hash: FileHash): Promise<FileProgress> {
    if (part.received < part.size) return { received: part.received, stored: null };
    return { received: part.size, stored: await this.#finish(part, hash) };
  }

  /** Its bytes first, then its name, then the store: whoever reads of it finds it. */
  async #finish(part: Part, hash: FileHash): Promise<StoredFile> {
    const { memberId, handle, path, size } = part;
    if (part.hasher.copy().digest('base64url') !== canonical(hash)) {
      await this.#discard(part, hash);
      throw new SalonError('FILE_DAMAGED');
    }
    const picture = await guarded(async () => {
      const head = Buffer.alloc(Math.min(size, PICTURE_HEAD_BYTES));
      await handle.read(head, 0, head.length, 0);
      await handle.sync();
      await this.#shut(part);
      const place = this.#place(hash);
      makeFolder(dirname(place));
      await rename(path, place);
      syncDirectory(dirname(place));
      return pictureOf(head);
    });
    const stored = { hash: canonical(hash), size, picture };
    await this.#options.store.addFile(memberId, stored, this.#options.clock.now());
    return stored;
  }

  async #discard(part: Part, hash: FileHash): Promise<void> {
    await this.#shut(part);
    await rm(this.#partPath(part.memberId, hash), { force: true });
  }

  async #shut(part: Part): Promise<void> {
    for (const [key, each] of this.#parts) if (each === part) this.#parts.delete(key);
    await part.handle.close().catch(() => undefined);
  }

  async #closeStalled(): Promise<void> {
    const now = this.#options.clock.monotonic();
    for (const part of this.#parts.values()) if (now - part.grewAt > STALLED_MS) await this.#shut(part);
  }

  async #forget(): Promise<void> {
    const before = this.#options.clock.now() - FORGET_AFTER_MS;
    try {
      await this.#removeUnkept(await this.#options.store.forgetFiles(before));
      for (const memberId of await namesIn(this.#partsRoot))
        for (const name of await namesIn(join(this.#partsRoot, memberId))) {
          const path = join(this.#partsRoot, memberId, name);
          const { mtimeMs } = await stat(path);
          if (mtimeMs < before) await rm(path, { force: true });
        }
    } catch (error) {
      if (!this.#closed) this.#options.report(error);
    }
  }

  /** In its turn, so that nobody brings it in the same moment. */
  async #removeUnkept(hashes: readonly FileHash[]): Promise<void> {
    for (const hash of hashes)
      await this.#inTurn(hash, async () => {
        const unkept = await this.#options.store.unkeptFiles([hash]);
        if (unkept.length > 0) await rm(this.#place(hash), { force: true });
      });
  }

  #inTurn<T>(typed: FileHash, work: () => Promise<T>): Promise<T> {
    const hash = canonical(typed);
    if (this.#closed) return Promise.reject(new SalonError('CLOSING'));
    const done = (this.#turns.get(hash) ?? Promise.resolve()).then(work);
    const settled = done
      .catch(() => undefined)
      .then(() => {
        if (this.#turns.get(hash) === settled) this.#turns.delete(hash);
      });
    this.#turns.set(hash, settled);
    return done;
  }

  get #root(): string {
    return join(this.#options.directory, 'files');
  }

  get #partsRoot(): string {
    return join(this.#root, 'parts');
  }

  /** Hexadecimal: some systems do not tell capitals from small letters. */
  #place(hash: FileHash): string {
    const name = hexOf(hash);
    return join(this.#root, name.slice(0, 2), name);
  }

  #partPath(memberId: Id, hash: FileHash): string {
    return join(this.#partsRoot, memberId, hexOf(hash));
  }
}

const keyOf = (memberId: Id, hash: FileHash) => `${memberId}/${hexOf(hash)}`;
const hexOf = (hash: FileHash) => Buffer.from(hash, 'base64url').toString('hex');
const hashOf = (hex: string) => Buffer.from(hex, 'hex').toString('base64url');
const isHexHash = (name: string) => /^[0-9a-f]{64}$/.test(name);
/** The last letter of a hash has two bits that say nothing. */
const canonical = (hash: FileHash) => hashOf(hexOf(hash));

function makeFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

async function writeAll(handle: FileHandle, data: Uint8Array, offset: number): Promise<void> {
  for (let at = 0; at < data.length;)
    at += (await handle.write(data, at, data.length - at, offset + at)).bytesWritten;
}

/** What the disk refuses, in words that members know. */
async function guarded<T>(work: () => Promise<T>): Promise<T> {
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
