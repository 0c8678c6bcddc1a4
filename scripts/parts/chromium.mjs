import { existsSync } from 'node:fs';
import { platform } from 'node:os';
import { delimiter, join } from 'node:path';
import { installPackages, isRootOnDebian } from './debian.mjs';
import { say } from './root.mjs';

/**
 * A Chromium for the tests that walk through the interface, installed where we may.
 *
 * @returns {Promise<string | undefined>} its path; undefined when there is none
 */
export async function ensureChromium() {
  const found = findChromium();
  if (found || !isRootOnDebian()) return found;

  say('Installing Chromium for the tests …');
  await installPackages('chromium');
  return findChromium();
}

/** What to do where none was found. */
export const howToInstallChromium =
  'The tests need Chromium, Chrome or Edge and found none. Install one (on Debian: apt install chromium), ' +
  'or name its program in SALON_CHROMIUM.';

function findChromium() {
  const named = process.env['SALON_CHROMIUM'];
  if (named) return existsSync(named) ? named : undefined;
  return [...onPath(), ...usualPlaces()].find((path) => existsSync(path));
}

function onPath() {
  if (platform() === 'win32') return [];
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return names.flatMap((name) => folders.map((folder) => join(folder, name)));
}

function usualPlaces() {
  if (platform() === 'darwin') {
    return ['Chromium', 'Google Chrome', 'Microsoft Edge'].map(
      (app) => `/Applications/${app}.app/Contents/MacOS/${app}`,
    );
  }
  if (platform() === 'win32') {
    const programs = ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'];
    const folders = ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].flatMap(
      (name) => process.env[name] ?? [],
    );
    return folders.flatMap((folder) => programs.map((program) => join(folder, program)));
  }
  return [];
}
