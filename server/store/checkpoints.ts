import { StorageError } from './failures.ts';
import type { Database } from './database.ts';

/** As long as nothing else comes, the log is moved into the file. In milliseconds. */
const IDLE_MS = 1_000;
/** After so many commits a shorter pause will do: a short log opens fast, and has less to lose to a bad sector. */
const COMMITS = 400;
const PAUSE_MS = 30;
/** Within this time a withdrawn message is gone from the log too. In milliseconds. */
const ERASE_MS = 200;

/** Keeps the write-ahead log short, when nobody waits. */
export class Checkpoints {
  readonly #db: Database;
  #commits = 0;
  #erasing = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(db: Database) {
    this.#db = db;
  }

  /** A batch is on disk; `erased` when a message's text was taken out of it. */
  committed(erased: boolean): void {
    this.#commits += 1;
    // What was asked to be erased is not put off by what comes after.
    if (this.#erasing) return;
    this.#erasing = erased;
    this.#in(erased ? ERASE_MS : this.#commits < COMMITS ? IDLE_MS : PAUSE_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #in(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#run(), ms);
  }

  #run(): void {
    try {
      this.#db.checkpoint(this.#erasing ? 'TRUNCATE' : 'PASSIVE');
      this.#commits = 0;
      this.#erasing = false;
    } catch (error) {
      // A full disk, most often: the log keeps everything until it works again.
      if (!(error instanceof StorageError) || error.fatal) throw error;
      this.#in(5 * IDLE_MS);
    }
  }
}
