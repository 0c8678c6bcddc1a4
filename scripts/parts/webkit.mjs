import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installPackages, isRootOnDebian } from './debian.mjs';
import { root, say } from './root.mjs';
import { shellName } from './shell-binary.mjs';

const engine = { WebKitWebDriver: 'webkit2gtk-driver', Xvfb: 'xvfb' };
/** For the real shell, where its program is: its window has an X that somebody presses. */
const window = { openbox: 'openbox', wmctrl: 'wmctrl' };

/**
 * The engine of the window on Linux, and a screen for it, with which the tests look at the page: 65 MB to fetch. Without
 * them these tests are skipped, and say so.
 */
export async function ensureWebKit() {
  const hasShell = [process.env['SALON_NEU_BIN'], join(root, 'bin', shellName() ?? '-')].some(
    (path) => path && existsSync(path),
  );
  const packages = { ...engine, ...(hasShell ? window : {}) };
  const missing = Object.entries(packages).flatMap(([tool, name]) =>
    spawnSync(tool, ['-help'], { stdio: 'ignore' }).error === undefined ? [] : [name],
  );
  if (missing.length === 0 || !isRootOnDebian()) return;
  say(`Installing ${missing.join(', ')} for the tests …`);
  await installPackages(...missing);
}
