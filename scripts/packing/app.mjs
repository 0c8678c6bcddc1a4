import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleNode } from '../parts/node-bundle.mjs';
import { bundlePage } from '../parts/page-bundle.mjs';
import { root, say } from '../parts/root.mjs';
import { executable, file, under } from './entries.mjs';
import { licenceText, readIngredients } from './licences.mjs';
import { macBundle } from './mac-bundle.mjs';
import { readme } from './readme.mjs';
import { nodeFor } from './runtime.mjs';
import { sbom } from './sbom.mjs';
import { resourcesOf, shellFor, withResources } from './shell.mjs';
import { unixStarter, windowsStarter } from './starters.mjs';

/** @typedef {import('./entries.mjs').Entries} Entries */
/** @typedef {import('./targets.mjs').Target} Target */

/** What is the same for all targets. @typedef {Awaited<ReturnType<typeof buildParts>>} Parts */

export async function buildParts() {
  const [node, page] = await Promise.all([bundleNode({ dev: false }), bundlePage({ dev: false })]);
  /** @type {{ version: string }} */
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const engine = 'node_modules/node-sqlite3-wasm';
  const folders = [...node.ingredientsOf('extension', 'store-worker'), ...page.ingredients, engine];
  return { version, programs: node.files, page: page.files, ingredients: readIngredients(folders) };
}

/**
 * The folder that somebody unpacks.
 *
 * @param {Target} target
 * @param {Parts} parts
 * @param {boolean} isForBrowser even where there is a shell
 * @returns {Promise<{ hasShell: boolean, entries: Entries }>}
 */
export async function appFor(target, parts, isForBrowser) {
  const { version, page, ingredients } = parts;
  const { system } = target;
  const shell = isForBrowser ? undefined : shellFor(target);
  const { program, licence } = await nodeFor(target);
  const extensions = extensionsOf(system, parts, program);
  const starter = starterName(system, shell !== undefined);
  const edition = { system, version, hasShell: shell !== undefined, inBrowser: starter };

  /** @type {Entries} */
  const entries = new Map([
    ['README.txt', file(readme('en', edition))],
    ['LISEZMOI.txt', file(readme('fr', edition))],
    ['LICENSE.txt', file(readFileSync(join(root, 'LICENSE')))],
    ['licences/libraries.txt', file(licenceText(ingredients))],
    ['licences/node.txt', file(licence)],
    ...(shell ? [/** @type {const} */ (['licences/neutralino.txt', file(shellLicence())])] : []),
    ['sbom.cdx.json', file(sbom({ version, target, ingredients, shell }))],
    [starter, startedIn(system, shell !== undefined)],
    ...(await programsOf(system, shell, resourcesOf(page, system), extensions, version)),
  ]);
  entries.set('SHA256SUMS', file(sumsOf(entries)));
  return { hasShell: shell !== undefined, entries };
}

/**
 * @param {Target['system']} system
 * @param {Buffer | undefined} shell
 * @param {Buffer} resources
 * @param {Entries} extensions
 * @param {string} version
 * @returns {Promise<Entries>}
 */
async function programsOf(system, shell, resources, extensions, version) {
  if (!shell) return extensions;
  if (system === 'mac') return macBundle({ shell, resources, extensions, version });
  const name = system === 'win' ? 'salon.exe' : 'salon';
  return new Map([[name, executable(await withResources(shell, resources))], ...extensions]);
}

/**
 * @param {Target['system']} system
 * @param {Parts} parts
 * @param {Buffer} node
 * @returns {Entries}
 */
function extensionsOf(system, { programs, page }, node) {
  const built = (/** @type {string} */ name) => {
    const content = programs.get(name);
    if (!content) throw new Error(`the build made no ${name}`);
    return file(content);
  };
  // For those who join with a browser; in the browser edition, for everybody.
  const pages = new Map([...page].map(([name, content]) => [name, file(content)]));
  return under(
    'extensions/node',
    new Map([
      [system === 'win' ? 'node.exe' : 'node', executable(node)],
      ['main.cjs', built('extension.cjs')],
      ['store-worker.cjs', built('store-worker.cjs')],
      ['node-sqlite3-wasm.wasm', built('node-sqlite3-wasm.wasm')],
      ...under('page', pages),
    ]),
  );
}

/**
 * @param {Target['system']} system
 * @param {boolean} hasShell
 */
function starterName(system, hasShell) {
  const name = hasShell ? 'salon-in-browser' : 'salon';
  if (system === 'win') return `${name}.cmd`;
  if (system === 'mac') return hasShell ? 'Salon in the browser.command' : 'Salon.command';
  return name;
}

/**
 * @param {Target['system']} system
 * @param {boolean} hasShell
 */
function startedIn(system, hasShell) {
  if (system === 'win') return file(windowsStarter);
  return executable(unixStarter(system === 'mac' && hasShell ? 'Salon.app/Contents/MacOS' : '.'));
}

/** It lists what the shell was made of, and comes with the release. */
function shellLicence() {
  const path = join(root, 'bin', 'LICENSE');
  if (existsSync(path)) return readFileSync(path);
  say(
    'bin/LICENSE is missing: it comes with the release of Neutralino and must be passed on with its program',
  );
  return 'Neutralino, under the MIT licence. This archive was packed without the text that comes with its release.\n';
}

/** @param {Entries} entries */
function sumsOf(entries) {
  const lines = [...entries].flatMap(([name, entry]) => {
    if ('link' in entry) return [];
    return [`${createHash('sha256').update(entry.content).digest('hex')}  ${name}\n`];
  });
  return lines.join('');
}
