import type { Clock } from '../../server/clock.ts';

interface Timer {
  at: number;
  everyMs: number | null;
  call: () => void;
}

/** A clock that stands still until a test moves it. */
export class HandClock implements Clock {
  #passed = 0;
  #wall = Date.UTC(2026, 10, 23, 12);
  readonly #timers = new Set<Timer>();

  now(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#passed;
  }

  after(ms: number, call: () => void): () => void {
    return this.#add({ at: this.#passed + ms, everyMs: null, call });
  }

  every(ms: number, call: () => void): () => void {
    return this.#add({ at: this.#passed + ms, everyMs: ms, call });
  }

  /** Lets time pass; whatever is due happens on the way, in order. */
  advance(ms: number): void {
    const end = this.#passed + ms;
    for (let timer = this.#next(end); timer !== undefined; timer = this.#next(end)) {
      this.#move(timer.at);
      if (timer.everyMs === null) this.#timers.delete(timer);
      else timer.at += timer.everyMs;
      timer.call();
    }
    this.#move(end);
  }

  /** Lets time pass in which no timer gets its turn, and all come so much later: nobody is missed, pinged or cut. */
  skip(ms: number): void {
    for (const timer of this.#timers) timer.at += ms;
    this.#move(this.#passed + ms);
  }

  /** Somebody sets the computer's clock; no time passes. */
  setWall(at: number): void {
    this.#wall = at;
  }

  #next(end: number): Timer | undefined {
    const due = [...this.#timers].filter(({ at }) => at <= end);
    return due.toSorted((a, b) => a.at - b.at)[0];
  }

  #move(to: number): void {
    this.#wall += to - this.#passed;
    this.#passed = to;
  }

  #add(timer: Timer): () => void {
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }
}
