/**
 * Writes server/names/confusables.ts: which characters of a username look like which.
 *
 * Run by hand, hardly ever: `node --import tsx scripts/confusables.ts`. Skeletons are stored in every room's database,
 * so another table means computing them again there (a migration), and names that collide by then.
 *
 * Source: the confusables of UTS #39 as ICU carries them, asked through Debian 12's package python3-icu (ICU 72.1,
 * Unicode 15.0). PYTHON names the interpreter that has it, if it is not `python3`.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { usernameKey, usernameProblem } from '../server/protocol/names.ts';

const UNICODE = '15.0';

// One line for every character that is not its own skeleton: the character, then its skeleton, as hexadecimal numbers.
const ASK_ICU = `
import icu, unicodedata
assert icu.UNICODE_VERSION == '${UNICODE}', icu.UNICODE_VERSION
checker = icu.SpoofChecker()
points = lambda text: ' '.join(format(ord(c), 'x') for c in text)
for point in list(range(0xd800)) + list(range(0xe000, 0x110000)):
    skeleton = checker.getSkeleton(0, chr(point))
    if skeleton != chr(point): print(points(chr(point) + skeleton))
`;

const fromHex = (point: string) => String.fromCodePoint(Number.parseInt(point, 16));
const toHex = (text: string) =>
  Array.from(text)
    .map((character) => character.codePointAt(0)?.toString(16))
    .join('+');

const looksLike = new Map<string, string>();
const answer = execFileSync(process.env['PYTHON'] ?? 'python3', ['-c', ASK_ICU], { maxBuffer: 2 ** 26 });
for (const line of answer.toString().trim().split('\n')) {
  const [character, ...skeleton] = line.split(' ').map(fromHex);
  if (character !== undefined) looksLike.set(character, skeleton.join(''));
}
// UTS #39 has I = l. ALI and ali are one name, so i = l follows.
looksLike.set('i', 'l');

const each = (text: string, change: (character: string) => string) =>
  Array.from(text.normalize('NFD')).map(change).join('');
const fold = (text: string) => each(text, usernameKey).normalize('NFD');

/** Repeated, because ICU gives a few skeletons that have another one (ҋ). */
function looks(text: string): string {
  const like = each(text, (character) => looksLike.get(character) ?? character).normalize('NFD');
  return like === text ? like : looks(like);
}

/** What a character ends as in a skeleton: what it looks like, in lower case, with nothing left to replace. */
function settled(character: string): string {
  return each(looks(character), (part) => {
    const folded = fold(part);
    const small = looks(folded);
    // Γ looks like no letter of ASCII, γ looks like y. Folding on would make Гена of Уена, so such a capital stays.
    return small === folded || /^[A-Za-z]$/.test(part) ? small : part;
  });
}

/** Names are taken apart (NFKD) before the table is asked, so it holds only what is left then. */
const inUsernames = (character: string) =>
  character === character.normalize('NFKD') && usernameProblem(`a${character}a`) !== 'characters';

const characters = new Set<string>();
for (let point = 0; point < 0x110000; point += 1) {
  if (point === 0xd800) point = 0xe000;
  const character = String.fromCodePoint(point);
  if (!inUsernames(character)) continue;
  characters.add(character);
  // A skeleton has the same skeleton, so what it is made of is looked up too.
  for (const part of settled(character)) characters.add(part);
}

const sourcesOf = new Map<string, string[]>();
for (const character of [...characters].sort((a, b) => (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0))) {
  const folded = fold(character);
  // `skeleton` asks for the small letter where a capital has no entry, and leaves what has none at all as it is.
  const otherwise = folded !== character && Array.from(folded).length === 1 ? settled(folded) : folded;
  const target = settled(character);
  if (target !== otherwise) sourcesOf.set(target, [...(sourcesOf.get(target) ?? []), character]);
}

const lines = [''];
for (const [target, sources] of sourcesOf) {
  for (const token of [`${toHex(target)}:`, ...sources.map(toHex)]) {
    const line = `${lines.at(-1)} ${token}`.trim();
    if (line.length <= 110) lines.splice(-1, 1, line);
    else lines.push(token);
  }
}

const source = `// Made by scripts/confusables.ts from ICU 72.1, Unicode ${UNICODE} (UTS #39). Not edited by hand.
// Data © Unicode, Inc., under the Unicode License.

let table: ReadonlyMap<string, string> | undefined;

/** What a character looks like, in lower case and NFD. A character that is not there looks like itself. */
export function confusables(): ReadonlyMap<string, string> {
  return (table ??= new Map(decode(TABLE)));
}

function* decode(text: string): Generator<[string, string]> {
  let target = '';
  for (const token of text.trim().split(/\\s+/)) {
    const points = token
      .replace(':', '')
      .split('+')
      .map((point) => Number.parseInt(point, 16));
    if (token.endsWith(':')) target = String.fromCodePoint(...points);
    else yield [String.fromCodePoint(...points), target];
  }
}

// A group is what is looked like, with a colon, and then everything that looks like it; code points in hexadecimal.
const TABLE = \`
${lines.join('\n')}
\`;
`;
writeFileSync(new URL('../server/names/confusables.ts', import.meta.url), source);
console.log(`${[...sourcesOf.values()].flat().length} characters, ${source.length} bytes`);
