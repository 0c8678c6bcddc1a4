import type { Target } from '../../server/protocol/control.ts';
import type { Fingerprint } from '../../server/protocol/entities.ts';
import { unionOf } from './destination.ts';
import type { RoomChannel } from './ports.ts';

/** The way to a room: which key is meant, where it may be, and the channel by which it was last reached. */
export class Way {
  #target: Target;
  #channel: RoomChannel | null = null;

  constructor(target: Target) {
    this.#target = target;
  }

  get target(): Target {
    return this.#target;
  }

  /** The key that is meant; null until somebody, or the other end itself, has said which. */
  get key(): Fingerprint | null {
    return this.#target.fingerprint;
  }

  /** `host:port` where it was reached, or is looked for first. */
  get address(): string {
    return this.#channel?.address ?? this.#target.addresses[0] ?? '';
  }

  /** What ties a proof to the channel; null in a browser. */
  get binding(): Uint8Array | null {
    return this.#channel?.binding ?? null;
  }

  /** Somebody answered, who may be the room. */
  answered(channel: RoomChannel): void {
    this.#channel = channel;
    this.alsoAt(channel.address);
  }

  /** Looks there first from now on. */
  alsoAt(...addresses: readonly string[]): void {
    this.#target = { ...this.#target, addresses: unionOf(addresses, this.#target.addresses) };
  }

  /** This key is meant from now on, and no other. It is looked for by its key, wherever it goes. */
  pin(fingerprint: Fingerprint): void {
    this.#target = { ...this.#target, fingerprint, prefix: '', spoken: null };
  }
}
