import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DataPlace } from './protocol/diagnosis.ts';

/** Where Salon keeps its data, and why there. */
export interface DataDirectory {
  directory: string;
  place: DataPlace;
}

/** What somebody puts beside the program to have the data there too. Explorer gives new text files an ending. */
const MARKERS = ['portable', 'portable.txt'];

/**
 * The folder that was named; else `data` beside the program, where somebody wants it there and it can be written; else
 * the person's own.
 *
 * @param named - by a flag, or by the environment.
 * @param program - the file that runs.
 */
export function findDataDirectory(
  named: string | undefined,
  program: string = fileURLToPath(import.meta.url),
): DataDirectory {
  if (named !== undefined && named !== '') return { directory: resolve(named), place: 'named' };
  const app = appFolder(program);
  if (app === null) return { directory: defaultDirectory(), place: 'person' };
  const data = join(app, 'data');
  const isWanted = existsSync(data) || MARKERS.some((name) => existsSync(join(app, name)));
  if (!isWanted) return { directory: defaultDirectory(), place: 'person' };
  if (canKeep(data)) return { directory: data, place: 'program' };
  return { directory: defaultDirectory(), place: 'programReadOnly' };
}

/** The folder when none is named: where each system keeps a person's own data. */
export function defaultDirectory(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const home = homedir();
  if (platform === 'win32') return join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'Salon');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Salon');
  return join(env['XDG_DATA_HOME'] ?? join(home, '.local', 'share'), 'salon');
}

/**
 * The folder that somebody unpacked: the one that holds `extensions/node/main.cjs`, or the bundle that it is in on
 * macOS. Found from where the file really is, so that links and PATH lead to the same. Null for a program that is not
 * packed: what is built while developing is no place for data.
 */
export function appFolder(program: string): string | null {
  const real = realpathSync(program);
  const node = dirname(real);
  const extensions = dirname(node);
  if (basename(real) !== 'main.cjs' || basename(node) !== 'node' || basename(extensions) !== 'extensions')
    return null;
  const app = dirname(extensions);
  const bundle = dirname(dirname(app));
  return bundle.endsWith('.app') ? dirname(bundle) : app;
}

/** Makes the folder where it is missing. Tried, because rights alone do not tell: a disk may be full, or locked. */
function canKeep(directory: string): boolean {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    rmdirSync(mkdtempSync(join(directory, '.salon-')));
    return true;
  } catch {
    return false;
  }
}
