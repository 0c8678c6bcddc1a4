import { statSync } from 'node:fs';
import type { Database } from './database.ts';

/**
 * Notices that another program opened the room while it runs. Such a program cannot see this engine's lock; when it
 * leaves it deletes the write-ahead log, and all that is acknowledged from then on is written to a file without a name.
 */
export class LogWatch {
  readonly #path: string;
  readonly #inode: bigint | null;

  constructor(db: Database) {
    this.#path = `${db.path}-wal`;
    this.#inode = this.#read();
  }

  isGone(): boolean {
    return this.#inode !== this.#read();
  }

  #read(): bigint | null {
    return statSync(this.#path, { bigint: true, throwIfNoEntry: false })?.ino ?? null;
  }
}
