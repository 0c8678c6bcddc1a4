import { sha256 } from '@noble/hashes/sha2.js';
import { formatAddress, parseAddress, type Address } from './address.ts';
import { fromBase64url, toBase64url } from './base64url.ts';
import type { Fingerprint, Id, InviteRole, Timestamp } from './entities.ts';

/**
 * The join code: one object that says which room (its key), where it may be, and what the bearer may do. As a link, a
 * QR code or a file it is whole; the short form to read aloud holds only what is needed to prove and find the room.
 *
 * Bytes of version 1: version, role, fingerprint (32), invite's id (16), length of the secret, secret, expiry in seconds
 * since 1970 (4, 0 is never), uses (2, 0 is any), port (2), number of addresses, each as kind (4, 6 or 0 for a name) and
 * 4 or 16 bytes or a length and UTF-8, room's name as length and UTF-8, and last the first 4 bytes of the SHA-256 of
 * all before. Every version ends in that checksum and begins with its number.
 */
export interface JoinCode {
  fingerprint: Fingerprint;
  /** Best first. Hints only: the key decides. All have one port. */
  addresses: Address[];
  id: Id;
  /** base64url. 16 bytes; for an owner the UTF-8 of the owner's code. */
  secret: string;
  role: InviteRole | 'owner';
  expiresAt: Timestamp | null;
  uses: number | null;
  /** The room's name, to show before anybody answers. */
  room: string;
}

/** `damaged`: a letter is wrong or missing. `newer`: made by a version of Salon that this one cannot read. */
export class UnreadableCode extends Error {
  override readonly name = 'UnreadableCode';
  readonly why: 'damaged' | 'newer';
  constructor(why: 'damaged' | 'newer') {
    super(why);
    this.why = why;
  }
}

const VERSION = 1;
const ROLES = ['member', 'guest', 'owner'] as const;
const CHECKSUM_BYTES = 4;
/** The most addresses a code carries: more make the QR code hard to read. */
export const MOST_ADDRESSES = 6;
/** No code is longer: six names of 255 bytes, a secret and a room's name as long, and the rest. In letters. */
const MOST_LETTERS = 3_000;

export function writeJoinCode(code: JoinCode): string {
  const secret = fromBase64url(code.secret);
  const addresses = code.addresses.slice(0, MOST_ADDRESSES);
  const bytes = Uint8Array.from([
    VERSION,
    ROLES.indexOf(code.role),
    ...fromBase64url(code.fingerprint),
    ...bytesOfId(code.id),
    secret.length,
    ...secret,
    ...bigEndian(code.expiresAt === null ? 0 : Math.ceil(code.expiresAt / 1000), 4),
    ...bigEndian(code.uses ?? 0, 2),
    ...bigEndian(addresses[0]?.port ?? 0, 2),
    addresses.length,
    ...addresses.flatMap(({ host }) => bytesOfHost(host)),
    ...shortText(code.room),
  ]);
  return toBase64url(Uint8Array.from([...bytes, ...checksum(bytes)]));
}

/** @throws UnreadableCode, and nothing else whatever it is given. */
export function readJoinCode(text: string): JoinCode {
  let bytes: Uint8Array;
  try {
    bytes = fromBase64url(text);
  } catch {
    throw new UnreadableCode('damaged');
  }
  const body = bytes.subarray(0, -CHECKSUM_BYTES);
  const given = bytes.subarray(-CHECKSUM_BYTES);
  const isWhole = body.length > 0 && checksum(body).every((byte, i) => byte === given[i]);
  // The unused bits of the last letter must be zero as well: one code has one spelling.
  if (!isWhole || toBase64url(bytes) !== text) throw new UnreadableCode('damaged');
  if (body[0] !== VERSION) throw new UnreadableCode('newer');
  return new Reader(body).code();
}

/** Opens Salon on this computer. The code stands in the fragment, which no server ever sees. */
export function salonLink(code: string): string {
  return `salon://join#${code}`;
}

/** Opens the room's page in a browser, through one of its two doors. */
export function webLink(code: string, door: 'encrypted' | 'simple', address: Address): string {
  return `${door === 'simple' ? 'http' : 'https'}://${formatAddress(address)}/#join=${code}`;
}

/** What somebody typed, pasted, scanned or opened. */
export type Found =
  | { kind: 'code'; code: JoinCode; text: string }
  /** `address` when one was typed beside it. */
  | { kind: 'spoken'; spoken: string; address: Address | null }
  | { kind: 'address'; address: Address }
  | { kind: 'unreadable'; why: 'damaged' | 'newer' };

/** Finds a join code, a short form or an address in a text; null when there is none of them. Never throws. */
export function findJoin(typed: string): Found | null {
  const text = typed.slice(0, 10_000).trim();
  const link = /(?:salon:(?:\/\/)?join#|#join=)([\w-]*(?:\s+[\w-]+)*)/i.exec(text)?.[1];
  if (link !== undefined) return findCode(link);
  const bare = /^[\w-]{40,}(?:\s+[\w-]+)*$/.exec(text)?.[0];
  const found = bare === undefined ? null : findCode(bare);
  if (found?.kind === 'code') return found;
  const spoken = findSpoken(text);
  // The name of a computer may be as long as a code, and stand before a short form.
  if (found !== null) return spoken?.kind === 'spoken' ? spoken : found;
  return spoken ?? findAddress(text);
}

/**
 * A mail program may have broken the link: words after it are tried as its rest, one by one. Up to the longest code
 * there is, because each try costs as much as the text is long.
 */
function findCode(candidate: string): Found {
  let text = '';
  let why: 'damaged' | 'newer' = 'damaged';
  for (const part of candidate.split(/\s+/)) {
    text += part;
    if (text.length > MOST_LETTERS) break;
    try {
      return { kind: 'code', code: readJoinCode(text), text };
    } catch (error) {
      if (error instanceof UnreadableCode && error.why === 'newer') why = 'newer';
    }
  }
  return { kind: 'unreadable', why };
}

function findAddress(text: string): Found | null {
  const address = parseAddress(text);
  return address === null ? null : { kind: 'address', address };
}

const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 60 bits of secret, 10 of the room's fingerprint, 10 of a checksum: sixteen letters. */
const SECRET_LETTERS = 12;
const ROOM_LETTERS = 2;
const SPOKEN_LETTERS = SECRET_LETTERS + ROOM_LETTERS + 2;

/** The short form: `secret` is at least 8 bytes, of which the first 60 bits are used. Grouped by four. */
export function writeSpoken(secret: Uint8Array, fingerprint: Fingerprint): string {
  const letters = letterBits(secret, SECRET_LETTERS) + letterBits(fromBase64url(fingerprint), ROOM_LETTERS);
  return groupSpoken(letters + letterBits(sha256(textBytes(letters)), 2));
}

/** Sixteen letters without dashes, in one spelling. Null when it cannot be one, or when a letter is wrong. */
export function readSpoken(typed: string): string | null {
  const letters = plainLetters(typed);
  if (!isSpokenShape(letters)) return null;
  const body = letters.slice(0, SECRET_LETTERS + ROOM_LETTERS);
  return letters === body + letterBits(sha256(textBytes(body)), 2) ? letters : null;
}

export function groupSpoken(letters: string): string {
  return letters.replace(/(.{4})(?=.)/g, '$1-');
}

/** The part of a short form that both ends keep secret: what proofs are made with. */
export function spokenSecret(letters: string): string {
  return letters.slice(0, SECRET_LETTERS);
}

/** Whether a room whose fingerprint begins so may be the one that a short form means. */
export function spokenMeans(letters: string, fingerprintPrefix: string): boolean {
  const [first = 0, second = 0] = fromBase64url(fingerprintPrefix.slice(0, 4));
  return letters.startsWith(letterBits(Uint8Array.of(first, second), ROOM_LETTERS), SECRET_LETTERS);
}

function findSpoken(text: string): Found | null {
  const alone = plainLetters(text);
  const [first = '', ...rest] = text.split(/[\s,;]+/);
  const address = rest.length === 0 ? null : parseAddress(first);
  const afterAddress = plainLetters(rest.join(''));
  // A name of sixteen letters may be an address; only what is grouped, or right, counts as a short form.
  for (const [letters, where] of [
    [alone, null],
    [afterAddress, address],
  ] as const) {
    if (!isSpokenShape(letters)) continue;
    const spoken = readSpoken(letters);
    if (spoken !== null) return { kind: 'spoken', spoken, address: where };
    if (where !== null || /^[^\s.]{4}[\s\p{Pd}][^\s.]{4}[\s\p{Pd}]/u.test(text))
      return { kind: 'unreadable', why: 'damaged' };
  }
  return null;
}

function plainLetters(typed: string): string {
  return typed
    .toUpperCase()
    .replace(/[\s\p{Pd}_.]/gu, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
}

function isSpokenShape(letters: string): boolean {
  return letters.length === SPOKEN_LETTERS && /^[0-9A-HJKMNP-TV-Z]+$/.test(letters);
}

/** The first bits of some bytes, five to a letter. */
function letterBits(bytes: Uint8Array, letters: number): string {
  let text = '';
  for (let i = 0; i < letters; i++) {
    const bit = i * 5;
    const pair = ((bytes[bit >> 3] ?? 0) << 8) | (bytes[(bit >> 3) + 1] ?? 0);
    text += LETTERS[(pair >> (11 - (bit & 7))) & 31];
  }
  return text;
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 1;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  code(): JoinCode {
    const role = ROLES[this.#number(1)];
    const fingerprint = toBase64url(this.#take(32));
    const id = idOfBytes(this.#take(16));
    const secret = toBase64url(this.#take(this.#number(1)));
    const seconds = this.#number(4);
    const uses = this.#number(2);
    const port = this.#number(2);
    const count = this.#number(1);
    if (count > MOST_ADDRESSES) throw new UnreadableCode('damaged');
    const addresses = Array.from({ length: count }, () => ({ host: this.#host(), port }));
    const room = this.#text();
    if (role === undefined || this.#at !== this.#bytes.length) throw new UnreadableCode('damaged');
    return {
      role,
      fingerprint,
      id,
      secret,
      expiresAt: seconds === 0 ? null : seconds * 1000,
      uses: uses === 0 ? null : uses,
      addresses,
      room,
    };
  }

  #host(): string {
    const kind = this.#number(1);
    if (kind === 4) return [...this.#take(4)].join('.');
    if (kind === 0) return this.#text();
    if (kind !== 6) throw new UnreadableCode('damaged');
    const bytes = this.#take(16);
    const groups = Array.from({ length: 8 }, (_, i) => ((bytes[i * 2] ?? 0) << 8) | (bytes[i * 2 + 1] ?? 0));
    return groups.map((group) => group.toString(16)).join(':');
  }

  #text(): string {
    return new TextDecoder().decode(this.#take(this.#number(1)));
  }

  #number(length: number): number {
    return this.#take(length).reduce((number, byte) => number * 256 + byte, 0);
  }

  #take(length: number): Uint8Array {
    const bytes = this.#bytes.subarray(this.#at, this.#at + length);
    if (bytes.length !== length) throw new UnreadableCode('damaged');
    this.#at += length;
    return bytes;
  }
}

function checksum(bytes: Uint8Array): Uint8Array {
  return sha256(bytes).subarray(0, CHECKSUM_BYTES);
}

function bigEndian(number: number, length: number): number[] {
  return Array.from({ length }, (_, i) => Math.floor(number / 256 ** (length - 1 - i)) % 256);
}

function bytesOfHost(host: string): number[] {
  const four = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(host);
  if (four !== null) return [4, ...four.slice(1).map(Number)];
  const six = host.includes(':') ? bytesOfIpv6(host) : null;
  return six === null ? [0, ...shortText(host)] : [6, ...six];
}

function bytesOfIpv6(host: string): number[] | null {
  const [head = '', tail] = host.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 0) return null;
  const all = [...before, ...Array.from({ length: missing }, () => '0'), ...after];
  if (!all.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  return all.flatMap((group) => bigEndian(parseInt(group, 16), 2));
}

/** One byte of length and UTF-8, cut between characters to fit. */
function shortText(text: string): number[] {
  let bytes = textBytes(text);
  for (let characters = [...text]; bytes.length > 255;) {
    characters = characters.slice(0, -1);
    bytes = textBytes(characters.join(''));
  }
  return [bytes.length, ...bytes];
}

function textBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A ULID's 26 letters are 130 bits, of which the first two are always zero. */
function bytesOfId(id: Id): number[] {
  let number = 0n;
  for (const letter of id) number = number * 32n + BigInt(LETTERS.indexOf(letter));
  return Array.from({ length: 16 }, (_, i) => Number((number >> BigInt(8 * (15 - i))) & 255n));
}

function idOfBytes(bytes: Uint8Array): Id {
  let number = bytes.reduce((all, byte) => all * 256n + BigInt(byte), 0n);
  let id = '';
  for (let i = 0; i < 26; i++) {
    id = LETTERS[Number(number % 32n)] + id;
    number /= 32n;
  }
  return id;
}
