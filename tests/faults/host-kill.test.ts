// time limit: 300 s
// long time limit: 3900 s
import { setTimeout as wait } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { program, scratch, start, startHost } from '../support/processes.ts';
import { until } from '../support/visitor.ts';
import { Hosted } from './hosted.ts';
import { between, effort, either, randomFrom, report, seed, type Random } from './trial.ts';

const killing = suite('A host that is killed');

const NAMES = ['ada', 'grace', 'edsger', 'barbara'];
const ROOMS = either(1, 2);
/** Of each; a thousand in all, with those of new rooms. */
const KILLS = effort(8, 450);
/** So often everybody is waited for, without a hand stirred, before the next kill. */
const PATIENCE_EVERY = either(5, 25);

killing('at any moment loses nothing that was acknowledged and doubles nothing', async () => {
  const rooms = await Promise.all(
    Array.from({ length: ROOMS }, (_, i) => writeThroughKills(randomFrom(seed + i))),
  );
  for (const figures of rooms) {
    assert.ok(figures.acknowledged > KILLS, 'there was something to lose');
    report('host killed', figures);
  }
});

async function writeThroughKills(random: Random) {
  const hosted = await Hosted.open(NAMES);
  const { members, oracle } = hosted;
  let over = false;
  const writing = members.map((member) =>
    member.keepWriting(
      random,
      members.filter((each) => each !== member),
      () => over,
    ),
  );
  const tried = { kills: 0, starting: 0, closing: 0, whileWriting: 0 };
  for (let round = 1; tried.kills < KILLS; round += 1) {
    const before = oracle.acknowledgements;
    // Of seven, five while it works, one while it closes, and one again while it starts.
    const when = round % 7;
    if (when !== 3 && when !== 5) {
      // In the middle of it: something was answered, and more is on its way.
      await until(() => oracle.acknowledgements > before + between(random, 0, 8), 'answers', 60_000);
      await wait(between(random, 0, 25));
      tried.whileWriting += 1;
    } else if (when === 3) {
      hosted.host.child.kill('SIGTERM');
      await wait(between(random, 0, 60));
      tried.closing += 1;
    }
    await hosted.kill();
    tried.kills += 1;
    if (when === 5) {
      await hosted.killInTheBeginning(between(random, 0, 400));
      tried.kills += 1;
      tried.starting += 1;
    }
    await hosted.restart();
    if (round % PATIENCE_EVERY === 0)
      await until(() => members.every(({ isIn }) => isIn), 'everybody to be back', 60_000);
    // Whoever has waited long already tries at once, as somebody does who sees that it is there again.
    else for (const { visitor } of members) visitor.visit.tryNow();
  }
  over = true;
  await Promise.all(writing);
  return { ...tried, ...(await hosted.judge()) };
}

killing('while it makes a new room leaves a folder in which the next one starts', async () => {
  const random = randomFrom(seed);
  const tries = effort(3, 100);
  let unfinished = 0;
  for (let i = 0; i < tries; i += 1) {
    const directory = await scratch();
    const args = ['--data', directory, '--port', '0', '--address', '127.0.0.1', '--no-announce', '--json'];
    const beginning = start(program('host'), args);
    let ready = false;
    void beginning.first.then(() => (ready = true)).catch(() => undefined);
    await wait(between(random, 50, 500));
    if (!ready) unfinished += 1;
    await beginning.stop('SIGKILL');
    const next = await startHost(directory);
    assert.ok(next.owner !== null);
    assert.is(await next.stop(), 0);
  }
  report('host killed before its room was made', { tried: tries, unfinished, failedStarts: 0 });
});

killing.run();
