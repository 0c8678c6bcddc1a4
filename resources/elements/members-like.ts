import type { Member } from '../../server/protocol/entities.ts';
import { usernameKey } from '../../server/protocol/names.ts';
import type { RoomState } from '../state/room.ts';

const ORDER = { here: 0, away: 1, offline: 2 } as const;

/** People of whom one name, a former one too, begins with `typed`, without regard to capitals and accents; those who are here first. */
export function membersLike(
  room: RoomState,
  typed: string,
  accept: (member: Member) => boolean = () => true,
): Member[] {
  const wanted = plain(typed.trim());
  const isLike = ({ id, username, firstName, lastName }: Member) =>
    [username, firstName, lastName, `${firstName} ${lastName}`, ...room.formerNamesOf(id)].some((name) =>
      plain(name).startsWith(wanted),
    );
  return room.people.filter((member) => accept(member) && isLike(member)).toSorted(byPresence);
}

export function byPresence(a: Member, b: Member): number {
  return ORDER[a.presence] - ORDER[b.presence] || a.username.localeCompare(b.username);
}

function plain(text: string): string {
  return usernameKey(text)
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '');
}
