// time limit: 300 s
// long time limit: 360 s
import { setTimeout as wait } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startExtension } from '../extensions/pages.ts';
import { engineOf, scratch } from '../support/processes.ts';
import { linkTo } from '../support/window.ts';
import { Hosted } from './hosted.ts';
import { settled } from './member.ts';
import { isLong, randomFrom, report, seed } from './trial.ts';

const sleeping = suite('A computer that sleeps and wakes');

/** Nobody is given up for the first; for the second everybody is. In seconds. */
const SLEEPS = isLong ? [10, 40] : [3];
const GIVEN_UP_S = 35;

if (process.platform === 'win32') console.log('▸ sleep: skipped, processes cannot be stopped here');

sleeping('as the host: what is written waits, and everybody is there again', async () => {
  if (process.platform === 'win32') return;
  const random = randomFrom(seed);
  const hosted = await Hosted.open(['ada', 'grace', 'edsger']);
  const { members } = hosted;
  for (const seconds of SLEEPS) {
    await hosted.write(random, 5);
    const before = members.map((member) => member.connections);
    hosted.host.child.kill('SIGSTOP');
    for (const member of members) await member.write();
    await wait(seconds * 1_000);
    hosted.host.child.kill('SIGCONT');
    const woken = performance.now();
    await settled(members);
    const anew = members.filter((member, i) => member.connections > (before[i] ?? 0)).length;
    if (seconds < GIVEN_UP_S) assert.is(anew, 0, 'a short sleep is nobody’s end');
    report(`host asleep for ${seconds} s`, {
      connectedAnew: anew,
      allBackAfterMs: Math.round(performance.now() - woken),
    });
  }
  report('host asleep, in all', await hosted.judge());
});

sleeping('as a member’s: what is written there and here arrives once', async () => {
  if (process.platform === 'win32') return;
  const random = randomFrom(seed);
  const hosted = await Hosted.open(['grace']);
  const extension = await startExtension({ directory: await scratch() });
  const link = linkTo(extension);
  const ada = await hosted.join('ada', hosted.address, { app: () => link });
  const [grace] = hosted.members;
  for (const seconds of SLEEPS) {
    await hosted.write(random, 5);
    const before = ada.connections;
    // With the computer, both of its processes.
    const both = [extension.child.pid ?? 0, engineOf(extension)];
    for (const pid of both) process.kill(pid, 'SIGSTOP');
    // A page whose extension sleeps cannot keep anything: it goes on when that wakes.
    const writing = ada.write();
    await grace?.write();
    await wait(seconds * 1_000);
    for (const pid of both) process.kill(pid, 'SIGCONT');
    const woken = performance.now();
    await writing;
    await settled(hosted.members);
    if (seconds < GIVEN_UP_S) assert.is(ada.connections, before, 'a short sleep is nobody’s end');
    report(`member asleep for ${seconds} s`, {
      connectedAnew: ada.connections - before,
      backAfterMs: Math.round(performance.now() - woken),
    });
  }
  report('member asleep, in all', await hosted.judge());
  await extension.stop();
});

sleeping.run();
