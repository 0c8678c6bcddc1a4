// time limit: 120 s
// long time limit: 900 s
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as frames from '../fuzz/frames.ts';
import { fuzz, type Target } from '../fuzz/guided.ts';
import * as joining from '../fuzz/joining.ts';
import * as nearby from '../fuzz/nearby.ts';
import * as text from '../fuzz/text.ts';
import { effort, report, seed } from './trial.ts';

const TARGETS: Target[] = [frames, joining, nearby, text].flatMap((module) =>
  Object.values(module).filter((each): each is Target => typeof each === 'object' && 'run' in each),
);

const fuzzing = suite('Whatever is read');

for (const target of TARGETS) {
  fuzzing(`as ${target.name} is understood or refused, and nothing else`, () => {
    const began = process.memoryUsage().heapUsed;
    const { runs, corpus, reached, failures } = fuzz(target, { runs: effort(2_000, 100_000), seed });
    report(`fuzzing ${target.name}`, { runs, corpus, reached });
    for (const { input, error } of failures)
      console.log(`${target.name}: ${JSON.stringify(input.toString())} ${input.toString('base64')}\n`, error);
    assert.is(failures.length, 0, JSON.stringify(failures[0]?.input.toString()));
    void began;
  });
}

fuzzing.run();
