import sqlite from 'node-sqlite3-wasm';
import { SalonError } from '../protocol/errors.ts';
import { StorageError } from './failures.ts';

/** What a column can hold here. Numbers are whole and exact: time, numbers in a log, counters. */
export type Value = number | string | Uint8Array | null;
export type Row = Record<string, Value>;

/** Statements are written out in the sources, so there are only so many; more means that somebody builds SQL. */
const MAX_STATEMENTS = 200;

/**
 * The only settings under which this engine keeps what it acknowledged. Its rollback journals corrupt the database after
 * a kill, because it takes its own lock for another writer's and never rolls a hot journal back.
 */
const SETTINGS: readonly (readonly [pragma: string, mustAnswer: Value | undefined])[] = [
  // First, before anything touches the file: WAL needs shared memory otherwise, which the engine does not have.
  ['locking_mode = EXCLUSIVE', 'exclusive'],
  // Answers `delete` instead of failing when it cannot.
  ['journal_mode = WAL', 'wal'],
  ['synchronous = FULL', undefined],
  ['foreign_keys = ON', undefined],
  ['trusted_schema = OFF', undefined],
  ['cell_size_check = ON', undefined],
  // A withdrawn message is overwritten with zeros.
  ['secure_delete = ON', 1],
  ['cache_size = -16000', undefined],
  // Checkpoints are made when nobody waits (`checkpoints.ts`); this one is for a host that is never idle.
  ['wal_autocheckpoint = 4000', 4000],
  ['journal_size_limit = 33554432', 33_554_432],
];

/**
 * The engine, with its traps covered. Every statement runs to its end through `all`: the engine's own `get` and `run`
 * leave a statement open, and then nothing that follows is committed. Its errors come out as `StorageError`.
 */
export class Database {
  readonly path: string;
  readonly #engine: sqlite.Database;
  readonly #statements = new Map<string, sqlite.Statement>();

  /** Opens a file, making it if `create`. The folder's owner lock must be held (`owner-lock.ts`). */
  constructor(path: string, { create = false }: { create?: boolean } = {}) {
    this.path = path;
    this.#engine = guarded(() => new sqlite.Database(path, { fileMustExist: !create }));
    try {
      for (const [pragma, mustAnswer] of SETTINGS) {
        const answer = this.pragma(pragma);
        if (mustAnswer !== undefined && answer !== mustAnswer) {
          throw new StorageError(`PRAGMA ${pragma} answered ${String(answer)}`);
        }
      }
    } catch (error) {
      this.abandon();
      throw error;
    }
  }

  /** All rows. `sql` is one statement, written out in the source, and has one `?` for each parameter. */
  all<R extends Row>(sql: string, ...parameters: Value[]): R[] {
    for (const value of parameters) checkValue(value);
    try {
      const statement = this.#prepared(sql, parameters.length);
      // The columns of a query are what its author says they are.
      return statement.all(parameters) as unknown as R[];
    } catch (error) {
      // A statement that failed once refuses everything from then on.
      this.#forget(sql);
      throw wrapped(error);
    }
  }

  /** The first row. */
  one<R extends Row>(sql: string, ...parameters: Value[]): R | undefined {
    return this.all<R>(sql, ...parameters)[0];
  }

  /** What a `PRAGMA` answers, or undefined. */
  pragma(text: string): Value | undefined {
    const [row] = guarded(() => this.#engine.all(`PRAGMA ${text}`)) as Row[];
    return row === undefined ? undefined : Object.values(row)[0];
  }

  /** Several statements without parameters or results. */
  script(sql: string): void {
    guarded(() => this.#engine.exec(sql));
  }

  /** False too once it is closed. */
  get inTransaction(): boolean {
    return this.#engine.isOpen && this.#engine.inTransaction;
  }

  /** Rows written, changed or deleted since the file was opened, also in what was undone. */
  get changes(): number {
    return this.one<{ changes: number }>('SELECT total_changes() AS changes')?.changes ?? 0;
  }

  begin(): void {
    this.all('BEGIN IMMEDIATE');
  }

  /** Returns when it is on disk. */
  commit(): void {
    this.all('COMMIT');
  }

  /** Does nothing when the engine has given the transaction up already, as it does after an I/O error. */
  rollback(): void {
    if (this.inTransaction) this.all('ROLLBACK');
  }

  transaction<T>(work: () => T): T {
    this.begin();
    try {
      const result = work();
      this.commit();
      return result;
    } catch (error) {
      this.rollback();
      throw error;
    }
  }

  /** Inside a transaction: all of `work`, or nothing of it. */
  savepoint<T>(work: () => T): T {
    this.all('SAVEPOINT step');
    try {
      const result = work();
      this.all('RELEASE step');
      return result;
    } catch (error) {
      this.#undoStep();
      throw error;
    }
  }

  /** All of `work` or nothing of it, on disk by itself or with the transaction around it. */
  atomic<T>(work: () => T): T {
    return this.inTransaction ? this.savepoint(work) : this.transaction(work);
  }

  /**
   * Like `atomic` for work that refuses before it writes anything, and so leaves nothing behind: it needs no savepoint.
   * When anything else fails in the middle, the whole transaction is given up.
   */
  refusingFirst<T>(work: () => T): T {
    if (!this.inTransaction) return this.transaction(work);
    try {
      return work();
    } catch (error) {
      const refused = error instanceof SalonError || (error instanceof StorageError && error.unstorable);
      if (!refused) this.rollback();
      throw error;
    }
  }

  /** Moves the write-ahead log into the file; `TRUNCATE` also empties the log, and with it what was overwritten. */
  checkpoint(mode: 'PASSIVE' | 'TRUNCATE'): void {
    this.pragma(`wal_checkpoint(${mode})`);
  }

  /** A copy of all there is, on disk when this returns. `target` must not exist. Takes a second for 300 MB. */
  copyInto(target: string): void {
    checkValue(target);
    guarded(() => this.#engine.all('VACUUM INTO ?', [target]));
  }

  /** The statements prepared so far. */
  get prepared(): readonly string[] {
    return [...this.#statements.keys()];
  }

  close(): void {
    // One open statement, and the engine keeps its lock and its log.
    for (const sql of [...this.#statements.keys()]) this.#forget(sql);
    guarded(() => this.#engine.close());
  }

  /** Closes what failed already, and whose failure is the one to tell. */
  abandon(): void {
    try {
      this.close();
    } catch {
      // It failed before.
    }
  }

  #prepared(sql: string, parameters: number): sqlite.Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    // The engine takes a missing parameter for NULL.
    if ((sql.match(/\?/g)?.length ?? 0) !== parameters)
      throw new StorageError(`wrong number of parameters: ${sql}`);
    if (this.#statements.size >= MAX_STATEMENTS)
      throw new StorageError(`too many different statements: ${sql}`);
    const statement = this.#engine.prepare(sql);
    knowColumns(statement);
    this.#statements.set(sql, statement);
    return statement;
  }

  #forget(sql: string): void {
    const statement = this.#statements.get(sql);
    this.#statements.delete(sql);
    try {
      statement?.finalize();
    } catch {
      // It repeats the error that the statement ended with, and is finalised all the same.
    }
  }

  #undoStep(): void {
    if (!this.inTransaction) return;
    try {
      this.all('ROLLBACK TO step');
      this.all('RELEASE step');
    } catch {
      // Half a step must not be committed with the rest.
      this.rollback();
    }
  }
}

/**
 * Text as the engine gives it back: it ends text at U+0000, swallows U+FEFF at the start of a longer one, and changes
 * half surrogates. None of them can be seen, so they go.
 */
export function storableText(text: string): string {
  // Nearly always: this is asked of every text on its way in.
  if (text.isWellFormed() && !text.includes('\0') && text.charCodeAt(0) !== 0xfeff) return text;
  return text
    .toWellFormed()
    .replaceAll('\0', '')
    .replace(/^\uFEFF+/, '');
}

/** The engine asks for the name of each column whenever a statement is run, which costs as much as a row. They stay the same. */
function knowColumns(statement: sqlite.Statement): void {
  const inside = statement as unknown as { _getColumnNames: () => string[] };
  const names = inside._getColumnNames();
  inside._getColumnNames = () => names;
}

function checkValue(value: Value): void {
  if (
    typeof value === 'number'
      ? !Number.isSafeInteger(value)
      : typeof value === 'string' && value !== storableText(value)
  ) {
    throw new StorageError('a value that cannot be stored unchanged', { unstorable: true });
  }
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw wrapped(error);
  }
}

function wrapped(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  return new StorageError(error instanceof Error ? error.message : String(error), { cause: error });
}
