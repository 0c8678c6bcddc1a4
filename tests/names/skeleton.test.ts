import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { confusables } from '../../server/names/confusables.ts';
import { looksReserved, skeleton } from '../../server/names/skeleton.ts';
import { usernameKey } from '../../server/protocol/names.ts';

const alike = (...names: string[]) => {
  for (const name of names) assert.is(skeleton(name), skeleton(names[0]!), `${name} and ${names[0]}`);
};
const apart = (one: string, other: string) =>
  assert.is.not(skeleton(one), skeleton(other), `${one} and ${other}`);

const skeletons = suite('The skeleton of a username');

skeletons('is one for names from different alphabets that look the same', () => {
  alike('раураl', 'paypal');
  alike('ChɑnServ', 'ChanServ', 'chanserv');
  alike('аdmin', 'admin');
  alike('сосо', 'coco');
  alike('ꓐꓳꓐ', 'BOB');
});

skeletons('compares capitals as capitals', () => {
  alike('ВОВ', 'BOB', 'bob');
  alike('ΑΝΝΑ', 'ANNA');
  apart('вов', 'bob');
  apart('Гена', 'Уена');
});

skeletons('is one for letters and digits that look the same', () => {
  alike('b0b', 'bob', 'BOB');
  alike('1an', 'lan', 'Ian', 'ian', 'ıan');
  alike('rnike', 'mike', 'Mike');
  alike('İlkay', 'ilkay', 'ILKAY');
});

skeletons('accepts that a few honest names keep each other out', () => {
  alike('modern', 'modem');
  alike('ismail12', 'ismaill2');
  alike('elia', 'ella');
});

skeletons('keeps ordinary names apart', () => {
  apart('bob1', 'bob2');
  apart('youssef13', 'youssef14');
  apart('ada', 'eda');
  apart('josé', 'jose');
  apart('a.b', 'a_b');
  apart('a-b', 'ab');
  for (const [one, other] of pairs(Array.from('bcdefghjkmnpqrstuvwxyz23456789')))
    apart(`x${one}`, `x${other}`);
});

skeletons('is one for names in ASCII that share a key', () => {
  const ascii = fc.stringMatching(/^[a-zA-Z0-9._-]{1,32}$/);
  fc.assert(
    fc.property(ascii, (name) => alike(name, name.toLowerCase(), name.toUpperCase(), usernameKey(name))),
  );
});

skeletons('of a skeleton is that skeleton', () => {
  const lookalikes = fc.constantFrom(
    ...confusables().keys(),
    'ı',
    'İ',
    '\u0307',
    '\u0323',
    'ß',
    'ς',
    '\ud800',
  );
  const unit = fc.oneof(fc.string({ unit: 'binary' }), lookalikes);
  fc.assert(
    fc.property(fc.string({ unit }), (text) => assert.is(skeleton(skeleton(text)), skeleton(text))),
    { numRuns: 3000 },
  );
});

skeletons('does not depend on how a name is composed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) =>
      alike(text.normalize('NFC'), text.normalize('NFD'), text),
    ),
    { numRuns: 2000 },
  );
});

skeletons('never looks like more than it is made of: the table has no chains', () => {
  for (const [character, looks] of confusables()) assert.is(skeleton(looks), looks, character);
});

skeletons.run();

const reserved = suite('A name that looks reserved');

reserved('is found in another alphabet or with digits for letters', () => {
  for (const name of ['аdmіn', 'h0st', 'ѕаlоn', 'sa1on', 'rnoderator', 'r00t', 'ho.st', 'HOST']) {
    assert.ok(looksReserved(name), name);
  }
});

reserved('is not anybody called Ali, Adam or Hoster', () => {
  for (const name of ['ali', 'Ail', 'adam', 'hoster', 'mia', 'ian', 'ella', 'лена', '田中']) {
    assert.not.ok(looksReserved(name), name);
  }
});

reserved('can be asked of anything', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => assert.type(looksReserved(text), 'boolean')),
  );
});

reserved.run();

function pairs(items: string[]): [string, string][] {
  return items.flatMap((one, at) => items.slice(at + 1).map((other): [string, string] => [one, other]));
}
