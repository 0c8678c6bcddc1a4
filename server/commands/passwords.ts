import type { ProofPurpose } from '../protocol/commands.ts';
import type { Id } from '../protocol/entities.ts';
import { SalonError } from '../protocol/errors.ts';
import type { Proofs } from '../proofs.ts';
import type { Session } from '../session.ts';
import type { Handlers } from './index.ts';
import { newSession, signInHere } from './signed-in.ts';

/** A reset code is for somebody who stands beside the owner. In milliseconds. */
const RESET_CODE_MS = 15 * 60_000;

/** Passwords and the codes for the day one is forgotten. The host sees neither. */
export const passwords: Pick<
  Handlers,
  'password.change' | 'password.reset' | 'recovery.renew' | 'resetCode.create' | 'resetCode.revoke'
> = {
  async 'password.change'({ session, proofs, store, clock, memberId, sessionId, endSessions }, { password }) {
    takeReauth(session, proofs, memberId);
    const now = clock.now();
    await store.setCredential(memberId, 'password', password, {
      issuedBy: null,
      expiresAt: null,
      now,
      action: 'password.changed',
    });
    endSessions(await store.endSessions(memberId, sessionId, now));
    return {};
  },

  async 'password.reset'(context, { password, recovery, device }) {
    const { session, proofs, store, clock, endSessions } = context;
    const memberId = takeProven(session, proofs, ['recovery', 'reset']);
    const { record, token } = newSession(device);
    const { ended, role } = await store.resetPassword(memberId, password, recovery, record, clock.now());
    // First, because this connection may have been one of those that end.
    signInHere(context, { memberId, sessionId: record.id, role });
    endSessions(ended);
    return { memberId, sessionId: record.id, token };
  },

  async 'recovery.renew'({ session, proofs, store, clock, memberId }, { recovery }) {
    takeReauth(session, proofs, memberId);
    await store.setCredential(memberId, 'recovery', recovery, {
      issuedBy: null,
      expiresAt: null,
      now: clock.now(),
      action: 'recovery.renewed',
    });
    return {};
  },

  async 'resetCode.create'({ store, proofs, clock, memberId }, { memberId: forId, code }) {
    const member = await store.member(forId);
    if (member === null || member.role === 'guest') throw new SalonError('NO_SUCH_MEMBER');
    proofs.makeVoid(forId);
    const now = clock.now();
    const expiresAt = now + RESET_CODE_MS;
    await store.setCredential(forId, 'reset', code, {
      issuedBy: memberId,
      expiresAt,
      now,
      action: 'resetCode.created',
    });
    return { expiresAt };
  },

  async 'resetCode.revoke'({ store, proofs, clock, memberId }, { memberId: forId }) {
    proofs.makeVoid(forId);
    await store.dropCredential(forId, 'reset', {
      by: memberId,
      now: clock.now(),
      action: 'resetCode.revoked',
    });
    return {};
  },
};

/**
 * Who it was proven for. Each proof allows one change, and what was proven before that change is void everywhere: a code
 * that was proven on two connections still works once. The change must be asked of the store in the same turn.
 *
 * @throws SalonError `PROOF_NEEDED`.
 */
function takeProven(session: Session, proofs: Proofs, purposes: readonly ProofPurpose[]): Id {
  const { proven } = session;
  session.proven = null;
  if (!proofs.allows(proven, purposes)) throw new SalonError('PROOF_NEEDED');
  proofs.makeVoid(proven.memberId);
  return proven.memberId;
}

/** A password proven by one member changes nothing of another, who signed in on the same connection since. */
function takeReauth(session: Session, proofs: Proofs, memberId: Id): void {
  if (takeProven(session, proofs, ['reauth']) !== memberId) throw new SalonError('PROOF_NEEDED');
}
