// What Windows refuses for a moment, because somebody else has the file open.
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { folderDigest, takeLock } from '../../server/store/lock.ts';
import { patiently, patientlyAside } from '../../server/store/patience.ts';
import { scratch } from '../support/processes.ts';

const patience = suite('Where the system refuses for a moment');

/** Refuses so many times, as Windows does, and then works. */
function busy(times: number, code: string) {
  let tries = 0;
  return {
    tries: () => tries,
    work: () => {
      tries += 1;
      if (tries <= times) throw Object.assign(new Error('refused'), { code });
      return 'done';
    },
  };
}

patience('it is tried again on Windows', async () => {
  for (const code of ['EPERM', 'EACCES', 'EBUSY']) {
    const [here, aside] = [busy(4, code), busy(4, code)];
    assert.is(patiently(here.work, 'win32'), 'done');
    assert.is(await patientlyAside(() => Promise.resolve().then(aside.work), 'win32'), 'done');
    assert.equal([here.tries(), aside.tries()], [5, 5]);
  }
});

patience('what is refused for good is refused in the end, with the last reason', async () => {
  const [here, aside] = [busy(Infinity, 'EPERM'), busy(Infinity, 'EPERM')];
  assert.throws(() => patiently(here.work, 'win32'), 'refused');
  const refused = patientlyAside(() => Promise.resolve().then(aside.work), 'win32');
  assert.is(await refused.catch((error: Error) => error.message), 'refused');
  assert.ok(here.tries() > 5 && here.tries() === aside.tries());
});

patience('other reasons, and other systems, are believed at once', async () => {
  for (const [code, platform] of [
    ['ENOENT', 'win32'],
    ['ENOSPC', 'win32'],
    ['EPERM', 'linux'],
    ['EBUSY', 'darwin'],
  ] as const) {
    const [here, aside] = [busy(1, code), busy(1, code)];
    assert.throws(() => patiently(here.work, platform), 'refused');
    const refused = patientlyAside(() => Promise.resolve().then(aside.work), platform);
    assert.is(await refused.catch((error: Error) => error.message), 'refused');
    assert.equal([here.tries(), aside.tries()], [1, 1]);
  }
});

const lock = suite('The lock on a folder');

lock('is one lock, however the folder is spelled', async () => {
  const [folder, elsewhere] = [await scratch(), await scratch()];
  const spelled = join(await scratch(), 'spelled otherwise');
  symlinkSync(folder, spelled);
  const free = await takeLock(folder, 'host');
  assert.ok(free);
  assert.is(await takeLock(spelled, 'host'), null);
  await free();
  const again = await takeLock(spelled, 'host');
  assert.ok(again);
  assert.is(await takeLock(folder, 'host'), null);
  const other = await takeLock(elsewhere, 'host');
  assert.ok(other);
  await Promise.all([again(), other()]);
});

lock('goes by what the system says that a folder is called', () => {
  const windows = (path: string) => (/^c:\\salon$/i.test(path) ? 'C:\\Salon' : path);
  assert.is(folderDigest('c:\\SALON', windows), folderDigest('C:\\Salon', windows));
  assert.is.not(folderDigest('c:\\SALON', windows), folderDigest('C:\\Salon 2', windows));
});

patience.run();
lock.run();
