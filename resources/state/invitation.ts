import type { Connection } from '../../server/client/connection.ts';
import { equal } from '../../server/client/proof.ts';
import { spokenBinding, spokenProof } from '../../server/client/spoken.ts';
import { fromBase64url, toBase64url } from '../../server/protocol/base64url.ts';
import type { DiagnosisCode } from '../../server/protocol/diagnosis.ts';
import type {
  Access,
  Channel,
  Fingerprint,
  InviteKey,
  InviteRole,
  Timestamp,
} from '../../server/protocol/entities.ts';
import { SalonError, type RefusalCode } from '../../server/protocol/errors.ts';
import { findJoin, spokenSecret, type JoinCode } from '../../server/protocol/invite.ts';
import { diagnosisOf, NoWayIn } from './problem.ts';

/** What an invite allows, as the host says; of an owner's code, as the code itself says. */
export interface InviteTerms {
  role: InviteRole | 'owner';
  expiresAt: Timestamp | null;
  usesLeft: number | null;
}

/** Who it is shown to. */
export interface Party {
  fingerprint: Fingerprint;
  address: string;
  channel: Channel;
  /** Null in a browser. */
  binding: Uint8Array | null;
}

const DIAGNOSIS: Partial<Record<RefusalCode, DiagnosisCode>> = {
  INVITE_UNKNOWN: 'codeUnknown',
  INVITE_EXPIRED: 'codeExpired',
  INVITE_USED: 'codeUsed',
  INVITE_REVOKED: 'codeRevoked',
  BANNED: 'banned',
};

/** The join code or short form that a visit came with. Shown to the room that it is for, and to nobody else. */
export class Invitation {
  /** Null until the host has said. */
  terms: InviteTerms | null = null;
  /** What the host said of it instead; one can still sign in. */
  problem: RefusalCode | null = null;
  readonly #code: JoinCode | null;
  readonly #spoken: string | null;
  /** A letter of it is wrong: no room knows it. */
  readonly #isUnreadable: boolean;
  #key: InviteKey | null;

  /** @param text - a join code or the letters of a short form; null for a visit without one. */
  constructor(text: string | null) {
    const found = text === null ? null : findJoin(text);
    this.#code = found?.kind === 'code' ? found.code : null;
    this.#spoken = found?.kind === 'spoken' ? found.spoken : null;
    this.#isUnreadable = text !== null && this.#code === null && this.#spoken === null;
    const isInvite = this.#code !== null && this.#code.role !== 'owner';
    this.#key = isInvite ? { id: this.#code.id, secret: this.#code.secret } : null;
  }

  get isSpoken(): boolean {
    return this.#spoken !== null;
  }

  /** Until when the code itself says that it is good; null when it does not say. */
  get expiresAt(): Timestamp | null {
    return this.#code?.expiresAt ?? null;
  }

  /** What makes a room's first owner. */
  get ownerCode(): string | null {
    if (this.#code?.role !== 'owner') return null;
    return new TextDecoder().decode(fromBase64url(this.#code.secret));
  }

  /**
   * Each end shows the other that it knows the short form, on this very channel. With a short form alone nothing else
   * tells which key is the room's, so nothing else may be said before.
   *
   * @throws NoWayIn when the other end does not know it, ConnectionLost.
   */
  async prove(connection: Connection, party: Party): Promise<void> {
    try {
      await this.#exchange(connection, party);
    } catch (error) {
      if (error instanceof SalonError && !error.retry)
        throw new NoWayIn(diagnosisOf(DIAGNOSIS[error.code] ?? 'codeUnknown', { address: party.address }));
      throw error;
    }
  }

  /** Learns at the door of a room that is known to be the right one what the invite allows. @throws ConnectionLost. */
  async check(connection: Connection, party: Party): Promise<void> {
    if (this.terms !== null) return;
    this.problem = this.#isUnreadable ? 'INVITE_UNKNOWN' : null;
    if (this.#code === null && this.#spoken === null) return;
    try {
      if (this.#code !== null && this.#code.fingerprint !== party.fingerprint) {
        // A browser's page may belong to another room than the link in its address was made for.
        throw new SalonError('INVITE_UNKNOWN');
      }
      if (this.#code?.role === 'owner') {
        this.terms = { role: 'owner', expiresAt: this.#code.expiresAt, usesLeft: null };
        return;
      }
      if (this.#code?.role === 'member' && party.channel === 'simple') {
        // Whoever listens there would have it too: it is not even said.
        this.#key = null;
        throw new SalonError('INVITE_FOR_MEMBERS');
      }
      if (this.#key === null) await this.#exchange(connection, party);
      if (this.#key !== null) this.terms = await connection.ask('invite.check', this.#key);
    } catch (error) {
      if (!(error instanceof SalonError)) throw error;
      this.problem = error.code;
    }
  }

  /**
   * What to show when one comes in so. A room that is open needs none, and would refuse one that is over or meant for
   * something else; a room by invitation says best itself what is wrong with it.
   */
  keyFor(role: InviteRole, access: Access): { invite?: InviteKey } {
    if (this.#key === null) return {};
    const fits = this.terms !== null && (this.terms.role === 'member' || role === 'guest');
    return fits || access === 'invited' ? { invite: this.#key } : {};
  }

  async #exchange(connection: Connection, { fingerprint, address, channel, binding }: Party): Promise<void> {
    const secret = spokenSecret(this.#spoken ?? '');
    const tie = spokenBinding(channel, binding);
    const told = await connection.ask('invite.prove', {
      proof: toBase64url(spokenProof(secret, 'client', tie)),
    });
    if (!equal(fromBase64url(told.proof), spokenProof(secret, 'host', tie)))
      throw new NoWayIn(diagnosisOf('wrongKey', { address, foundFingerprint: fingerprint }));
    this.#key = { id: told.id, secret: told.secret };
  }
}
