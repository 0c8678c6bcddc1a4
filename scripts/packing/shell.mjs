import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shellName } from '../parts/shell-binary.mjs';
import { root, say } from '../parts/root.mjs';
import { shellConfig } from '../parts/shell-config.mjs';
import { asar } from './asar.mjs';
import { checkShell } from './pins.mjs';

/** As the shell asks for it. */
const resource = 'NEUTRALINOJS_RESOURCES_NEU';

/**
 * The program that shows the window on the target, or undefined where there is none: it is not fetched while packing.
 *
 * @param {import('./targets.mjs').Target} target
 */
export function shellFor({ shell }) {
  // A program to try belongs to the computer that it is tried on.
  const named = shell === shellName() ? process.env['SALON_NEU_BIN'] : undefined;
  if (named) {
    say(`${named} is packed as it is, to be tried: it is not what a release holds.`);
    return readFileSync(named);
  }
  const path = join(root, 'bin', shell);
  if (!existsSync(path)) return undefined;
  const program = readFileSync(path);
  const unknown = checkShell(shell, program);
  if (unknown) say(unknown);
  return program;
}

/**
 * The interface and the shell's configuration, as the shell reads them.
 * @param {import('../parts/publishing.mjs').Files} page
 * @param {string} system
 */
export function resourcesOf(page, system) {
  const files = [...page].map(([name, content]) => /** @type {const} */ ([`build/page/${name}`, content]));
  return asar(new Map([['neutralino.config.json', shellConfig(system)], ...files]));
}

/**
 * The shell with these resources inside. From files beside it, it would hand out any other file as well.
 *
 * @param {Buffer} program for Linux or Windows
 * @param {Buffer} resources
 * @returns {Promise<Buffer>}
 */
export async function withResources(program, resources) {
  const { inject } = await import('postject');
  const folder = mkdtempSync(join(tmpdir(), 'salon-packing-'));
  try {
    const path = join(folder, 'shell');
    writeFileSync(path, program);
    await inject(path, resource, resources);
    return readFileSync(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
