import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readAddress } from '../../resources/state/private.ts';

const members: Record<string, string> = {
  youssef13: 'Y',
  amina: 'A',
  bob: 'B',
  'jean-luc': 'J',
  'a.b': 'AB',
};
const read = (text: string) => readAddress(text, (key) => members[key] ?? null);
const plain = { kind: 'plain' };

const addressing = suite('A text with names at its end');

addressing('goes to one member', () => {
  assert.equal(read('hello@youssef13'), { kind: 'private', text: 'hello', memberIds: ['Y'] });
  assert.equal(read('rendez-vous à 15 h@bob'), {
    kind: 'private',
    text: 'rendez-vous à 15 h',
    memberIds: ['B'],
  });
});

addressing('goes to several, in the order they were named, each once', () => {
  assert.equal(read('hello@youssef13@amina'), { kind: 'private', text: 'hello', memberIds: ['Y', 'A'] });
  assert.equal(read('hello@bob@bob'), { kind: 'private', text: 'hello', memberIds: ['B'] });
});

addressing('may have spaces around the names', () => {
  assert.equal(read('hello @bob'), { kind: 'private', text: 'hello', memberIds: ['B'] });
  assert.equal(read('hello@bob  '), { kind: 'private', text: 'hello', memberIds: ['B'] });
  assert.equal(read('hello @bob @amina'), { kind: 'private', text: 'hello', memberIds: ['B', 'A'] });
});

addressing('reads names without regard to capitals', () => {
  assert.equal(read('tu es là ?@BOB'), { kind: 'private', text: 'tu es là ?', memberIds: ['B'] });
});

addressing('keeps the lines of the message', () => {
  assert.equal(read('one\ntwo@bob'), { kind: 'private', text: 'one\ntwo', memberIds: ['B'] });
});

addressing('is plain with a name in the middle, or nothing but names', () => {
  assert.equal(read('ask @bob about it'), plain);
  assert.equal(read('@bob'), plain);
  assert.equal(read('@bob@amina'), plain);
  assert.equal(read(''), plain);
  assert.equal(read('3 @ 2 €'), plain);
});

addressing('is plain when it ends with an e-mail address', () => {
  assert.equal(read('mon mail est x@y.fr'), plain);
  assert.equal(read('write to first.last+tag@post.example.org'), plain);
});

addressing('is private when a member has the name of a domain', () => {
  assert.equal(read('hello@a.b'), { kind: 'private', text: 'hello', memberIds: ['AB'] });
});

addressing('says which name nobody has', () => {
  assert.equal(read('texte@inconnu'), { kind: 'unknown', name: 'inconnu' });
  assert.equal(read('hello@nobody@bob'), { kind: 'unknown', name: 'nobody' });
  assert.equal(read('hello@bob@nobody'), { kind: 'unknown', name: 'nobody' });
});

addressing('is plain when it is only an unknown name', () => {
  assert.equal(read('@nobody'), plain);
});

addressing('with the sign of another keyboard is private all the same', () => {
  for (const sign of ['＠', '﹫']) {
    assert.equal(read(`secret${sign}bob`), { kind: 'private', text: 'secret', memberIds: ['B'] });
  }
});

addressing('where somebody’s name holds a dot, asks about what may be that name mistyped', () => {
  const dotted = (text: string) => readAddress(text, (key) => members[key] ?? null, true);
  assert.equal(dotted('secret@a.c'), { kind: 'unknown', name: 'a.c' });
  assert.equal(read('mon mail est x@y.fr'), plain);
});

addressing('with a file needs nothing before the names: nobody sends one to all by forgetting a word', () => {
  const bringing = (text: string) => readAddress(text, (key) => members[key] ?? null, false, true);
  assert.equal(bringing('@bob'), { kind: 'private', text: '', memberIds: ['B'] });
  assert.equal(bringing('@nobody'), { kind: 'unknown', name: 'nobody' });
  assert.equal(bringing(''), plain);
});

addressing.run();
