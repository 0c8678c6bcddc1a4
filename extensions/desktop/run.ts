import { execFile } from 'node:child_process';

/** A program of the system's that takes longer than this hangs. In milliseconds. */
const LIMIT_MS = 10_000;

/** Runs a program of the system's, without a shell. @returns what it printed; null when it is missing or failed. */
export function run(program: string, words: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(program, words, { timeout: LIMIT_MS, windowsHide: true }, (error, printed) =>
      resolve(error === null ? printed : null),
    );
  });
}
