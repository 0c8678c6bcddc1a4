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
  async 'password.change'({ session, proofs, store, hub, clock, memberId, sessionId }, { password }) {
    takeProven(session, proofs, ['reauth']);
    const now = clock.now();
    await store.setCredential(memberId, 'password', password, {
      issuedBy: null,
      expiresAt: null,
      now,
      action: 'password.changed',
    });
    hub.endSessions(await store.endSessions(memberId, sessionId, now));
    return {};
  },

  async 'password.reset'({ session, proofs, store, hub, clock }, { password, recovery, device }) {
    const memberId = takeProven(session, proofs, ['recovery', 'reset']);
    const { record, token } = newSession(device);
    const { ended } = await store.resetPassword(memberId, password, recovery, record, clock.now());
    hub.endSessions(ended);
    signInHere(session, memberId, record.id);
    return { memberId, sessionId: record.id, token };
  },

  async 'recovery.renew'({ session, proofs, store, clock, memberId }, { recovery }) {
    takeProven(session, proofs, ['reauth']);
    await store.setCredential(memberId, 'recovery', recovery, {
      issuedBy: null,
      expiresAt: null,
      now: clock.now(),
      action: 'recovery.renewed',
    });
    return {};
  },

  async 'resetCode.create'({ store, clock, memberId }, { memberId: forId, code }) {
    if ((await store.member(forId)) === null) throw new SalonError('NO_SUCH_MEMBER');
    const now = clock.now();
    const expiresAt = now + RESET_CODE_MS;
    await store.setCredential(forId, 'reset', code, { issuedBy: memberId, expiresAt, now, action: 'resetCode.created' });
    return { expiresAt };
  },

  async 'resetCode.revoke'({ store, clock, memberId }, { memberId: forId }) {
    await store.dropCredential(forId, 'reset', { by: memberId, now: clock.now(), action: 'resetCode.revoked' });
    return {};
  },
};

/** Who it was proven for. Each proof allows one change. @throws SalonError `PROOF_NEEDED`. */
function takeProven(session: Session, proofs: Proofs, purposes: readonly ProofPurpose[]): Id {
  const { proven } = session;
  session.proven = null;
  if (!proofs.allows(proven, purposes)) throw new SalonError('PROOF_NEEDED');
  return proven.memberId;
}
