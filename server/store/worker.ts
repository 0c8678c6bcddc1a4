import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';
import { Checkpoints } from './checkpoints.ts';
import { plainError } from './failures.ts';
import { runBatch } from './group-commit.ts';
import type { FromWorker, Job, ToWorker } from './jobs.ts';
import { LogWatch } from './log-watch.ts';
import {
  checkWhole,
  closeDatabase,
  openDatabase,
  reopenFromMemory,
  type Opened,
  type OpeningOptions,
} from './opening.ts';
import { createStore } from './store.ts';

/**
 * The storage thread, which owns the only connection. The main thread keeps the owner lock of the folder and asks
 * (`remote.ts`).
 */

const WATCH_MS = 1_000;
/**
 * How long the thread idles before it ends. Node waits at a thread's end for V8's compilers, and one of them may be
 * waiting for this thread to collect garbage, which it does while it idles: nodejs/node#54918. In milliseconds.
 */
const LINGER_MS = 200;

class StorageThread {
  readonly #port: MessagePort;
  #db: Opened['db'];
  #checkpoints: Checkpoints;
  #watch: LogWatch;
  #store: ReturnType<typeof createStore>;
  readonly #watching: NodeJS.Timeout;
  readonly #waiting: Job[] = [];
  #closing = false;

  constructor(port: MessagePort, { db, checkLater }: Opened) {
    this.#port = port;
    this.#db = db;
    this.#store = createStore(db);
    this.#checkpoints = new Checkpoints(db);
    this.#watch = new LogWatch(db);
    this.#watching = setInterval(() => this.#orFail(() => this.#keepLog()), WATCH_MS);
    port.on('message', (message: ToWorker) =>
      this.#orFail(() => {
        this.#hear(message);
        this.#work();
      }),
    );
    this.#tell({ type: 'ready', room: this.#store.room() });
    // Everybody waits while it runs, so it comes after the first rush of members who return.
    if (checkLater) setTimeout(() => this.#orFail(() => checkWhole(this.#db)), 60_000).unref();
  }

  #hear(message: ToWorker): void {
    if (message.type === 'close') this.#closing = true;
    else this.#waiting.push(...message.jobs);
  }

  /** One batch. What came while it was done belongs to it, as long as it may grow. */
  #work(): void {
    const next = (): Job | undefined => {
      for (let job = this.#waiting.shift(); ; job = this.#waiting.shift()) {
        const more = job === undefined ? receive(this.#port) : undefined;
        if (more === undefined) return job;
        this.#hear(more);
      }
    };
    const { answers, committed } = runBatch(this.#db, this.#store, next);
    if (answers.length > 0) this.#tell({ type: 'answers', answers });
    if (committed.length > 0)
      this.#checkpoints.committed(committed.some(({ method }) => method === 'withdraw'));
    if (this.#waiting.length > 0) setImmediate(() => this.#orFail(() => this.#work()));
    else if (this.#closing) this.#close();
  }

  #keepLog(): void {
    if (!this.#watch.isGone()) return;
    this.#checkpoints.stop();
    this.#db = reopenFromMemory(this.#db);
    this.#store = createStore(this.#db);
    this.#checkpoints = new Checkpoints(this.#db);
    this.#watch = new LogWatch(this.#db);
  }

  #close(): void {
    this.#stop();
    closeDatabase(this.#db);
    this.#tell({ type: 'closed' });
  }

  /** Anything unforeseen ends the thread: better no storage than one that nobody can trust. */
  #orFail(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#stop();
      this.#tell({ type: 'failed', error: plainError(error) });
    }
  }

  #stop(): void {
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
