import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What the interface's benchmarks share: how much is tried, what is made of the figures, and how they are told. */

/** `--quick`: enough to see whether something broke, not to be quoted. */
export const isQuick = process.argv.includes('--quick');

/** How much, in the quick form and in the full one. */
export function effort(quick: number, full: number): number {
  return isQuick ? quick : full;
}

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

const FOLDER = fileURLToPath(new URL('../../build/bench/', import.meta.url));

/** One line for programs, lines for people, and `build/bench/<name>.json` for whoever puts them together. */
export function report(name: string, rows: readonly Row[], notes: readonly string[] = []): void {
  const told = { name, quick: isQuick, rows, notes };
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${FOLDER}${name}.json`, `${JSON.stringify(told, null, 2)}\n`);
  process.stdout.write(`${JSON.stringify(told)}\n`);
  for (const { what, value, unit, reference, ratio, target } of rows) {
    const compared = reference === null ? '' : `, reference ${reference} ${unit}, ratio ${ratio ?? '–'}`;
    process.stdout.write(
      `▸ ${name}: ${what} ${value} ${unit}${compared}${target === '' ? '' : ` (target ${target})`}\n`,
    );
  }
  for (const note of notes) process.stdout.write(`  ${note}\n`);
}

/** Frames and times of a browser without a graphics card are not those of a desktop; ratios still tell. */
export const NO_GPU =
  'headless Chromium without a GPU: it draws on the processor, so compare ratios, not times';

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export function round(value: number, digits = 1): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
