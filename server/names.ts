import { looksReserved, skeleton } from './names/skeleton.ts';
import { SalonError } from './protocol/errors.ts';
import {
  NAME_LIMITS,
  normalisePersonName,
  normaliseUsername,
  personNameProblem,
  usernameKey,
  usernameProblem,
  utf8Length,
} from './protocol/names.ts';
import type { Username } from './store/records.ts';

/** A username as it is kept and compared. @throws SalonError `NAME_INVALID` with the rule it breaks. */
export function readUsername(typed: string): Username {
  const username = normaliseUsername(typed);
  const why = usernameProblem(username);
  if (why !== null) throw new SalonError('NAME_INVALID', { why, path: 'username' });
  if (looksReserved(username)) throw new SalonError('NAME_INVALID', { why: 'reserved', path: 'username' });
  return { username, key: usernameKey(username), skeleton: skeleton(username) };
}

/** A first or last name, or a guest's, as it is kept. @throws SalonError `NAME_INVALID` with the rule it breaks. */
export function readPersonName(typed: string, path: 'firstName' | 'lastName' | 'name'): string {
  const name = normalisePersonName(typed);
  const why = personNameProblem(name);
  if (why !== null) throw new SalonError('NAME_INVALID', { why, path });
  return name;
}

/**
 * What a guest's username is made of, with room for a number behind it: `Mamie Jo` is `mamie-jo`. The name itself is what
 * everybody sees, so words that speak for the room are refused here too.
 *
 * @throws SalonError `NAME_INVALID` with the rule that it breaks, when no part of the name can be a username.
 */
export function guestUsername(displayName: string): string {
  // The invisible joiners are spelling, and no username has them.
  const letters = displayName.toLowerCase().replace(/[\u200c\u200d]/g, '');
  const parts = letters.match(/[\p{L}\p{Nd}\p{M}]+/gu) ?? [];
  const [whole = '', ...others] = [parts.join('-'), ...parts].map((part) =>
    shortened(normaliseUsername(part)),
  );
  if (looksReserved(whole)) throw new SalonError('NAME_INVALID', { why: 'reserved', path: 'name' });
  const why = usernameProblem(whole);
  if (why === null) return whole;
  const usable = others.find((part) => usernameProblem(part) === null && !looksReserved(part));
  if (why === 'reserved' || usable === undefined) throw new SalonError('NAME_INVALID', { why, path: 'name' });
  return usable;
}

const NUMBER_CHARACTERS = 3;

function shortened(username: string): string {
  let characters = Array.from(username).slice(0, NAME_LIMITS.username - NUMBER_CHARACTERS);
  while (utf8Length(characters.join('')) > NAME_LIMITS.usernameBytes - NUMBER_CHARACTERS)
    characters = characters.slice(0, -1);
  return characters.join('').replace(/-+$/, '');
}
