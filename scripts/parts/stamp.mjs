import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { place } from './publishing.mjs';
import { root } from './root.mjs';

/** What the build reads. A change in any of it makes the build stale. */
const sources = [
  'resources',
  'server',
  'extensions',
  'scripts',
  'tests/support/demo',
  'tsconfig.json',
  'package-lock.json',
];

const stampFile = join(root, 'build', 'stamp.json');

/**
 * What the sources look like now. Names, times and sizes are enough and take milliseconds; contents would not.
 *
 * @param {boolean} dev a development build is another build
 */
export function lookOfSources(dev) {
  const hash = createHash('sha256').update(dev ? 'dev' : 'release');
  for (const path of sources.flatMap(filesUnder).sort()) {
    const { mtimeMs, size } = statSync(path);
    hash.update(`\n${path.slice(root.length)} ${mtimeMs} ${size}`);
  }
  return hash.digest('hex');
}

/** @param {string} name */
function filesUnder(name) {
  const path = join(root, name);
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/**
 * Whether the last build came from sources that looked like this, and all that it made is still there.
 * @param {string} look
 */
export function isBuilt(look) {
  if (!existsSync(stampFile)) return false;
  try {
    /** @type {{ look: string, made: string[] }} */
    const last = JSON.parse(readFileSync(stampFile, 'utf8'));
    return last.look === look && last.made.every((name) => existsSync(join(root, 'build', name)));
  } catch {
    return false; // An interrupted write is a build that never happened.
  }
}

/**
 * @param {string} look
 * @param {string[]} made
 */
export function stampBuild(look, made) {
  place(stampFile, Buffer.from(`${JSON.stringify({ look, made }, null, 2)}\n`));
}
