import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { InputOf, ProofPurpose, ResultOf } from '../protocol/commands.ts';
import type { CodeCredential, Credential } from '../protocol/entities.ts';
import { usernameKey } from '../protocol/names.ts';
import { preparePassword } from '../protocol/prepared-password.ts';
import { fromBase64url, toBase64url } from '../protocol/base64url.ts';
import {
  clientProof,
  equal,
  keysOf,
  randomBytes,
  secretOfCode,
  serverSignature,
  transcript,
} from './proof.ts';

/** The password proof as a client makes it. The password never leaves this file's callers' machine. */

export interface StretchOptions {
  log2N: number;
  r: number;
  p: number;
}

/** scrypt, 32 bytes out. A page runs it in a worker, Node in slices; both take about a second on purpose. */
export type Stretch = (
  password: Uint8Array,
  salt: Uint8Array,
  options: StretchOptions,
) => Promise<Uint8Array>;

/** OWASP's first choice for scrypt: 128 MiB and about a second for every guess. */
export const STRETCH: StretchOptions = { log2N: 17, r: 8, p: 1 };

/** What to sign up or change a password with. */
export async function makeCredential(
  password: string,
  stretch: Stretch,
  options = STRETCH,
): Promise<Credential> {
  const salt = randomBytes(16);
  const keys = keysOf(await stretch(utf8ToBytes(preparePassword(password)), salt, options));
  return {
    algorithm: 'scrypt',
    log2N: options.log2N,
    r: 8,
    p: options.p,
    salt: toBase64url(salt),
    storedKey: toBase64url(keys.storedKey),
    serverKey: toBase64url(keys.serverKey),
  };
}

/** The same for a recovery or reset code as `readCode` gives it. */
export function makeCodeCredential(code: string): CodeCredential {
  const salt = randomBytes(16);
  const keys = keysOf(secretOfCode(code, salt));
  return {
    algorithm: 'hkdf',
    salt: toBase64url(salt),
    storedKey: toBase64url(keys.storedKey),
    serverKey: toBase64url(keys.serverKey),
  };
}

/** The host could not show that it knows this account: it may be another one in its place. */
export class HostNotProven extends Error {
  override readonly name = 'HostNotProven';
}

interface Asking {
  ask(command: 'proof.start', input: InputOf<'proof.start'>): Promise<ResultOf<'proof.start'>>;
  ask(command: 'proof.finish', input: InputOf<'proof.finish'>): Promise<ResultOf<'proof.finish'>>;
}

export interface Claim {
  purpose: ProofPurpose;
  username: string;
  /** The password, or the code as `readCode` gives it. */
  secret: string;
  device: string;
}

/**
 * Both halves of the proof, over one connection.
 *
 * @param binding - the TLS exporter of this very connection, so that the proof is worth nothing on another one; null for
 *   a page, which cannot see its channel.
 * @throws SalonError `BAD_LOGIN`, `BAD_CODE`, `SLOW_DOWN`; HostNotProven when the host's own proof is wrong, or when it
 *   asks for a cheaper stretch than is safe.
 */
export async function prove(
  connection: Asking,
  claim: Claim,
  stretch: Stretch,
  binding: Uint8Array | null,
): Promise<ResultOf<'proof.finish'>> {
  const type = binding === null ? 'none' : 'tls-exporter';
  const clientNonce = randomBytes(24);
  const challenge = await connection.ask('proof.start', {
    purpose: claim.purpose,
    username: claim.username,
    clientNonce: toBase64url(clientNonce),
    binding: type,
  });
  refuseCheapStretch(claim.purpose, challenge);
  const salt = fromBase64url(challenge.salt);
  const keys = keysOf(
    challenge.algorithm === 'hkdf'
      ? secretOfCode(claim.secret, salt)
      : await stretch(utf8ToBytes(preparePassword(claim.secret)), salt, challenge),
  );
  const signed = transcript({
    purpose: claim.purpose,
    usernameKey: usernameKey(claim.username),
    clientNonce,
    serverNonce: fromBase64url(challenge.serverNonce),
    algorithm: challenge.algorithm,
    log2N: challenge.log2N,
    r: challenge.r,
    p: challenge.p,
    salt,
    binding: { type, value: binding ?? new Uint8Array(0) },
  });
  const result = await connection.ask('proof.finish', {
    proof: toBase64url(clientProof(keys, signed)),
    device: claim.device,
  });
  if (!equal(fromBase64url(result.serverSignature), serverSignature(keys.serverKey, signed)))
    throw new HostNotProven();
  return result;
}

/** A hostile host could ask for a stretch so cheap, or so dear, that it gains by the answer. */
function refuseCheapStretch(purpose: ProofPurpose, challenge: ResultOf<'proof.start'>): void {
  const isCode = purpose === 'recovery' || purpose === 'reset';
  if (isCode !== (challenge.algorithm === 'hkdf')) throw new HostNotProven();
  if (isCode) return;
  const { log2N, r, p } = challenge;
  if (!Number.isInteger(log2N) || !Number.isInteger(p)) throw new HostNotProven();
  if (!(log2N >= 15 && log2N <= 18 && r === 8 && p >= 1 && p <= 3)) throw new HostNotProven();
}
