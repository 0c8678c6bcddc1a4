import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  X509Certificate,
} from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { ownNames } from './addresses.ts';
import type { Fingerprint } from './protocol/entities.ts';
import { writeWhole } from './whole-file.ts';

/**
 * Who a room is: a key pair, made when it is first hosted and kept with it. The certificate only carries the key, since
 * TLS wants one; a new certificate, a new address or a new name leave the room the same.
 */
export interface Identity {
  /** PEM, PKCS #8. */
  key: string;
  /** PEM, self-signed. */
  certificate: string;
  fingerprint: Fingerprint;
  /** SHA-256 of the whole certificate, as browsers show it to those who look. base64url. */
  certificateHash: string;
}

/** The room had a key, and it cannot be read any more. Nothing is made in its place: another key would make it another room. */
export class DamagedKey extends Error {
  override readonly name = 'DamagedKey';
}

const DAY_MS = 24 * 60 * 60_000;
const VALID_DAYS = 3_650;
/** Before it ends the certificate is made anew, with the same key. */
const RENEW_DAYS = 400;

/**
 * Reads the identity kept in a room's directory, or makes one. Readable by its owner alone.
 *
 * @throws DamagedKey.
 */
export async function openIdentity(directory: string, now: number): Promise<Identity> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const keyPath = join(directory, 'room.key');
  const certificatePath = join(directory, 'room.crt');
  const certificateBefore = readText(certificatePath);
  const kept = readText(keyPath);
  // A room that had a key is not given another one: to its members it would be somebody else's.
  if (kept === null && certificateBefore !== null) throw new DamagedKey(`${keyPath} is missing`);
  const key = kept ?? makeKey(keyPath);
  if (!isKey(key)) throw new DamagedKey(`${keyPath} cannot be read`);
  let certificate = certificateBefore;
  if (certificate === null || !isFresh(certificate, key, now)) {
    certificate = await makeCertificate(key, now);
    writeWhole(certificatePath, certificate);
  }
  const parsed = new X509Certificate(certificate);
  const certificateHash = createHash('sha256').update(parsed.raw).digest('base64url');
  return { key, certificate, fingerprint: fingerprintOf(parsed), certificateHash };
}

/** SHA-256 of the SubjectPublicKeyInfo: the key itself, whatever certificate carries it. */
export function fingerprintOf(certificate: X509Certificate): Fingerprint {
  const spki = certificate.publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest('base64url');
}

function makeKey(path: string): string {
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  writeWhole(path, privateKey);
  return privateKey;
}

function isKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyDetails?.namedCurve === 'prime256v1';
  } catch {
    return false;
  }
}

/** A certificate that cannot be read is one more to make anew: the key is what counts. */
function isFresh(pem: string, key: string, now: number): boolean {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    return false;
  }
  return (
    certificate.checkPrivateKey(createPrivateKey(key)) &&
    Date.parse(certificate.validTo) - now > RENEW_DAYS * DAY_MS &&
    Date.parse(certificate.validFrom) <= now
  );
}

async function makeCertificate(key: string, now: number): Promise<string> {
  // Loaded when it is needed: once in ten years, and it takes longer than everything else at the start.
  const { generate } = await import('selfsigned');
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
  const made = await generate([{ name: 'commonName', value: 'Salon' }], {
    keyType: 'ec',
    curve: 'P-256',
    // The library's own default is SHA-1.
    algorithm: 'sha256',
    keyPair: { privateKey: key, publicKey },
    // A clock that is a little behind shall not make it one of the future.
    notBeforeDate: new Date(now - 2 * DAY_MS),
    notAfterDate: new Date(now + VALID_DAYS * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      // Only browsers read them, and warn in any case; without them some do not even offer to go on.
      { name: 'subjectAltName', altNames: [...ownNames()].map(alternativeName) },
    ],
  });
  return made.cert;
}

function alternativeName(name: string): { type: 2; value: string } | { type: 7; ip: string } {
  const bare = name.replace(/^\[|\]$/g, '');
  return isIP(bare) === 0 ? { type: 2, value: bare } : { type: 7, ip: bare };
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
