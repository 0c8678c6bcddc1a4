import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { networkOf } from './addresses.ts';
import { equal } from './client/proof.ts';
import { spokenProof } from './client/spoken.ts';
import type { Clock } from './clock.ts';
import type { WrongTries } from './limits.ts';
import { fromBase64url, toBase64url } from './protocol/base64url.ts';
import type { Address } from './protocol/address.ts';
import type { ResultOf } from './protocol/commands.ts';
import type { Fingerprint, Id, Invite, InviteKey } from './protocol/entities.ts';
import { SalonError } from './protocol/errors.ts';
import { readSpoken, spokenSecret, writeJoinCode, writeSpoken } from './protocol/invite.ts';
import { inviteState, refuseDead } from './store/invite-state.ts';
import type { AsyncStore, StoredInvite } from './store/records.ts';

/**
 * What invites are shown with. Both secrets are made from the invite's id and the host's own secret, which lies beside
 * the database: nothing in the database opens the door.
 */
export class Invites {
  readonly #store: AsyncStore;
  readonly #clock: Clock;
  readonly #secret: Uint8Array;
  readonly #fingerprint: Fingerprint;
  readonly #byAddress: WrongTries;

  /** `byAddress` is shared with the passwords: a wrong try is a wrong try. */
  constructor(
    store: AsyncStore,
    clock: Clock,
    secret: Uint8Array,
    fingerprint: Fingerprint,
    byAddress: WrongTries,
  ) {
    this.#store = store;
    this.#clock = clock;
    this.#secret = secret;
    this.#fingerprint = fingerprint;
    this.#byAddress = byAddress;
  }

  /**
   * The invite, to whoever has its secret.
   *
   * @throws SalonError `INVITE_UNKNOWN` for a wrong secret and an unknown id alike; `SLOW_DOWN`; only with the right
   *   secret `INVITE_REVOKED`, `INVITE_USED`, `INVITE_EXPIRED`.
   */
  async check({ id, secret }: InviteKey, address: string): Promise<StoredInvite> {
    this.#mayTry(address);
    const invite = await this.#store.invite(id);
    // Again, because many can be begun at once before the first of them turns out wrong.
    this.#mayTry(address);
    // Made for an unknown id as well, so that it takes as long.
    const right = equal(fromBase64url(secret), this.#secretOf(id));
    if (!right || invite === null) throw this.#wrong(address);
    refuseDead(invite, this.#clock.now());
    return invite;
  }

  /** Which invite somebody knows the short form of, and our own proof. @throws SalonError likewise. */
  async prove(proof: string, address: string, binding: Uint8Array): Promise<ResultOf<'invite.prove'>> {
    this.#mayTry(address);
    const invites = await this.#store.invites();
    this.#mayTry(address);
    const given = fromBase64url(proof);
    // All of them are tried whichever it is.
    const [invite] = invites.filter(({ id }) =>
      equal(given, spokenProof(this.#spokenOf(id), 'client', binding)),
    );
    if (invite === undefined) throw this.#wrong(address);
    refuseDead(invite, this.#clock.now());
    const { id, role } = invite;
    return {
      proof: toBase64url(spokenProof(this.#spokenOf(id), 'host', binding)),
      id,
      secret: toBase64url(this.#secretOf(id)),
      role,
    };
  }

  /** As its owner sees it. `room` and `addresses` go into the code. */
  describe(invite: StoredInvite, room: string, addresses: Address[]): Invite {
    const { id, role, createdAt, expiresAt, uses, used } = invite;
    const state = inviteState(invite, this.#clock.now());
    const isLive = state === 'live';
    const fingerprint = this.#fingerprint;
    const secret = toBase64url(this.#secretOf(id));
    return {
      ...{ id, role, createdAt, expiresAt, uses, used, state },
      code: isLive ? writeJoinCode({ fingerprint, addresses, id, secret, role, expiresAt, uses, room }) : '',
      spoken: isLive ? this.#shortForm(id) : '',
    };
  }

  #secretOf(id: Id): Uint8Array {
    return hmac(sha256, this.#secret, utf8ToBytes(`invite ${id}`)).subarray(0, 16);
  }

  #shortForm(id: Id): string {
    const secret = hmac(sha256, this.#secret, utf8ToBytes(`spoken ${id}`)).subarray(0, 8);
    return writeSpoken(secret, this.#fingerprint);
  }

  #spokenOf(id: Id): string {
    return spokenSecret(readSpoken(this.#shortForm(id)) ?? '');
  }

  #mayTry(address: string): void {
    const retryMs = this.#byAddress.wait(networkOf(address));
    if (retryMs > 0) throw new SalonError('SLOW_DOWN', { retryMs });
  }

  #wrong(address: string): SalonError {
    this.#byAddress.failed(networkOf(address));
    return new SalonError('INVITE_UNKNOWN');
  }
}
