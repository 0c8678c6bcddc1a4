import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';
import { dirname } from 'node:path';
import { BackupTimes } from './backup-times.ts';
import { checkWhole } from './checking.ts';
import { Checkpoints } from './checkpoints.ts';
import {
  DamagedDatabase,
  explainOpening,
  plainError,
  StorageError,
  UnwritableDirectory,
} from './failures.ts';
import { canWrite } from './files.ts';
import { refused, runBatch } from './group-commit.ts';
import { CHANGES, type Answer, type FromWorker, type Job, type ToWorker } from './jobs.ts';
import { LogWatch } from './log-watch.ts';
import {
  closeDatabase,
  openDatabase,
  reopenFromDisk,
  reopenFromMemory,
  type Opened,
  type OpeningOptions,
} from './opening.ts';
import { peopleChanged } from './people-version.ts';
import { markDamaged } from './restoring.ts';
import { createStore } from './store.ts';

/**
 * The storage thread, which owns the only connection. The main thread keeps the owner lock of the folder and asks
 * (`remote.ts`).
 */

const WATCH_MS = 1_000;
/** Everybody waits while a large room is checked, so it comes after the first rush of members who return. */
const CHECK_LATER_MS = 60_000;
/** So often it is tried whether the disk takes writes again. */
const DOUBT_MS = 500;
/**
 * How long the thread idles before it ends. Node waits at a thread's end for V8's compilers, and one of them may be
 * waiting for this thread to collect garbage, which it does while it idles: nodejs/node#54918. In milliseconds.
 */
const LINGER_MS = 200;

export class StorageThread {
  readonly #port: MessagePort;
  #db: Opened['db'];
  #checkpoints: Checkpoints;
  #watch: LogWatch;
  #backups: BackupTimes;
  #store: ReturnType<typeof createStore>;
  readonly #watching: NodeJS.Timeout;
  /** The disk refused a write: nothing is acknowledged until the file was read again. When that was last tried. */
  #doubtedAt: number | null = null;
  readonly #waiting: Job[] = [];
  #closing = false;
  /** Closed, or failed: what was still to come finds nothing to do. */
  #ended = false;

  constructor(port: MessagePort, { db, checkLater, restored }: Opened) {
    this.#port = port;
    this.#db = db;
    this.#store = createStore(db);
    this.#checkpoints = new Checkpoints(db);
    this.#watch = new LogWatch(db);
    this.#backups = new BackupTimes(db);
    this.#watching = setInterval(() => this.#orFail(() => this.#tick()), WATCH_MS);
    port.on('message', (message: ToWorker) =>
      this.#orFail(() => {
        this.#hear(message);
        this.#work();
      }),
    );
    this.#tell({ type: 'ready', room: this.#store.room(), restored });
    if (checkLater) this.#checkLater();
  }

  #checkLater(): void {
    const check = () => {
      if (this.#ended) return;
      if (this.#doubtedAt === null) checkWhole(this.#db);
      else this.#checkLater();
    };
    setTimeout(() => this.#orFail(check), CHECK_LATER_MS).unref();
  }

  #hear(message: ToWorker): void {
    if (message.type === 'close') this.#closing = true;
    else this.#waiting.push(...message.jobs);
  }

  /** One batch. What came while it was done belongs to it, as long as it may grow. */
  #work(): void {
    if (this.#ended) return;
    if (this.#doubtedAt !== null) this.#trustAgain();
    const unwritten: Answer[] = [];
    const next = (): Job | undefined => {
      for (;;) {
        const job = this.#next();
        if (job === undefined || this.#doubtedAt === null || !CHANGES[job.method]) return job;
        unwritten.push(refused(job, 'the disk refused a write before'));
      }
    };
    const { answers, committed, failed } = runBatch(this.#db, this.#store, next);
    // It may have been a moment's failure: the first attempt comes with the next message.
    if (failed) this.#doubtedAt = -Infinity;
    if (committed.length > 0) {
      this.#backups.committed(committed);
      this.#checkpoints.committed(committed.some(({ method }) => method === 'withdraw'));
    }
    if (answers.length + unwritten.length > 0)
      this.#tell({ type: 'answers', answers: [...answers, ...unwritten] });
    if (this.#waiting.length > 0) setImmediate(() => this.#orFail(() => this.#work()));
    else if (this.#closing) this.#close();
  }

  #next(): Job | undefined {
    for (let job = this.#waiting.shift(); ; job = this.#waiting.shift()) {
      const more = job === undefined ? receive(this.#port) : undefined;
      if (more === undefined) return job;
      this.#hear(more);
    }
  }

  #tick(): void {
    if (this.#doubtedAt !== null) return this.#trustAgain();
    if (this.#watch.isGone()) return this.#goOnWith(reopenFromMemory(this.#db));
    this.#backups.tick();
  }

  /** The disk may take writes again. Then what it has is read anew: it may not be what the engine believes. */
  #trustAgain(): void {
    const now = performance.now();
    if (this.#doubtedAt === null || now - this.#doubtedAt < DOUBT_MS) return;
    this.#doubtedAt = now;
    if (!canWrite(dirname(this.#db.path))) return;
    this.#checkpoints.stop();
    try {
      this.#goOnWith(reopenFromDisk(this.#db));
      this.#doubtedAt = null;
      this.#tell({ type: 'reopened' });
    } catch (error) {
      // Until the disk is better the engine is closed, and reading is refused as well.
      const failure = explainOpening(error);
      const canPass = failure instanceof UnwritableDirectory || failure instanceof StorageError;
      if (!canPass || (error instanceof StorageError && error.fatal)) throw error;
    }
  }

  #goOnWith(db: Opened['db']): void {
    this.#checkpoints.stop();
    this.#db = db;
    this.#store = createStore(db);
    this.#checkpoints = new Checkpoints(db);
    this.#watch = new LogWatch(db);
    this.#backups = new BackupTimes(db);
    // A name whose change was refused may be there after all.
    peopleChanged();
  }

  #close(): void {
    this.#stop();
    const copy = this.#lastCopy();
    // What is in doubt does not say of itself that it ended well: the next start reads all of it.
    if (this.#doubtedAt === null) closeDatabase(this.#db);
    else this.#db.abandon();
    try {
      copy?.();
    } catch (error) {
      // The room is closed, and whole or not that is what counts; the next start reads all of it.
      if (explainOpening(error) instanceof DamagedDatabase) markDamaged(this.#db.path);
    }
    this.#tell({ type: 'closed' });
  }

  /** What makes the last copy, if there is to be one and the disk can be trusted. */
  #lastCopy(): (() => void) | null {
    try {
      return this.#doubtedAt === null ? this.#backups.lastCopy() : null;
    } catch {
      return null;
    }
  }

  /** Anything unforeseen ends the thread: better no storage than one that nobody can trust. */
  #orFail(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#stop();
      const failure = explainOpening(error);
      if (failure instanceof DamagedDatabase) markDamaged(this.#db.path);
      this.#tell({ type: 'failed', error: plainError(failure) });
    }
  }

  #stop(): void {
    this.#ended = true;
    clearInterval(this.#watching);
    this.#checkpoints.stop();
    this.#port.removeAllListeners('message');
    this.#port.unref();
    linger();
  }

  #tell(message: FromWorker): void {
    this.#port.postMessage(message);
  }
}

function linger(): void {
  setTimeout(() => undefined, LINGER_MS);
}

function receive(port: MessagePort): ToWorker | undefined {
  const received: { message: ToWorker } | undefined = receiveMessageOnPort(port);
  return received?.message;
}

function main(port: MessagePort, options: OpeningOptions): void {
  let opened: Opened;
  try {
    opened = openDatabase(options);
  } catch (error) {
    port.postMessage({ type: 'unopened', error: plainError(error) } satisfies FromWorker);
    linger();
    return;
  }
  new StorageThread(port, opened);
}

if (parentPort !== null) main(parentPort, workerData as OpeningOptions);
