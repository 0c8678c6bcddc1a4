import { chmodSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DirectoryInUse, explainOpening, UnwritableDirectory } from './failures.ts';
import { takeLock } from './lock.ts';
import { patiently } from './patience.ts';

/** Beside the room: who holds it. Only for the sentence shown to a second host; the lock itself is the system's. */
const OWNER_FILE = 'host.json';

export interface Ownership {
  /** The folder's real path. */
  directory: string;
  release: () => Promise<void>;
}

/**
 * Makes the folder if need be, and makes this process its only host.
 *
 * The engine's own lock is a folder that a killed host leaves behind, so it says nothing. This lock is one that the
 * system frees with the process, however it ends. It belongs to the main thread: a storage thread that crashed must not
 * let another host in while this one still runs.
 *
 * @throws DirectoryInUse, UnwritableDirectory
 */
export async function takeOwnership(directory: string): Promise<Ownership> {
  const real = prepare(directory);
  const free = await takeLock(real, 'host');
  if (free === null) throw new DirectoryInUse(real, ownerOf(real));
  const ownerFile = join(real, OWNER_FILE);
  try {
    const owner = { pid: process.pid, started: processStart(process.pid) };
    writeFileSync(ownerFile, JSON.stringify(owner), { mode: 0o600 });
  } catch (error) {
    await free();
    throw explainOpening(error);
  }
  return {
    directory: real,
    async release() {
      try {
        patiently(() => rmSync(ownerFile, { force: true }));
      } catch {
        // What stays there is untrue as soon as the lock is free.
      }
      await free();
    },
  };
}

function prepare(directory: string): string {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const real = realpathSync(directory);
    // A folder that was there before may be open to everybody on this computer.
    if (process.platform !== 'win32') chmodSync(real, 0o700);
    return real;
  } catch (error) {
    throw new UnwritableDirectory(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** The process that holds the folder, if what it wrote there is still true. */
function ownerOf(directory: string): number | null {
  try {
    const owner: unknown = JSON.parse(readFileSync(join(directory, OWNER_FILE), 'utf8'));
    if (typeof owner !== 'object' || owner === null || !('pid' in owner) || !('started' in owner))
      return null;
    const { pid, started } = owner;
    return typeof pid === 'number' && started === processStart(pid) && isAlive(pid) ? pid : null;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process cannot be signalled, but it is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Tells a process from a later one of the same number. Empty where the system does not say. */
function processStart(pid: number): string {
  if (process.platform !== 'linux') return '';
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    // The program's name, in parentheses, may hold spaces; the time is the twentieth field after it.
    const [, fields = ''] = /\)\s+(.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return `${boot} ${fields.split(' ')[19] ?? ''}`;
  } catch {
    return '';
  }
}
