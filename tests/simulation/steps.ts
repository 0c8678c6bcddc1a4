import { between, type Random } from '../faults/trial.ts';

/** What somebody, or the world, does next, and how long after the step before. */
export type Step = { waitMs: number } & Deed;

/** `who` is a person, `tab` which of their tabs. Whoever is not there does nothing. */
type Somebody = { who: number; tab: number };

export type Deed = Use | Trouble | Upheaval;

/** What a person does with the page before them. */
export type Use = { on: 'page' } & Somebody &
  (
    | { kind: 'post' }
    | { kind: 'tell'; to: number[] }
    | { kind: 'withdraw' }
    | { kind: 'rename' }
    | { kind: 'presence'; presence: 'here' | 'away' }
    | { kind: 'type' }
    /** Turns to another conversation, to the beginning, upwards, back to the end, or away from the screen. */
    | { kind: 'read'; what: 'lobby' | 'direct' | 'start' | 'up' | 'end' | 'away' | 'back' }
  );

/** What happens to one page and its connection. */
export type Trouble = { on: 'line' } & Somebody &
  (
    | { kind: 'cut'; clientMs: number | null; hostMs: number | null }
    | { kind: 'stall'; ms: number }
    | { kind: 'partition'; ms: number }
    /** The page reads nothing of what it is sent. */
    | { kind: 'stopReading'; ms: number }
    /** The tab dies and is opened again. */
    | { kind: 'reload'; ms: number }
  );

/** What happens to a computer, or to the host. */
export type Upheaval = { on: 'room' } &
  /** Another tab of the same browser, for a while. */
  (
    | { kind: 'secondTab'; who: number; ms: number }
    | { kind: 'sleep'; who: number; ms: number }
    /** Somebody sets a computer's clock; `who` is null for the host's. */
    | { kind: 'setClock'; who: number | null; ms: number }
    | { kind: 'crash'; ms: number; dark: boolean }
    | { kind: 'close'; ms: number }
    /** The host's disk is copied; the host goes away, and comes back with the copy. */
    | { kind: 'backUp' }
    | { kind: 'restore'; ms: number }
    /** Nothing can be written, or with `reads` nothing be read either: the host says so, and that it may be tried again. */
    | { kind: 'refuse'; reads: boolean; ms: number }
  );

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

type Make = (random: Random, people: number) => Deed;

const somebody = (random: Random, people: number): Somebody => ({
  who: between(random, 0, people - 1),
  tab: random() < 0.75 ? 0 : 1,
});
const shortly = (random: Random) => Math.floor(random() ** 3 * 8_000);
/** Long enough, now and then, for everybody to give up waiting. */
const long = (random: Random) => Math.floor(random() ** 2 * 60_000);
const learns = (random: Random) =>
  random() < 0.5 ? between(random, 0, 40) : random() < 0.6 ? shortly(random) : null;

/** How often each kind comes, among the others. */
const DEEDS: readonly (readonly [weight: number, make: Make])[] = [
  [34, (random, people) => ({ on: 'page', kind: 'post', ...somebody(random, people) })],
  [
    18,
    (random, people) => {
      const to = Array.from({ length: people }, (_, who) => who).filter(() => random() < 0.4);
      return { on: 'page', kind: 'tell', to: to.length > 0 ? to : [0], ...somebody(random, people) };
    },
  ],
  [5, (random, people) => ({ on: 'page', kind: 'withdraw', ...somebody(random, people) })],
  [2, (random, people) => ({ on: 'page', kind: 'rename', ...somebody(random, people) })],
  [
    2,
    (random, people) => ({
      on: 'page',
      kind: 'presence',
      presence: random() < 0.5 ? 'here' : 'away',
      ...somebody(random, people),
    }),
  ],
  [1, (random, people) => ({ on: 'page', kind: 'type', ...somebody(random, people) })],
  [
    8,
    (random, people) => {
      const ways = ['lobby', 'direct', 'direct', 'start', 'up', 'end', 'end', 'away', 'back'] as const;
      return {
        on: 'page',
        kind: 'read',
        what: ways[between(random, 0, ways.length - 1)] ?? 'end',
        ...somebody(random, people),
      };
    },
  ],
  [
    9,
    (random, people) => ({
      on: 'line',
      kind: 'cut',
      clientMs: learns(random),
      hostMs: learns(random),
      ...somebody(random, people),
    }),
  ],
  [4, (random, people) => ({ on: 'line', kind: 'stall', ms: shortly(random), ...somebody(random, people) })],
  [2, (random, people) => ({ on: 'line', kind: 'partition', ms: long(random), ...somebody(random, people) })],
  [
    3,
    (random, people) => ({ on: 'line', kind: 'stopReading', ms: long(random), ...somebody(random, people) }),
  ],
  [4, (random, people) => ({ on: 'line', kind: 'reload', ms: shortly(random), ...somebody(random, people) })],
  [
    2,
    (random, people) => ({
      on: 'room',
      kind: 'secondTab',
      who: between(random, 0, people - 1),
      ms: long(random),
    }),
  ],
  [
    1,
    (random, people) => ({
      on: 'room',
      kind: 'sleep',
      who: between(random, 0, people - 1),
      ms: long(random),
    }),
  ],
  [
    2,
    (random, people) => {
      const isHost = random() < 0.4;
      // A host's clock that jumps by a month ends everybody's session, which is another story.
      const most = isHost ? 5 * DAY_MS : 400 * DAY_MS;
      return {
        on: 'room',
        kind: 'setClock',
        who: isHost ? null : between(random, 0, people - 1),
        ms: Math.round((random() * 2 - 1) * (random() < 0.5 ? HOUR_MS : most)),
      };
    },
  ],
  [2, (random) => ({ on: 'room', kind: 'crash', ms: shortly(random), dark: random() < 0.3 })],
  [1, (random) => ({ on: 'room', kind: 'close', ms: shortly(random) })],
  [2, (random) => ({ on: 'room', kind: 'refuse', reads: random() < 0.5, ms: shortly(random) })],
];

const WEIGHTS = DEEDS.reduce((sum, [weight]) => sum + weight, 0);

/** Mostly at once or within a moment, so that things get into each other's way; now and then after a long quiet. */
function wait(random: Random): number {
  const kind = random();
  if (kind < 0.35) return random() * 3;
  if (kind < 0.85) return random() * 250;
  if (kind < 0.98) return random() * 3_000;
  return random() * 45_000;
}

/** What makes people come back, which is when things overtake each other. */
const DISTURBING = new Set<Deed['kind']>(['cut', 'crash', 'close', 'reload']);

export function makeSteps(random: Random, count: number, people: number): Step[] {
  /** So many of the next things are said in quick succession, while somebody comes back. */
  let rush = 0;
  const steps = Array.from({ length: count }, (): Step => {
    const isRush = rush > 0 && random() < 0.9;
    rush -= 1;
    const deed = isRush ? say(random, people) : anything(random, people);
    if (DISTURBING.has(deed.kind) && random() < 0.4) rush = between(random, 3, 12);
    const waitMs = isRush ? random() * 25 : wait(random);
    return { waitMs: Math.round(waitMs * 100) / 100, ...deed };
  });
  if (random() < 0.2) {
    const at = between(random, 1, count - 1);
    steps.splice(at, 0, { waitMs: 10, on: 'room', kind: 'restore', ms: shortly(random) });
    steps.splice(between(random, 0, at - 1), 0, { waitMs: 10, on: 'room', kind: 'backUp' });
  }
  return steps;
}

const say: Make = (random, people) => ({ on: 'page', kind: 'post', ...somebody(random, people), tab: 0 });

/** One step by itself. */
export function makeStep(random: Random, people: number): Step {
  return { waitMs: Math.round(wait(random) * 100) / 100, ...anything(random, people) };
}

const anything: Make = (random, people) => {
  let left = random() * WEIGHTS;
  const [, make] = DEEDS.find(([weight]) => (left -= weight) < 0) ?? [0, say];
  return make(random, people);
};
