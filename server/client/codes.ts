import { randomBytes } from './proof.ts';

/** Codes that people write down and read aloud: Crockford's base 32, without I, L, O and U. */

const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** 25 letters are 125 bits: enough to be safe without stretching. */
export const RECOVERY_CODE_LETTERS = 25;
/** 12 letters are 60 bits: enough for a quarter of an hour and five tries. */
export const RESET_CODE_LETTERS = 12;

/** `letters` random letters, ungrouped. */
export function makeCode(letters: number): string {
  // 256 is a multiple of 32, so the remainder favours no letter.
  return Array.from(randomBytes(letters), (byte) => LETTERS[byte % 32]).join('');
}

/** For the eye: groups of five (recovery) or four (reset), with dashes. */
export function formatCode(code: string): string {
  const group = code.length % 5 === 0 ? 5 : 4;
  return (code.match(new RegExp(`.{1,${group}}`, 'g')) ?? []).join('-');
}

/** Reads a code as typed: any case, spaces, dashes, and the look-alikes O, I and L. Null when it cannot be one. */
export function readCode(typed: string): string | null {
  const code = typed
    .toUpperCase()
    .replace(/[\s\p{Pd}_.]/gu, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  return /^[0-9A-HJKMNP-TV-Z]+$/.test(code) &&
    (code.length === RECOVERY_CODE_LETTERS || code.length === RESET_CODE_LETTERS)
    ? code
    : null;
}
