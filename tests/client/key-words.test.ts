import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { entropyToMnemonic } from '@scure/bip39';
import { wordlist as english } from '@scure/bip39/wordlists/english.js';
import { wordlist as french } from '@scure/bip39/wordlists/french.js';
import { keyWords } from '../../server/client/key-words.ts';

const words = suite('The six words of a key');

const fingerprintOf = (text: string) => createHash('sha256').update(text).digest('base64url');

words('are these, today and in every later version', async () => {
  const zero = Buffer.alloc(32).toString('base64url');
  const ones = Buffer.alloc(32, 255).toString('base64url');
  assert.equal(
    await keyWords(zero, 'en'),
    Array.from({ length: 6 }, () => 'abandon'),
  );
  assert.equal(
    await keyWords(ones, 'en'),
    Array.from({ length: 6 }, () => 'zoo'),
  );
  assert.equal(
    await keyWords(ones, 'fr'),
    Array.from({ length: 6 }, () => 'zoologie'),
  );
  assert.is((await keyWords(fingerprintOf('salon'), 'en')).join(' '), SALON_EN);
  assert.is((await keyWords(fingerprintOf('salon'), 'fr')).join(' '), SALON_FR);
});
const SALON_EN = 'boss cup waste social share gold';
const SALON_FR = 'barrage colline véhicule respect pyramide féconder';

words('are the first six of the BIP 39 mnemonic of the whole fingerprint', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 32, maxLength: 32 }), async (bytes) => {
      const fingerprint = Buffer.from(bytes).toString('base64url');
      const mnemonic = entropyToMnemonic(bytes, english).split(' ').slice(0, 6);
      assert.equal(await keyWords(fingerprint, 'en'), mnemonic);
      const french6 = mnemonic.map((word) => french[english.indexOf(word)]?.normalize('NFC'));
      assert.equal(await keyWords(fingerprint, 'fr'), french6);
    }),
    { numRuns: 200 },
  );
});

words('write their accents as one letter each, as the dictionary on the host’s screen does', async () => {
  const all = french.map((word) => word.normalize('NFC'));
  assert.ok(
    french.some((word, i) => word !== all[i]),
    'the list itself does not',
  );
  const index = french.findIndex((word, i) => word !== all[i]);
  const bits = index.toString(2).padStart(11, '0').repeat(6).padEnd(256, '0');
  const bytes = Uint8Array.from({ length: 32 }, (_, i) => parseInt(bits.slice(i * 8, i * 8 + 8), 2));
  const found = await keyWords(Buffer.from(bytes).toString('base64url'), 'fr');
  assert.equal(
    found,
    Array.from({ length: 6 }, () => all[index]),
  );
});

words.run();
