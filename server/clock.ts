/** Time, handed in: tests set it. Nothing else in the host reads a clock or starts a timer. */
export interface Clock {
  /** Milliseconds since 1970. May jump: a label, never an order. */
  now(): number;
  /** Milliseconds that never go back. */
  monotonic(): number;
  /** Calls back once after `ms`; the answer undoes it. Never keeps the process alive. */
  after(ms: number, call: () => void): () => void;
  /** Calls back again and again; the answer ends it. */
  every(ms: number, call: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
  every(ms, call) {
    const timer = setInterval(call, ms);
    timer.unref();
    return () => clearInterval(timer);
  },
};
