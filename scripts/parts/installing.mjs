import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './processes.mjs';
import { root, say } from './root.mjs';

const lockFile = join(root, 'package-lock.json');
const stampFile = join(root, 'node_modules', '.salon-lock');

/**
 * Makes `node_modules` match `package-lock.json`. Does nothing when it already does.
 *
 * Everything that is not part of Node may be imported only after this.
 */
export async function ensureInstalled() {
  refuseOldNode();
  const wanted = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return;

  if (!matchesLock()) {
    say('Installing what Salon is built from …');
    // --include=dev: NODE_ENV=production would leave out the bundler.
    const [command, args] = npm(['ci', '--loglevel=error', '--include=dev', '--no-audit', '--no-fund']);
    const status = await run(command, args);
    if (status !== 0) throw new Error(`npm ci did not succeed (status ${status}); its message is above`);
  }
  writeFileSync(stampFile, wanted);
}

function refuseOldNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 20)) return;
  throw new Error(`Salon needs Node.js 20.20 or newer; this is ${process.versions.node}`);
}

/**
 * Whether what npm installed last, by hand perhaps, is what the lock file asks for. npm leaves its own account
 * in `node_modules/.package-lock.json`, written last, so an interrupted install has none.
 */
function matchesLock() {
  const account = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(account)) return false;
  const wanted = packagesOf(lockFile);
  const present = packagesOf(account);
  return Object.entries(wanted).every(([place, { version, optional }]) => {
    if (place === '' || (optional && !present[place])) return true;
    return present[place]?.version === version && existsSync(join(root, place));
  });
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

/**
 * The command that runs npm itself, without a shell where that is possible.
 * @param {string[]} args
 * @returns {[string, string[]]}
 */
export function npm(args) {
  const folder = dirname(process.execPath);
  const candidates = [
    process.env['npm_execpath'],
    join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(folder, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ];
  const script = candidates.find((file) => file?.endsWith('npm-cli.js') && existsSync(file));
  return script ? [process.execPath, [script, ...args]] : ['npm', args];
}
