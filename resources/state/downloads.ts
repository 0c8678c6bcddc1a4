import { ConnectionLost, type Connection } from '../../server/client/connection.ts';
import { fromBase64url } from '../../server/protocol/base64url.ts';
import { LIMITS, type Attachment, type FileHash, type Id, type Seq } from '../../server/protocol/entities.ts';
import { SalonError } from '../../server/protocol/errors.ts';
import { hashOf } from './file-hash.ts';
import { Observable } from './observable.ts';
import { concernsOne, waitOut } from './wait-out.ts';

/**
 * So many parts are under way at one time, whatever is fetched: at 1 MiB that is sent and not read, the host keeps messages
 * back.
 */
const PARTS_AT_ONCE = 3;
/** So much is held of what was fetched, in bytes; then the longest unused is let go. */
const HELD_BYTES = 256 * 1024 * 1024;

/** A picture up to this many bytes is fetched by whoever sees its place; a larger one on request. */
export const AT_ONCE_BYTES = 8 * 1024 * 1024;

/** Of all that is no picture: bytes, which no browser opens by itself. */
export const OTHER_TYPE = 'application/octet-stream';

/** The message that brings a file. */
export interface FileSource {
  conversationId: Id;
  seq: Seq;
}

/** Files of the room as this page has them: fetched once, compared with their hash, and shared by all who show them. */
export class Downloads extends Observable {
  #connection: Connection | null = null;
  /** Whoever was used last comes last. */
  readonly #held = new Map<FileHash, Blob>();
  readonly #coming = new Map<FileHash, { blob: Promise<Blob>; arrived: number }>();
  /** For a connection. */
  readonly #waiting: (() => void)[] = [];
  #bytes = 0;
  /** Files take turns at it. */
  #line: Promise<unknown> = Promise.resolve();

  connect(connection: Connection | null): void {
    this.#connection = connection;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** If it is here. */
  held(hash: FileHash): Blob | null {
    const blob = this.#held.get(hash);
    if (blob === undefined) return null;
    this.#held.delete(hash);
    this.#held.set(hash, blob);
    return blob;
  }

  /** How many bytes have come of what is on its way; null when it is not. */
  arrived(hash: FileHash): number | null {
    return this.#coming.get(hash)?.arrived ?? null;
  }

  /** It is here because it came from here. */
  hold(hash: FileHash, blob: Blob): void {
    if (this.#held.has(hash)) return;
    this.#held.set(hash, blob);
    this.#bytes += blob.size;
    for (const [oldest, { size }] of this.#held) {
      if (this.#bytes <= HELD_BYTES || oldest === hash) break;
      this.#held.delete(oldest);
      this.#bytes -= size;
    }
    this.changed();
  }

  /** It is of no use after all. */
  letGo(hash: FileHash): void {
    this.#bytes -= this.#held.get(hash)?.size ?? 0;
    this.#held.delete(hash);
    this.changed();
  }

  /** Waits for a connection where there is none. @throws SalonError, with `FILE_DAMAGED` when it is not what was posted. */
  fetch(file: Attachment, source: FileSource): Promise<Blob> {
    const held = this.held(file.hash);
    if (held !== null) return Promise.resolve(held);
    const coming = this.#coming.get(file.hash);
    if (coming !== undefined) return coming.blob;
    const blob = this.#fetch(file, source).finally(() => {
      this.#coming.delete(file.hash);
      this.changed();
    });
    this.#coming.set(file.hash, { blob, arrived: 0 });
    this.changed();
    return blob;
  }

  async #fetch(file: Attachment, source: FileSource): Promise<Blob> {
    const parts: Uint8Array<ArrayBuffer>[] = [];
    for (let at = 0; at < file.size; at += PARTS_AT_ONCE * LIMITS.fileReadBytes) {
      const offsets = Array.from({ length: PARTS_AT_ONCE }, (_, each) => at + each * LIMITS.fileReadBytes);
      const some = offsets.filter((offset) => offset < file.size);
      parts.push(...(await this.#readSome(source, some)));
      this.#tell(file.hash, Math.min(file.size, at + some.length * LIMITS.fileReadBytes));
    }
    const blob = new Blob(parts, { type: file.picture?.type ?? OTHER_TYPE });
    if (blob.size !== file.size || (await hashOf(blob)) !== file.hash) throw new SalonError('FILE_DAMAGED');
    this.hold(file.hash, blob);
    return blob;
  }

  /** In turn. While a busy host is waited for, others go; what its disk refuses is tried again by whoever wants it. */
  async #readSome(source: FileSource, offsets: readonly number[]): Promise<Uint8Array<ArrayBuffer>[]> {
    const read = new Map<number, Uint8Array<ArrayBuffer>>();
    for (;;) {
      const turn = this.#line.then(() =>
        Promise.allSettled(
          offsets
            .filter((offset) => !read.has(offset))
            .map(async (offset) => read.set(offset, await this.#read({ ...source, offset }))),
        ),
      );
      this.#line = turn;
      const refused = (await turn).find((each) => each.status === 'rejected');
      if (refused === undefined) return [...read].toSorted(([a], [b]) => a - b).map(([, part]) => part);
      if (concernsOne(refused.reason)) throw refused.reason;
      await waitOut(refused.reason);
    }
  }

  /** What breaks off goes on with the next connection. */
  async #read(input: FileSource & { offset: number }): Promise<Uint8Array<ArrayBuffer>> {
    let lost: Connection | null = null;
    for (;;) {
      const connection = await this.#next(lost);
      try {
        const { data } = await connection.ask('file.read', input);
        return fromBase64url(data);
      } catch (error) {
        if (!(error instanceof ConnectionLost)) throw error;
        lost = connection;
      }
    }
  }

  /** Another one than that. */
  async #next(lost: Connection | null): Promise<Connection> {
    while (this.#connection === null || this.#connection === lost)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.#connection;
  }

  #tell(hash: FileHash, arrived: number): void {
    const coming = this.#coming.get(hash);
    if (coming !== undefined) coming.arrived = arrived;
    this.changedAgain();
  }
}
