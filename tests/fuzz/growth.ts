/** How much more work twice as much takes. */
export interface Reading {
  what: string;
  /** The largest size there is, in whatever it is counted in. */
  most: number;
  read: (size: number) => unknown;
}

/** Less would be lost in what else a processor does. In microseconds. */
const ENOUGH = 4_000;
const TRIES = 7;

/**
 * Twice as much in how many times the processor's time: 2 when it grows as the input does, 4 with its square. The least
 * of several tries, because whatever else runs can only add to it.
 */
export function growth({ most, read }: Reading): number {
  const half = Math.floor(most / 2);
  let times = 1;
  while (cost(() => read(half), times) < ENOUGH && times < 100_000) times *= 2;
  const least = (size: number) =>
    Math.min(...Array.from({ length: TRIES }, () => cost(() => read(size), times)));
  return least(most) / least(half);
}

function cost(work: () => unknown, times: number): number {
  const before = process.cpuUsage();
  for (let n = 0; n < times; n += 1) work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
