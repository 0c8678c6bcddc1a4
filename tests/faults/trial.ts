import { eitherOf } from '../support/either.ts';

/**
 * What fault tests share: how much is tried, from which seed, and the one line of figures that each leaves.
 *
 * `npm test` tries a little of everything; `npm run faults` (SALON_FAULTS=long) as much as the promise is worth, or with
 * `SALON_SHARE=0.1` a tenth of that. `SALON_SEED=n` tries another history.
 */
export const isLong = process.env['SALON_FAULTS'] === 'long';
export const seed = Number(process.env['SALON_SEED'] ?? 20_261_130);

const share = Number(process.env['SALON_SHARE'] ?? 1);

/** How often, in the short form and in the long one. */
export function effort(short: number, long: number): number {
  return isLong ? Math.max(short, Math.round(long * share)) : short;
}

/** What does not count how often, in the short form and in the long one. */
export const either = eitherOf(isLong);

export type Random = () => number;

/** Evenly from 0 (inclusive) to 1, the same for the same seed on every computer: mulberry32. */
export function randomFrom(start: number): Random {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A whole number from `from` up to, and with, `to`. */
export function between(random: Random, from: number, to: number): number {
  return from + Math.floor(random() * (to - from + 1));
}

/** What was tried and what came of it, in one line that the runner shows also when all is well. */
export function report(fault: string, figures: Readonly<Record<string, number | string>>): void {
  const told = Object.entries(figures).map(
    ([name, value]) => `${name} ${typeof value === 'number' ? Number(value.toFixed(2)) : value}`,
  );
  const part = isLong && share !== 1 ? `, ${share} of the whole` : '';
  console.log(`\n▸ ${fault}: ${told.join(', ')} (seed ${seed}${part})`);
}
