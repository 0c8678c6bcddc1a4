import type { Clock } from './clock.ts';
import type { Timestamp } from './protocol/entities.ts';

/** Guests are let in for a week at most. In milliseconds. */
export const GUESTS_AT_MOST_MS = 7 * 24 * 60 * 60_000;
const LOOK_MS = 1_000;

/**
 * How long guests may stay. The time is up when the computer's clock says so, and also when so much time has passed as
 * it was set for: a clock that is put back keeps nobody in.
 */
export class GuestTime {
  readonly #clock: Clock;
  #until: Timestamp | null = null;
  /** On the monotonic clock. */
  #deadline = 0;
  readonly #stop: () => void;

  /** `timeIsUp` is called again and again until somebody sets another time. */
  constructor(clock: Clock, timeIsUp: () => void) {
    this.#clock = clock;
    this.#stop = clock.every(LOOK_MS, () => {
      if (this.isUp) timeIsUp();
    });
  }

  set(until: Timestamp | null): void {
    if (until === this.#until) return;
    this.#until = until;
    const left = until === null ? 0 : until - this.#clock.now();
    // More than anybody can set: the clock was put back while the host was away.
    this.#deadline = this.#clock.monotonic() + (left > GUESTS_AT_MOST_MS ? 0 : left);
  }

  get isUp(): boolean {
    return this.#until !== null && !this.isOpen;
  }

  /** Whether guests may come in and stay. */
  get isOpen(): boolean {
    return (
      this.#until !== null && this.#clock.now() < this.#until && this.#clock.monotonic() < this.#deadline
    );
  }

  close(): void {
    this.#stop();
  }
}
