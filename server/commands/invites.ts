import { ulid } from 'ulid';
import type { InputOf } from '../protocol/commands.ts';
import { spokenBinding } from '../client/spoken.ts';
import type { Channel, Id, Invite, InviteRole } from '../protocol/entities.ts';
import { SalonError } from '../protocol/errors.ts';
import type { Handlers, HostContext } from './index.ts';

/** Join codes: what one is worth, to whoever brings it, and which there are, to the owner. */
export const invites: Pick<
  Handlers,
  'invite.check' | 'invite.prove' | 'invite.create' | 'invite.list' | 'invite.revoke'
> = {
  async 'invite.check'({ invites: all, session }, key) {
    const { role, expiresAt, uses, used } = await all.check(key, session.address);
    mayBeUsed(role, session.channel);
    session.invited = true;
    return { role, expiresAt, usesLeft: uses === null ? null : uses - used };
  },

  async 'invite.prove'({ invites: all, session }, { proof }) {
    const binding = spokenBinding(session.channel, session.binding);
    const proven = await all.prove(proof, session.address, binding);
    mayBeUsed(proven.role, session.channel);
    session.invited = true;
    return proven;
  },

  async 'invite.create'(context, wish) {
    return makeInvite(context, wish, context.memberId);
  },

  async 'invite.list'({ invites: all, store, whereabouts, roomName }) {
    const addresses = whereabouts.addresses();
    return { invites: (await store.invites()).map((invite) => all.describe(invite, roomName, addresses)) };
  },

  async 'invite.revoke'({ store, clock, memberId }, { id }) {
    await store.revokeInvite(id, memberId, clock.now());
    return {};
  },
};

/** Who listens on the simple door would have a member's invite as well, and with it an account. */
export function mayBeUsed(role: InviteRole, channel: Channel): void {
  if (channel === 'simple' && role === 'member') throw new SalonError('INVITE_FOR_MEMBERS');
}

export async function makeInvite(
  { invites: all, store, clock, whereabouts, roomName }: HostContext,
  { role, expiresInMs, uses }: InputOf<'invite.create'>,
  by: Id,
): Promise<Invite> {
  const now = clock.now();
  const expiresAt = expiresInMs === null ? null : now + expiresInMs;
  const made = await store.createInvite({ id: ulid(), role, expiresAt, uses }, by, now);
  return all.describe(made, roomName, whereabouts.addresses());
}
