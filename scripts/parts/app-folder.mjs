import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { platform } from 'node:os';
import { join, sep } from 'node:path';
import { place, publish } from './publishing.mjs';
import { root } from './root.mjs';
import { shellConfig } from './shell-config.mjs';

/**
 * Puts the app together in `build/app`, laid out like a release: the shell, its configuration, the interface and
 * `extensions/node` with its own Node. The configuration's own command finds that Node beside the shell.
 *
 * In a release the interface is embedded into the shell. Here it stays a folder, and the shell then serves any
 * file of this user to whoever guesses its port on loopback: accepted while developing, never for a release.
 *
 * Nothing that stands beside these files is removed: a Salon started here may keep its data there.
 *
 * @param {string} shell the program from `bin/`
 * @param {string} [app] another folder than `build/app`
 * @returns {string} the shell's copy, ready to be started
 */
export function assembleApp(shell, app = join(root, 'build', 'app')) {
  const page = filesIn(join(root, 'build', 'page'));
  const programs = filesIn(join(root, 'build', 'node'));
  const extension = join(app, 'extensions', 'node');

  mkdirSync(extension, { recursive: true });
  mkdirSync(join(app, 'build', 'page'), { recursive: true });
  mkdirSync(join(extension, 'page'), { recursive: true });
  publish(join(app, 'build', 'page'), page);
  // Once more for those who join with a browser: the extension serves it to them.
  publish(join(extension, 'page'), page);

  for (const name of ['store-worker.cjs', 'node-sqlite3-wasm.wasm'])
    copy(programs, name, join(extension, name));
  copy(programs, 'extension.cjs', join(extension, 'main.cjs'));
  placeNode(join(extension, platform() === 'win32' ? 'node.exe' : 'node'));

  place(join(app, 'neutralino.config.json'), shellConfig(platform()));
  const program = join(app, platform() === 'win32' ? 'salon.exe' : 'salon');
  place(program, readFileSync(shell), 0o755);
  return program;
}

/**
 * @param {import('./publishing.mjs').Files} files
 * @param {string} name
 * @param {string} path
 */
function copy(files, name, path) {
  const content = files.get(name);
  if (!content) throw new Error(`build/node/${name} is missing: run "npm run build"`);
  place(path, Buffer.from(content));
}

/**
 * The Node that runs this script. A link is enough, but on Windows links need a right that few people have.
 * @param {string} path
 */
function placeNode(path) {
  if (platform() === 'win32') {
    place(path, readFileSync(process.execPath));
    return;
  }
  const present = lstatSync(path, { throwIfNoEntry: false });
  if (present?.isSymbolicLink() && readlinkSync(path) === process.execPath) return;
  rmSync(path, { force: true });
  symlinkSync(process.execPath, path);
}

/**
 * @param {string} folder
 * @returns {import('./publishing.mjs').Files}
 */
function filesIn(folder) {
  /** @type {import('./publishing.mjs').Files} */
  const files = new Map();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) files.set(path.slice(folder.length + 1).replaceAll(sep, '/'), readFileSync(path));
  }
  return files;
}
