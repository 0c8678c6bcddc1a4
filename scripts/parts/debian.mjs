import { existsSync, readFileSync } from 'node:fs';
import { platform } from 'node:os';
import { run } from './processes.mjs';

/** Ubuntu is left out on purpose: its package is a snap, which does not run where there is no snapd. */
export function isRootOnDebian() {
  if (platform() !== 'linux' || process.getuid?.() !== 0 || !existsSync('/etc/os-release')) return false;
  return /^ID="?debian"?$/m.test(readFileSync('/etc/os-release', 'utf8'));
}

/**
 * Installs packages of Debian's, where `isRootOnDebian`. What cannot be had is missed by whoever asked for it.
 * @param {string[]} names
 */
export async function installPackages(...names) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const updated = await run('apt-get', ['update'], { env });
  if (updated === 0) await run('apt-get', ['install', '-y', '--no-install-recommends', ...names], { env });
}
