import { execFile } from 'node:child_process';

/**
 * Opens a link in the system's own program for it. Never through a shell: a link from a message is whatever somebody
 * wrote. False when it is not a web or mail link, or nothing could be started.
 */
export function openLink(text: string): Promise<boolean> {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return Promise.resolve(false);
  }
  if (!['http:', 'https:', 'mailto:'].includes(url.protocol)) return Promise.resolve(false);
  const [program, ...words] = opener();
  return new Promise((resolve) => {
    execFile(program, [...words, url.href], { timeout: 10_000, windowsHide: true }, (error) =>
      resolve(error === null),
    );
  });
}

function opener(): [string, ...string[]] {
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return [process.platform === 'darwin' ? 'open' : 'xdg-open'];
}
