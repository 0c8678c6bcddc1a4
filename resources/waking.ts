/** Ticks this often, and when so much more than that has passed, this computer has slept. In milliseconds. */
const TICK_MS = 1_000;
const SLEPT_MS = 5_000;

/**
 * Calls `woke` when this computer has slept, or is on a network again. A tab that a browser slowed down looks the same,
 * and so does a clock that was set: whoever listens should do nothing that costs much.
 *
 * @param now - wall clock in milliseconds: the other one stands still while a computer sleeps.
 */
export function watchWaking(woke: () => void, now: () => number = Date.now): void {
  let last = now();
  setInterval(() => {
    const slept = now() - last > TICK_MS + SLEPT_MS;
    last = now();
    if (slept) woke();
  }, TICK_MS);
  addEventListener('online', woke);
}
