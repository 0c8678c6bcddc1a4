const EVERY_MS = 2_000;
/** A busy computer is late by less. */
const DRIFT_MS = 5_000;

/**
 * Calls back when the clock has moved on by much more, or less, than the time that was waited: this computer has slept, or
 * somebody set its clock. The clock on the wall tells, because others may stand still in sleep.
 */
export function watchDrift(drifted: () => void): () => void {
  let at = Date.now();
  const timer = setInterval(() => {
    const passedMs = Date.now() - at;
    at += passedMs;
    if (Math.abs(passedMs - EVERY_MS) > DRIFT_MS) drifted();
  }, EVERY_MS);
  return () => clearInterval(timer);
}
