/**
 * How long to wait before attempt `n` (0 is the first) to reach the host again, in milliseconds.
 *
 * The first is at once. Then the limit doubles from 250 ms to 15 s and the wait is drawn anywhere below it: the laptops
 * of one office that lose their host together must not come back together.
 */
export function retryDelay(n: number, random: () => number = Math.random): number {
  if (n === 0) return 0;
  const limit = Math.min(15_000, 250 * 2 ** (n - 1));
  return Math.round(limit * (0.2 + 0.8 * random()));
}
