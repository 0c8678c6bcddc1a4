import { dirname } from 'node:path';
import type { Id, Seq } from '../protocol/entities.ts';
import { backUp, backupsIn, dropBackupsWith } from './backups.ts';
import { CHECK_ALWAYS_BYTES, checkWhole, sizeOf } from './checking.ts';
import type { Database } from './database.ts';
import { DamagedDatabase, explainOpening } from './failures.ts';
import type { Job } from './jobs.ts';
import { lastWithdrawals, withdrawalsOf, type Withdrawal } from './withdrawals.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * When a room is copied while it is open. Everybody waits for it (a tenth of a second for 10 MB, most of it the check),
 * so it comes when nobody has stored anything for a while, and the larger the room the more seldom. What is larger than
 * the last of these is not copied by itself.
 */
export const COPY_TIMES = [
  { maxBytes: 64 * 1024 * 1024, idleMs: 5_000, everyMs: 4 * HOUR_MS },
  { maxBytes: 512 * 1024 * 1024, idleMs: 60_000, everyMs: 24 * HOUR_MS },
];
/** A room that was just opened, or just made, is left alone. */
const FIRST_AFTER_MS = 10 * MINUTE_MS;
/** After a copy that was not possible. */
const AGAIN_AFTER_MS = HOUR_MS;

/** Makes copies of the room by itself, and lets go those that hold what was withdrawn since. */
export class BackupTimes {
  readonly #db: Database;
  readonly #directory: string;
  readonly #now: () => number;
  /** Something is in the room that is in no copy. */
  #changed = true;
  /** Of `Database.changes`, when this was last asked. */
  #changes: number;
  /** On the clock of `performance.now()`. */
  #dueAt: number;
  #workedAt = performance.now();
  /** When to look for copies that should be gone: at first too, because opening may have had to leave some. */
  #forgetAt: number | null = performance.now();

  constructor(db: Database, now: () => number = Date.now) {
    this.#db = db;
    this.#directory = dirname(db.path);
    this.#now = now;
    this.#changes = db.changes;
    const last = Math.max(0, ...backupsIn(this.#directory).map(({ at }) => at));
    // A clock that was put back must not put the next copy off for ever.
    const age = Math.max(0, now() - last);
    this.#dueAt = performance.now() + Math.max(FIRST_AFTER_MS, (COPY_TIMES[0]?.everyMs ?? 0) - age);
  }

  /** A batch is on disk. Before it is answered: a text that is said to be withdrawn is in no copy. */
  committed(jobs: readonly Job[]): void {
    this.#count();
    for (const { method, args } of jobs) {
      if (method !== 'withdraw') continue;
      try {
        this.#forget(withdrawalsOf(this.#db, args[0] as Id, args[1] as Seq));
      } catch {
        // It is stored already, so this is no reason to fail; a damaged room is found by whoever reads it next.
        this.#forgetAt = performance.now();
      }
    }
  }

  /** Copies the room if it is time. @throws DamagedDatabase when the room is found damaged. */
  tick(): void {
    const now = performance.now();
    if (this.#forgetAt !== null && now >= this.#forgetAt) this.#forgetAgain(now);
    const times = this.#times();
    if (!this.#changed || times === undefined || now < this.#dueAt) return;
    // A room that is never quiet is copied all the same, later.
    if (now - this.#workedAt < times.idleMs && now - this.#dueAt < times.everyMs) return;
    this.#dueAt = now + (this.#copied() ? times.everyMs : AGAIN_AFTER_MS);
  }

  /** The room ends. What nobody would want to wait for waits for the next time. @returns what to do once it is closed. */
  lastCopy(): (() => void) | null {
    if (!this.#changed || sizeOf(this.#db) > CHECK_ALWAYS_BYTES) return null;
    const { path } = this.#db;
    const lastEvent = this.#lastEvent();
    return () => void backUp(path, lastEvent, this.#now());
  }

  /** Much is asked that turns out to have been done before: a message sent twice, a mark that is where it was. */
  #count(): void {
    const { changes } = this.#db;
    if (changes === this.#changes) return;
    this.#changes = changes;
    this.#changed = true;
    this.#workedAt = performance.now();
  }

  #times(): (typeof COPY_TIMES)[number] | undefined {
    const size = sizeOf(this.#db);
    return COPY_TIMES.find(({ maxBytes }) => size <= maxBytes);
  }

  #copied(): boolean {
    try {
      this.#db.checkpoint('TRUNCATE');
      const copied = backUp(this.#db.path, this.#lastEvent(), this.#now());
      this.#changed &&= !copied;
      return copied;
    } catch {
      // Either the room is damaged, which this finds, or only the copying went wrong.
      checkWhole(this.#db);
      return false;
    }
  }

  #lastEvent(): number {
    return this.#db.one<{ id: number }>('SELECT max(id) AS id FROM event')?.id ?? 0;
  }

  #forget(withdrawals: readonly Withdrawal[]): void {
    if (dropBackupsWith(this.#directory, withdrawals)) this.#dueAt = performance.now();
  }

  /** @throws DamagedDatabase */
  #forgetAgain(now: number): void {
    try {
      this.#forget(lastWithdrawals(this.#db));
      this.#forgetAt = null;
    } catch (error) {
      if (explainOpening(error) instanceof DamagedDatabase) throw error;
      this.#forgetAt = now + MINUTE_MS;
    }
  }
}
