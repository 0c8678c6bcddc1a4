import { hashToken } from '../../server/commands/signed-in.ts';
import { readUsername } from '../../server/names.ts';
import type { Id } from '../../server/protocol/entities.ts';
import type { LogEvent } from '../../server/protocol/events.ts';
import type { StoredMember } from '../../server/store/records.ts';
import type { Beginning } from './model.ts';

/** Who there is in a simulated room: they signed up before it begins. */
export const NAMES = ['ada', 'grace', 'edsger', 'barbara'] as const;

/** Long before anything happens. */
const OPENED = Date.UTC(2026, 10, 22, 12);

const idOf = (kind: string, n: number): Id => `01${kind}${String(n).padStart(23, '0')}`;
export const memberIdOf = (who: number): Id => idOf('M', who);
/** 256 bits that let one of them back in. */
export const tokenOf = (who: number): string => `${String.fromCharCode(97 + who)}`.repeat(43);

const hashes = new Map<number, string>();
const hashOf = (who: number): string => {
  let hash = hashes.get(who);
  if (hash === undefined) hashes.set(who, (hash = hashToken(tokenOf(who))));
  return hash;
};

/** @param past - how much was said before, to everybody and between the first two. */
export function beginning(people: number, past = 0): Beginning {
  const lobby = idOf('C', 0);
  const members = NAMES.slice(0, people).map((username, who): StoredMember => {
    return {
      id: memberIdOf(who),
      username,
      firstName: username,
      lastName: 'Lovelace',
      role: who === 0 ? 'owner' : 'member',
      joinedAt: OPENED,
      lastSeenAt: null,
      leftAt: null,
    };
  });
  const position = (seq: number) => ({ conversationId: lobby, seq, at: OPENED });
  const events: LogEvent[] = [
    { type: 'conversation.opened', ...position(1), authorId: null, memberIds: [] },
    ...members.map((member, who): LogEvent => ({
      type: 'member.joined',
      ...position(who + 2),
      authorId: member.id,
      member: { ...member, presence: 'offline' },
    })),
  ];
  return {
    room: {
      id: idOf('R', 0),
      name: 'The Kitchen',
      openedAt: OPENED,
      epoch: idOf('E', 0),
      hasOwner: true,
      ownerId: memberIdOf(0),
      restored: null,
      settings: { access: 'open', door: 'encrypted', guestsUntil: null },
    },
    members,
    lobby: {
      id: lobby,
      events,
      places: new Map(members.map(({ id }) => [id, { delivered: 0, read: 0 }])),
    },
    sessions: members.map(({ id }, who) => [
      hashOf(who),
      { id: idOf('S', who), memberId: id, device: 'a page', createdAt: OPENED, lastSeenAt: OPENED },
    ]),
    nameOf: readUsername,
    past: Array.from({ length: past }, (_, n) => {
      const isPrivate = n % 2 === 1;
      return {
        id: idOf('P', n),
        authorId: memberIdOf(n % 4 < 2 ? 0 : 1),
        conversationId: isPrivate ? null : lobby,
        to: isPrivate ? [memberIdOf(0), memberIdOf(1)] : null,
        newConversationId: idOf('C', 1),
        body: `long ago ${n}`,
        now: OPENED + n,
      };
    }),
  };
}
