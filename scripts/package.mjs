// npm run package: puts together what people download, one archive for each kind of computer, into dist/.
// npm run package -- --target linux-x64,win-x64    only these
// npm run package -- --browser    the edition for the browser, also where the shell's program is in bin/
// npm run package -- --quick      packed loosely, to try: only zip and .deb, and larger than they need be
// npm run package -- --out DIR    into another folder
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { ensureInstalled } from './parts/installing.mjs';
import { endAll, onSignals } from './parts/processes.mjs';
import { messageOf, root, say } from './parts/root.mjs';
import { under } from './packing/entries.mjs';
import { targets, targetsNamed } from './packing/targets.mjs';

onSignals(async () => process.exit((await endAll()) ? 130 : 1));

try {
  const { values } = parseArgs({
    options: {
      target: { type: 'string', default: targets.map(({ name }) => name).join(',') },
      browser: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  const chosen = targetsNamed(values.target);
  await ensureInstalled();
  const folder = resolve(
    values.out === undefined ? join(root, 'dist') : (process.env['INIT_CWD'] ?? '.'),
    values.out ?? '',
  );
  await packAll(chosen, folder, values);
} catch (error) {
  say(messageOf(error));
  process.exitCode = 1;
}

/**
 * @param {readonly import('./packing/targets.mjs').Target[]} chosen
 * @param {string} folder
 * @param {{ browser: boolean, quick: boolean }} how
 */
async function packAll(chosen, folder, how) {
  const { appFor, buildParts } = await import('./packing/app.mjs');
  const parts = await buildParts();
  mkdirSync(folder, { recursive: true });
  const sums = [];
  for (const target of chosen) {
    const { hasShell, entries } = await appFor(target, parts, how.browser);
    if (!hasShell) {
      const why = how.browser ? 'asked for by --browser' : `bin/${target.shell} is missing`;
      say(`${target.name}: the edition for the browser (${why}).`);
    }
    const name = `salon-${parts.version}-${target.name}${hasShell ? '' : '-browser'}`;
    const archives = archivesOf(target, name, { version: parts.version, hasShell, app: entries }, how.quick);
    for await (const [file, bytes] of archives) {
      writeFileSync(join(folder, file), bytes);
      sums.push(`${createHash('sha256').update(bytes).digest('hex')}  ${file}\n`);
      console.log(`${(bytes.length / 1e6).toFixed(1).padStart(6)} MB  ${join(folder, file)}`);
    }
  }
  writeFileSync(join(folder, 'SHA256SUMS'), sums.join(''));
}

/**
 * @param {import('./packing/targets.mjs').Target} target
 * @param {string} name
 * @param {Omit<import('./packing/deb.mjs').Package, 'architecture'>} about
 * @param {boolean} isQuick
 * @returns {AsyncGenerator<[string, Buffer]>}
 */
async function* archivesOf({ system, debian }, name, about, isQuick) {
  const { zip } = await import('./packing/zip.mjs');
  const { tar } = await import('./packing/tar.mjs');
  const { deb, packageName } = await import('./packing/deb.mjs');
  const level = isQuick ? 1 : 9;
  const folder = under(name, about.app);
  yield [`${name}.zip`, await zip(folder, level)];
  if (system !== 'linux') return;

  const canXz = !isQuick && spawnSync('xz', ['--version'], { stdio: 'ignore' }).status === 0;
  if (!canXz && !isQuick) say('xz is not installed: there is no .tar.xz, and the .deb is larger.');
  if (canXz) yield [`${name}.tar.xz`, xz(tar(folder))];
  if (debian === undefined) return;
  const packing = canXz
    ? { name: 'data.tar.xz', pack: xz }
    : { name: 'data.tar.gz', pack: (/** @type {Buffer} */ data) => gzipSync(data, { level }) };
  const file = `${packageName(about.hasShell)}_${about.version}_${debian}.deb`;
  yield [file, deb({ ...about, architecture: debian }, packing)];
}

/** @param {Buffer} data */
function xz(data) {
  // One thread: with several, the bytes depend on the machine.
  const { status, stdout } = spawnSync('xz', ['-9', '--threads=1', '--stdout'], {
    input: data,
    maxBuffer: data.length,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error('xz failed');
  return stdout;
}
