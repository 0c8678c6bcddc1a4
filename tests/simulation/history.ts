import { between, randomFrom } from '../faults/trial.ts';
import { VirtualClock } from './clock.ts';
import { takeOver } from './globals.ts';
import { comeToRest, judge } from './rest.ts';
import { makeSteps, type Step } from './steps.ts';
import { World, type Faults } from './world.ts';

export interface History {
  seed: number;
  people: number;
  steps: readonly Step[];
}

export interface Outcome {
  /** What was promised and is not so; null when all is well. */
  broken: string | null;
  /** Everything that was done. */
  trace: readonly string[];
  posted: number;
  acknowledged: number;
  /** How often the host, or a tab, went from one moment to the next. */
  crashes: number;
  frames: number;
  happened: number;
  virtualMs: number;
}

/** The history of a seed: always the same. */
export function historyOf(seed: number, steps = 100): History {
  const random = randomFrom(seed);
  const people = between(random, 2, 4);
  return { seed, people, steps: makeSteps(random, steps, people) };
}

/** Lets a history happen, and says whether everybody was given what they were promised. */
export async function happen({ seed, people, steps }: History, faults: Faults = {}): Promise<Outcome> {
  const clock = new VirtualClock(seed ^ 0x5a10);
  const giveBack = takeOver(clock);
  const stray: unknown[] = [];
  const note = (error: unknown) => stray.push(error);
  process.on('unhandledRejection', note);
  const world = new World(clock, people, faults);
  let broken: string | null = null;
  try {
    for (const step of steps) {
      await clock.pass(step.waitMs);
      world.take(step);
    }
    world.settle();
    await comeToRest(world);
    await judge(world);
  } catch (error) {
    broken = textOf(error);
  } finally {
    giveBack();
  }
  // Promises that nobody heard are told of when the turn is over.
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', note);
  const [bug] = [...world.bugs, ...stray];
  return {
    broken: world.oracle.broken ?? broken ?? (bug === undefined ? null : textOf(bug)),
    trace: world.trace,
    posted: world.oracle.written.length,
    acknowledged: world.oracle.acknowledged,
    crashes: steps.filter(({ kind }) => kind === 'crash' || kind === 'reload').length,
    frames: world.oracle.frames,
    happened: clock.happened,
    virtualMs: clock.now,
  };
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'Broken' ? error.message : (error.stack ?? error.message);
}
