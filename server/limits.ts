import type { Allowance } from './protocol/commands.ts';
import type { Clock } from './clock.ts';
import { LIMITS } from './protocol/entities.ts';

/**
 * How much a client may do. Our own few lines rather than a library: they are asked on every frame, must answer at once
 * and must run on the clock that tests set.
 */
export interface Rate {
  perSecond: number;
  burst: number;
}

/** For each connection. How many of those there may be is limited elsewhere (`http.ts`). */
export const ALLOWANCES: Record<Allowance, Rate> = {
  general: { perSecond: 20, burst: 60 },
  post: { perSecond: 5, burst: 20 },
  // A page of history costs the host two milliseconds; whoever scrolls through years of it should not have to wait.
  history: { perSecond: 40, burst: 80 },
  // Both ways the network is the limit, not this: 45 MB/s to the host, 128 from it.
  file: { perSecond: 1_000, burst: 2_000 },
  typing: { perSecond: 1, burst: 5 },
  proof: { perSecond: 2, burst: 10 },
  signUp: { perSecond: 0.2, burst: 5 },
};

/** How many people a room takes in. */
export interface RoomLimits {
  /** Online at one time. */
  members: number;
  /** Sign-ups and guests from one address: a whole class may be behind one router. */
  signUps: Rate;
  /** Each connection may ask so many times as often as usual (`ALLOWANCES`). */
  allowance: number;
  /** One file, in bytes. */
  fileBytes: number;
  /** All files of one member, in bytes. */
  memberFileBytes: number;
  /** So much of the disk is left to messages, in bytes. */
  freeBytes: number;
}

export const ROOM_LIMITS: RoomLimits = {
  members: 1_000,
  signUps: { perSecond: 100 / 3_600, burst: 100 },
  allowance: 1,
  fileBytes: LIMITS.fileBytes,
  memberFileBytes: LIMITS.memberFileBytes,
  freeBytes: 512 * 1024 * 1024,
};

/** So many times as much, and as much at once. */
export function times({ perSecond, burst }: Rate, factor: number): Rate {
  return { perSecond: perSecond * factor, burst: burst * factor };
}

/** A bucket that refills steadily. */
export class Bucket {
  readonly #rate: Rate;
  readonly #clock: Clock;
  #level: number;
  #at: number;

  constructor(rate: Rate, clock: Clock) {
    this.#rate = rate;
    this.#clock = clock;
    this.#level = rate.burst;
    this.#at = clock.monotonic();
  }

  /** 0 when there was something left to take, else how many milliseconds until there is. */
  take(): number {
    const now = this.#clock.monotonic();
    this.#level = Math.min(this.#rate.burst, this.#level + ((now - this.#at) / 1000) * this.#rate.perSecond);
    this.#at = now;
    if (this.#level >= 1) {
      this.#level -= 1;
      return 0;
    }
    return Math.ceil(((1 - this.#level) / this.#rate.perSecond) * 1000);
  }

  get full(): boolean {
    const idle = ((this.#clock.monotonic() - this.#at) / 1000) * this.#rate.perSecond;
    return this.#level + idle >= this.#rate.burst;
  }
}

/** One bucket for each name of something: an address, a member. Forgets those that are full again. */
export class Buckets {
  readonly #rate: Rate;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(rate: Rate, clock: Clock) {
    this.#rate = rate;
    this.#clock = clock;
  }

  take(name: string): number {
    let bucket = this.#buckets.get(name);
    if (bucket === undefined) {
      if (this.#buckets.size >= 10_000) this.#forgetFull();
      bucket = new Bucket(this.#rate, this.#clock);
      this.#buckets.set(name, bucket);
    }
    return bucket.take();
  }

  #forgetFull(): void {
    for (const [name, bucket] of this.#buckets) if (bucket.full) this.#buckets.delete(name);
  }
}

interface Failures {
  count: number;
  /** When the next try is allowed, on the monotonic clock. */
  until: number;
}

const LONGEST_WAIT_MS = 15 * 60_000;
const FORGET_AFTER_MS = 15 * 60_000;
const MOST_NAMES = 10_000;

/**
 * Wrong passwords: after a few free ones, each try waits twice as long as the one before, up to a quarter of an hour.
 * A delay, never a lock: whoever types a colleague's name wrongly on purpose must not shut them out, so the caller
 * counts each name together with the address the tries come from.
 */
export class WrongTries {
  readonly #free: number;
  readonly #clock: Clock;
  readonly #failures = new Map<string, Failures>();

  constructor(free: number, clock: Clock) {
    this.#free = free;
    this.#clock = clock;
  }

  /** Milliseconds until another try is allowed; 0 is now. */
  wait(name: string): number {
    const failures = this.#failures.get(name);
    return failures === undefined ? 0 : Math.max(0, Math.ceil(failures.until - this.#clock.monotonic()));
  }

  failed(name: string): void {
    const now = this.#clock.monotonic();
    const before = this.#failures.get(name);
    this.#failures.delete(name);
    if (this.#failures.size >= MOST_NAMES) this.#forgetSome(now);
    const count = before === undefined || now - before.until > FORGET_AFTER_MS ? 1 : before.count + 1;
    const wait = count < this.#free ? 0 : Math.min(LONGEST_WAIT_MS, 1000 * 2 ** (count - this.#free));
    this.#failures.set(name, { count, until: now + wait });
  }

  /** How many failures are forgotten by that. */
  succeeded(name: string): number {
    const count = this.#failures.get(name)?.count ?? 0;
    this.#failures.delete(name);
    return count;
  }

  /** Takes back so many failures, but not the wait for the last one. */
  forgive(name: string, count: number): void {
    const failures = this.#failures.get(name);
    if (failures === undefined) return;
    failures.count -= count;
    if (failures.count <= 0) this.#failures.delete(name);
  }

  /** Those that are over; and the oldest tenth, because a flood of names must not fill the memory. */
  #forgetSome(now: number): void {
    let surplus = MOST_NAMES / 10;
    for (const [name, { until }] of this.#failures) {
      if (surplus-- > 0 || now - until > FORGET_AFTER_MS) this.#failures.delete(name);
    }
  }
}
