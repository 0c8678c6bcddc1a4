import type { Id, Member } from '../../server/protocol/entities.ts';
import { formatList, formatNumber, formatTime, relativeDay, t } from '../locales/locale.ts';
import type { ConversationState } from '../state/conversation.ts';
import type { RoomState } from '../state/room.ts';

const FROM_RIGHT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** A name inside a sentence: one that is written from the right must not turn the words around it. */
export function isolated(name: string): string {
  return FROM_RIGHT.test(name) ? `\u2068${name}\u2069` : name;
}

/**
 * How somebody is called in the interface: a member by the one name that is theirs alone, and that `text@name` reaches; a
 * guest as they called themselves, with a number when others did so before.
 */
export function calledAs(room: RoomState, member: Member): string {
  const wanted = member.firstName.toLocaleLowerCase();
  if (member.role !== 'guest' || wanted === '') return member.username;
  const namesakes = [...room.members.values()]
    .filter(({ role, firstName }) => role === 'guest' && firstName.toLocaleLowerCase() === wanted)
    .toSorted((a, b) => a.joinedAt - b.joinedAt);
  const number = namesakes.findIndex(({ id }) => id === member.id) + 1;
  return number > 1 ? `${member.firstName} (${formatNumber(number)})` : member.firstName;
}

export function nameOf(room: RoomState, memberId: Id): string {
  const member = room.members.get(memberId);
  return isolated(member === undefined ? t().room.somebody : calledAs(room, member));
}

export function namesOf(room: RoomState, memberIds: readonly Id[]): string {
  return formatList(memberIds.map((id) => nameOf(room, id)));
}

/** What a person gave as their name; a guest gave the one name only. */
export function fullNameOf({ firstName, lastName }: Member): string {
  return `${firstName} ${lastName}`.trim();
}

/** Whose stay lasts. */
export function guestsOf(room: RoomState): Member[] {
  return room.people.filter(({ role }) => role === 'guest');
}

export function titleOf(room: RoomState, conversation: ConversationState): string {
  if (conversation.kind === 'lobby') return t().room.everyone;
  return isNotes(room, conversation) ? t().room.notes : namesOf(room, conversation.others);
}

/** A direct conversation with oneself. */
export function isNotes(room: RoomState, { kind, memberIds }: ConversationState): boolean {
  return kind === 'direct' && memberIds.every((id) => id === room.me);
}

/** The one other member of a conversation of two; null for any other conversation. */
export function partnerOf(room: RoomState, conversation: ConversationState): Member | null {
  const [other, ...rest] = conversation.others;
  if (conversation.kind === 'lobby' || other === undefined || rest.length > 0) return null;
  return room.members.get(other) ?? null;
}

/** The member who owns the room: its host, for everybody. */
export function ownerOf(room: RoomState): Member | null {
  for (const member of room.members.values()) if (member.role === 'owner') return member;
  return null;
}

export function presenceOf({ presence, lastSeenAt }: Member): string {
  const { here, away } = t().common;
  if (presence !== 'offline') return presence === 'here' ? here : away;
  const { lastSeen, neverSeen } = t().room;
  return lastSeenAt === null ? neverSeen : lastSeen(relativeDay(lastSeenAt), formatTime(lastSeenAt));
}
