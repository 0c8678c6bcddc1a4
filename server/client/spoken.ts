import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Channel } from '../protocol/entities.ts';

/**
 * How the two ends show each other that they know an invite's short form. 60 bits are too many to be found while
 * somebody waits, so whoever stands in between can answer neither; and because the channel is signed along, what one
 * end said is worth nothing on another channel.
 *
 * @param secret - `spokenSecret` of the short form.
 * @param binding - see `spokenBinding`.
 */
export function spokenProof(secret: string, end: 'client' | 'host', binding: Uint8Array): Uint8Array {
  return hmac(sha256, utf8ToBytes(secret), concatBytes(utf8ToBytes(`salon-spoken-1 ${end} `), binding));
}

/**
 * What such a proof is tied to: in an app the TLS exporter of the connection. A page cannot see its channel and names it
 * instead, so that what was overheard on the simple door opens no other.
 */
export function spokenBinding(channel: Channel, exporter: Uint8Array | null): Uint8Array {
  return channel === 'app' && exporter !== null ? exporter : utf8ToBytes(channel);
}
