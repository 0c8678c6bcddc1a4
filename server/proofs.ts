import {
  keysOf,
  proofHolds,
  randomBytes,
  serverSignature,
  transcript,
  type Exchange,
} from './client/proof.ts';
import { fromBase64url, toBase64url } from './protocol/base64url.ts';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { networkOf } from './addresses.ts';
import type { Clock } from './clock.ts';
import type { InputOf, ProofPurpose, ResultOf } from './protocol/commands.ts';
import type { Id, Timestamp } from './protocol/entities.ts';
import { SalonError } from './protocol/errors.ts';
import { usernameKey } from './protocol/names.ts';
import type { AsyncStore, CredentialKind, StoredCredential } from './store/records.ts';
import { WrongTries } from './limits.ts';

/** The host's half of the password proof. It has no password, and an unknown name is not told from a wrong one. */

/** How long the second half may take: a slow computer stretches for seconds. In milliseconds. */
const PROOF_MS = 60_000;
/** How long a proof allows the change it was made for. In milliseconds. */
const PROVEN_MS = 5 * 60_000;
/** Tries of one code before it is dead. */
const CODE_TRIES = 5;

export interface ProofState {
  purpose: ProofPurpose;
  memberId: Id | null;
  exchange: Exchange;
  credential: StoredCredential['credential'];
  tries: string;
  startedAt: number;
}

export interface Proven {
  purpose: ProofPurpose;
  memberId: Id;
  at: number;
  /** How often the member's proofs had been made void before. */
  voided: number;
}

const KIND: Record<ProofPurpose, CredentialKind> = {
  signIn: 'password',
  reauth: 'password',
  recovery: 'recovery',
  reset: 'reset',
};

export class Proofs {
  readonly #store: AsyncStore;
  readonly #clock: Clock;
  /** Known to this host alone: makes the salts of names that do not exist, the same for ever. */
  readonly #secret: Uint8Array;
  readonly #byNameAndAddress: WrongTries;
  readonly #byAddress: WrongTries;
  /** How often something about a member's password or codes has changed since the start. */
  readonly #voided = new Map<Id, number>();

  constructor(store: AsyncStore, clock: Clock, secret: Uint8Array, byAddress: WrongTries) {
    this.#store = store;
    this.#clock = clock;
    this.#secret = secret;
    this.#byNameAndAddress = new WrongTries(3, clock);
    this.#byAddress = byAddress;
  }

  /**
   * @param binding What the proof is tied to: the value for `input.binding`.
   * @throws SalonError `SLOW_DOWN`, the same for names that exist and names that do not.
   */
  async start(input: InputOf<'proof.start'>, address: string, binding: Uint8Array): Promise<ProofState> {
    const key = usernameKey(input.username);
    // A name is 32 characters at most; whoever types more of them shall not fill the memory.
    const tries = `${input.purpose} ${networkOf(address)} ${key.slice(0, 64)}`;
    this.#mayTry(tries, address);

    const memberId = await this.#store.memberIdByName(key);
    // Asked for in any case, so that an unknown name takes as long as a known one.
    const stored = this.#usable(await this.#store.credential(memberId ?? NOBODY, KIND[input.purpose]));
    // Made in any case, for the same reason.
    const pretended = this.#pretend(input.purpose, key);
    const credential = stored?.credential ?? pretended;
    return {
      purpose: input.purpose,
      memberId: stored === null ? null : memberId,
      exchange: {
        purpose: input.purpose,
        usernameKey: key,
        clientNonce: fromBase64url(input.clientNonce),
        serverNonce: randomBytes(24),
        algorithm: credential.algorithm,
        log2N: credential.algorithm === 'scrypt' ? credential.log2N : 0,
        r: credential.algorithm === 'scrypt' ? credential.r : 0,
        p: credential.algorithm === 'scrypt' ? credential.p : 0,
        salt: fromBase64url(credential.salt),
        binding: { type: input.binding, value: binding },
      },
      credential,
      tries,
      startedAt: this.#clock.monotonic(),
    };
  }

  challenge({ exchange }: ProofState): ResultOf<'proof.start'> {
    return {
      serverNonce: toBase64url(exchange.serverNonce),
      algorithm: exchange.algorithm,
      log2N: exchange.log2N,
      r: exchange.r,
      p: exchange.p,
      salt: toBase64url(exchange.salt),
    };
  }

  /** Who it was, with the host's own proof. @throws SalonError `BAD_LOGIN` or `BAD_CODE`: nothing else is told. */
  async finish(
    state: ProofState | null,
    proof: string,
    address: string,
  ): Promise<{ proven: Proven; signature: string }> {
    if (state === null) throw new SalonError('BAD_LOGIN');
    // Again, because many halves can be begun at once before the first of them turns out wrong.
    this.#mayTry(state.tries, address);
    const { memberId, purpose, credential } = state;
    const voided = this.#timesVoided(memberId);
    const late = this.#clock.monotonic() - state.startedAt > PROOF_MS;
    const signed = transcript(state.exchange);
    const holds = proofHolds(fromBase64url(proof), fromBase64url(credential.storedKey), signed);
    if (late || !holds || memberId === null) return this.#refuse(state, address);
    const current = await this.#isCurrent(state);
    if (!current || voided !== this.#timesVoided(memberId)) return this.#refuse(state, address);
    this.#byAddress.forgive(networkOf(address), this.#byNameAndAddress.succeeded(state.tries));
    return {
      proven: { purpose, memberId, at: this.#clock.monotonic(), voided },
      signature: toBase64url(serverSignature(fromBase64url(credential.serverKey), signed)),
    };
  }

  async #refuse({ purpose, memberId, tries }: ProofState, address: string): Promise<never> {
    this.#byNameAndAddress.failed(tries);
    this.#byAddress.failed(networkOf(address));
    // A recovery code is too long to be guessed: one that died of wrong tries would only let others take it away.
    if (purpose === 'reset') await this.#store.countFailure(memberId ?? NOBODY, 'reset', CODE_TRIES);
    throw new SalonError(KIND[purpose] === 'password' ? 'BAD_LOGIN' : 'BAD_CODE');
  }

  /** Whether something proven on this connection still allows a change. */
  allows(proven: Proven | null, purposes: readonly ProofPurpose[]): proven is Proven {
    return (
      proven !== null &&
      purposes.includes(proven.purpose) &&
      proven.voided === this.#timesVoided(proven.memberId) &&
      this.#clock.monotonic() - proven.at < PROVEN_MS
    );
  }

  /** The member's password or a code of theirs changes: what was proven with the former one counts no more. */
  makeVoid(memberId: Id): void {
    this.#voided.set(memberId, this.#timesVoided(memberId) + 1);
  }

  #timesVoided(memberId: Id | null): number {
    return memberId === null ? 0 : (this.#voided.get(memberId) ?? 0);
  }

  #mayTry(tries: string, address: string): void {
    const retryMs = Math.max(this.#byNameAndAddress.wait(tries), this.#byAddress.wait(networkOf(address)));
    if (retryMs > 0) throw new SalonError('SLOW_DOWN', { retryMs });
  }

  /** Between the two halves a password may be changed, and a code used, revoked or expired. */
  async #isCurrent({ memberId, purpose, credential }: ProofState): Promise<boolean> {
    const stored = this.#usable(await this.#store.credential(memberId ?? NOBODY, KIND[purpose]));
    return stored?.credential.storedKey === credential.storedKey;
  }

  #usable(stored: StoredCredential | null): StoredCredential | null {
    if (stored === null) return null;
    const expired: Timestamp | null = stored.expiresAt;
    return expired !== null && expired <= this.#clock.now() ? null : stored;
  }

  /** What an unknown name is answered with: always the same for the same name, and no proof fits it. */
  #pretend(purpose: ProofPurpose, key: string): Pretended {
    const derive = (what: string) =>
      hmac(sha256, this.#secret, utf8ToBytes(`${what} ${KIND[purpose]} ${key}`));
    const keys = keysOf(derive('keys'));
    const common = {
      salt: toBase64url(derive('salt').subarray(0, 16)),
      storedKey: toBase64url(keys.storedKey),
      serverKey: toBase64url(keys.serverKey),
    };
    return KIND[purpose] === 'password'
      ? { algorithm: 'scrypt', log2N: 17, r: 8, p: 1, ...common }
      : { algorithm: 'hkdf', ...common };
  }
}

type Pretended = StoredCredential['credential'];

/** No member has this id: the look-up for an unknown name is a real one all the same. */
const NOBODY: Id = '00000000000000000000000000';
