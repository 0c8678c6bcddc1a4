import { sha256 } from '@noble/hashes/sha2.js';
import { ulid } from 'ulid';
import { fromBase64url, randomBytes, toBase64url } from '../client/proof.ts';
import type { Id } from '../protocol/entities.ts';
import type { Session } from '../session.ts';
import type { NewSession } from '../store/records.ts';

/** A session to be stored, and the token that resumes it: 256 random bits, told once, kept only as a hash. */
export function newSession(device: string): { record: NewSession; token: string } {
  const token = toBase64url(randomBytes(32));
  return { record: { id: ulid(), tokenHash: hashToken(token), device }, token };
}

export function hashToken(token: string): string {
  return toBase64url(sha256(fromBase64url(token)));
}

/** From here on this connection speaks for that member. */
export function signInHere(session: Session, memberId: Id, sessionId: Id): void {
  session.forget();
  session.memberId = memberId;
  session.sessionId = sessionId;
}
