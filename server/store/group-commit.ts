import { dirname } from 'node:path';
import { SalonError, type RefusalCode } from '../protocol/errors.ts';
import { StorageError } from './failures.ts';
import { CHANGES, type Answer, type Job } from './jobs.ts';
import type { Database } from './database.ts';
import { freeSpace } from './files.ts';
import type { Store } from './records.ts';

/** As many as wait are committed together, but nobody waits longer than this for the others. */
export const BATCH_LIMITS = { jobs: 2_000, ms: 20 };
/** Less than this left means that the disk is full: the engine only says "disk I/O error". In bytes. */
const FULL_BYTES = 1024 * 1024;

export interface Batch {
  answers: Answer[];
  /** The changes that are on disk now. */
  committed: Job[];
  /** The disk refused the whole batch, and not for want of space. */
  failed: boolean;
}

interface Attempt {
  job: Job;
  answer: Answer;
}

/**
 * Does all jobs that wait and commits what they changed at once: one write to the disk answers everybody. There is no
 * timer that gathers more: while one batch is written the next one gathers by itself.
 *
 * Each changing job is a savepoint, so that a refused one leaves nothing. The answers may be given only now.
 *
 * @param next The next waiting job, or undefined.
 */
export function runBatch(
  db: Database,
  store: Store,
  next: () => Job | undefined,
  limits = BATCH_LIMITS,
): Batch {
  const attempts: Attempt[] = [];
  try {
    fill(attempts, db, store, next, limits);
    if (db.inTransaction) db.commit();
    const committed = attempts.filter(({ job, answer }) => CHANGES[job.method] && 'value' in answer);
    return {
      answers: attempts.map(({ answer }) => answer),
      committed: committed.map(({ job }) => job),
      failed: false,
    };
  } catch (error) {
    if (!(error instanceof StorageError) || error.fatal) throw error;
    db.rollback();
    const answers = attempts.map((attempt) => afterLoss(attempt, db, store, error));
    return { answers, committed: [], failed: !isFull(dirname(db.path)) };
  }
}

function fill(
  attempts: Attempt[],
  db: Database,
  store: Store,
  next: () => Job | undefined,
  limits: typeof BATCH_LIMITS,
): void {
  const started = performance.now();
  let begun = false;
  for (let job = next(); job !== undefined; job = next()) {
    const attempt: Attempt = { job, answer: { id: job.id, bug: 'not done' } };
    attempts.push(attempt);
    if (CHANGES[job.method] && !begun) {
      db.begin();
      begun = true;
    }
    attempt.answer = answerTo(job, db, store);
    // After an I/O error, or a bug half-way, the whole transaction is gone, and the next change would commit by itself.
    if (begun && !db.inTransaction) throw new StorageError(reasonOf(attempt.answer));
    if (attempts.length >= limits.jobs || performance.now() - started > limits.ms) return;
  }
}

function reasonOf(answer: Answer): string {
  if ('bug' in answer) return answer.bug;
  return ('refusal' in answer ? answer.refusal.reason : null) ?? 'the transaction was lost';
}

function answerTo(job: Job, db: Database, store: Store): Answer {
  try {
    // Both sides are typed by `Store`; in between, a job is plain data.
    const method = store[job.method] as (...args: readonly unknown[]) => unknown;
    return { id: job.id, value: method(...job.args) };
  } catch (error) {
    return refusal(job, error, db);
  }
}

/** Nothing of the batch was kept: changes are refused, and what was read may never have been. */
function afterLoss({ job }: Attempt, db: Database, store: Store, error: StorageError): Answer {
  return CHANGES[job.method] ? refusal(job, error, db) : answerTo(job, db, store);
}

/** Of a change that is not even tried. */
export function refused({ id }: Job, reason: string): Answer {
  return { id, refusal: { code: 'STORAGE', detail: {}, reason } };
}

function refusal({ id }: Job, error: unknown, db: Database): Answer {
  if (error instanceof SalonError)
    return { id, refusal: { code: error.code, detail: error.detail, reason: null } };
  if (error instanceof StorageError) {
    if (error.fatal) throw error;
    return { id, refusal: { code: storageCode(error, db), detail: {}, reason: error.message } };
  }
  return { id, bug: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

function storageCode(error: StorageError, db: Database): RefusalCode {
  if (error.unstorable) return 'BAD_SHAPE';
  return isFull(dirname(db.path)) ? 'DISK_FULL' : 'STORAGE';
}

function isFull(directory: string): boolean {
  try {
    return freeSpace(directory) < FULL_BYTES;
  } catch {
    return false;
  }
}
