import { commonPasswords } from './common-passwords.ts';
import { usernameKey, utf8Length } from './names.ts';
import { preparePassword } from './prepared-password.ts';

/**
 * Which passwords may be chosen. Asked where one is typed, because the host never sees it; signing in with one asks
 * nothing of this, so that a rule made later locks nobody out.
 */
export type PasswordProblem = 'tooShort' | 'tooLong' | 'controls' | 'common' | 'personal';

/** At least so many code points, at most so many bytes of UTF-8. */
export const PASSWORD_LIMITS = { characters: 8, bytes: 1024 } as const;

/** Whose password it is and where: what somebody who knows them would try first. Each may be empty. */
export interface PasswordOwner {
  username: string;
  firstName: string;
  lastName: string;
  roomName: string;
}

/** Why a new password is refused, or null. It is prepared here. */
export function passwordProblem(password: string, owner: PasswordOwner): PasswordProblem | null {
  const prepared = preparePassword(password);
  if (Array.from(prepared).length < PASSWORD_LIMITS.characters) return 'tooShort';
  if (utf8Length(prepared) > PASSWORD_LIMITS.bytes) return 'tooLong';
  // Half of a surrogate pair has no UTF-8: every one would become U+FFFD, and different passwords the same one.
  if (/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(prepared)) return 'controls';
  if (isCommon(prepared)) return 'common';
  if (isPersonal(prepared, owner)) return 'personal';
  return null;
}

/**
 * How hard a password is to guess, for a bar beside its field: 0 refused to anybody, 1 just enough, 2 good, 3 strong.
 * It counts length and variety only; it advises, `passwordProblem` decides.
 */
export function passwordStrength(password: string): 0 | 1 | 2 | 3 {
  if (passwordProblem(password, NOBODY) !== null) return 0;
  const characters = Array.from(preparePassword(password));
  // What repeats adds little.
  const length = Math.min(characters.length, 2 * new Set(characters).size);
  const alphabet = ALPHABETS.reduce((sum, [of, size]) => sum + (of.test(password) ? size : 0), 0);
  const bits = length * Math.log2(alphabet);
  return bits < 60 ? 1 : bits < 80 ? 2 : 3;
}

const NOBODY: PasswordOwner = { username: '', firstName: '', lastName: '', roomName: '' };

/** Roughly how many characters somebody chooses among who uses one of these. */
const ALPHABETS: readonly (readonly [RegExp, number])[] = [
  [/[a-z]/, 26],
  [/[A-Z]/, 26],
  [/[0-9]/, 10],
  [/[\x20-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]/, 33],
  [/\P{ASCII}/u, 60],
  [/[\p{Script=Han}\p{Script=Hangul}]/u, 1000],
];

const DATE = /^(?:\d{4}(?:19|20)\d\d|(?:19|20)\d{6})$/;
const ONE_CHARACTER = /^(.)\1*$/u;

/** In any letter case, and with signs around: `Password1!` is as common as `password1`. */
function isCommon(prepared: string): boolean {
  const folded = usernameKey(prepared);
  const bare = folded.replace(/^[^\p{L}\p{Nd}]+|[^\p{L}\p{Nd}]+$/gu, '');
  return [folded, bare].some(
    (text) => commonPasswords().has(text) || DATE.test(text) || ONE_CHARACTER.test(text),
  );
}

/** More digits and signs than these are no year, date or exclamation any more, and protect by themselves. */
const PADDING = 8;

function isPersonal(prepared: string, owner: PasswordOwner): boolean {
  const { username, firstName, lastName, roomName } = owner;
  const known = [
    username,
    firstName,
    lastName,
    roomName,
    firstName + lastName,
    lastName + firstName,
    'salon',
  ];
  const bare = lettersAndDigits(prepared);
  if (bare !== '' && known.some((name) => lettersAndDigits(name) === bare)) return true;
  if (prepared.replace(/[\p{L}\p{M}]/gu, '').length > PADDING) return false;

  const words = known.flatMap((name) => [letters(name), ...name.split(/[^\p{L}\p{M}]+/u).map(letters)]);
  // A single letter (an initial) says nothing about anybody.
  return consistsOf(
    letters(prepared),
    words.filter((word) => word.length > 1),
  );
}

/** Whether `text` is some of `words`, one after the other: `lovelaceada` is `lovelace` and `ada`. */
function consistsOf(text: string, words: readonly string[]): boolean {
  if (text === '') return false;
  const ends = new Set([0]);
  // A set hands out what is added while it is walked, so this reaches every place where a word can end.
  for (const end of ends) {
    for (const word of words) if (text.startsWith(word, end)) ends.add(end + word.length);
  }
  return ends.has(text.length);
}

/** Without accents and letter case: Zoë's password is not `zoe2015`. */
const plain = (text: string) => usernameKey(text).normalize('NFD').replace(/\p{M}/gu, '');
const letters = (text: string) => plain(text).replace(/\P{L}/gu, '');
const lettersAndDigits = (text: string) => plain(text).replace(/[^\p{L}\p{Nd}]/gu, '');
