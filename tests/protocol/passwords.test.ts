import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { commonPasswords } from '../../server/protocol/common-passwords.ts';
import { passwordProblem, passwordStrength } from '../../server/protocol/passwords.ts';
import { preparePassword } from '../../server/protocol/prepared-password.ts';

const ada = { username: 'ada.l', firstName: 'Zoë Ada', lastName: 'King-Lovelace', roomName: 'The Kitchen' };
const nobody = { username: '', firstName: '', lastName: '', roomName: '' };
const judged = (expected: string | null, passwords: string[], owner = ada) => {
  for (const password of passwords)
    assert.is(passwordProblem(password, owner), expected, JSON.stringify(password));
};

const preparing = suite('Preparing a password');

preparing('gives the same text whatever keyboard it was typed on', () => {
  assert.is(preparePassword('e\u0301te\u0301\u00a0\u3000\u2009x'), 'été   x');
});

preparing('changes nothing else: case, width and spaces at the ends stay', () => {
  assert.is(preparePassword(' Ａa  ﬁ '), ' Ａa  ﬁ ');
});

preparing('twice is preparing once', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.is(preparePassword(preparePassword(text)), preparePassword(text));
    }),
  );
});

preparing.run();

const refusing = suite('A new password');

refusing('needs no mix of characters, only to be hard to guess', () => {
  judged(null, [
    'gravel tunes',
    'correct horse battery staple',
    'plumeau orange',
    'ваза с цветами',
    '山道を登りながら',
    'xkq7vbnw',
  ]);
});

refusing('has at least eight characters', () => {
  judged('tooShort', ['', 'gravelt', '😀😀😀😀😀😀😀']);
  judged(null, ['😀🎈🌵🚲🎻🧊🪁🦊']);
});

refusing('has at most 1,024 bytes', () => {
  judged(null, ['ab'.repeat(512), 'éa'.repeat(341)]);
  judged('tooLong', ['ab'.repeat(512) + 'c', 'éa'.repeat(342)]);
});

refusing('holds no control characters and no halves of characters', () => {
  judged('controls', [
    'gravel\ttunes',
    'gravel\0tunes',
    'gravel\u0085tunes',
    'gravel\ud800tunes',
    'gravel\u2028tunes',
  ]);
});

refusing('is not among those that are tried first', () => {
  judged('common', [
    'password',
    'PassWord1',
    'password123!',
    '12345678',
    'qwertyuiop',
    'iloveyou',
    'azertyuiop',
    'motdepasse',
  ]);
  judged('common', ['trustno1', 'ｐａｓｓｗｏｒｄ', '*sunshine*']);
});

refusing('is not a date, nor one character repeated', () => {
  judged('common', ['14071989', '07141989', '19890714', 'zzzzzzzzz', '!!!!!!!!', 'ééééééééé']);
  judged(null, ['73918264']);
});

refusing('is not made of the names of its owner or the room, with digits around', () => {
  judged('personal', [
    'Lovelace1815',
    'adalovelace',
    '!!zoe-ada!!',
    'KingLovelace',
    'lovelaceada99',
    'Ada.King.2024',
  ]);
  judged('personal', [
    'thekitchen',
    'kitchen!',
    'kitchen42',
    'salon2024',
    'Salon-Salon',
    'zoeAdaKing',
    'ada.l1815',
  ]);
  judged('personal', ['明李明李2024'], { ...nobody, firstName: '明', lastName: '李' });
  judged('personal', ['73918264'], { ...nobody, username: '73918264' });
});

refusing('may contain a name among other words', () => {
  judged(null, ['ada drinks tea', 'kitchen gravel', 'salondethé vert', 'ada 4819 2716 3305']);
  judged(null, ['gravel tunes', '😀🎈🌵🚲🎻🧊🪁🦊'], nobody);
});

refusing('of any kind gets an answer', () => {
  const text = fc.string({ unit: 'binary' });
  const owner = fc.record({ username: text, firstName: text, lastName: text, roomName: text });
  fc.assert(
    fc.property(text, owner, (password, whose) => {
      const problem = passwordProblem(password, whose);
      assert.is(passwordProblem(preparePassword(password), whose), problem);
      assert.ok([0, 1, 2, 3].includes(passwordStrength(password)));
    }),
    { numRuns: 1000 },
  );
});

refusing('is judged quickly, however long', () => {
  const owner = { ...ada, roomName: 'a aa aaa aaaa aaaaa '.repeat(3) };
  assert.is(passwordProblem('a'.repeat(1023) + 'b', owner), null);
});

refusing.run();

const strength = suite('The strength of a password');

strength('is 0 for what would be refused from anybody', () => {
  for (const password of ['', 'short', 'password1', 'salon2024', 'aaaaaaaaaaaaaaaa', 'x1'.repeat(513)])
    assert.is(passwordStrength(password), 0, password);
});

strength('grows with length and variety', () => {
  assert.is(passwordStrength('sunflowr'), 1);
  assert.is(passwordStrength('gravel tunes'), 2);
  assert.is(passwordStrength('Tr0ub4dor&3'), 2);
  assert.is(passwordStrength('correct horse battery staple'), 3);
});

strength('is not fooled by repetition', () => {
  assert.is(passwordStrength('abababababababababababab'), 1);
});

strength.run();

const list = suite('The list of common passwords');

list('has some 3,000, each in the form in which it is looked up', () => {
  assert.ok(commonPasswords().size >= 3000);
  for (const password of commonPasswords()) judged('common', [password], nobody);
});

list.run();
