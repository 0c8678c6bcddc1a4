import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { ProofPurpose } from '../protocol/commands.ts';

/**
 * The arithmetic of the password proof, the same at both ends: a challenge–response in the shape of SCRAM (RFC 5802).
 * The host keeps StoredKey and ServerKey; neither lets anybody sign in. Pure JavaScript, because a page that came over
 * plain HTTP has no `crypto.subtle`.
 */

export interface Keys {
  clientKey: Uint8Array;
  storedKey: Uint8Array;
  serverKey: Uint8Array;
}

/** From the stretched secret, 32 bytes. */
export function keysOf(secret: Uint8Array): Keys {
  const clientKey = hmac(sha256, secret, utf8ToBytes('Client Key'));
  return {
    clientKey,
    storedKey: sha256(clientKey),
    serverKey: hmac(sha256, secret, utf8ToBytes('Server Key')),
  };
}

/** A code of 60 bits or more needs no stretching: 32 bytes by HKDF. `code` is what `readCode` gives. */
export function secretOfCode(code: string, salt: Uint8Array): Uint8Array {
  return hkdf(sha256, utf8ToBytes(code), salt, utf8ToBytes('salon-code-1'), 32);
}

/** What both ends sign: everything that was said, so that nothing can be swapped in between. */
export interface Exchange {
  purpose: ProofPurpose;
  usernameKey: string;
  clientNonce: Uint8Array;
  serverNonce: Uint8Array;
  algorithm: 'scrypt' | 'hkdf';
  log2N: number;
  r: number;
  p: number;
  salt: Uint8Array;
  /** What ties the proof to the channel: `tls-exporter` with 32 bytes, or `none` with none. */
  binding: { type: string; value: Uint8Array };
}

/** The bytes both ends sign: each part behind its length, so that no two exchanges give the same bytes. */
export function transcript(exchange: Exchange): Uint8Array {
  const parts = [
    utf8ToBytes('salon-auth-1'),
    utf8ToBytes(exchange.purpose),
    utf8ToBytes(exchange.usernameKey),
    exchange.clientNonce,
    exchange.serverNonce,
    utf8ToBytes(`${exchange.algorithm},${exchange.log2N},${exchange.r},${exchange.p}`),
    exchange.salt,
    utf8ToBytes(exchange.binding.type),
    exchange.binding.value,
  ];
  return concatBytes(...parts.flatMap((part) => [lengthOf(part), part]));
}

/** What the client sends: it shows that the client has ClientKey, and nobody can make ClientKey of it. */
export function clientProof(keys: Keys, signed: Uint8Array): Uint8Array {
  return xor(keys.clientKey, hmac(sha256, keys.storedKey, signed));
}

/** Whether a proof was made with the secret behind `storedKey`. Takes the same time for every proof. */
export function proofHolds(proof: Uint8Array, storedKey: Uint8Array, signed: Uint8Array): boolean {
  const clientKey = xor(proof, hmac(sha256, storedKey, signed));
  return equal(sha256(clientKey), storedKey);
}

/** What the host answers with: it shows that the host has kept ServerKey, so it is the one that was signed up at. */
export function serverSignature(serverKey: Uint8Array, signed: Uint8Array): Uint8Array {
  return hmac(sha256, serverKey, signed);
}

/** Compares without stopping at the first difference. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}

export function randomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, i) => byte ^ (b[i] ?? 0));
}

function lengthOf(part: Uint8Array): Uint8Array {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, part.length);
  return length;
}
