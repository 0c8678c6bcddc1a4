import { randomFrom, type Random } from '../faults/trial.ts';

/**
 * Virtual time: one queue for everything that happens in a simulated world. Equal seeds give equal histories, and an hour
 * in which nothing happens costs nothing.
 */

/** Noon of some day, by a clock that nobody has touched. */
const NOON = Date.UTC(2026, 10, 23, 12);

/** Somebody's computer. */
export class Machine {
  readonly name: string;
  /** How far its clock is ahead of the true time, in milliseconds. */
  wallAhead = 0;
  /** Until then nothing happens on it: whatever is due happens when it wakes. In virtual milliseconds. */
  #asleepUntil = 0;

  constructor(name: string) {
    this.name = name;
  }

  get asleepUntil(): number {
    return this.#asleepUntil;
  }

  /** Nobody wakes it before: what was due would fall behind what comes later. */
  sleep(until: number): void {
    this.#asleepUntil = Math.max(this.#asleepUntil, until);
  }
}

/** A program that runs on a machine. What a dead one had still to do is never done. */
export class Program {
  readonly machine: Machine;
  alive = true;

  constructor(machine: Machine) {
    this.machine = machine;
  }
}

/** Something that will happen. Stands in for a timer of Node's where it is handed out as one. */
export class Due {
  at: number;
  order: number;
  readonly owner: Program | null;
  readonly call: () => void;
  /** Of an interval. */
  readonly everyMs: number | null;
  cancelled = false;

  constructor(at: number, order: number, owner: Program | null, call: () => void, everyMs: number | null) {
    this.at = at;
    this.order = order;
    this.owner = owner;
    this.call = call;
    this.everyMs = everyMs;
  }

  unref(): this {
    return this;
  }
}

export class VirtualClock {
  readonly random: Random;
  /** Milliseconds since the world began. */
  now = 0;
  /** How many things have happened. */
  happened = 0;
  /** Whose turn it is. */
  current: Program | null = null;
  readonly #heap: Due[] = [];
  #order = 0;

  constructor(seed: number) {
    this.random = randomFrom(seed);
  }

  /** By the clock of whoever asks, which may be wrong. */
  get wall(): number {
    return NOON + Math.floor(this.now) + (this.current?.machine.wallAhead ?? 0);
  }

  /** `owner` is whose program does it: by default the one whose turn it is. */
  after(
    ms: number,
    call: () => void,
    owner: Program | null = this.current,
    everyMs: number | null = null,
  ): Due {
    const due = new Due(this.now + Math.max(0, ms), ++this.#order, owner, call, everyMs);
    this.#push(due);
    return due;
  }

  every(ms: number, call: () => void): Due {
    return this.after(ms, call, this.current, Math.max(1, ms));
  }

  /**
   * Lets things happen, one after the other and each with all that follows from it at once, until `done` or until
   * `limitMs` more have passed. The answer is whether it was `done`.
   */
  run(limitMs: number, done: () => boolean): Promise<boolean> {
    const end = this.now + limitMs;
    return new Promise((resolve, reject) => {
      const turn = () => {
        try {
          if (done()) return resolve(true);
          const next = this.#heap[0];
          if (next === undefined || next.at > end) {
            this.now = end;
            return resolve(false);
          }
          this.#happen(next);
        } catch (error) {
          return reject(error);
        }
        // A tick comes when no microtask is left, so all promises that this turn settled have been heard by then.
        queueMicrotask(() => process.nextTick(turn));
      };
      process.nextTick(turn);
    });
  }

  /** Lets so much time pass. */
  async pass(ms: number): Promise<void> {
    await this.run(ms, () => false);
  }

  #happen(due: Due): void {
    this.#pop();
    const { owner } = due;
    if (due.cancelled || owner?.alive === false) return;
    this.now = Math.max(this.now, due.at);
    if (owner !== null && owner.machine.asleepUntil > this.now) {
      due.at = owner.machine.asleepUntil;
      return this.#push(due);
    }
    if (due.everyMs !== null) {
      due.at = this.now + due.everyMs;
      due.order = ++this.#order;
      this.#push(due);
    }
    this.happened += 1;
    this.current = owner;
    due.call();
  }

  #push(due: Due): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(due);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isBefore(due, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = due;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      const left = heap[child];
      if (left === undefined) break;
      const right = heap[child + 1];
      let smaller = left;
      if (right !== undefined && isBefore(right, left)) {
        child += 1;
        smaller = right;
      }
      if (!isBefore(smaller, last)) break;
      heap[index] = smaller;
      index = child;
    }
    heap[index] = last;
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
