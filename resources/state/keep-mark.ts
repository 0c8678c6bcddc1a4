import { ulid } from 'ulid';
import type { Keep } from './ports.ts';

/**
 * A text that tells whether what was kept is still there. Where it is another one, or gone, somebody has cleared
 * everything since, or the browser has: what is missing then was not taken away on purpose.
 */
export class KeepMark {
  readonly #keep: Keep;
  readonly #key: string;
  /** As it was when this page looked last; null until it has. */
  #seen: string | null = null;

  constructor(keep: Keep, key: string) {
    this.#keep = keep;
    this.#key = key;
  }

  /** Whether all was cleared since `renew`. */
  async isCleared(): Promise<boolean> {
    return this.#seen !== null && (await this.#read()) !== this.#seen;
  }

  /** Takes things as they are from now on. */
  async renew(): Promise<void> {
    try {
      const kept = await this.#read();
      const mark = kept ?? ulid();
      if (kept === null) await this.#keep.set(this.#key, mark);
      this.#seen = mark;
    } catch {
      this.#seen = null;
    }
  }

  async #read(): Promise<string | null> {
    const [entry] = await this.#keep.all(this.#key);
    return entry?.[1] ?? null;
  }
}
