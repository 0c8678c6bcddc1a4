import { spawn } from 'node:child_process';
import { platform } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { messageOf } from './root.mjs';

/** How long an opener may take to say that it cannot. */
const patienceMs = 3000;

/** Whether there is a screen to show something on. Only X and Wayland can tell; elsewhere there is one. */
export function hasDisplay() {
  if (platform() !== 'linux') return true;
  return Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
}

/**
 * Opens an address in the default browser, without a shell: the address is never read as a command.
 *
 * @param {string} url
 * @returns {Promise<string | undefined>} why it could not be opened
 */
export async function openInBrowser(url) {
  const [command, args] = opener(url);
  // The browser belongs to the person, not to us: it stays when Salon ends.
  const child = spawn(command, args, { detached: true, stdio: 'ignore', windowsHide: true });
  child.unref();
  return Promise.race([
    new Promise((resolve) => {
      child.once('error', (error) => resolve(`${command}: ${messageOf(error)}`));
      child.once('exit', (code) => resolve(code === 0 ? undefined : `${command} found no browser`));
    }),
    // Some openers are the browser itself and stay: then it is open.
    wait(patienceMs, undefined, { ref: false }),
  ]);
}

/**
 * @param {string} url
 * @returns {[string, string[]]}
 */
function opener(url) {
  if (platform() === 'darwin') return ['open', [url]];
  if (platform() === 'win32') return ['rundll32', ['url.dll,FileProtocolHandler', url]];
  return ['xdg-open', [url]];
}
