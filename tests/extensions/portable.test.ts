// time limit: 120 s
// Where the data is, when nobody named a folder: the program as it lies in a folder that somebody unpacked.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { appFolder, findDataDirectory } from '../../server/data-directory.ts';
import type { Report } from '../../server/protocol/diagnosis.ts';
import { program, scratch } from '../support/processes.ts';
import { unpacked } from '../support/unpacked.ts';
import { Page, startExtension } from './pages.ts';

const portable = suite('Data beside the program');

const AWKWARD = ['Salon de Zoë', "O'Brien & fils", 'cash $HOME `id`', 'say "hi" 100%', '数据;(1)', 'Salon'];

/** What the diagnostics say, of a Salon that was started and closed. */
async function diagnosed(options: Parameters<typeof startExtension>[0]): Promise<Report> {
  const running = await startExtension({ directory: null, ...options });
  const page = await Page.open(running);
  const report = await page.ask('doctor.run', { typed: '' });
  await page.ask('keep.set', { key: 'a', value: 'b' });
  await running.stop();
  return report;
}

portable('is found in folders of any name', async () => {
  for (const name of AWKWARD) {
    const { app, file } = await unpacked(name);
    assert.is(findDataDirectory(undefined, file).place, 'person', name);
    writeFileSync(join(app, 'portable'), '');
    assert.equal(
      findDataDirectory(undefined, file),
      { directory: join(app, 'data'), place: 'program' },
      name,
    );
    assert.equal(readdirSync(join(app, 'data')), [], 'nothing is left of the trial');
    assert.is(findDataDirectory(app, file).place, 'named', 'what was named comes first');
  }
});

portable('is wanted by a folder or by a mark, and by nothing else', async () => {
  for (const mark of ['portable', 'portable.txt']) {
    const { app, file } = await unpacked();
    writeFileSync(join(app, mark), '');
    assert.is(findDataDirectory('', file).place, 'program', mark);
  }
  const { app, file } = await unpacked();
  mkdirSync(join(app, 'data'));
  assert.is(findDataDirectory(undefined, file).place, 'program');
  const other = await unpacked();
  writeFileSync(join(other.app, 'data'), 'a file of this name is no folder');
  assert.is(findDataDirectory(undefined, other.file).place, 'programReadOnly');
});

portable('is beside the bundle on macOS, and nowhere for what was only built', async () => {
  const { app, file } = await unpacked(join('Salon.app', 'Contents', 'MacOS'));
  assert.is(appFolder(file), join(app, '..', '..', '..'));
  assert.is(appFolder(program('extension')), null);
  assert.is(appFolder(fileURLToPath(import.meta.url)), null);
});

portable('holds all that is written, whichever link it was started by', async () => {
  const { app, file, env } = await unpacked('Salon de "Zoë" $1');
  mkdirSync(join(app, 'data'));
  const link = join(await scratch(), 'salon link.cjs');
  symlinkSync(file, link);
  const report = await diagnosed({ file: link, env });
  assert.equal([report.dataFolder, report.dataPlace], [join(app, 'data'), 'program']);
  assert.ok(report.dataWritable);
  assert.is(readdirSync(join(app, 'data', 'keep')).length, 1);
  assert.equal(readdirSync(env['HOME'] ?? ''), [], 'nothing at home');
});

portable('without a mark, is the person’s own', async () => {
  const { app, file, env } = await unpacked();
  const before = readdirSync(app);
  const report = await diagnosed({ file, env });
  assert.equal([report.dataFolder, report.dataPlace], [join(env['XDG_DATA_HOME'] ?? '', 'salon'), 'person']);
  assert.equal(readdirSync(app), before);
  const named = await scratch();
  const { dataFolder, dataPlace } = await diagnosed({ file, env: { ...env, SALON_DATA: named } });
  assert.equal([dataFolder, dataPlace], [named, 'named']);
});

/** As on a disk that is locked. Root writes where it has no right to, so for root it is one. */
async function makeReadOnly(folder: string): Promise<() => void> {
  if (process.getuid?.() !== 0) {
    chmodSync(folder, 0o555);
    return () => chmodSync(folder, 0o755);
  }
  execFileSync('mount', ['--bind', folder, folder], { stdio: 'ignore' });
  execFileSync('mount', ['-o', 'remount,bind,ro', folder]);
  return () => execFileSync('umount', [folder]);
}

const isReadOnlyPossible = await makeReadOnly(await scratch()).then(
  (restore) => (restore(), true),
  () => false,
);
if (!isReadOnlyPossible)
  process.stderr.write('Data beside the program: no disk can be made read-only here, so none was tried.\n');
const onReadOnlyDisk = isReadOnlyPossible ? portable : portable.skip;

onReadOnlyDisk(
  'where nothing can be written, the person’s own folder takes its place, and that is said',
  async () => {
    const { app, file, env } = await unpacked();
    writeFileSync(join(app, 'portable'), '');
    const restore = await makeReadOnly(app);
    try {
      const report = await diagnosed({ file, env });
      const own = join(env['XDG_DATA_HOME'] ?? '', 'salon');
      assert.equal([report.dataFolder, report.dataPlace], [own, 'programReadOnly']);
      assert.ok(report.dataWritable);
      assert.is(readdirSync(join(own, 'keep')).length, 1);
      assert.not.ok(existsSync(join(app, 'data')));
    } finally {
      restore();
    }
  },
);

portable.run();
