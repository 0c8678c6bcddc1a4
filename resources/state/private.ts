import { usernameKey } from '../../server/protocol/names.ts';

/** What a line of text asks for, in the syntax `hello@youssef13` or `hello@youssef13@amina`. */
export type Address =
  | { kind: 'plain' }
  /** `text` goes to exactly these members and nobody else. */
  | { kind: 'private'; text: string; memberIds: string[] }
  /** It would be private, and the host would refuse it: guests read and write in the lobby only. */
  | { kind: 'refused'; code: 'NOT_FOR_GUESTS' | 'GUEST_READS_LOBBY' }
  /** It ends like a private message, but nobody is called `name`. It stays text; its author should know. */
  | { kind: 'unknown'; name: string };

/** One `@name` at the very end, as any keyboard writes the sign. Names hold no space and no `@`. */
const LAST_NAME = /[@＠﹫]([^\s@＠﹫]{1,64})$/u;
/** A name of that length with its sign, in UTF-16. */
const LAST_NAME_UNITS = 130;

/**
 * Reads who a text is for. Only names at its very end count, one behind the other, and only after some text:
 * `3 @ 2 €` and `x@y.fr` stay what they are.
 *
 * @param brings - a file goes with it: then nothing need stand before the names.
 * @param dotted - somebody's name holds a dot: what looks like an address of mail may be that name mistyped, and is asked
 *   about like any other.
 * @param find - the member of that name key, by present name or a former one that is still theirs.
 */
export function readAddress(
  text: string,
  find: (key: string) => string | null,
  dotted = false,
  brings = false,
): Address {
  let rest = text;
  const memberIds: string[] = [];
  for (;;) {
    rest = rest.trimEnd();
    // Only the end is looked at: behind a thousand names, each look at the whole would be a thousand times too long.
    const before = Math.max(0, rest.length - LAST_NAME_UNITS);
    const match = LAST_NAME.exec(rest.slice(before));
    if (match === null) break;
    const at = before + match.index;
    const name = match[1] ?? '';
    const memberId = find(usernameKey(name));
    if (memberId === null) {
      if (!dotted && looksLikeMail(rest, name)) break;
      return brings || memberIds.length > 0 || rest.slice(0, at).trim() !== ''
        ? { kind: 'unknown', name }
        : { kind: 'plain' };
    }
    memberIds.push(memberId);
    rest = rest.slice(0, at);
  }
  if (memberIds.length === 0 || (rest.trim() === '' && !brings)) return { kind: 'plain' };
  return { kind: 'private', text: rest.trimEnd(), memberIds: [...new Set(memberIds.toReversed())] };
}

/** `x@y.fr`: a domain behind the sign and no space before it. */
function looksLikeMail(text: string, name: string): boolean {
  return /^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+$/u.test(name) && /[\w.+-]@[^\s@]+\s*$/u.test(text);
}
