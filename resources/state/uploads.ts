import { ConnectionLost, type Connection } from '../../server/client/connection.ts';
import type { FileProgress } from '../../server/protocol/commands.ts';
import { toBase64url } from '../../server/protocol/base64url.ts';
import {
  LIMITS,
  type FileHash,
  type Id,
  type StoredFile,
  type Timestamp,
} from '../../server/protocol/entities.ts';
import { SalonError, type RefusalCode } from '../../server/protocol/errors.ts';
import type { ConversationState, StagedFile } from './conversation.ts';
import { hashOf } from './file-hash.ts';
import { Observable } from './observable.ts';
import { concernsOne, waitOut } from './wait-out.ts';

/** So many parts are under way at one time: enough for the network, few enough for messages to pass between them. */
const PARTS_AT_ONCE = 6;

/** A file on its way to the host. */
export interface Upload extends Readonly<StagedFile> {
  readonly id: Id;
  readonly conversation: ConversationState;
  readonly createdAt: Timestamp;
  /** Once it is known. */
  hash: FileHash | null;
  /** Bytes that the host has. */
  arrived: number;
  state: 'waiting' | 'failed';
  /** Why it failed, or what it waits for. */
  refusal: RefusalCode | null;
}

export type Arrived = (upload: Upload, stored: StoredFile) => Promise<void>;

/**
 * Files on their way, one after the other. What the host has of one is not sent again, whatever broke in between. They
 * are as long as the page is: a browser lets nobody read a file again after a reload.
 */
export class Uploads extends Observable {
  readonly #arrived: Arrived;
  readonly #now: () => number;
  #items: readonly Upload[] = [];
  #connection: Connection | null = null;
  #isSending = false;
  /** What the host's disk refused, until it is tried again: those behind it go meanwhile. */
  readonly #resting = new Set<Upload>();

  /** @param arrived - the host has all of it. */
  constructor(arrived: Arrived, now: () => number = Date.now) {
    super();
    this.#arrived = arrived;
    this.#now = now;
  }

  /** In the order in which they were added. */
  get items(): readonly Upload[] {
    return this.#items;
  }

  /** The way to the host is open, or with null closed. */
  connect(connection: Connection | null): void {
    this.#connection = connection;
    void this.#sendAll();
  }

  add(id: Id, conversation: ConversationState, staged: StagedFile): void {
    const upload: Upload = {
      ...staged,
      ...{ id, conversation, createdAt: this.#now() },
      ...{ hash: null, arrived: 0, state: 'waiting', refusal: null },
    };
    this.#items = [...this.#items, upload];
    this.changed();
    void this.#sendAll();
  }

  /** Whether there was one. */
  retry(id: Id): boolean {
    const upload = this.#find(id);
    if (upload === undefined) return false;
    // It may have changed since.
    Object.assign(upload, { hash: null, arrived: 0, state: 'waiting', refusal: null });
    this.changed();
    void this.#sendAll();
    return true;
  }

  /** Whether there was one. The host forgets by itself what it has of it. */
  remove(id: Id): boolean {
    const upload = this.#find(id);
    if (upload === undefined) return false;
    this.#items = this.#items.filter((each) => each !== upload);
    this.changed();
    return true;
  }

  /** What is on its way with this message; null when it has arrived. */
  fileOf(id: Id): File | null {
    return this.#find(id)?.file ?? null;
  }

  #find(id: Id): Upload | undefined {
    return this.#items.find((each) => each.id === id);
  }

  async #sendAll(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    try {
      for (;;) {
        const next = this.#items.find((each) => each.state === 'waiting' && !this.#resting.has(each));
        if (next === undefined || this.#connection === null) return;
        await this.#send(next, this.#connection);
      }
    } finally {
      this.#isSending = false;
    }
  }

  async #send(upload: Upload, connection: Connection): Promise<void> {
    try {
      upload.hash ??= await hashOf(upload.file);
      this.#mustBe(connection);
      const stored = await this.#bring(upload, upload.hash, connection);
      if (stored === null || this.#find(upload.id) === undefined) return;
      this.#mustBe(connection);
      await this.#arrived(upload, stored);
      this.remove(upload.id);
    } catch (error) {
      if (error instanceof ConnectionLost) {
        // The next connection goes on with it; until then this one must not be tried in a loop.
        if (this.#connection === connection) this.#connection = null;
      } else if (error instanceof SalonError && error.retry) {
        upload.refusal = error.code;
        this.changed();
        if (concernsOne(error)) void this.#rest(upload, error);
        else await waitOut(error);
      } else {
        // Whatever else is thrown, the file could not be read: it was moved, or has changed.
        upload.state = 'failed';
        upload.refusal = error instanceof SalonError ? error.code : 'FILE_DAMAGED';
        this.changed();
      }
    }
  }

  async #rest(upload: Upload, refused: SalonError): Promise<void> {
    this.#resting.add(upload);
    await waitOut(refused);
    this.#resting.delete(upload);
    void this.#sendAll();
  }

  /** Null when it was given up meanwhile. */
  async #bring(upload: Upload, hash: FileHash, connection: Connection): Promise<StoredFile | null> {
    const { file } = upload;
    let progress = await connection.ask('file.begin', { hash, size: file.size });
    while (progress.stored === null) {
      this.#mustBe(connection);
      if (this.#find(upload.id) === undefined) return null;
      this.#tell(upload, progress.received);
      progress = await bringSome(connection, file, hash, progress.received);
    }
    return progress.stored;
  }

  /** Whoever speaks by another one may be somebody else. @throws ConnectionLost. */
  #mustBe(connection: Connection): void {
    if (this.#connection !== connection) throw new ConnectionLost('file.write');
  }

  #tell(upload: Upload, arrived: number): void {
    const isUnstuck = upload.refusal !== null;
    upload.arrived = arrived;
    upload.refusal = null;
    if (isUnstuck) this.changed();
    else this.changedAgain();
  }
}

/** A few parts from there on. Where one was refused, those behind it were not taken either. */
async function bringSome(
  connection: Connection,
  file: Blob,
  hash: FileHash,
  from: number,
): Promise<FileProgress> {
  const bytes = new Uint8Array(
    await file.slice(from, from + PARTS_AT_ONCE * LIMITS.fileWriteBytes).arrayBuffer(),
  );
  const asks: Promise<FileProgress>[] = [];
  for (let at = 0; at < bytes.length; at += LIMITS.fileWriteBytes) {
    const data = toBase64url(bytes.subarray(at, at + LIMITS.fileWriteBytes));
    asks.push(connection.ask('file.write', { hash, offset: from + at, data }));
  }
  const answers = await Promise.allSettled(asks);
  for (const answer of answers) {
    if (answer.status === 'fulfilled') continue;
    const reason: unknown = answer.reason;
    // The host has closed it meanwhile, or is another one: it is begun again.
    if (reason instanceof SalonError && reason.code === 'NO_SUCH_FILE')
      return connection.ask('file.begin', { hash, size: file.size });
    throw reason;
  }
  const last = answers.at(-1);
  if (last?.status !== 'fulfilled') throw new SalonError('FILE_DAMAGED');
  return last.value;
}
