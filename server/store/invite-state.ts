import type { Invite, Timestamp } from '../protocol/entities.ts';
import { SalonError } from '../protocol/errors.ts';
import type { StoredInvite } from './records.ts';

/** What can still be done with an invite. What its owner decided comes before what the clock did. */
export function inviteState(
  { revokedAt, uses, used, expiresAt }: StoredInvite,
  now: Timestamp,
): Invite['state'] {
  if (revokedAt !== null) return 'revoked';
  if (uses !== null && used >= uses) return 'used';
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'live';
}

const DEAD = { revoked: 'INVITE_REVOKED', used: 'INVITE_USED', expired: 'INVITE_EXPIRED' } as const;

/** @throws SalonError `INVITE_REVOKED`, `INVITE_USED`, `INVITE_EXPIRED`. */
export function refuseDead(invite: StoredInvite, now: Timestamp): void {
  const state = inviteState(invite, now);
  if (state !== 'live') throw new SalonError(DEAD[state]);
}
