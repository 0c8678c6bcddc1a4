// time limit: 180 s
// long time limit: 600 s
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { messageText } from '../../resources/elements/message-text.ts';
import { readAddress } from '../../resources/state/private.ts';
import { parseAddress } from '../../server/protocol/address.ts';
import { cleanBody } from '../../server/protocol/bodies.ts';
import { decodeAsk, decodeHostFrame } from '../../server/protocol/frames.ts';
import { findJoin } from '../../server/protocol/invite.ts';
import { personNameProblem, usernameProblem } from '../../server/protocol/names.ts';
import { FOUND } from '../fuzz/found.ts';
import * as frames from '../fuzz/frames.ts';
import { growth, type Reading } from '../fuzz/growth.ts';
import { fuzz, type Target } from '../fuzz/guided.ts';
import * as joining from '../fuzz/joining.ts';
import * as nearby from '../fuzz/nearby.ts';
import * as text from '../fuzz/text.ts';
import { effort, isLong, report, seed } from './trial.ts';

const TARGETS: Target[] = [frames, joining, nearby, text].flatMap((module) =>
  Object.values(module).filter((each): each is Target => typeof each === 'object' && 'run' in each),
);

const fuzzing = suite('Whatever is read');

for (const { target, what, input } of FOUND) {
  fuzzing(`as ${target.name} is right now where ${what}`, () => target.run(Buffer.from(input)));
}

for (const target of TARGETS) {
  fuzzing(`as ${target.name} is understood or refused, and nothing else`, () => {
    const { runs, corpus, reached, failures } = fuzz(target, { runs: effort(1_500, 30_000), seed });
    report(`fuzzing ${target.name}`, { runs, corpus, reached });
    for (const { input, error } of failures)
      console.log(`${target.name}: ${JSON.stringify(input.toString())} ${input.toString('base64')}\n`, error);
    assert.is(failures.length, 0, JSON.stringify(failures[0]?.input.toString()));
  });
}

const refused = (work: () => unknown) => {
  try {
    work();
  } catch {
    // That it is refused is not the question here, but how long that takes.
  }
};

const ids = (count: number) => Array.from({ length: count }, () => '"01HZZZZZZZZZZZZZZZZZZZZZZZ"').join(',');

/** The worst of their kind that we know of, up to the limits that hold before they are read. */
const READINGS: readonly Reading[] = [
  { what: 'a code broken into many words', most: 4_990, read: (n) => findJoin(`#join=${'a '.repeat(n)}`) },
  { what: 'an address of colons', most: 298, read: (n) => parseAddress(`${':'.repeat(n)}x`) },
  { what: 'a name of one label', most: 250, read: (n) => parseAddress(`${'a_'.repeat(n / 2)}!`) },
  { what: 'a line to many', most: 8_000, read: (n) => readAddress(`x${'@a'.repeat(n)}`, () => 'id') },
  { what: 'a line of signs', most: 16_000, read: (n) => readAddress(`x${'@'.repeat(n)}`, () => null) },
  {
    what: 'an ask in an ask',
    most: 30_000,
    read: (n) => refused(() => decodeAsk('['.repeat(n) + ']'.repeat(n))),
  },
  {
    what: 'an ask of many ids',
    most: 2_000,
    read: (n) => refused(() => decodeAsk(`{"t":"ask","id":1,"command":"x","input":{"to":[${ids(n)}]}}`)),
  },
  {
    what: 'a signal of many addresses',
    most: 1_000,
    read: (n) => decodeHostFrame(`{"t":"signal","signal":{"type":"addresses","addresses":[${ids(n)}]}}`),
  },
  { what: 'a body of controls', most: 60_000, read: (n) => cleanBody('\r\u202e'.repeat(n / 2)) },
  ...['http://', 'a@a.', 'mailto:a@', 'http://a.fr/((', '//', '@', 'http://a..'].map((piece) => ({
    what: `a body of ${piece}`,
    most: 16_000,
    read: (n: number) => messageText(piece.repeat(n / piece.length), () => undefined),
  })),
  { what: 'a name of marks', most: 199, read: (n) => personNameProblem(`e${'\u0301'.repeat(n)}`) },
  { what: 'a username of ligatures', most: 200, read: (n) => usernameProblem('ﷺ'.repeat(n)) },
];

fuzzing('takes as much longer as it is longer, and not the square of that', () => {
  const grown = READINGS.map((reading) => {
    let least = Number.POSITIVE_INFINITY;
    for (let tries = 0; tries < 3 && least > 3; tries += 1) least = Math.min(least, growth(reading));
    return [reading.what, least] as const;
  });
  report(
    'twice as much to read takes',
    Object.fromEntries(grown.map(([what, times]) => [what, `×${times.toFixed(1)}`])),
  );
  // Twice and what a garbage collector adds; four times is a square.
  for (const [what, times] of grown) assert.ok(times < 3.4, `${what}: ${times}`);
});

/** Runs of each way with each seed: after many more both have seen nearly all there is, and only luck differs. */
const COMPARED = 1_000;
const SEEDS = 5;

if (isLong) {
  fuzzing('is found out faster by going on from what led somewhere new', () => {
    const sums = { guided: 0, blind: 0 };
    for (const target of TARGETS) {
      for (let each = 0; each < SEEDS; each += 1) {
        const [guided, blind] = [true, false].map(
          (how) => fuzz(target, { runs: COMPARED, seed: seed + each, guided: how }).reached,
        );
        sums.guided += guided ?? 0;
        sums.blind += blind ?? 0;
      }
    }
    report(`characters of source reached in ${COMPARED} runs, with ${SEEDS} seeds`, sums);
    assert.ok(sums.guided > sums.blind, JSON.stringify(sums));
  });
}

fuzzing.run();
