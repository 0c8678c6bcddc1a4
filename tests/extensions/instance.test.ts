// time limit: 180 s
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { takeInstance, type First, type Second } from '../../extensions/instance.ts';
import { engineOf, isRunning, program, scratch, start } from '../support/processes.ts';
import { eventually, Page, startExtension } from './pages.ts';

const instance = suite('One Salon for each data folder');

const nothing = { typed: null, opensPage: false };
const nobody = () => Promise.resolve(null);

/** Where sockets are is a folder of the test's own meanwhile. */
async function withRuntime(work: (runtime: string) => Promise<void>): Promise<void> {
  const before = process.env['XDG_RUNTIME_DIR'];
  const runtime = await mkdtemp(join(await scratch(), 'run-'));
  process.env['XDG_RUNTIME_DIR'] = runtime;
  try {
    await work(runtime);
  } finally {
    if (before === undefined) delete process.env['XDG_RUNTIME_DIR'];
    else process.env['XDG_RUNTIME_DIR'] = before;
  }
}

instance('the first of many at once is the only one, and the others find it', async () => {
  const directory = await scratch();
  let calls = 0;
  const called = () => Promise.resolve(`http://127.0.0.1:4870/#app=call-${(calls += 1)}`);
  const taken = await Promise.all(
    Array.from({ length: 8 }, () => takeInstance(directory, { ...nothing, typed: 'salon:x' }, called)),
  );
  const firsts = taken.filter((each): each is First => each.isFirst);
  const seconds = taken.filter((each): each is Second => !each.isFirst);
  assert.equal([firsts.length, seconds.length, calls], [1, 7, 7]);
  assert.ok(seconds.some(({ url }) => url?.endsWith('=call-1')));
  await firsts[0]?.release();
  const next = await takeInstance(directory, nothing, nobody);
  assert.ok(next.isFirst, 'when it has ended, the next is the first');
  if (next.isFirst) await next.release();
});

instance('knows a folder by whatever name it is called', async () => {
  const directory = await scratch();
  const other = join(await scratch(), 'link');
  await symlink(directory, other);
  const first = await takeInstance(directory, nothing, nobody);
  const second = await takeInstance(other, nothing, nobody);
  assert.equal([first.isFirst, second.isFirst], [true, false]);
  if (first.isFirst) await first.release();
});

instance('hands a link on, and says where the first one’s page is', async () => {
  const directory = await scratch();
  const first = await startExtension({ directory });
  const page = await Page.open(first);
  await page.ask('app.state', {});
  const link = 'salon://join#AQAB';
  const second = start(program('extension'), ['--browser', '--data', directory, link]);
  const { url } = JSON.parse(await second.first) as { url: string };
  assert.is(url, first.url.href);
  assert.is((await second.ended).code, 0);
  await page.until((frame) => frame.t === 'app.opened' && frame.typed === link);
  assert.is(page.closedWith, null, 'whoever is at the door stays there');

  // Without a page it waits for the next one.
  page.close();
  await eventually(() => page.closedWith !== null);
  const third = start(program('extension'), ['--browser', '--data', directory, link]);
  await third.ended;
  assert.is((await (await Page.open(first)).ask('app.state', {})).opened, link);
  assert.is(await first.stop(), 0);
});

instance('takes over from one that was killed with all that it left lying about', async () => {
  const directory = await scratch();
  const first = await startExtension({ directory });
  const engine = engineOf(first);
  first.child.kill('SIGKILL');
  await first.ended;
  await eventually(() => !isRunning(engine));
  const next = await startExtension({ directory });
  assert.ok(await (await Page.open(next)).ask('app.state', {}));
  assert.is(await next.stop(), 0);
});

instance('trusts no runtime folder that is somebody else’s, or open to them', async () => {
  if (process.platform === 'win32') return;
  await withRuntime(async (runtime) => {
    const folder = join(runtime, 'salon');
    const directory = await scratch();
    await mkdir(folder);
    await chmod(folder, 0o777);
    const first = await takeInstance(directory, nothing, nobody);
    assert.ok(first.isFirst, 'it is the first all the same');
    assert.equal(await readdir(folder), [], 'but nobody can call it');
    if (first.isFirst) await first.release();
    await rm(folder, { recursive: true });
    await writeFile(folder, 'no folder');
    const again = await takeInstance(directory, nothing, nobody);
    assert.ok(again.isFirst);
    if (again.isFirst) await again.release();
  });
});

instance('outlives a second start that is gone before the answer', async () => {
  const directory = await scratch();
  const answers: ((url: null) => void)[] = [];
  const first = await takeInstance(
    directory,
    nothing,
    () => new Promise((answer) => void answers.push(answer)),
  );
  const second = start(program('extension'), ['--browser', '--data', directory]);
  second.first.catch(() => undefined);
  await eventually(() => answers.length > 0);
  await second.stop('SIGKILL');
  answers[0]?.(null);
  // Unheard, the error of its socket would end this process.
  await new Promise((resolve) => setTimeout(resolve, 100));
  const third = takeInstance(directory, nothing, nobody);
  await eventually(() => answers.length > 1);
  answers[1]?.(null);
  assert.not.ok((await third).isFirst);
  if (first.isFirst) await first.release();
});

instance('is called by the next one although the one before took the folder of its socket along', () =>
  withRuntime(async () => {
    const directory = await scratch();
    const busy = () => Promise.reject(new Error('ending'));
    const first = await takeInstance(directory, nothing, busy);
    const waiting = takeInstance(directory, nothing, nobody);
    await new Promise((resolve) => setTimeout(resolve, 200));
    if (first.isFirst) await first.release();
    const next = await waiting;
    assert.ok(next.isFirst);
    assert.not.ok((await takeInstance(directory, nothing, nobody)).isFirst, 'it answers');
    if (next.isFirst) await next.release();
  }),
);

instance('believes no first one that names another page than ours', async () => {
  const directory = await scratch();
  let answers = 0;
  const first = await takeInstance(directory, nothing, () => {
    answers += 1;
    return Promise.resolve(answers > 1 ? null : 'file:///usr/share/applications/evil.desktop');
  });
  const second = await takeInstance(directory, nothing, nobody);
  assert.equal(second, { isFirst: false, url: null });
  if (first.isFirst) await first.release();
});

instance('gives up on a first one that does not answer, and leaves it its folder', async () => {
  const directory = await scratch();
  const first = await takeInstance(directory, nothing, () => Promise.reject(new Error('busy')));
  assert.ok(first.isFirst);
  const second = start(program('extension'), ['--browser', '--data', directory]);
  second.first.catch(() => undefined);
  assert.is((await second.ended).code, 2);
  assert.match(second.errors(), 'Salon is open already');
  if (first.isFirst) await first.release();
});

instance.run();
