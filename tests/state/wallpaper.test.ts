import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { toBase64url } from '../../server/protocol/base64url.ts';
import { seedOfPrefix, wallpaper } from '../../resources/wallpaper.ts';

/** The same key looks the same, wherever and however little of it is known. */

const walls = suite('A wallpaper');

const key = Uint8Array.from({ length: 32 }, (_, at) => (at * 37 + 5) % 256);
const fingerprint = toBase64url(key);

walls('is drawn from the bytes of the key, given as they are or as a fingerprint', () => {
  assert.equal(wallpaper(fingerprint), wallpaper(key));
});

walls('is the same for a room nearby that tells only how its fingerprint begins', () => {
  const seed = seedOfPrefix(fingerprint.slice(0, 12));
  assert.ok(seed);
  assert.equal(wallpaper(seed), wallpaper(fingerprint));
});

walls('is not guessed from too little, or from what is no fingerprint', () => {
  assert.is(seedOfPrefix(fingerprint.slice(0, 10)), null);
  assert.is(seedOfPrefix('<script>alert(1)</script>'), null);
});

walls('differs when the first byte does', () => {
  const other = Uint8Array.from(key, (byte, at) => (at === 0 ? byte + 1 : byte));
  assert.is.not(wallpaper(toBase64url(other)).image, wallpaper(fingerprint).image);
});

walls.run();
