import { ulid } from 'ulid';
import { guestUsername, readPersonName } from '../names.ts';
import { SalonError } from '../protocol/errors.ts';
import { mayBeUsed } from './invites.ts';
import type { Handlers } from './index.ts';
import { mayComeIn, newSession, signInHere } from './signed-in.ts';

/** Coming in without an account, where the owner lets guests in. */
export const guests: Pick<Handlers, 'guest.enter'> = {
  async 'guest.enter'(context, { name, device, invite }) {
    const { store, hub, clock, session, rules, invites } = context;
    if (!rules.letsGuestsIn) throw new SalonError('GUESTS_OFF');
    const brought = invite === undefined ? null : await invites.check(invite, session.address);
    if (brought !== null) mayBeUsed(brought.role, session.channel);
    const displayName = readPersonName(name, 'name');
    const base = guestUsername(displayName);
    await mayComeIn(context);
    const { record, token } = newSession(device);
    const { member, published } = await store.enterGuest({
      id: ulid(),
      displayName,
      base,
      session: record,
      inviteId: brought?.id ?? null,
      now: clock.now(),
    });
    hub.publish(published);
    signInHere(context, { memberId: member.id, sessionId: record.id, role: 'guest' });
    return { memberId: member.id, sessionId: record.id, token };
  },
};
