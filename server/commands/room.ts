import { PROTOCOL_VERSION } from '../protocol/entities.ts';
import { SalonError } from '../protocol/errors.ts';
import type { Handlers } from './index.ts';

/** Coming in. */
export const room: Pick<Handlers, 'hello' | 'room.enter'> = {
  async hello({ session, store, clock }, { protocol, language }) {
    session.language = language;
    if (protocol !== PROTOCOL_VERSION) {
      throw new SalonError('VERSION', { why: protocol < PROTOCOL_VERSION ? 'clientOlder' : 'clientNewer' });
    }
    session.greeted = true;
    const { id, name, openedAt, epoch, hasOwner } = await store.room();
    return {
      protocol: PROTOCOL_VERSION,
      room: { id, name, openedAt },
      epoch,
      needsOwner: !hasOwner,
      now: clock.now(),
    };
  },

  async 'room.enter'({ session, store, hub, clock, memberId, sessionId }) {
    // Listen first, read after: what is posted in between arrives twice rather than never, and the number tells.
    session.entered = true;
    hub.enter(session, memberId);
    const { room, members, formerNames, conversations } = await store.snapshot(memberId);
    return {
      room: { id: room.id, name: room.name, openedAt: room.openedAt },
      epoch: room.epoch,
      me: memberId,
      sessionId,
      members: members.map((member) => ({
        ...member,
        presence: hub.presence(member.id),
        lastSeenAt: hub.lastSeenAt(member.id) ?? member.lastSeenAt,
      })),
      formerNames,
      conversations,
      now: clock.now(),
    };
  },
};
