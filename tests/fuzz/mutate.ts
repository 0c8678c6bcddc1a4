import { between, type Random } from '../faults/trial.ts';

/** Makes new inputs out of those that were worth keeping. */

const ODD_BYTES = [
  0, 1, 9, 10, 13, 32, 34, 44, 46, 58, 64, 91, 92, 93, 123, 125, 127, 128, 192, 224, 240, 254, 255,
];
const ODD_NUMBERS = [
  '0',
  '-1',
  '1.5',
  '1e999',
  '-0',
  '255',
  '65536',
  '4294967296',
  '9007199254740992',
  '1e-7',
];
/** Longer than any of ours may be, where there is a limit. */
const MOST_BYTES = 4_096;

type Mutation = (input: Buffer, random: Random, around: Around) => Buffer;

interface Around {
  words: readonly string[];
  corpus: readonly Buffer[];
}

const MUTATIONS: readonly Mutation[] = [
  function flipBit(input, random) {
    const at = between(random, 0, input.length - 1);
    return replaced(input, at, 1, Buffer.from([(input[at] ?? 0) ^ (1 << between(random, 0, 7))]));
  },
  function oddByte(input, random) {
    return replaced(
      input,
      between(random, 0, input.length),
      between(random, 0, 1),
      Buffer.from([pick(ODD_BYTES, random)]),
    );
  },
  function anyByte(input, random) {
    return replaced(input, between(random, 0, input.length), 1, Buffer.from([between(random, 0, 255)]));
  },
  function remove(input, random) {
    return replaced(input, between(random, 0, input.length), between(random, 1, 8), Buffer.alloc(0));
  },
  function repeat(input, random) {
    const at = between(random, 0, input.length);
    const piece = input.subarray(at, at + between(random, 1, 24));
    const times = between(random, 1, random() < 0.1 ? 60 : 4);
    return replaced(input, at, 0, Buffer.concat(Array.from({ length: times }, () => piece)));
  },
  function word(input, random, { words }) {
    return replaced(
      input,
      between(random, 0, input.length),
      between(random, 0, 3),
      Buffer.from(pick(words, random)),
    );
  },
  function wordForWord(input, random, { words }) {
    const text = input.toString('latin1');
    const tokens = [...text.matchAll(/[\w.]+/g)];
    const token = tokens[between(random, 0, Math.max(0, tokens.length - 1))];
    if (token === undefined) return input;
    return replaced(input, token.index, token[0].length, Buffer.from(pick(words, random)));
  },
  function oddNumber(input, random) {
    const number = /-?\d+(\.\d+)?/.exec(input.toString('latin1').slice(between(random, 0, input.length)));
    if (number === null) return input;
    const at = input.length - (input.length - number.index);
    return replaced(input, at, number[0].length, Buffer.from(pick(ODD_NUMBERS, random)));
  },
  function splice(input, random, { corpus }) {
    const other = pick(corpus, random);
    const from = between(random, 0, other.length);
    const piece = other.subarray(from, from + between(random, 1, 64));
    return replaced(input, between(random, 0, input.length), between(random, 0, 64), piece);
  },
  function crossing(input, random, { corpus }) {
    const other = pick(corpus, random);
    return Buffer.concat([
      input.subarray(0, between(random, 0, input.length)),
      other.subarray(between(random, 0, other.length)),
    ]);
  },
];

/** One to four changes to one of the corpus. */
export function mutant(random: Random, around: Around): Buffer {
  let input: Buffer = pick(around.corpus, random);
  for (let changes = between(random, 1, 4); changes > 0; changes -= 1)
    input = pick(MUTATIONS, random)(input, random, around).subarray(0, MOST_BYTES);
  return input;
}

export function pick<T>(all: readonly T[], random: Random): T {
  const one = all[between(random, 0, all.length - 1)];
  if (one === undefined) throw new Error('nothing to pick from');
  return one;
}

function replaced(input: Buffer, at: number, length: number, by: Buffer): Buffer {
  return Buffer.concat([input.subarray(0, at), by, input.subarray(at + length)]);
}
