import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Timestamp } from '../protocol/entities.ts';
import { SalonError } from '../protocol/errors.ts';
import { openingFailure, StorageError } from './failures.ts';
import { STORE_METHODS, type Answer, type FromWorker, type Job, type ToWorker } from './jobs.ts';
import { takeOwnership, type Ownership } from './owner-lock.ts';
import type { OpeningOptions } from './opening.ts';
import type { AsyncStore, StoredRoom, StoreMethod } from './records.ts';
import type { Restored } from './restoring.ts';

/** More jobs than this do not wait in line: whoever asks is told to come back. */
const MAX_WAITING = 2_000;
const BUSY_RETRY_MS = 250;
/** The thread ends by itself soon after it closed the room. If it hangs, nothing is lost by not waiting for it. */
const END_MS = 1_000;

export interface StoreOptions {
  /** Made if it is not there. One host at a time may use it. */
  directory: string;
  /** Of a room that is made now; one that is there keeps its name. */
  roomName: string;
  /** When a room that is made now was opened. */
  now?: Timestamp;
  /** The storage is gone while the host runs, or it was found damaged (DamagedDatabase). Everything is refused with `STORAGE`. */
  onFailure?: (error: Error) => void;
  /** The disk works again after it refused a write. What was refused then may be stored all the same, untold. */
  onReopened?: () => void;
}

export interface OpenStore {
  store: AsyncStore;
  room: StoredRoom;
  /** The room was damaged, and a copy took its place at this opening. */
  restored: Restored | null;
  /** Ends after everything asked before is on disk. What is asked after it is refused with `CLOSING`. */
  close: () => Promise<void>;
}

/**
 * Opens the room in a folder, in a thread of its own.
 *
 * @throws DirectoryInUse, NewerDatabase, DamagedDatabase, UnfinishedWriting, UnwritableDirectory
 */
export async function openStore(options: StoreOptions): Promise<OpenStore> {
  const { directory, roomName, now = Date.now() } = options;
  const ownership = await takeOwnership(directory);
  try {
    const worker = startWorker({ directory: ownership.directory, roomName, now });
    const first = await firstWord(worker);
    if (first.type !== 'ready') {
      throw first.type === 'unopened'
        ? openingFailure(first.error)
        : new StorageError('the store did not open');
    }
    const remote = new RemoteStore(worker, ownership, options);
    return { store: remote.store, room: first.room, restored: first.restored, close: () => remote.close() };
  } catch (error) {
    await ownership.release();
    throw error;
  }
}

/** Always the built file: a loader of TypeScript does not reach into threads. */
function startWorker(options: OpeningOptions): Worker {
  const built = import.meta.url.endsWith('.ts') ? '../../build/node/store-worker.cjs' : './store-worker.cjs';
  return new Worker(new URL(built, import.meta.url), { workerData: options, execArgv: [], name: 'store' });
}

function firstWord(worker: Worker): Promise<FromWorker> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new StorageError('the storage thread ended')));
  });
}

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

class RemoteStore {
  readonly store: AsyncStore;
  readonly #worker: Worker;
  readonly #ownership: Ownership;
  readonly #onFailure: (error: Error) => void;
  readonly #onReopened: () => void;
  /**
   * By the number of their job, which is used again when it is answered. No map: one that is filled and emptied all the
   * time lets what was in it outlive the collections of young garbage.
   */
  readonly #waiting: (Waiting | null)[] = [];
  readonly #free: number[] = [];
  /** The room is closed, or the thread is gone. */
  readonly #closed: Promise<void>;
  readonly #ended: Promise<void>;
  /** Asked in this turn. */
  #jobs: Job[] = [];
  #failure: Error | null = null;
  #closing: Promise<void> | null = null;

  constructor(worker: Worker, ownership: Ownership, { onFailure, onReopened }: StoreOptions) {
    this.#worker = worker;
    this.#ownership = ownership;
    this.#onFailure = onFailure ?? (() => undefined);
    this.#onReopened = onReopened ?? (() => undefined);
    this.#ended = new Promise((resolve) => {
      worker.once('exit', () => resolve());
    });
    this.#closed = new Promise((resolve) => {
      worker.once('exit', () => resolve());
      worker.on('message', ({ type }: FromWorker) => {
        if (type === 'closed' || type === 'failed') resolve();
      });
    });
    worker.on('message', (message: FromWorker) => this.#hear(message));
    worker.on('error', (error) => this.#fail(error));
    worker.on('exit', () => this.#gone());
    // Each name becomes the method of that name; `Store` types both ends.
    this.store = Object.fromEntries(
      STORE_METHODS.map((method) => [method, (...args: unknown[]) => this.#ask(method, args)]),
    ) as unknown as AsyncStore;
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    if (this.#failure === null) {
      this.#sayJobs();
      this.#say({ type: 'close' });
    }
    await this.#closed;
    this.#worker.unref();
    await Promise.race([this.#ended, sleep(END_MS)]);
    await this.#ownership.release();
  }

  #ask(method: StoreMethod, args: readonly unknown[]): Promise<unknown> {
    if (this.#failure !== null) return Promise.reject(new SalonError('STORAGE'));
    if (this.#closing !== null) return Promise.reject(new SalonError('CLOSING'));
    const id = this.#free.pop() ?? this.#waiting.length;
    if (id >= MAX_WAITING) return Promise.reject(new SalonError('BUSY', { retryMs: BUSY_RETRY_MS }));
    return new Promise((resolve, reject) => {
      this.#waiting[id] = { resolve, reject };
      // At the end of the turn, all of it at once.
      if (this.#jobs.push({ id, method, args }) === 1) setImmediate(() => this.#sayJobs());
    });
  }

  #sayJobs(): void {
    if (this.#jobs.length === 0) return;
    const jobs = this.#jobs;
    this.#jobs = [];
    this.#say({ type: 'jobs', jobs });
  }

  #say(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #hear(message: FromWorker): void {
    if (message.type === 'answers') for (const answer of message.answers) this.#settle(answer);
    else if (message.type === 'reopened') this.#onReopened();
    else if (message.type === 'failed') this.#fail(openingFailure(message.error));
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting[answer.id];
    if (!waiting) return;
    this.#waiting[answer.id] = null;
    this.#free.push(answer.id);
    if ('value' in answer) waiting.resolve(answer.value);
    else waiting.reject(errorOf(answer));
  }

  #gone(): void {
    if (this.#closing === null) this.#fail(new StorageError('the storage thread ended'));
    this.#refuseAll(null);
  }

  #fail(error: Error): void {
    if (this.#failure !== null) return;
    this.#failure = error;
    this.#refuseAll(error);
    this.#onFailure(error);
  }

  #refuseAll(cause: Error | null): void {
    const waiting = this.#waiting.splice(0);
    for (const one of waiting) one?.reject(withCause(new SalonError('STORAGE'), cause));
  }
}

function errorOf(answer: Exclude<Answer, { value: unknown }>): Error {
  if ('bug' in answer) return new Error(answer.bug);
  const { code, detail, reason } = answer.refusal;
  return withCause(new SalonError(code, detail), reason === null ? null : new StorageError(reason));
}

/** The reason stays in the host's own log; members are told the code. */
function withCause(error: SalonError, cause: Error | null): SalonError {
  if (cause !== null) error.cause = cause;
  return error;
}
