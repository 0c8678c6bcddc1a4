import type { Due, Program, VirtualClock } from './clock.ts';

export interface Pace {
  /** How long anything is under way at the least, and how much longer it may take. In milliseconds. */
  delayMs: number;
  jitterMs: number;
  /** Whether what arrives together is handed over in one turn, as Node's sockets do, or one by one, as a page's do. */
  together: boolean;
}

interface Item {
  at: number;
  deliver: () => void;
}

/** One direction of a connection. Like TCP it keeps the order, and loses nothing but its end. */
export class Flow {
  readonly #clock: VirtualClock;
  readonly #pace: Pace;
  readonly #receiver: Program;
  #items: Item[] = [];
  #lastAt = 0;
  #stalledUntil = 0;
  #paused = false;
  #cut = false;
  #due: Due | null = null;

  constructor(clock: VirtualClock, pace: Pace, receiver: Program) {
    this.#clock = clock;
    this.#pace = pace;
    this.#receiver = receiver;
  }

  push(deliver: () => void): void {
    if (this.#cut) return;
    const { now, random } = this.#clock;
    this.#lastAt = Math.max(this.#lastAt, now + this.#pace.delayMs + random() * this.#pace.jitterMs);
    this.#items.push({ at: this.#lastAt, deliver });
    this.#arm();
  }

  /** Nothing arrives before then. */
  stall(until: number): void {
    this.#stalledUntil = Math.max(this.#stalledUntil, until);
    this.#arm();
  }

  /** Ends whatever held it up. */
  resume(): void {
    this.#stalledUntil = 0;
    this.#paused = false;
    this.#arm();
  }

  /** The receiver does not read. */
  pause(): void {
    this.#paused = true;
    this.#arm();
  }

  /** What is under way never arrives, and nothing more is let in. */
  cut(): void {
    this.#cut = true;
    this.#items = [];
    this.#arm();
  }

  #arm(): void {
    if (this.#due !== null) this.#due.cancelled = true;
    this.#due = null;
    const first = this.#items[0];
    if (first === undefined || this.#paused || this.#stalledUntil === Infinity) return;
    const at = Math.max(first.at, this.#stalledUntil);
    this.#due = this.#clock.after(at - this.#clock.now, () => this.#deliver(), this.#receiver);
  }

  #deliver(): void {
    this.#due = null;
    do {
      this.#items.shift()?.deliver();
    } while (this.#pace.together && (this.#items[0]?.at ?? Infinity) <= this.#clock.now);
    this.#arm();
  }
}
