import { RESERVED_USERNAMES, usernameKey, withoutSeparators } from '../protocol/names.ts';
import { confusables } from './confusables.ts';

/**
 * What a username looks like: two names with the same skeleton are too easily taken for each other, and the host
 * admits one of them. Only for comparing, never shown. Idempotent.
 *
 * It is the skeleton of UTS #39 in lower case, over the table of one fixed Unicode version. Give it the name as it is
 * spelled, not its key: capitals may look alike where small letters do not (Cyrillic ВОВ is Latin BOB, вов is not bob).
 *
 * Similarity is meant to be wide, and costs some honest names: `m` looks like `rn`, so `modem` keeps out `modern`; and
 * `I`, `l` and `1` look alike, hence `i` too, so `ismail12` keeps out `ismaill2`, and `elia` keeps out `ella`. Other
 * digits stay apart: `bob1` and `bob2` are two people.
 */
export function skeleton(username: string): string {
  const looks = confusables();
  const parts = username
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .normalize('NFD');
  let seen = '';
  for (const part of parts) {
    const folded = usernameKey(part);
    seen += looks.get(part) ?? looks.get(folded) ?? folded;
  }
  // The dot of an i is there already.
  return seen.normalize('NFD').replace(/l\u0307+/g, 'l');
}

/**
 * Whether a username looks like a reserved word (`аdmin` with a Cyrillic а, `h0st`). The words themselves are
 * `usernameProblem`'s to refuse.
 */
export function looksReserved(username: string): boolean {
  return reservedSkeletons().has(skeleton(withoutSeparators(username)));
}

// Shorter words lend nobody authority, and they look like people's names: `all` is Ali.
const IMPRESSIVE = 4;

let reserved: ReadonlySet<string> | undefined;
const reservedSkeletons = () =>
  (reserved ??= new Set([...RESERVED_USERNAMES].filter((word) => word.length >= IMPRESSIVE).map(skeleton)));
