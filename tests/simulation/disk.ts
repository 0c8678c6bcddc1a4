import type { Keep } from '../../resources/state/ports.ts';
import type { Program, VirtualClock } from './clock.ts';

/**
 * What a browser keeps, shared by all its tabs. Every reading and writing takes a moment, one after the other; what a
 * tab had not written yet when it died is not written.
 */
export class Disk {
  readonly #clock: VirtualClock;
  readonly #kept: Map<string, string>;
  readonly #slowestMs: number;
  /** When the last thing that was asked of it is done. */
  #busyUntil = 0;

  constructor(clock: VirtualClock, kept: Readonly<Record<string, string>>, slowestMs: number) {
    this.#clock = clock;
    this.#kept = new Map(Object.entries(kept));
    this.#slowestMs = slowestMs;
  }

  has(key: string): boolean {
    return this.#kept.has(key);
  }

  /** As one tab uses it. */
  keepOf(tab: Program): Keep {
    return {
      all: (prefix) =>
        this.#inTurn(tab, () =>
          [...this.#kept].filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key, value]),
        ),
      set: (key, value) =>
        this.#inTurn(tab, () => {
          if (value === null) this.#kept.delete(key);
          else this.#kept.set(key, value);
        }),
    };
  }

  #inTurn<T>(tab: Program, work: () => T): Promise<T> {
    const { now, random } = this.#clock;
    this.#busyUntil = Math.max(this.#busyUntil, now) + random() * this.#slowestMs;
    return new Promise((resolve) => {
      this.#clock.after(this.#busyUntil - now, () => resolve(work()), tab);
    });
  }
}
