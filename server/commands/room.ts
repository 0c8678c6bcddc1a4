import { Written } from '../people.ts';
import type { ResultOf } from '../protocol/commands.ts';
import { PROTOCOL_VERSION } from '../protocol/entities.ts';
import { SalonError } from '../protocol/errors.ts';
import type { AnyoneContext, Handlers } from './index.ts';

/** Coming in. */
export const room: Pick<Handlers, 'hello' | 'room.enter'> = {
  async hello(context, { protocol, language }) {
    const { session, store, clock, rules, fingerprint } = context;
    session.language = language;
    if (protocol !== PROTOCOL_VERSION) {
      throw new SalonError('VERSION', { why: protocol < PROTOCOL_VERSION ? 'clientOlder' : 'clientNewer' });
    }
    refuseFull(context);
    session.greeted = true;
    const { id, name, openedAt, epoch, hasOwner } = await store.room();
    return {
      protocol: PROTOCOL_VERSION,
      room: { id, name, openedAt },
      epoch,
      needsOwner: !hasOwner,
      now: clock.now(),
      fingerprint,
      channel: session.channel,
      settings: rules.settings,
    };
  },

  async 'room.enter'(context) {
    const { session, roster, hub, clock, memberId, sessionId, rules, whereabouts, fingerprint } = context;
    refuseFull(context);
    // Listen first, read after: what is posted in between arrives twice rather than never, and the number tells.
    session.entered = true;
    hub.enter(session, memberId);
    whereabouts.reachedBy(session.localAddress);
    const { room, people, conversations } = await roster.snapshot(memberId);
    const entered: Omit<ResultOf<'room.enter'>, 'members' | 'formerNames'> = {
      room: { id: room.id, name: room.name, openedAt: room.openedAt },
      epoch: room.epoch,
      me: memberId,
      sessionId,
      conversations,
      now: clock.now(),
      settings: rules.settings,
      restored: room.restored,
      fingerprint,
      addresses: whereabouts.list(),
    };
    return new Written(`${JSON.stringify(entered).slice(0, -1)},`, people);
  },
};

/** Whoever is online already does not count twice. @throws SalonError `ROOM_FULL`. */
function refuseFull({ hub, limits, memberId }: AnyoneContext): void {
  const isHere = memberId !== null && hub.isHere(memberId);
  if (!isHere && hub.online >= limits.members) throw new SalonError('ROOM_FULL');
}
