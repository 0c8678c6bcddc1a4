import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ulid } from 'ulid';
import type { FileProgress } from '../../server/protocol/commands.ts';
import { LIMITS, type FileHash, type Id, type Seq, type StoredFile } from '../../server/protocol/entities.ts';
import type { Caller, Person } from './room.ts';

/** Bringing files to a real host and fetching them, ask by ask. */

/** Asked for with each part, and looked for once. */
const hashes = new WeakMap<Uint8Array, FileHash>();

export function hashOf(bytes: Uint8Array): FileHash {
  const hash = hashes.get(bytes) ?? createHash('sha256').update(bytes).digest('base64url');
  hashes.set(bytes, hash);
  return hash;
}

export const hexOf = (hash: FileHash) => Buffer.from(hash, 'base64url').toString('hex');
/** Such as nobody has brought before. */
export const someBytes = (length: number): Buffer => randomBytes(length);

type Asking = Pick<Caller, 'ask'>;

export function begin({ ask }: Asking, bytes: Uint8Array): Promise<FileProgress> {
  return ask('file.begin', { hash: hashOf(bytes), size: bytes.length });
}

/** One part, from `offset` on. */
export function writePart(
  { ask }: Asking,
  bytes: Uint8Array,
  offset: number,
  length: number = LIMITS.fileWriteBytes,
): Promise<FileProgress> {
  const data = Buffer.from(bytes.subarray(offset, offset + length)).toString('base64url');
  return ask('file.write', { hash: hashOf(bytes), offset, data });
}

/** What of it the host does not have, part after part. @returns the file, and how many bytes went there. */
export async function bring(
  asking: Asking,
  bytes: Uint8Array,
): Promise<{ stored: StoredFile; sent: number }> {
  let sent = 0;
  let progress = await begin(asking, bytes);
  while (progress.stored === null) {
    const before = progress.received;
    progress = await writePart(asking, bytes, before);
    sent += Math.min(LIMITS.fileWriteBytes, bytes.length - before);
  }
  return { stored: progress.stored, sent };
}

/** To the lobby, or `to` people. */
export function postFile(
  { caller, lobby }: Pick<Person, 'caller' | 'lobby'>,
  hash: FileHash,
  {
    name = 'file.bin',
    to,
    id = ulid(),
    body = '',
  }: { name?: string; to?: Id[]; id?: Id; body?: string } = {},
) {
  const target = to === undefined ? { conversationId: lobby } : { to };
  return caller.ask('message.post', { id, ...target, body, file: { hash, name } });
}

export async function fetchFile(
  { ask }: Asking,
  message: { conversationId: Id; seq: Seq },
  size: number,
): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let at = 0; at < size; at += LIMITS.fileReadBytes) {
    const { data } = await ask('file.read', {
      conversationId: message.conversationId,
      seq: message.seq,
      offset: at,
    });
    parts.push(Buffer.from(data, 'base64url'));
  }
  return Buffer.concat(parts);
}

/** Everything below the folder for files, by its path in it. */
export async function filesIn(directory: string): Promise<string[]> {
  const found = await readdir(join(directory, 'files'), { recursive: true, withFileTypes: true }).catch(
    () => [],
  );
  return found
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name).slice(join(directory, 'files').length + 1))
    .toSorted();
}

/** Where a whole one lies. */
export const placeOf = (hash: FileHash) => join(hexOf(hash).slice(0, 2), hexOf(hash));
export const partOf = (memberId: Id, hash: FileHash) => join('parts', memberId, hexOf(hash));
