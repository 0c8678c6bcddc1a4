import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../parts/root.mjs';

/**
 * What is packed that is not ours, to the byte: nothing else is packed under these names.
 *
 * @type {{
 *   node: { version: string, integrity: Record<string, string> },
 *   neutralino: { version: string, sha256: Record<string, string> },
 * }}
 */
export const pins = JSON.parse(readFileSync(join(root, 'scripts', 'packing', 'pins.json'), 'utf8'));

/**
 * Refuses a package of Node that is not the one that was pinned.
 *
 * @param {string} name of the package
 * @param {Buffer} archive as the registry has it
 */
export function checkNode(name, archive) {
  const wanted = pins.node.integrity[name];
  if (!wanted) throw new Error(`scripts/packing/pins.json knows no ${name}`);
  const found = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
  if (found !== wanted) throw new Error(`${name}@${pins.node.version} is not what was pinned (${found})`);
}

/**
 * Refuses a shell that is not the one that was pinned.
 *
 * @param {string} name as Neutralino calls it
 * @param {Buffer} program
 * @returns {string | undefined} what to say where none was pinned
 */
export function checkShell(name, program) {
  const found = createHash('sha256').update(program).digest('hex');
  const wanted = pins.neutralino.sha256[name];
  if (!wanted)
    return `${name} was never pinned: compare its SHA-256 ${found} with the release and add it to pins.json`;
  if (found !== wanted)
    throw new Error(`${name} is not what was pinned for ${pins.neutralino.version} (${found})`);
  return undefined;
}
