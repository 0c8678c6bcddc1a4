import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { happen, historyOf, type Outcome } from '../simulation/history.ts';

/** Many histories, on every processor: in processes of their own, because one that simulates has no other clock left. */

/** Hears what came of the history of a seed, and says whether that was enough. */
export type Told = (seed: number, outcome: Outcome) => boolean;

/** @throws when one of the processes ends before its last history. */
export async function happenAll(first: number, count: number, told: Told): Promise<void> {
  const abreast = availableParallelism();
  await Promise.all(
    Array.from({ length: abreast }, (_, i) => inAProcess(first + i, first + count, abreast, told)),
  );
}

/** Every `step`-th from `first` up to `end`. */
function inAProcess(first: number, end: number, step: number, told: Told): Promise<void> {
  const child = fork(fileURLToPath(import.meta.url), [first, end, step].map(String), {
    execArgv: ['--import', 'tsx'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  let isEnough = false;
  child.on('message', (said) => {
    const { seed, outcome } = said as { seed: number; outcome: Outcome };
    if (isEnough || !told(seed, outcome)) return;
    isEnough = true;
    kill();
  });
  return new Promise((resolve, reject) => {
    child.once('close', (code) => {
      process.off('exit', kill);
      if (isEnough || code === 0) resolve();
      else reject(new Error(`a simulation ended with ${code}`));
    });
  });
}

async function tell(first: number, end: number, step: number): Promise<void> {
  for (let seed = first; seed < end; seed += step) {
    const outcome = await happen(historyOf(seed));
    // What went well is not looked at.
    process.send?.({ seed, outcome: outcome.broken === null ? { ...outcome, trace: [] } : outcome });
  }
  process.disconnect();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [first = 0, end = 0, step = 1] = process.argv.slice(2).map(Number);
  await tell(first, end, step);
}
