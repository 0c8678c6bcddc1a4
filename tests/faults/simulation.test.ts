// time limit: 600 s
// long time limit: 1500 s
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { VirtualClock } from '../simulation/clock.ts';
import { takeOver } from '../simulation/globals.ts';
import { happen, historyOf, type History, type Outcome } from '../simulation/history.ts';
import { makeStep } from '../simulation/steps.ts';
import { World } from '../simulation/world.ts';
import { happenAll } from './histories.ts';
import { effort, isLong, randomFrom, report, seed } from './trial.ts';

/**
 * The real page and the real host, with another clock, network and disk: whatever happens to them, in whatever order,
 * nothing that was promised is broken. `SALON_SEED=n` begins with history n.
 */
const simulation = suite('In a simulated room');

/** Histories that once broke a promise. The same numbers stand for others once the steps are made in another way. */
const ONCE_BROKEN: readonly number[] = [
  6, 22, 71, 84, 213, 276, 294, 20_261_180, 20_261_355, 20_263_196, 20_264_083, 20_268_282,
];
/** How much of a history is shown when it went wrong. */
const SHOWN = 60;
/** After so many broken histories the rest would tell nothing new. */
const ENOUGH = 3;

class Tally {
  readonly broken: string[] = [];
  #began = performance.now();
  #histories = 0;
  #sum = { events: 0, frames: 0, messages: 0, acknowledged: 0, crashes: 0, virtualMs: 0 };

  add({ seed: number, steps }: History, outcome: Outcome): void {
    const { broken, trace, happened, frames, posted, acknowledged, crashes, virtualMs } = outcome;
    this.#histories += 1;
    this.#sum.events += happened;
    this.#sum.frames += frames;
    this.#sum.messages += posted;
    this.#sum.acknowledged += acknowledged;
    this.#sum.crashes += crashes;
    this.#sum.virtualMs += virtualMs;
    if (broken === null) return;
    const last = trace.slice(-SHOWN).join('\n  ');
    this.broken.push(
      `history ${number} of ${steps.length} steps (SALON_SEED=${number}): ${broken}\n  ${last}`,
    );
  }

  report(fault: string): void {
    const { virtualMs, events, ...sum } = this.#sum;
    const seconds = (performance.now() - this.#began) / 1000;
    report(fault, {
      histories: this.#histories,
      'virtual hours': (virtualMs / 3_600_000).toFixed(1),
      events,
      ...sum,
      'broken promises': this.broken.length,
      'histories/s': (this.#histories / seconds).toFixed(0),
      'events/s': (events / seconds).toFixed(0),
    });
  }
}

simulation('equal seeds give equal histories', async () => {
  const first = await happen(historyOf(seed));
  const second = await happen(historyOf(seed));
  assert.equal(second, first);
});

simulation('what once broke a promise breaks none any more', async () => {
  for (const number of ONCE_BROKEN)
    assert.is((await happen(historyOf(number))).broken, null, `history ${number}`);
});

simulation('nothing is lost, doubled, out of order or told to others, whatever happens', async () => {
  const tally = new Tally();
  if (isLong)
    await happenAll(seed, effort(300, 10_000), (number, outcome) => {
      tally.add(historyOf(number), outcome);
      return tally.broken.length >= ENOUGH;
    });
  for (let number = seed; !isLong && number < seed + 300 && tally.broken.length < ENOUGH; number++) {
    const history = historyOf(number);
    tally.add(history, await happen(history));
  }
  tally.report('simulated histories');
  assert.equal(tally.broken.join('\n\n'), '');
});

simulation('whoever wakes up on a connection that is gone is back within seconds', async () => {
  const limitMs = 10_000;
  let slowestMs = 0;
  const wakings = effort(20, 200);
  for (let number = seed; number < seed + wakings; number++) {
    const clock = new VirtualClock(number);
    const giveBack = takeOver(clock);
    try {
      const world = new World(clock, 2);
      const isIn = () => world.pages.every(({ visit }) => visit.status === 'in');
      assert.ok(await clock.run(60_000, isIn), 'nobody came in');
      world.take({ waitMs: 0, on: 'line', kind: 'cut', who: 0, tab: 0, clientMs: null, hostMs: null });
      world.take({ waitMs: 0, on: 'room', kind: 'sleep', who: 0, ms: 15_000 });
      await clock.pass(15_000);
      const woke = clock.now;
      assert.ok(await clock.run(limitMs, () => !isIn()), 'it was not noticed');
      assert.ok(await clock.run(limitMs, isIn), 'nobody came back');
      slowestMs = Math.max(slowestMs, clock.now - woke);
    } finally {
      giveBack();
    }
  }
  report('waking up on a dead connection', { wakings, 'slowest way back in ms': Math.round(slowestMs) });
});

/** A history whose steps can be left out one by one, until only those are left that matter. */
const anyHistory = fc
  .record({
    seed: fc.noShrink(fc.nat()),
    people: fc.integer({ min: 2, max: 4 }),
    steps: fc.array(fc.noShrink(fc.nat()), { minLength: 10, maxLength: 80, size: 'max' }),
  })
  .map(({ steps, ...rest }): History => {
    return { ...rest, steps: steps.map((each) => makeStep(randomFrom(each), rest.people)) };
  });

simulation('of any sequence of steps that breaks a promise the shortest is told', async () => {
  const tally = new Tally();
  const runs = { numRuns: effort(60, 5_000), seed };
  const failure = await fc.check(
    fc.asyncProperty(anyHistory, async (history) => {
      const outcome = await happen(history);
      tally.add(history, outcome);
      assert.is(outcome.broken, null);
    }),
    runs,
  );
  tally.report('sequences of steps');
  const [shortest] = failure.counterexample ?? [];
  assert.not(failure.failed, shortest && JSON.stringify(shortest.steps, null, 1));
});

simulation.run();
