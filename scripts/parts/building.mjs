import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { bundleNode } from './node-bundle.mjs';
import { bundlePage } from './page-bundle.mjs';
import { publish } from './publishing.mjs';
import { root } from './root.mjs';
import { isBuilt, lookOfSources, stampBuild } from './stamp.mjs';

/**
 * Brings `build/page` and `build/node` up to date. Needs what is installed.
 *
 * @param {{ dev?: boolean }} [options]
 * @returns {Promise<boolean>} whether there was anything to do
 */
export async function ensureBuilt({ dev = false } = {}) {
  // Before the build: a source that changes meanwhile must make the next look differ.
  const look = lookOfSources(dev);
  if (isBuilt(look)) return false;

  const made = await Promise.all([buildInto('page', bundlePage, dev), buildInto('node', bundleNode, dev)]);
  stampBuild(look, made.flat());
  return true;
}

/**
 * @param {string} name of the folder under `build`
 * @param {(options: { dev: boolean }) => Promise<{ files: import('./publishing.mjs').Files }>} bundle
 * @param {boolean} dev
 */
async function buildInto(name, bundle, dev) {
  const folder = join(root, 'build', name);
  const { files } = await bundle({ dev });
  mkdirSync(folder, { recursive: true });
  publish(folder, files);
  return [...files.keys()].map((file) => `${name}/${file}`);
}
