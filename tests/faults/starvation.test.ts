// time limit: 300 s
// long time limit: 300 s
import { spawn, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { percentile } from '../support/percentile.ts';
import { scratch } from '../support/processes.ts';
import { Hosted, UNHURRIED } from './hosted.ts';
import { settled } from './member.ts';
import { effort, randomFrom, report, seed } from './trial.ts';

const starving = suite('On a computer that is busy with other things');

/** Two programs for each processor that do nothing but turn, and two that do nothing but write to the disk. */
async function begin(): Promise<ChildProcess[]> {
  const file = join(await scratch(), 'busy');
  const turn = 'for (;;);';
  const writing = (name: string) => `
    const fs = require('node:fs');
    const file = fs.openSync(${JSON.stringify(file)} + '${name}', 'w');
    const bytes = Buffer.alloc(256 * 1024, 1);
    for (;;) { fs.writeSync(file, bytes, 0, bytes.length, 0); fs.fsyncSync(file); }`;
  const programs = [...Array<string>(2 * availableParallelism()).fill(turn), writing('1'), writing('2')];
  return programs.map((text) => {
    const child = spawn(process.execPath, ['-e', text], { stdio: 'ignore' });
    process.once('exit', () => child.kill('SIGKILL'));
    return child;
  });
}

starving('nobody is thought dead, and everything arrives once', async () => {
  const random = randomFrom(seed);
  const hosted = await Hosted.open(['ada', 'grace', 'edsger', 'barbara'], { args: UNHURRIED });
  const { members, oracle } = hosted;
  await hosted.write(random, effort(20, 200));
  const quiet = [...oracle.answerTimes];
  const connections = members.map((member) => member.connections);
  const busy = await begin();
  try {
    await hosted.write(random, effort(60, 1_500));
    await settled(members);
  } finally {
    for (const child of busy) child.kill('SIGKILL');
  }
  const starved = oracle.answerTimes.slice(quiet.length);
  assert.equal(
    members.map((member) => member.connections),
    connections,
    'nobody had to come back',
  );
  report('processors and disk busy', {
    programs: busy.length,
    ...{ quietP50Ms: percentile(quiet, 0.5), quietP99Ms: percentile(quiet, 0.99) },
    ...{ p50Ms: percentile(starved, 0.5), p99Ms: percentile(starved, 0.99) },
    ...(await hosted.judge()),
  });
});

starving.run();
