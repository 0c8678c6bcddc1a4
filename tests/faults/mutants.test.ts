// time limit: 600 s
// long time limit: 1200 s
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { happen, historyOf } from '../simulation/history.ts';
import { MUTANTS, type Mutant } from '../simulation/mutants.ts';
import { effort, report, seed } from './trial.ts';

/** What watches over the promises is itself put to the test: programs that break one of them must be caught. */
const mutants = suite('A program that breaks a promise is caught when it');

/** In so many histories. */
const HISTORIES = 200;

for (const mutant of MUTANTS) {
  mutants(mutant.name, async () => {
    const { caught, tried, how } = await hunt(mutant);
    report(`mutant that ${mutant.name}`, { caught, 'of histories': tried, how: how.slice(0, 70) });
    assert.ok(caught > 0, `not caught in ${tried} histories`);
  });
}

/** In the short form until it is caught, in the long one through all histories, to see how often. */
async function hunt({ faults, breakPage }: Mutant): Promise<{ caught: number; tried: number; how: string }> {
  const mend = breakPage?.();
  const enough = effort(1, HISTORIES);
  let caught = 0;
  let tried = 0;
  let how = '';
  try {
    for (; tried < HISTORIES && caught < enough; tried++) {
      const { broken } = await happen(historyOf(seed + tried), faults);
      if (broken === null) continue;
      caught += 1;
      how ||= broken;
    }
  } finally {
    mend?.();
  }
  return { caught, tried, how };
}

mutants.run();
