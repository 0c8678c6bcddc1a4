import { looksReserved, skeleton } from './names/skeleton.ts';
import { SalonError } from './protocol/errors.ts';
import {
  normalisePersonName,
  normaliseUsername,
  personNameProblem,
  usernameKey,
  usernameProblem,
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

/** A first or last name as it is kept. @throws SalonError `NAME_INVALID` with the rule it breaks. */
export function readPersonName(typed: string, path: 'firstName' | 'lastName'): string {
  const name = normalisePersonName(typed);
  const why = personNameProblem(name);
  if (why !== null) throw new SalonError('NAME_INVALID', { why, path });
  return name;
}
