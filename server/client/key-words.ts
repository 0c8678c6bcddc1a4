import { fromBase64url } from '../protocol/base64url.ts';
import type { Fingerprint, Language } from '../protocol/entities.ts';

/**
 * A room's key as six words that two people can compare aloud: the first 66 bits of its fingerprint, eleven for each
 * word of BIP 39's lists. Made to be compared once both ends are connected, never to be typed instead of the key.
 */
export async function keyWords(fingerprint: Fingerprint, language: Language): Promise<string[]> {
  const words = await LISTS[language]();
  const bytes = fromBase64url(fingerprint);
  // The French list writes its accents as letters of their own.
  return Array.from({ length: WORDS }, (_, i) => (words[bitsAt(bytes, i * BITS)] ?? '').normalize('NFC'));
}

const WORDS = 6;
/** Each list has 2,048 words. */
const BITS = 11;

/** Twenty kilobytes each: loaded when somebody compares. */
const LISTS: Record<Language, () => Promise<readonly string[]>> = {
  en: async () => (await import('@scure/bip39/wordlists/english.js')).wordlist,
  fr: async () => (await import('@scure/bip39/wordlists/french.js')).wordlist,
};

/** Eleven bits that begin anywhere lie within three bytes. */
function bitsAt(bytes: Uint8Array, bit: number): number {
  const [first = 0, second = 0, third = 0] = bytes.subarray(bit >> 3, (bit >> 3) + 3);
  return (((first << 16) | (second << 8) | third) >> (24 - BITS - (bit & 7))) & (2 ** BITS - 1);
}
