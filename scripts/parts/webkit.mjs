import { spawnSync } from 'node:child_process';
import { installPackages, isRootOnDebian } from './debian.mjs';
import { say } from './root.mjs';
import { presentShell } from './shell-binary.mjs';

const engine = { WebKitWebDriver: 'webkit2gtk-driver', Xvfb: 'xvfb', xclip: 'xclip' };
/** For the real shell, where its program is: its window has an X that somebody presses. */
const window = { openbox: 'openbox', wmctrl: 'wmctrl' };

/**
 * The engine of the window on Linux, a screen and a clipboard for it, with which the tests look at the page: 65 MB to fetch. Without
 * them these tests are skipped, and say so.
 */
export async function ensureWebKit() {
  const packages = { ...engine, ...(presentShell() ? window : {}) };
  const missing = Object.entries(packages).flatMap(([tool, name]) =>
    spawnSync(tool, ['-help'], { stdio: 'ignore' }).error === undefined ? [] : [name],
  );
  if (missing.length === 0 || !isRootOnDebian()) return;
  say(`Installing ${missing.join(', ')} for the tests …`);
  await installPackages(...missing);
}
