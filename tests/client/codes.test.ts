import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  formatCode,
  makeCode,
  readCode,
  RECOVERY_CODE_LETTERS,
  RESET_CODE_LETTERS,
} from '../../server/client/codes.ts';

const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const lengths = fc.constantFrom(RECOVERY_CODE_LETTERS, RESET_CODE_LETTERS);
const code = lengths.chain((length) =>
  fc.string({ unit: fc.constantFrom(...LETTERS.split('')), minLength: length, maxLength: length }),
);

const codes = suite('A code');

codes('is made of letters that are not mistaken for each other, all as likely', () => {
  const counts = new Map<string, number>();
  for (let n = 0; n < 2_000; n += 1) {
    for (const letter of makeCode(RECOVERY_CODE_LETTERS)) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  }
  assert.is([...counts.keys()].toSorted().join(''), LETTERS);
  const expected = (2_000 * RECOVERY_CODE_LETTERS) / 32;
  for (const [letter, count] of counts)
    assert.ok(Math.abs(count - expected) < expected / 4, `${letter}: ${count}`);
  assert.is(new Set(Array.from({ length: 1_000 }, () => makeCode(RESET_CODE_LETTERS))).size, 1_000);
});

codes('is shown in groups', () => {
  assert.is(formatCode('ABCDE12345FGHJKMNPQRS6789'), 'ABCDE-12345-FGHJK-MNPQR-S6789');
  assert.is(formatCode('ABCD1234EFGH'), 'ABCD-1234-EFGH');
});

codes('is read in any case, with the look-alikes, and with whatever stands between the groups', () => {
  const rows = [
    'abcd-1234-efgh',
    'ABCD 1234 EFGH',
    'abcd\u20131234\u2014efgh',
    ' abcd.1234_efgh\n',
    'ABCD\u00A01234\u2011EFGH',
    'abcdI234efgh',
    'abcdl234efgh',
  ];
  for (const typed of rows) assert.is(readCode(typed), 'ABCD1234EFGH', typed);
  assert.is(readCode('oO00-oO00-oO00'), '000000000000');
  assert.is(readCode('iIlL-1111-1111'), '111111111111');
});

codes('that cannot be one is not read', () => {
  for (const typed of [
    '',
    'ABCD-1234-EFG',
    'ABCD-1234-EFGHJ',
    'ABCD-1234-EFGU',
    'ABCD-1234-EFG!',
    '\uFF21BCD1234EFGH',
    'ABCD/1234/EFGH',
    'x'.repeat(26),
  ]) {
    assert.is(readCode(typed), null, typed);
  }
});

codes('comes back the same however it is shown and typed', () => {
  fc.assert(
    fc.property(code, fc.boolean(), fc.constantFrom('-', ' ', '', '\u2013'), (made, lower, between) => {
      const shown = formatCode(made).replaceAll('-', between);
      return readCode(lower ? shown.toLowerCase() : shown) === made;
    }),
  );
});

codes.run();
