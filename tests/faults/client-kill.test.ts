// time limit: 300 s
// long time limit: 1200 s
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { AppLink } from '../../resources/app-link.ts';
import { startExtension, type Started } from '../extensions/pages.ts';
import { scratch } from '../support/processes.ts';
import { until } from '../support/visitor.ts';
import { linkTo } from '../support/window.ts';
import { Hosted, UNHURRIED } from './hosted.ts';
import type { Member } from './member.ts';
import { between, effort, randomFrom, report, seed } from './trial.ts';

const killing = suite('A program that is killed with its page');

const STEPS = fileURLToPath(new URL('./steps.cjs', import.meta.url));
const KILLS = effort(8, 500);
/** Written and sent between two kills; each takes the computer eight steps to keep, and one to forget. */
const MESSAGES = 5;
const STEPS_OF_ONE = 8;

/** One computer: a folder, and whichever extension runs on it just now. */
class Desktop {
  readonly directory: string;
  extension: Started | null = null;
  #link: AppLink | null = null;

  constructor(directory: string) {
    this.directory = directory;
  }

  get keep(): string {
    return join(this.directory, 'keep');
  }

  /** @throws when it dies before its page can be there. */
  async start(env: NodeJS.ProcessEnv = {}): Promise<void> {
    const watched = { NODE_OPTIONS: `--require ${STEPS}`, SALON_STEPS_IN: this.keep };
    this.extension = await startExtension({ directory: this.directory, env: { ...watched, ...env } });
    this.#link = linkTo(this.extension);
  }

  link = (): AppLink => {
    if (this.#link === null) throw new Error('not started');
    return this.#link;
  };
}

/** Writes until its program dies, or all is sent. What this computer could not keep any more may be lost with it. */
async function writeUntilDeath(ada: Member, grace: Member, dead: () => boolean): Promise<string[]> {
  await Promise.race([ada.visitor.reload().catch(() => undefined), until(dead, 'its end', 60_000)]);
  await until(() => dead() || ada.isIn, 'ada to be in', 60_000);
  const unkept: string[] = [];
  for (let i = 0; i < MESSAGES && !dead(); i += 1) {
    const body = await ada.write(i % 3 === 0 ? [grace] : []);
    const { pending } = ada.visitor.room.outbox;
    if (pending.some((item) => item.body === body && item.unkept === true)) unkept.push(body);
  }
  await until(() => dead() || ada.isSettled, 'the messages to leave', 60_000);
  return unkept;
}

killing('between any two steps of keeping loses nothing that was kept, and doubles nothing', async () => {
  const random = randomFrom(seed);
  // What is kept and never sent, because each program dies too soon, gathers: at the end it is more than one may hurry.
  const hosted = await Hosted.open(['grace'], { args: UNHURRIED });
  const [grace] = hosted.members as [Member];
  const desktop = new Desktop(await scratch());
  await desktop.start();
  const ada = await hosted.join('ada', hosted.address, { app: desktop.link });
  const tried = { kills: 0, starting: 0, atSteps: 0, outsideOfSteps: 0, unkept: 0 };
  const stepsTried = new Set<number>();
  for (; tried.kills < KILLS; tried.kills += 1) {
    ada.leave();
    await desktop.extension?.stop('SIGKILL');
    // Every step of the first messages in its turn; in the short form some of them.
    const most = MESSAGES * (STEPS_OF_ONE + 1);
    const step = KILLS >= most ? (tried.kills % most) + 1 : between(random, 1, most);
    try {
      await desktop.start({ SALON_DIE_BEFORE: String(step) });
    } catch {
      // Its first step may be to clear away what it was killed in the middle of the last time.
      tried.starting += 1;
      continue;
    }
    let dead = false;
    void desktop.extension?.ended.then(() => (dead = true));
    const unkept = await writeUntilDeath(ada, grace, () => dead);
    for (const body of unkept) hosted.oracle.mayBeMissing(body);
    tried.unkept += unkept.length;
    if (dead) stepsTried.add(step);
    tried[dead ? 'atSteps' : 'outsideOfSteps'] += 1;
  }
  ada.leave();
  await desktop.extension?.stop('SIGKILL');
  await desktop.start();
  await ada.visitor.reload();
  const judged = await hosted.judge();
  await desktop.extension?.stop();
  report('program killed', { ...tried, differentSteps: stepsTried.size, ...judged });
  assert.ok(tried.atSteps > KILLS / 2, 'killed where it counts');
  assert.equal(leftIn(desktop.keep), [], 'nothing is left that was sent');
});

/** What is kept of messages, whole or not. */
function leftIn(folder: string): string[] {
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .filter((text) => !/^\["(token|people|mark)\//.test(text));
}

killing('has a message on disk, under its name, before it is sent', async () => {
  const hosted = await Hosted.open(['grace']);
  const desktop = new Desktop(await scratch());
  const log = join(await scratch(), 'steps');
  await desktop.start({ SALON_STEPS_LOG: log });
  const ada = await hosted.join('ada', hosted.address, { app: desktop.link });
  const before = readFileSync(log, 'utf8').length;
  await ada.write();
  await until(() => ada.isSettled, 'the message to leave');
  await wait(100);
  const steps = readFileSync(log, 'utf8')
    .slice(before)
    .trim()
    .split('\n')
    .map((line) => line.replace(/\/.+\.json/, '/*'));
  assert.equal(
    steps.join(', '),
    [
      'openSync /*.new, writeSync /*.new, fsyncSync /*.new, closeSync /*.new, renameSync /*.new',
      'openSync , fsyncSync , closeSync ',
      'rmSync /*',
    ].join(', '),
  );
  await hosted.judge();
  await desktop.extension?.stop();
});

killing.run();
