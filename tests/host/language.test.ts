import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readersLanguage } from '../../server/language.ts';

const language = suite('The language of a terminal');

language('is the one that it names, and the system’s where it names none, as on Windows', () => {
  assert.is(readersLanguage({ LC_ALL: 'fr_CA.UTF-8', LANG: 'en_GB.UTF-8' }, 'en-GB'), 'fr');
  assert.is(readersLanguage({ LC_ALL: '', LANG: 'de_DE.UTF-8' }, 'fr-FR'), 'en');
  assert.is(readersLanguage({ LANG: 'C' }, 'fr-FR'), 'en');
  assert.is(readersLanguage({}, 'fr-FR'), 'fr');
  assert.is(readersLanguage({ LANG: '' }, 'de-DE'), 'en');
  assert.match(readersLanguage({}), /^(en|fr)$/);
});

language.run();
