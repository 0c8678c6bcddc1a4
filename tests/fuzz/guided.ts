import { randomFrom, type Random } from '../faults/trial.ts';
import { Coverage } from './coverage.ts';
import { mutant } from './mutate.ts';

/** Something that reads what others wrote. */
export interface Target {
  name: string;
  /** The ends of the names of the source files in which new ground is looked for. */
  files: readonly string[];
  /** Good inputs to begin with. */
  seeds: readonly (string | Uint8Array)[];
  /** What its language is made of. */
  words: readonly string[];
  /** Reads one input, and throws when what came of it is not as it should be. */
  run: (input: Buffer) => void;
}

export interface Fuzzed {
  runs: number;
  /** Inputs that were kept because they led somewhere new. */
  corpus: number;
  /** Characters of the files' source that ran. */
  reached: number;
  failures: Failure[];
}

export interface Failure {
  input: Buffer;
  error: unknown;
}

/** So many inputs between two looks at the counters, which cost more than an input does. */
const BATCH = 24;
const MOST_FAILURES = 5;

/**
 * Changes the seeds at random, and goes on from whatever reaches a block that nothing reached before. Without `guided`
 * every input is made of the seeds alone: to see what the guiding is worth.
 */
export function fuzz(target: Target, { runs, seed, guided = true }: FuzzOptions): Fuzzed {
  const random: Random = randomFrom(seed);
  const corpus: Buffer[] = target.seeds.map((input) => Buffer.from(input));
  const failures: Failure[] = [];
  const run = (input: Buffer) => {
    try {
      target.run(Buffer.from(input));
    } catch (error) {
      if (failures.length < MOST_FAILURES) failures.push({ input, error });
    }
  };
  const coverage = new Coverage(target.files);
  corpus.forEach(run);
  coverage.add(coverage.take());
  let done = 0;
  while (done < runs && failures.length < MOST_FAILURES) {
    const batch = Array.from({ length: Math.min(BATCH, runs - done) }, () =>
      mutant(random, { words: target.words, corpus }),
    );
    batch.forEach(run);
    done += batch.length;
    const ran = coverage.take();
    if (guided && coverage.isNew(ran)) {
      // Which of them was it? Each runs again, alone.
      const leading = batch.filter((input) => {
        run(input);
        return coverage.add(coverage.take()) > 0;
      });
      corpus.push(...leading);
    }
    coverage.add(ran);
  }
  const { reached } = coverage;
  return { runs: done, corpus: corpus.length, reached, failures };
}

export interface FuzzOptions {
  runs: number;
  seed: number;
  guided?: boolean;
}
