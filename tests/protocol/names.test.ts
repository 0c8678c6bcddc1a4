import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  normalisePersonName,
  normaliseUsername,
  personNameProblem,
  RESERVED_USERNAMES,
  usernameKey,
  usernameProblem,
  utf8Length,
} from '../../server/protocol/names.ts';

/** Anything a keyboard, a paste or an attacker produces, lone surrogates included. */
const anything = fc.string({
  unit: fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\ud800', 'ß', 'ς', 'ı', 'İ', '\u0307')),
});
const refuses = (problem: string | null, names: string[], judge = usernameProblem) => {
  for (const name of names) assert.is(judge(name), problem, JSON.stringify(name));
};

const usernames = suite('A username');

usernames('may be written in any one living script, with its digits and . _ -', () => {
  refuses(null, ['ada', 'Ada.Lovelace', 'j-p_2', '_ada_', '42', 'Élodie', 'Ωμέγα', 'ёжик', 'દીપક', 'Ἑλένη']);
  refuses(null, ['علي', 'דוד', 'ศรี', 'สำราญ', 'ကျော်', 'क़ीं', 'ᏣᎳᎩ', 'ⴰⵣⵓⵍ', 'ʻokina']);
});

usernames('may mix what Japanese, Chinese and Korean mix, Latin letters included', () => {
  refuses(null, ['たなかさん', 'ヨシダー', '田中Tanaka', '김철수', '金철수kim', '李ㄅㄆ']);
});

usernames('may not be empty, nor of separators alone', () => {
  refuses('empty', ['', '   ', '\u3000']);
  refuses('characters', ['_', '__', '.', '-']);
});

usernames('has at most 32 characters and 96 bytes', () => {
  refuses(null, ['a'.repeat(32), '田'.repeat(32), '𞤀'.repeat(24)]);
  refuses('tooLong', ['a'.repeat(33), '𞤀'.repeat(25)]);
});

usernames('has no spaces inside, and loses those around it', () => {
  refuses('spaces', ['ada lovelace', 'a\tb', 'a\u00a0b', 'a\u2028b']);
  refuses(null, ['  ada ']);
});

usernames('does not start or end with a full stop or hyphen', () => {
  refuses('characters', ['.ada', 'ada.', '-ada', 'ada-']);
});

usernames('holds nothing that cannot be seen, nor signs, symbols and pictures', () => {
  refuses('characters', [
    'a\u200db',
    'a\u200cb',
    'a\u202eb',
    'a\u2066b',
    'a\u00adb',
    '\u3164a',
    'a\u034fb',
    'a\ufe0fb',
  ]);
  refuses('characters', [
    'a@b',
    'a/b',
    'a<b',
    'a\0b',
    'a\u001bb',
    'a\ue000b',
    'a\uffffb',
    'a\ud800b',
    'a😀',
    'a|b',
  ]);
});

usernames('holds no letters in disguise, and no historic scripts', () => {
  refuses('characters', ['𝐚𝐝𝐚', 'ﬁona', 'x²', 'Ⅻ', 'ŀla', 'ᄀa', 'مـحمد', '𒀀', '𐌰']);
});

usernames('written wide is the same name written normally', () => {
  assert.is(normaliseUsername('Ａｄａ＿１'), 'Ada_1');
  assert.is(normaliseUsername('ｶﾞ'), 'ガ');
  refuses('reserved', ['ａｄｍｉｎ']);
  refuses('characters', ['ａ＠ｂ']);
});

usernames('cannot mix alphabets or sets of digits', () => {
  refuses('mixedScripts', [
    'pаypal',
    'αlpha',
    'adaעדה',
    'ヨシダκ',
    'кириллицаa',
    'bob١',
    '৪4',
    'علي1١',
    'علي۱١',
  ]);
});

usernames('carries no tower of marks, and no mark on nothing', () => {
  refuses('marks', [
    'a\u0301\u0301\u0301\u0301',
    'z\u0317\u0318\u0319',
    '\u0301a',
    'a-\u0301b',
    'ก\u0e49\u0e49\u0e49',
  ]);
  refuses(null, ['z\u0317\u0318']);
});

usernames('from right to left starts with a letter and ends in a letter or digit', () => {
  refuses(null, ['محمد12', 'محمد_علي', 'דוד-כהן']);
  refuses('direction', ['12محمد', 'محمد_', '_محمد', '١٢']);
});

usernames('is not a word that speaks for the room or for everybody', () => {
  refuses('reserved', [
    'host',
    'Admin',
    'SALON',
    'système',
    'Système',
    'everyone',
    'tout-le-monde',
    'tout.le.monde',
  ]);
  refuses('reserved', [
    'toutlemonde',
    'all',
    'here',
    'guest',
    'Invité',
    'root',
    'me',
    'moi',
    'null',
    'undefined',
    '_admin_',
  ]);
  refuses(null, ['ali', 'hostess', 'adminella', '__proto__', 'constructor', 'toString']);
  for (const word of RESERVED_USERNAMES) assert.is(usernameProblem(word), 'reserved', word);
});

usernames('of any kind gets an answer, and what is accepted stays acceptable once normalised', () => {
  fc.assert(
    fc.property(anything, (text) => {
      const problem = usernameProblem(text);
      assert.is(normaliseUsername(normaliseUsername(text)), normaliseUsername(text));
      assert.is(usernameProblem(normaliseUsername(text)), problem);
      if (problem === null) assert.ok(utf8Length(normaliseUsername(text)) <= 96);
    }),
    { numRuns: 2000 },
  );
});

usernames.run();

const keys = suite('The key of a username');

const same = (...spellings: string[]) => {
  for (const spelling of spellings) assert.is(usernameKey(spelling), usernameKey(spellings[0]!), spelling);
};

keys('is one for all letter cases and compositions', () => {
  same('Ada', 'ADA', 'ada', ' ada ', 'Ａｄａ');
  same('élodie', 'ÉLODIE', 'e\u0301lodie');
  same('Straße', 'STRASSE', 'strasse', 'STRAẞE');
  same('Νίκος', 'ΝΊΚΟΣ', 'νίκοσ');
  same('ᏣᎳᎩ', 'ꮳꮃꭹ');
});

keys('takes the four Turkish letters i for one', () => {
  same('Işıl', 'IŞIL', 'ışıl', 'işil', 'İŞİL', 'i\u0307şil');
});

keys('keeps different names apart', () => {
  assert.is.not(usernameKey('elodie'), usernameKey('élodie'));
  assert.is.not(usernameKey('ada'), usernameKey('ada_'));
});

keys('of a key is that key', () => {
  fc.assert(
    fc.property(anything, (text) => {
      const key = usernameKey(text);
      assert.is(usernameKey(key), key);
      same(text.normalize('NFC'), text.normalize('NFD'), text);
    }),
    { numRuns: 2000 },
  );
});

keys('does not depend on whether a name was normalised before', () => {
  fc.assert(
    fc.property(anything, (text) => same(text, normaliseUsername(text))),
    { numRuns: 2000 },
  );
});

keys.run();

const people = suite('The name of a person');

people('may have spaces, apostrophes, hyphens and full stops', () => {
  refuses(
    null,
    ['Ada', 'O’Brien', "D'Arcy", 'Jean-Luc', 'J. R. R.', 'Mª José', '12', 'José María'],
    personNameProblem,
  );
  refuses(null, ['ジョン・スミス', '阿卜杜拉·艾山', 'Núria Vil·la', 'צ׳רלי'], personNameProblem);
});

people('may carry a transliteration', () => {
  refuses(null, ['田中 Tanaka', 'Нгуен Nguyễn', 'محمد Mohamed'], personNameProblem);
});

people('may join letters invisibly where spelling asks for it, and nowhere else', () => {
  refuses(null, ['ශ්\u200dරී', 'علی\u200cرضا'], personNameProblem);
  refuses('characters', ['A\u200dda', 'A\u200cda', 'علی\u200c', '\u200cعلی', 'ශ\u200dරී'], personNameProblem);
});

people('holds no controls, no direction marks, nothing invisible, no pictures', () => {
  refuses(
    'characters',
    ['A\tB', 'A\nB', 'A\u202eB', 'A\u2067B', '\u3164', 'A\u00adB', 'A\ud800'],
    personNameProblem,
  );
  refuses('characters', ['Ada 😀', 'Ada (host)', '<b>', 'A@B', '.', "'", '- -'], personNameProblem);
});

people('has one to 64 characters', () => {
  refuses('empty', ['', '  ', '\u00a0'], personNameProblem);
  refuses(null, ['é'.repeat(64), 'e\u0301'.repeat(64)], personNameProblem);
  refuses('tooLong', ['a'.repeat(65)], personNameProblem);
});

people('carries no tower of marks', () => {
  refuses('marks', ['Z\u0337\u0322\u0303\u0304a', '\u0301Ada', 'Ada \u0301'], personNameProblem);
  refuses(null, ['Đặng', 'မြို့'], personNameProblem);
});

people('is kept with one space between its words', () => {
  assert.is(normalisePersonName('  Ada \u00a0 King\u3000'), 'Ada King');
});

people('of any kind gets an answer, and what is accepted stays acceptable once normalised', () => {
  fc.assert(
    fc.property(anything, (text) => {
      const name = normalisePersonName(text);
      assert.is(normalisePersonName(name), name);
      assert.is(personNameProblem(name), personNameProblem(text));
    }),
    { numRuns: 2000 },
  );
});

people.run();
