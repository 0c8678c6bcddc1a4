import { sha256 } from '@noble/hashes/sha2.js';
import { toBase64url } from '../../server/protocol/base64url.ts';
import type { FileHash } from '../../server/protocol/entities.ts';

/** So much at once that nobody notices, in bytes. */
const SLICE_BYTES = 512 * 1024;

/** What a file is known by. Not by the browser's own means: a page that came unencrypted has none. @throws when it cannot be read. */
export async function hashOf(file: Blob): Promise<FileHash> {
  const hash = sha256.create();
  for (let at = 0; at < file.size; at += SLICE_BYTES)
    hash.update(new Uint8Array(await file.slice(at, at + SLICE_BYTES).arrayBuffer()));
  return toBase64url(hash.digest());
}
