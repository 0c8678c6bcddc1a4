import { ulid } from 'ulid';
import { SalonError } from '../protocol/errors.ts';
import type { Handlers, HostContext } from './index.ts';
import { plainAddress } from '../whereabouts.ts';
import type { Id } from '../protocol/entities.ts';

/** Asking somebody to leave, for now or for good. */
export const moderation: Pick<Handlers, 'member.remove' | 'ban.list' | 'ban.lift'> = {
  async 'member.remove'(context, { memberId: id, ban }) {
    const { store, hub, clock, memberId } = context;
    const member = await store.member(id);
    if (member === null) throw new SalonError('NO_SUCH_MEMBER');
    if (member.role === 'owner') throw new SalonError('NOT_ALLOWED');
    // Before the connections are gone.
    const addresses = addressesOf(context, id);
    // First the connections: what was asked before is done before, and from now on nothing is.
    const { published } = await context.without(id, ban ? 'banned' : 'removed', () =>
      store.removeMember(id, ban ? { id: ulid(), addresses } : null, memberId, clock.now()),
    );
    hub.publish(published);
    return {};
  },

  async 'ban.list'({ store, clock }) {
    return { bans: await store.bans(clock.now()) };
  },

  async 'ban.lift'({ store, clock, memberId }, { id }) {
    await store.liftBan(id, memberId, clock.now());
    return {};
  },
};

/** Where they came from; never the computer that the room is on. */
function addressesOf({ hub, whereabouts }: HostContext, memberId: Id): string[] {
  const strange = hub.addresses(memberId).filter((address) => !whereabouts.isOwn(address));
  return [...new Set(strange.map(plainAddress))];
}
