import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LIMITS } from '../../server/protocol/entities.ts';
import { cleanFileName } from '../../server/protocol/file-names.ts';

/** Anything a system, a paste or an attacker produces, lone surrogates included, and much of what is looked for. */
const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({
    unit: fc.oneof(
      fc.constantFrom('.', ' ', '/', '\\', ':', '\ud800', '\u202e', '\u200b', '\u3164', '\n', '\0', '*'),
      fc.constantFrom('con', 'NUL', 'com1', '.txt', '.tar.gz', '👩', 'é', '\u3000', '\ufeff', '_', 'a', '¹'),
    ),
    maxLength: 300,
  }),
);
const RUNS = { numRuns: 3_000 };

const names = suite('A file’s name');

names('is never empty, never too long, and one part of a path alone', () => {
  fc.assert(
    fc.property(anything, (typed) => {
      const name = cleanFileName(typed);
      const { length } = [...name];
      assert.ok(length > 0 && length <= LIMITS.fileNameCharacters, `${length} characters`);
      assert.ok(Buffer.byteLength(name) <= LIMITS.fileNameBytes, `${Buffer.byteLength(name)} bytes`);
      assert.not.match(name, /[/\\]/);
      assert.ok(name !== '.' && name !== '..');
      assert.ok(name.isWellFormed());
    }),
    RUNS,
  );
});

names('holds nothing that no system takes, that is not seen, or that turns what follows', () => {
  fc.assert(
    fc.property(anything, (typed) => {
      const name = cleanFileName(typed);
      assert.not.match(name, /[<>:"|?*\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      assert.not.match(name, /^\s|[. ]$/u);
      assert.not.match(name, /^(con|prn|aux|nul|(com|lpt)\d)\s*(\.|$)/i);
      assert.match(name, /[^\s\u115F\u1160\u3164\uFFA0\u2800]/u);
    }),
    RUNS,
  );
});

names('is no device of Windows, and ends as no system changes it', () => {
  for (const [typed, kept] of [
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['com¹ .log', '_com¹ .log'],
    ['CONOUT$', '_CONOUT$'],
    ['console.log', 'console.log'],
    ['list.. . .', 'list'],
    [`con${'.'.repeat(300)}${'x'.repeat(5)}`, '_con.xxxxx'],
  ] as const)
    assert.is(cleanFileName(typed), kept);
});

names('that is clean stays as it is', () => {
  fc.assert(
    fc.property(anything, (typed) => {
      const name = cleanFileName(typed);
      assert.is(cleanFileName(name), name);
    }),
    RUNS,
  );
  for (const name of [
    'photo.jpg',
    'Café été.pdf',
    '.gitignore',
    'архив.tar.gz',
    '写真.png',
    'no ending',
    'a..b',
  ])
    assert.is(cleanFileName(name), name);
});

names('keeps its ending when it is shortened', () => {
  const ending = fc.constantFrom('.pdf', '.tar.gz', '.jpeg', '.文書', '.x');
  const letter = fc.constantFrom('a', 'é', '👩', '字', ' ');
  fc.assert(
    fc.property(fc.array(letter, { minLength: 119, maxLength: 400 }), ending, (letters, end) => {
      const name = cleanFileName(`a${letters.join('')}b${end}`);
      assert.ok(name.endsWith(end), name);
    }),
    RUNS,
  );
  // Where it is cut, nothing is left at the end that no system keeps.
  for (const between of [' ', '.', '. ..'])
    assert.is(cleanFileName(`${'x'.repeat(119)}${between}${'y'.repeat(50)}`), 'x'.repeat(119));
  // Systems count bytes: as many letters fit as take so many.
  for (const [letter, most] of [
    ['é', 116],
    ['字', 78],
    ['👩', 59],
  ] as const) {
    const name = cleanFileName(`${letter.repeat(120)}.pdf`);
    assert.is(name, `${letter.repeat(most)}.pdf`);
  }
  // As written, not what a reader takes for one: a word behind a full stop is none.
  assert.not(cleanFileName(`${'x'.repeat(200)}. A very long sentence`).endsWith('sentence'));
});

names.run();
