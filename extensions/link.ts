import { spawn } from 'node:child_process';

const SCHEMES = ['http:', 'https:', 'mailto:'];

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
  const [program, ...words] = opener();
  return new Promise((resolve) => {
    // Some openers stay as long as the browser that they start: what runs for a moment has begun well.
    const begun = setTimeout(() => resolve(true), 2_000);
    const over = (isWell: boolean) => {
      clearTimeout(begun);
      resolve(isWell);
    };
    // The browser is the person's: what ends us in a terminal is not for it.
    const options = { detached: true, stdio: 'ignore', windowsHide: true } as const;
    const opening = spawn(program, [...words, new URL(text).href], options);
    opening.on('error', () => over(false));
    opening.on('exit', (code) => over(code === 0));
    opening.unref();
  });
}

function opener(): [string, ...string[]] {
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return [process.platform === 'darwin' ? 'open' : 'xdg-open'];
}
