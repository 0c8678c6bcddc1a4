import { sha256 } from '@noble/hashes/sha2.js';
import { ulid } from 'ulid';
import { networkOf } from '../addresses.ts';
import { randomBytes } from '../client/proof.ts';
import { fromBase64url, toBase64url } from '../protocol/base64url.ts';
import type { Id, Role } from '../protocol/entities.ts';
import { SalonError } from '../protocol/errors.ts';
import type { NewSession } from '../store/records.ts';
import { plainAddress } from '../whereabouts.ts';
import type { AnyoneContext } from './index.ts';

/** A session to be stored, and the token that resumes it: 256 random bits, told once, kept only as a hash. */
export function newSession(device: string): { record: NewSession; token: string } {
  const token = toBase64url(randomBytes(32));
  return { record: { id: ulid(), tokenHash: hashToken(token), device }, token };
}

export function hashToken(token: string): string {
  return toBase64url(sha256(fromBase64url(token)));
}

/**
 * From here on this connection speaks for that member.
 *
 * @throws SalonError `SESSION_ENDED` when they are being sent away at this very moment.
 */
export function signInHere(
  { session, hub, isLeaving }: AnyoneContext,
  { memberId, sessionId, role }: { memberId: Id; sessionId: Id; role: Role },
): void {
  session.forget();
  if (isLeaving(memberId)) throw new SalonError('SESSION_ENDED');
  session.memberId = memberId;
  session.sessionId = sessionId;
  session.role = role;
  hub.cameFrom(memberId, session.address);
}

/**
 * New people do not come from where somebody was banned, and only so many in an hour from anywhere. Whoever has an account
 * is not asked: they may be behind the same router.
 *
 * @throws SalonError `BANNED`, `SLOW_DOWN`.
 */
export async function mayComeIn({
  session,
  store,
  clock,
  signUps,
}: Pick<AnyoneContext, 'session' | 'store' | 'clock' | 'signUps'>): Promise<void> {
  if (await store.addressIsBanned(plainAddress(session.address), clock.now())) throw new SalonError('BANNED');
  const retryMs = signUps.take(networkOf(session.address));
  if (retryMs > 0) throw new SalonError('SLOW_DOWN', { retryMs });
}
