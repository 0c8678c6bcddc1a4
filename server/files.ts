import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Clock } from './clock.ts';
import { FileDisk, guarded, namesIn, writeAll } from './file-disk.ts';
import type { RoomLimits } from './limits.ts';
import { PICTURE_HEAD_BYTES, pictureOf } from './picture.ts';
import type { FileProgress } from './protocol/commands.ts';
import { LIMITS, type FileHash, type Id, type Picture, type StoredFile } from './protocol/entities.ts';
import { SalonError } from './protocol/errors.ts';
import { freeSpace } from './store/files.ts';
import type { AsyncStore } from './store/records.ts';
import { Turns } from './turns.ts';

/** So many files of one member arrive at one time. */
const PARTS_PER_MEMBER = 4;
/** A file that has not grown for so long gives its place to another, and is closed. In milliseconds. */
const STALLED_MS = 20_000;
/** How often the disk's free space is looked at while a file grows, in bytes. */
const LOOK_EVERY_BYTES = 4 * 1024 * 1024;
/**
 * What was brought and not posted, or begun and not finished, is let go after so long: a message may wait over the weekend on
 * a computer that is off. In milliseconds.
 */
const FORGET_AFTER_MS = 7 * 24 * 60 * 60_000;
const FORGET_EVERY_MS = 60 * 60_000;
/** How long whoever has too many files arriving waits. In milliseconds. */
const BUSY_RETRY_MS = 2_000;
/** More asks of one member do not wait here: each holds its bytes in memory, or a file open. */
const ASKS_PER_MEMBER = 32;
const ASKS_RETRY_MS = 250;

/** A file that is arriving. */
interface Part {
  memberId: Id;
  hash: FileHash;
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

/** What it counts towards all that a member may bring. */
const shareOf = (size: number) => Math.max(size, LIMITS.leastFileBytes);

/**
 * The bytes of files, named by their hash: what arrives lies apart, one for each member who sends it, and takes its place
 * once it is whole and is what it was said to be. All of it is on disk before its sender is told.
 */
export class Files {
  readonly #options: FilesOptions;
  readonly #disk: FileDisk;
  readonly #parts = new Map<string, Part>();
  /**
   * One thing at a time happens to a file, and one file at a time is begun by a member. Whoever has a file's turn waits for
   * no other.
   */
  readonly #turns = new Turns();
  /** How many asks of a member are not answered yet. */
  readonly #asked = new Map<Id, number>();
  /** Those whose bytes were found to be what their name says, within the last hour: to read them each time is dear. */
  readonly #sound = new Set<FileHash>();
  readonly #timers: (() => void)[];
  #closing: Promise<void> | null = null;

  constructor(options: FilesOptions) {
    this.#options = options;
    this.#disk = new FileDisk(options.directory);
    const { clock } = options;
    this.#timers = [
      clock.every(STALLED_MS, () => void this.#closeStalled()),
      clock.every(FORGET_EVERY_MS, () => void this.#forget()),
    ];
  }

  /**
   * Removes what nobody needs: what an earlier host was about to, and what was never finished. Nothing of the last week: the
   * room may be an older one that somebody put in its place, and be changed back.
   */
  async tidy(): Promise<void> {
    const before = this.#options.clock.now() - FORGET_AFTER_MS;
    await this.#orReport(async () => {
      for (const hash of await this.#disk.hashes())
        if (await this.#disk.isOlder(this.#disk.place(hash), before)) await this.#removeUnkept([hash]);
    });
    await this.#forget();
  }

  /** @throws SalonError `FILE_TOO_BIG`, `FILE_QUOTA`, `FILE_SPACE`, `BUSY`, `STORAGE`. */
  begin(memberId: Id, hash: FileHash, size: number): Promise<FileProgress> {
    return this.#counted(memberId, () =>
      // What one is allowed depends on those that were begun before.
      this.#inTurn(memberId, async () => {
        if (size > this.#options.limits.fileBytes) throw new SalonError('FILE_TOO_BIG');
        const known = await this.#inTurn(hash, () => this.#keepStored(memberId, hash));
        if (known !== null) return known;
        await this.#admit(memberId, hash, size);
        return this.#inTurn(
          hash,
          async () =>
            (await this.#keepStored(memberId, hash)) ??
            this.#progress(await this.#open(memberId, hash, size)),
        );
      }),
    );
  }

  /** @throws SalonError `NO_SUCH_FILE` unless it was begun, `FILE_DAMAGED`, `FILE_SPACE`, `BUSY`, `STORAGE`. */
  write(memberId: Id, hash: FileHash, offset: number, data: Uint8Array): Promise<FileProgress> {
    return this.#counted(memberId, () =>
      this.#inTurn(hash, async () => {
        const part = this.#parts.get(this.#disk.partPath(memberId, hash));
        if (part === undefined) {
          const stored = this.#sound.has(hash) ? await this.#stored(memberId, hash) : null;
          if (stored === null) throw new SalonError('NO_SUCH_FILE');
          return { received: stored.size, stored };
        }
        // Sent twice, or after something that was refused: it is told where to go on.
        if (offset !== part.received || data.length === 0) return { received: part.received, stored: null };
        if (offset + data.length > part.size) {
          await this.#discard(part);
          throw new SalonError('FILE_DAMAGED');
        }
        if (Math.floor(offset / LOOK_EVERY_BYTES) !== Math.floor((offset + data.length) / LOOK_EVERY_BYTES))
          this.#mustHaveRoom();
        await guarded(() => writeAll(part.handle, data, offset));
        part.hasher.update(data);
        part.received += data.length;
        part.grewAt = this.#options.clock.monotonic();
        return this.#progress(part);
      }),
    );
  }

  /** `LIMITS.fileReadBytes`, or fewer at the end. @throws SalonError `NO_SUCH_FILE`, `BUSY`, `STORAGE`. */
  read(memberId: Id, hash: FileHash, offset: number): Promise<Buffer> {
    return this.#counted(memberId, () =>
      guarded(async () => {
        const handle = await open(this.#disk.place(hash), 'r');
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
      }),
    );
  }

  /** A message that brought it is gone: so are its bytes, unless another one brings them. */
  async drop(hash: FileHash): Promise<void> {
    await this.#removeUnkept([hash]);
  }

  /** Ends after everything that was asked before. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    for (const stop of this.#timers) stop();
    await this.#turns.over();
    await Promise.allSettled([...this.#parts.values()].map(({ handle }) => handle.close()));
    this.#parts.clear();
  }

  /** What this member has brought before, if its bytes are there still. */
  async #stored(memberId: Id, hash: FileHash): Promise<StoredFile | null> {
    const stored = await this.#options.store.file(memberId, hash);
    if (stored === null) return null;
    return (await this.#disk.size(this.#disk.place(hash))) === stored.size ? stored : null;
  }

  /** The same, if they are sound; and it is not forgotten before it can be posted. */
  async #keepStored(memberId: Id, hash: FileHash): Promise<FileProgress | null> {
    const stored = await this.#stored(memberId, hash);
    if (stored === null || !(await this.#isSound(hash))) return null;
    await this.#options.store.addFile(memberId, stored, this.#options.clock.now());
    return { received: stored.size, stored };
  }

  /** Whether what lies there is what its name says. Otherwise, or where the disk cannot read it, it may be brought again. */
  async #isSound(hash: FileHash): Promise<boolean> {
    if (this.#sound.has(hash)) return true;
    const hasher = createHash('sha256');
    const isRead = await pipeline(createReadStream(this.#disk.place(hash)), hasher, { end: false }).then(
      () => true,
      () => false,
    );
    if (!isRead || hasher.digest('base64url') !== hash) return false;
    this.#sound.add(hash);
    return true;
  }

  /** Whether so much more may come. @throws SalonError `FILE_QUOTA`, `FILE_SPACE`, `BUSY`. */
  async #admit(memberId: Id, hash: FileHash, size: number): Promise<void> {
    const { store, limits } = this.#options;
    const path = this.#disk.partPath(memberId, hash);
    // What comes again, because it was damaged, takes no more.
    const before = await store.file(memberId, hash);
    const stored = (await store.fileBytesOf(memberId)) - (before === null ? 0 : shareOf(before.size));
    // Looked at right after the answer: each is either among those stored or among these. One that is brought again, because
    // it was damaged, is in both meanwhile.
    const arriving = [...this.#parts.values()].filter(
      (part) => part.memberId === memberId && part.path !== path,
    );
    const bytes = arriving.reduce((sum, part) => sum + shareOf(part.size), stored);
    if (bytes + shareOf(size) > limits.memberFileBytes) throw new SalonError('FILE_QUOTA');
    this.#mustHaveRoom();
    await this.#makeWay(arriving);
    await this.#limitIdle(memberId, path);
  }

  /** Whoever sends more than a few at once loses the one that has stalled longest. @throws SalonError `BUSY`. */
  async #makeWay(arriving: readonly Part[]): Promise<void> {
    if (arriving.length < PARTS_PER_MEMBER) return;
    const [oldest] = arriving.toSorted((a, b) => a.grewAt - b.grewAt);
    if (oldest === undefined || !(await this.#shutStalled(oldest)))
      throw new SalonError('BUSY', { retryMs: BUSY_RETRY_MS });
  }

  /** Unfinished files that nobody goes on with must not add up. */
  async #limitIdle(memberId: Id, except: string): Promise<void> {
    const folder = this.#disk.partsOf(memberId);
    const paths = (await namesIn(folder)).map((name) => join(folder, name));
    const idle = paths.filter((path) => path !== except && !this.#parts.has(path));
    if (idle.length >= PARTS_PER_MEMBER) await Promise.all(idle.map((path) => this.#disk.remove(path)));
  }

  #mustHaveRoom(): void {
    if (freeSpace(this.#options.directory) < this.#options.limits.freeBytes)
      throw new SalonError('FILE_SPACE');
  }

  /** What arrived of it before, after a break or another start of the host, is not asked for again. */
  async #open(memberId: Id, hash: FileHash, size: number): Promise<Part> {
    const path = this.#disk.partPath(memberId, hash);
    const known = this.#parts.get(path);
    if (known?.size === size) return known;
    if (known !== undefined) await this.#discard(known);
    return guarded(async () => {
      if (((await this.#disk.size(path)) ?? 0) > size) await this.#disk.remove(path);
      const handle = await this.#disk.openPart(path);
      const hasher = createHash('sha256');
      const received = (await this.#disk.size(path)) ?? 0;
      if (received > 0) await pipeline(createReadStream(path), hasher, { end: false });
      const grewAt = this.#options.clock.monotonic();
      const part: Part = { memberId, hash, path, size, handle, hasher, received, grewAt };
      this.#parts.set(path, part);
      return part;
    });
  }

  async #progress(part: Part): Promise<FileProgress> {
    if (part.received < part.size) return { received: part.received, stored: null };
    return { received: part.size, stored: await this.#finish(part) };
  }

  /** Its bytes first, then its name, then the store: whoever reads of it finds it. */
  async #finish(part: Part): Promise<StoredFile> {
    const { memberId, hash, path, size } = part;
    if (part.hasher.copy().digest('base64url') !== hash) {
      await this.#discard(part);
      throw new SalonError('FILE_DAMAGED');
    }
    try {
      const picture = await guarded(() => this.#syncWhole(part));
      const stored = { hash, size, picture };
      const place = this.#disk.place(hash);
      const isThere = (await this.#disk.size(place)) === size;
      if (!isThere) await guarded(() => this.#disk.move(path, place));
      try {
        await this.#options.store.addFile(memberId, stored, this.#options.clock.now());
      } catch (error) {
        // Whoever asks again need not send it again.
        if (!isThere) await guarded(() => this.#disk.move(place, path)).catch(this.#options.report);
        throw error;
      }
      if (!isThere || (await this.#replace(place, path))) this.#sound.add(hash);
      this.#parts.delete(path);
      return stored;
    } finally {
      await this.#shut(part);
    }
  }

  /** What lies there may have changed since it came; these bytes were just checked. False when it stays, as Windows has it while it is read. */
  async #replace(place: string, path: string): Promise<boolean> {
    try {
      await this.#disk.move(path, place);
      return true;
    } catch {
      await this.#disk.remove(path);
      return false;
    }
  }

  /** What picture it is. What the disk refused to keep may look well, and is not: it has to come again. */
  async #syncWhole(part: Part): Promise<Picture | null> {
    const head = Buffer.alloc(Math.min(part.size, PICTURE_HEAD_BYTES));
    await part.handle.read(head, 0, head.length, 0);
    try {
      await part.handle.sync();
    } catch (error) {
      await this.#discard(part);
      throw error;
    }
    await part.handle.close();
    return pictureOf(head);
  }

  async #discard(part: Part): Promise<void> {
    await this.#shut(part);
    await this.#disk.remove(part.path);
  }

  async #shut(part: Part): Promise<void> {
    if (this.#parts.get(part.path) === part) this.#parts.delete(part.path);
    await part.handle.close().catch(() => undefined);
  }

  /** Whether it had stalled. Not in the midst of a write. */
  #shutStalled(part: Part): Promise<boolean> {
    return this.#inTurn(part.hash, async () => {
      if (this.#options.clock.monotonic() - part.grewAt < STALLED_MS) return false;
      await this.#shut(part);
      return true;
    });
  }

  async #closeStalled(): Promise<void> {
    await this.#orReport(async () => {
      for (const part of [...this.#parts.values()]) await this.#shutStalled(part);
    });
  }

  async #forget(): Promise<void> {
    this.#sound.clear();
    const before = this.#options.clock.now() - FORGET_AFTER_MS;
    await this.#orReport(async () => {
      await this.#removeUnkept(await this.#options.store.forgetFiles(before));
      for (const { memberId, hash } of await this.#disk.parts()) {
        const path = this.#disk.partPath(memberId, hash);
        await this.#inTurn(hash, async () => {
          if (!this.#parts.has(path) && (await this.#disk.isOlder(path, before)))
            await this.#disk.remove(path);
        });
      }
    });
  }

  /** In its turn, so that nobody brings it in the same moment. */
  async #removeUnkept(hashes: readonly FileHash[]): Promise<void> {
    for (const hash of hashes)
      await this.#inTurn(hash, async () => {
        const unkept = await this.#options.store.unkeptFiles([hash]);
        if (unkept.length > 0) await guarded(() => this.#disk.remove(this.#disk.place(hash)));
      });
  }

  async #orReport(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (this.#closing === null) this.#options.report(error);
    }
  }

  /** @throws SalonError `BUSY` where too many of the member's asks wait. */
  async #counted<T>(memberId: Id, work: () => Promise<T>): Promise<T> {
    const asked = (this.#asked.get(memberId) ?? 0) + 1;
    if (asked > ASKS_PER_MEMBER) throw new SalonError('BUSY', { retryMs: ASKS_RETRY_MS });
    this.#asked.set(memberId, asked);
    try {
      return await work();
    } finally {
      const left = (this.#asked.get(memberId) ?? 0) - 1;
      if (left > 0) this.#asked.set(memberId, left);
      else this.#asked.delete(memberId);
    }
  }

  /** @param key - a hash, or the id of a member. */
  #inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    return this.#closing === null ? this.#turns.take(key, work) : Promise.reject(new SalonError('CLOSING'));
  }
}
