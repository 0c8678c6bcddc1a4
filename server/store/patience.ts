import { setTimeout as sleep } from 'node:timers/promises';

/**
 * On Windows a file cannot be replaced, moved or removed while somebody else has it open: a virus scanner that reads what
 * was just written, the search index, a backup. A moment later it can. Elsewhere the same refusals are meant.
 */
const PASSING = ['EPERM', 'EACCES', 'EBUSY'];
/** Two and a half seconds in all; nearly always the first ones do. In milliseconds. */
const PAUSES_MS = [1, 4, 10, 25, 60, 150, 300, 600, 1_350];

/** Tries again for a moment where that helps. @throws what the last try does. */
export function patiently<T>(work: () => T, platform: NodeJS.Platform = process.platform): T {
  for (const pause of pausesOn(platform)) {
    try {
      return work();
    } catch (error) {
      if (!isPassing(error)) throw error;
    }
    // Nothing else may happen meanwhile: whoever calls is in the middle of something.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause);
  }
  return work();
}

/** The same, while everything else goes on. */
export async function patientlyAside<T>(
  work: () => Promise<T>,
  platform: NodeJS.Platform = process.platform,
): Promise<T> {
  for (const pause of pausesOn(platform)) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error)) throw error;
    }
    await sleep(pause);
  }
  return work();
}

function pausesOn(platform: NodeJS.Platform): readonly number[] {
  return platform === 'win32' ? PAUSES_MS : [];
}

function isPassing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && PASSING.includes(String(error.code));
}
