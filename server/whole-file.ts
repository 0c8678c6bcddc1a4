import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { rename } from './store/files.ts';

/** What a file that is being written is called until it is whole. */
export const UNFINISHED = '.new';

/** Whole or not at all, for its owner's eyes, and on disk under its name when this returns: also when the power goes. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const temporary = path + UNFINISHED;
  const file = openSync(temporary, 'w', 0o600);
  try {
    const bytes = Buffer.from(content);
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  rename(temporary, path);
}
