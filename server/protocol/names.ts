/**
 * Which names a person may have, and when two of them are the same.
 *
 * A username identifies a member, so everything that makes two of them hard to tell apart is refused. A person's name
 * is only shown, beside the username, so it may be as people write it. The page asks these rules to help while somebody
 * types; the host asks them again and decides, because its tables of characters may be newer than the browser's.
 */
export type NameProblem =
  | 'empty'
  | 'tooLong'
  | 'characters'
  | 'mixedScripts'
  | 'reserved'
  | 'spaces'
  | 'marks'
  | 'direction';

/** In code points, after normalising; a username also has at most `usernameBytes` bytes of UTF-8. */
export const NAME_LIMITS = { username: 32, usernameBytes: 96, personName: 64 } as const;

/** A username as it is stored and shown: forms made for East Asian typesetting become ordinary ones, NFC, trimmed. */
export function normaliseUsername(input: string): string {
  return input
    .replace(/[\u3000\uff01-\uffee]/g, (wide) => wide.normalize('NFKC'))
    .normalize('NFC')
    .trim();
}

/** A first or last name as it is stored and shown: NFC, trimmed, one space between words. */
export function normalisePersonName(input: string): string {
  return input
    .normalize('NFC')
    .replace(/\p{Zs}+/gu, ' ')
    .trim();
}

/**
 * The key by which two spellings are the same username: `Élodie`, `élodie` and `ÉLODIE` share one. Idempotent.
 *
 * It is stored, so it may never change under a stored name. Unicode promises that of NFKC and of case folding for every
 * assigned character, and the rest cannot be in a username.
 */
export function usernameKey(input: string): string {
  return (
    input
      .normalize('NFKC')
      .trim()
      // Full case folding, which JavaScript lacks: only by way of capitals does ß meet ss, and ẞ first becomes ß.
      .toLowerCase()
      .toUpperCase()
      .toLowerCase()
      // A sigma at the end of a word is a matter of spelling.
      .replaceAll('ς', 'σ')
      // Turkish has four letters i. They count as one here: the same person types IŞIL, Işıl or ışıl, and dots are
      // easily missed.
      .replace(/i\u0307+/g, 'i')
      .normalize('NFKC')
  );
}

/** What is wrong with a username, judged as `normaliseUsername` would store it; null when it may be used. */
export function usernameProblem(input: string): NameProblem | null {
  const name = normaliseUsername(input);
  if (name === '') return 'empty';
  if (/\s/.test(name)) return 'spaces';
  if (Array.from(name).length > NAME_LIMITS.username || utf8Length(name) > NAME_LIMITS.usernameBytes)
    return 'tooLong';
  if (!usernameCharacters(name)) return 'characters';
  if (badMarks(name)) return 'marks';
  if (mixesScripts(name)) return 'mixedScripts';
  if (breaksDirection(name)) return 'direction';
  if (RESERVED_USERNAMES.has(withoutSeparators(usernameKey(name)))) return 'reserved';
  return null;
}

/**
 * What is wrong with a first or last name, judged as `normalisePersonName` would store it; null when it may be used.
 *
 * Never `reserved` (Guest and Root are surnames), `mixedScripts` (a transliteration may follow), `direction` (the page
 * isolates each name) or `spaces` (they are folded).
 */
export function personNameProblem(input: string): NameProblem | null {
  const name = normalisePersonName(input);
  if (name === '') return 'empty';
  if (Array.from(name).length > NAME_LIMITS.personName) return 'tooLong';
  const visible = name.replace(SPELLING_JOINER, '');
  if (!PERSON_NAME.test(visible) || INVISIBLE.test(visible) || !LETTER_OR_DIGIT.test(visible))
    return 'characters';
  if (badMarks(visible)) return 'marks';
  return null;
}

/** How many bytes `text` takes in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}

const LETTER_OR_DIGIT = /[\p{L}\p{Nd}]/u;
/** Letters, digits and marks; controls, format, private and unassigned characters are none of these. */
const USERNAME = /^[\p{L}\p{Nd}\p{Mn}\p{Mc}._-]+$/u;
/**
 * The same and what is written inside names: apostrophes, hyphens, the middle dots of Catalan, Chinese and Japanese,
 * the geresh of Hebrew and the syllable dot of Tibetan.
 */
const PERSON_NAME = /^[\p{L}\p{Nd}\p{Mn}\p{Mc} .'’‘‐\u2011\-·・\u05f3\u05f4\u0f0b]+$/u;
/** Some of these are letters by category, such as the Hangul fillers. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;
/**
 * What IDNA refuses beyond its categories (RFC 5892, 2.6 and 2.9): letters that only stretch a word or repeat the one
 * before, and parts of Hangul that are drawn as if they were a whole syllable.
 */
const REFUSED_BY_IDNA =
  /[\u302e\u302f\u0640\u07fa\u3031-\u3035\u303b\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb]/;

/**
 * The invisible joiners where spelling needs them (RFC 5892, A.1 and A.2, simplified): after a virama, as in Sinhala
 * ශ්‍රී, and between the Arabic letters of Persian. Elsewhere they would only make two names that look the same.
 */
const SPELLING_JOINER = new RegExp(
  '(?<=[\\u094d\\u09cd\\u0a4d\\u0acd\\u0b4d\\u0bcd\\u0c4d\\u0ccd\\u0d4d\\u0dca])[\\u200c\\u200d]' +
    '|(?<=\\p{Script=Arabic})\\u200c(?=\\p{Script=Arabic})',
  'gu',
);

function usernameCharacters(name: string): boolean {
  return (
    USERNAME.test(name) &&
    !INVISIBLE.test(name) &&
    !REFUSED_BY_IDNA.test(name) &&
    LETTER_OR_DIGIT.test(name) &&
    !/^[.-]|[.-]$/.test(name) &&
    living().test(name) &&
    !Array.from(name).some(hasPlainerForm)
  );
}

/**
 * Mathematical 𝐚, ligatures, ² and the like are ordinary characters in disguise. Thai and Lao vowels that NFKC takes
 * apart are not: they are how everybody there writes.
 */
function hasPlainerForm(character: string): boolean {
  return (
    character.normalize('NFKC') !== character.normalize('NFC') &&
    !/[\p{Script=Thai}\p{Script=Lao}]/u.test(character)
  );
}

const words = (text: string) => text.trim().split(/\s+/);
const anyOf = (scripts: string) =>
  words(scripts)
    .map((script) => `\\p{Script=${script}}`)
    .join('');

/** Scripts that write several signs on one letter as a matter of course: Myanmar ကျော် has four. */
const STACKING = anyOf(`
  Hebrew Devanagari Bengali Gurmukhi Gujarati Oriya Tamil Telugu Kannada Malayalam Sinhala Myanmar Khmer Tibetan
  Tai_Tham Balinese Javanese`);
const TOO_MANY_MARKS = new RegExp(`(?:(?![${STACKING}])\\p{M}){3}|\\p{M}{5}`, 'u');
const MARK_ON_NOTHING = /(?<![\p{L}\p{M}])\p{M}/u;

function badMarks(name: string): boolean {
  return MARK_ON_NOTHING.test(name) || TOO_MANY_MARKS.test(name);
}

/**
 * The scripts in use today (UAX #31, tables 5 and 7). Historic ones are left out: few computers can draw them, and
 * boxes all look alike. All of these are in Unicode 12, so that every supported browser knows them.
 */
const SCRIPTS = words(`
  Adlam Arabic Armenian Balinese Bamum Batak Bengali Bopomofo Canadian_Aboriginal Chakma Cham Cherokee Cyrillic
  Devanagari Ethiopic Georgian Greek Gujarati Gurmukhi Han Hangul Hanifi_Rohingya Hebrew Hiragana Javanese Kannada
  Katakana Kayah_Li Khmer Lao Latin Lepcha Limbu Lisu Malayalam Mandaic Meetei_Mayek Miao Mongolian Myanmar
  New_Tai_Lue Newa Nko Nyiakeng_Puachue_Hmong Ol_Chiki Oriya Osage Saurashtra Sinhala Sundanese Syloti_Nagri Syriac
  Tai_Le Tai_Tham Tai_Viet Tamil Telugu Thaana Thai Tibetan Tifinagh Vai Wancho Yi`);

/** What may stand together: one script, or what Japanese, Chinese and Korean mix ("highly restrictive" in UTS #39). */
const ALPHABETS = [
  ...SCRIPTS.map((script) => [script]),
  ['Latin', 'Han', 'Hiragana', 'Katakana'],
  ['Latin', 'Han', 'Bopomofo'],
  ['Latin', 'Han', 'Hangul'],
];

function writtenIn(scripts: readonly string[]): RegExp {
  const extensions = ['Common', 'Inherited', ...scripts].map((script) => `\\p{Script_Extensions=${script}}`);
  return new RegExp(`^[${extensions.join('')}]*$`, 'u');
}

// Made when first needed: nearly every name is ASCII, and a page should not build seventy expressions to start.
let livingScripts: RegExp | undefined;
const living = () => (livingScripts ??= writtenIn(SCRIPTS));
let alphabets: readonly RegExp[] | undefined;

// ASCII, Arabic, Persian, and any other: no other script has two sets in use.
const DIGITS = [/[0-9]/, /[\u0660-\u0669]/, /[\u06f0-\u06f9]/, /(?![0-9\u0660-\u0669\u06f0-\u06f9])\p{Nd}/u];

function mixesScripts(name: string): boolean {
  if (/^[\x20-\x7e]*$/.test(name)) return false;
  alphabets ??= ALPHABETS.map(writtenIn);
  // Bengali ৪ is four and looks like eight, so the digits of a name come from one set too.
  return (
    !alphabets.some((alphabet) => alphabet.test(name)) ||
    DIGITS.filter((digits) => digits.test(name)).length > 1
  );
}

const RIGHT_TO_LEFT = anyOf('Hebrew Arabic Syriac Thaana Nko Adlam Hanifi_Rohingya Mandaic');
const HAS_RIGHT_TO_LEFT = new RegExp(`[${RIGHT_TO_LEFT}\\u0660-\\u0669]`, 'u');
const STARTS_AND_STAYS_RIGHT_TO_LEFT = new RegExp(
  `^(?=\\p{L})[${RIGHT_TO_LEFT}](?:[${RIGHT_TO_LEFT}\\p{M}\\p{Nd}._-])*$`,
  'u',
);

/**
 * RFC 5893 for one label, simplified: JavaScript does not tell a character's direction, so its script stands for it.
 * A name with anything written from right to left starts with such a letter, has no letter of the other direction, and
 * ends in a letter or digit; otherwise its parts would trade places with the text around it.
 */
function breaksDirection(name: string): boolean {
  if (!HAS_RIGHT_TO_LEFT.test(name)) return false;
  return !STARTS_AND_STAYS_RIGHT_TO_LEFT.test(name) || !/[\p{L}\p{Nd}]\p{M}*$/u.test(name);
}

/** `.`, `_` and `-` do not make another word: `tout-le-monde`, `tout.le.monde` and `toutlemonde` are one. */
export const withoutSeparators = (text: string) => text.replace(/[._-]/g, '');

/**
 * Words that seem to speak for the room or for everybody, in both languages of the interface, as keys without
 * separators. The host also refuses what only looks like one (`looksReserved`).
 */
export const RESERVED_USERNAMES: ReadonlySet<string> = new Set(
  words(`
    host hôte hote admin administrator administrateur administratrice owner propriétaire proprietaire
    moderator mod modérateur modératrice moderateur moderatrice salon room system système systeme
    server serveur root superuser support security sécurité securite official officiel staff bot
    everyone everybody all here channel lobby tout-le-monde tous toutes ici
    guest invité invitée invite invitee anonymous anonyme nobody unknown inconnu inconnue deleted supprimé supprime
    me you moi vous null undefined none nan
  `).map((word) => withoutSeparators(usernameKey(word))),
);
