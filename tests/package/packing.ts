import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateRawSync } from 'node:zlib';
import { scratch } from '../support/processes.ts';

/** Archives as they are handed out, and folders as people unpack them. */

export const TARGET = 'linux-x64';

/** Why nothing can be packed and tried here; null when it can. */
export function notHere(): string | null {
  return process.platform === 'linux' && process.arch === 'x64' ? null : `this is no ${TARGET}`;
}

export interface Packed {
  folder: string;
  zip: string;
  deb: string;
  /** What was said meanwhile. */
  said: string;
}

/** Null where Node cannot be fetched, and was not before. @throws when packing fails otherwise. */
export async function pack(...flags: string[]): Promise<Packed | null> {
  const folder = await scratch();
  const script = fileURLToPath(new URL('../../scripts/package.mjs', import.meta.url));
  const args = [script, '--target', TARGET, '--quick', '--out', folder, ...flags];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => (said += data.toString()));
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (said.includes('could not be fetched')) return null;
  if (code !== 0) throw new Error(`packing ended with ${String(code)}: ${said}`);
  const named = (ending: string) =>
    join(folder, readdirSync(folder).find((name) => name.endsWith(ending)) ?? '');
  return { folder, zip: named('.zip'), deb: named('.deb'), said };
}

/**
 * Unpacks as an archiver does: what the directory says, with the rights that it says.
 *
 * @returns the names of all files.
 */
export function unzip(archive: string, folder: string): string[] {
  const bytes = readFileSync(archive);
  const end = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  const names: string[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const lengthOf = (field: number) => bytes.readUInt16LE(at + field);
    const name = bytes.toString('utf8', at + 46, at + 46 + lengthOf(28));
    const mode = bytes.readUInt32LE(at + 38) >>> 16;
    const header = bytes.readUInt32LE(at + 42);
    const begin = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28);
    const packed = bytes.subarray(begin, begin + bytes.readUInt32LE(at + 20));
    const path = join(folder, name);
    if (name.endsWith('/')) mkdirSync(path, { recursive: true });
    else {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, lengthOf(10) === 0 ? packed : inflateRawSync(packed));
      chmodSync(path, mode & 0o777);
      names.push(name);
    }
    at += 46 + lengthOf(28) + lengthOf(30) + lengthOf(32);
  }
  return names;
}

/** Every file under a folder, by its name from there. */
export function filesUnder(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();
}

/** The processes that run a program in this folder, or were told of it. */
export function processesOf(folder: string): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return words.includes(folder) ? [words.replaceAll('\0', ' ')] : [];
    } catch {
      return []; // Ended while we were reading.
    }
  });
}
