import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { percentile } from '../support/percentile.ts';

export { percentile };

/** What benchmarks share: rounds, medians, what a process cost, and where the figures go. */

/** `--quick`: fewer rounds of less, to see that all runs and roughly how. `--smallest`: one round of next to nothing. */
export const isSmallest = process.argv.includes('--smallest');
export const isQuick = isSmallest || process.argv.includes('--quick');

/** By how much is tried: in full, quickly, or only just. */
export function extent<T>(full: T, quick: T, smallest: T): T {
  return isSmallest ? smallest : isQuick ? quick : full;
}

export const ROUNDS = extent(5, 2, 1);

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

type Subjects = Readonly<Record<string, () => Promise<Record<string, number>>>>;

/** Each in turn, again and again, so that whatever else this computer does meets all alike. The medians of each. */
export async function alternately<S extends Subjects>(
  subjects: S,
  rounds = ROUNDS,
): Promise<{ [N in keyof S]: Awaited<ReturnType<S[N]>> }> {
  const measured = new Map<string, Record<string, number>[]>();
  for (let turn = 0; turn < rounds; turn += 1) {
    for (const [name, measure] of Object.entries(subjects)) {
      measured.set(name, [...(measured.get(name) ?? []), await measure()]);
    }
  }
  const told = [...measured].map(([name, figures]) => [name, medians(figures)] as const);
  // Each has the figures that its own function gave.
  return Object.fromEntries(told) as { [N in keyof S]: Awaited<ReturnType<S[N]>> };
}

function medians(figures: readonly Record<string, number>[]): Record<string, number> {
  const keys = Object.keys(figures[0] ?? {});
  return Object.fromEntries(keys.map((key) => [key, median(figures.map((each) => each[key] ?? 0))]));
}

const TICKS_PER_SECOND = 100;

/** What a process has spent so far, its threads included: user and system, in seconds. To a hundredth. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** What a process holds in memory now, in KiB. */
export function residentKiB(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0);
}

/** Keeps a process with all its threads on one core, where there are several and `taskset` is there. */
export function pin(pid: number, core: 0 | 1): void {
  if (availableParallelism() < 2) return;
  try {
    execFileSync('taskset', ['-acp', String(core), String(pid)], { stdio: 'ignore' });
  } catch {
    // Then the system decides.
  }
}

export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** One line of the table in docs/BENCHMARKS.md. */
export interface Row {
  what: string;
  /** What was measured, with its unit. */
  measured: string;
  /** The reference of the same run, and the ratio to it. */
  reference: string;
  target: string;
}

export function round(value: number, digits = 2): number {
  return Number(value.toPrecision(Math.max(digits, Math.ceil(Math.log10(Math.abs(value) + 1)))));
}

export const thousands = (value: number) => round(value, 3).toLocaleString('en');

export const ratio = (subject: number, reference: number) => `${round(subject / reference)} ×`;

/** What one benchmark found: a line for each row as it comes, and `build/bench/<name>.json` at the end, or `<name>.quick.json`. */
export class Report {
  readonly name: string;
  readonly rows: Row[] = [];
  readonly figures: Record<string, unknown> = {};

  constructor(name: string) {
    this.name = name;
  }

  add(row: Row): void {
    this.rows.push(row);
    process.stdout.write(`${rowText(row)}\n`);
  }

  write(): void {
    const folder = fileURLToPath(new URL('../../build/bench/', import.meta.url));
    mkdirSync(folder, { recursive: true });
    const { name, rows, figures } = this;
    const about = { name, quick: isQuick, node: process.version, cores: availableParallelism() };
    // What was only tried does not take the place of what was measured.
    const file = `${folder}${name}${isQuick ? '.quick' : ''}.json`;
    writeFileSync(file, `${JSON.stringify({ ...about, rows, figures }, null, 2)}\n`);
  }
}

export function rowText({ what, measured, reference, target }: Row): string {
  return `| ${what} | ${measured} | ${reference} | ${target} |`;
}
