import { spawn } from 'node:child_process';
import { systemProgram } from './windows.ts';

const SCHEMES = ['http:', 'https:', 'mailto:'];
/** `URL` leaves them in a mail's address, and Windows pastes links into a program's words. */
const NOT_IN_WORDS = /[\s"\\]/g;

/** A web or mail link, and nothing else. */
export function isOpenable(text: string): boolean {
  try {
    return SCHEMES.includes(new URL(text).protocol);
  } catch {
    return false;
  }
}

/**
 * Opens a link in the system's own program for it. Never through a shell: a link from a message is whatever somebody
 * wrote. False when nothing could be started. Ask `isOpenable` first.
 */
export function openLink(text: string): Promise<boolean> {
  const href = new URL(text).href.replace(NOT_IN_WORDS, encodeURIComponent);
  if (process.platform === 'win32') {
    const program = systemProgram('System32', 'rundll32.exe');
    return begin(program, ['url.dll,FileProtocolHandler', href]);
  }
  return begin(opener(), [href]);
}

/** Shows a folder in the system's own program for folders. False when there is none. */
export async function openFolder(path: string): Promise<boolean> {
  if (process.platform !== 'win32') return begin(opener(), [path]);
  // It ends with 1 whether it worked or not.
  await begin(systemProgram('explorer.exe'), [path]);
  return true;
}

function opener(): string {
  return process.platform === 'darwin' ? 'open' : 'xdg-open';
}

function begin(program: string, words: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    // Some openers stay as long as what they start: what runs for a moment has begun well.
    const begun = setTimeout(() => resolve(true), 2_000);
    const over = (isWell: boolean) => {
      clearTimeout(begun);
      resolve(isWell);
    };
    // What is opened is the person's: what ends us in a terminal is not for it.
    // Nor is what Salon was opened with: another one may be started from there.
    const { SALON_OPEN: _opened, SALON_DATA: _data, ...env } = process.env;
    const options = { detached: true, stdio: 'ignore', windowsHide: true, env } as const;
    const opening = spawn(program, words, options);
    opening.on('error', () => over(false));
    opening.on('exit', (code) => over(code === 0));
    opening.unref();
  });
}
