import { existsSync, readFileSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { checkShell } from '../packing/pins.mjs';
import { place } from './publishing.mjs';
import { messageOf, root, say } from './root.mjs';
import { unzipOne } from './zip.mjs';

const failureFile = join(root, 'build', 'shell-not-fetched.json');
/** With what the shell ends when it is asked to: on Linux as after a Ctrl-C (extensions/shell.ts says why). */
export const askedToEnd = platform() === 'linux' ? 130 : 0;

const dayMs = 24 * 60 * 60 * 1000;
const fetchLimitMs = 10_000;
const maxBytes = 64 * 1024 * 1024;

/** @typedef {{ path: string } | { missing: string }} Found what was found, or why there is nothing */

/**
 * The program that shows the window: the one in `bin/`, else fetched once into `bin/`.
 *
 * Fetches what `neu update` would fetch, the release named by `cli.binaryVersion`, but without the 120 packages
 * of the neu command line and with a time limit. A failure is remembered for a day: a machine without internet
 * must not wait at every start.
 *
 * @returns {Promise<Found>}
 */
export async function findShell() {
  const name = shellName();
  if (!name) return { missing: `Neutralino has no program for ${platform()} on ${arch()}` };
  const path = join(root, 'bin', name);
  if (existsSync(path)) return { path };

  const version = wantedVersion();
  const earlier = earlierFailure(version);
  if (earlier) return { missing: `${earlier}; put ${name} into bin/ or wait a day for the next try` };
  try {
    say(`Fetching Neutralino ${version} for the window …`);
    place(path, await fetchShell(releaseUrl(version), name), 0o755);
    return { path };
  } catch (error) {
    const why = `Neutralino ${version} could not be fetched (${messageOf(error)})`;
    place(failureFile, Buffer.from(JSON.stringify({ version, at: Date.now(), why })));
    return { missing: `${why}; put ${name} into bin/ to have the window` };
  }
}

/** The program that is there to be tried: the one that is named, or the one in `bin/`. Nothing is fetched. */
export function presentShell() {
  const name = shellName();
  const paths = [process.env['SALON_NEU_BIN'], ...(name ? [join(root, 'bin', name)] : [])];
  return paths.find((path) => path && existsSync(path));
}

/** What Neutralino calls its program for this machine. */
export function shellName() {
  const system = new Map([
    ['linux', 'linux'],
    ['darwin', 'mac'],
    ['win32', 'win'],
  ]).get(platform());
  const machine = new Map([
    ['x64', 'x64'],
    ['arm64', 'arm64'],
    ['arm', 'armhf'],
  ]).get(arch());
  if (!system || !machine) return undefined;
  // Windows on ARM runs the program for x64.
  if (system === 'win') return 'neutralino-win_x64.exe';
  return `neutralino-${system}_${machine}`;
}

/**
 * Downloads a release and takes one program out of it.
 *
 * @param {string} url
 * @param {string} name
 */
export async function fetchShell(url, name) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(fetchLimitMs) });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  if (Number(answer.headers.get('content-length') ?? 0) > maxBytes) throw new Error('it is far too large');
  const zip = Buffer.from(await answer.arrayBuffer());
  const program = unzipOne(zip, name);
  if (!program) throw new Error(`it holds no ${name}`);
  const unknown = checkShell(name, program);
  if (unknown) say(unknown);
  return program;
}

/** @param {string} version */
function releaseUrl(version) {
  const tag = `v${version}`;
  return `https://github.com/neutralinojs/neutralinojs/releases/download/${tag}/neutralinojs-${tag}.zip`;
}

function wantedVersion() {
  /** @type {{ cli: { binaryVersion: string } }} */
  const config = JSON.parse(readFileSync(join(root, 'neutralino.config.json'), 'utf8'));
  return config.cli.binaryVersion;
}

/** @param {string} version */
function earlierFailure(version) {
  try {
    /** @type {{ version: string, at: number, why: string }} */
    const earlier = JSON.parse(readFileSync(failureFile, 'utf8'));
    const age = Date.now() - earlier.at;
    return earlier.version === version && age >= 0 && age < dayMs ? earlier.why : undefined;
  } catch {
    return undefined; // No failure that we know of.
  }
}
