import { eitherOf } from '../support/either.ts';
import { isQuick, Report, round } from './measure.ts';

export { isQuick, median, percentile, round } from './measure.ts';

/** What the interface's benchmarks share: how much is tried, what is made of the figures, and how they are told. */

export const effort = eitherOf(!isQuick);

/** One figure. Machines are shared and slow in their own ways: `ratio`, to `reference` in the same run, is what counts. */
export interface Row {
  what: string;
  value: number;
  unit: string;
  /** The same figure of what is compared with; null where the value needs no other. */
  reference: number | null;
  ratio: number | null;
  /** What was aimed at, in words; empty for none. */
  target: string;
}

export function row(
  what: string,
  value: number,
  unit: string,
  { reference = null, target = '' }: { reference?: number | null; target?: string } = {},
): Row {
  const ratio = reference === null || reference === 0 ? null : round(value / reference, 2);
  return {
    ...{ what, value: round(value), unit, reference: reference === null ? null : round(reference), ratio },
    target,
  };
}

/** Lines for people, and what goes into `build/bench` for whoever puts them together. */
export function report(name: string, rows: readonly Row[], notes: readonly string[] = []): void {
  const told = new Report(name);
  for (const { what, value, unit, reference, ratio, target } of rows) {
    const compared = reference === null ? '–' : `${reference} ${unit} (× ${ratio ?? '–'})`;
    told.add({ what: `${name}: ${what}`, measured: `${value} ${unit}`, reference: compared, target });
  }
  Object.assign(told.figures, { rows, notes });
  told.write();
  for (const note of notes) process.stdout.write(`  ${note}\n`);
}

/** Frames and times of a browser without a graphics card are not those of a desktop; ratios still tell. */
export const NO_GPU =
  'headless Chromium without a GPU: it draws on the processor, so compare ratios, not times';
