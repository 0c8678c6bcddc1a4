import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

/**
 * The shell's configuration. On Linux the window's engine shows its page nothing of the files that are dropped on it: there
 * the shell takes them, and tells the extension which ones. Elsewhere that would only take them away from the page.
 *
 * @param {string} system that it is for: `linux`, or another
 */
export function shellConfig(system) {
  const text = readFileSync(join(root, 'neutralino.config.json'), 'utf8');
  /** @type {{ modes: { window: Record<string, unknown> } }} */
  const config = JSON.parse(text);
  config.modes.window['emitDropEvents'] = system === 'linux';
  return Buffer.from(`${JSON.stringify(config, null, 2)}\n`);
}
