// time limit: 300 s
// The real shell, where its program is: the same as in shell.test.ts, as far as it can be seen from outside the window.
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { askedToEnd } from '../../scripts/parts/shell-binary.mjs';
import { report } from '../faults/trial.ts';
import { isRunning, scratch, startHost, type HostProcess } from '../support/processes.ts';
import { realShell } from '../support/shell/core.ts';
import { missingForShell, openWindowManager, RealShell } from '../support/shell/real.ts';
import { assemble, processesWith } from '../support/shell/shell.ts';
import { Screen } from '../support/webkit.ts';
import { eventually } from './pages.ts';

const real = suite('The real shell');

const missing = missingForShell();
if (missing !== null) console.log(`▸ skipped: the real shell needs ${missing}`);
const test = missing === null ? real : real.skip;

let program: string;
let screen: Screen;
let host: HostProcess;
const shells: RealShell[] = [];

if (missing === null) {
  real.before(async () => {
    [program, screen] = await Promise.all([assemble(realShell ?? ''), Screen.open()]);
    openWindowManager(screen);
    host = await startHost(await scratch(), ['--name', 'Classe 4B']);
  });
  real.after.each(async () => {
    // Also of a test that failed: its window is in nobody's way.
    for (const shell of shells.splice(0)) if (shell.status === null) await shell.kill();
  });
  real.after(async () => {
    screen.close();
    await host.stop();
  });
}

/** A second is what it may take; on a busy computer it takes longer. In milliseconds. */
const GENEROUS_MS = 5_000;

/** At the door of a real room: the title says so once page, bridge, extension and host have all spoken. */
const AT_THE_DOOR = 'Classe 4B – Salon';

async function openWindow(data?: string): Promise<RealShell> {
  const opened = host.owner?.link ?? '';
  const shell = await RealShell.start(program, screen, { opened, ...(data === undefined ? {} : { data }) });
  shells.push(shell);
  await shell.window(AT_THE_DOOR);
  return shell;
}

test('shows the page, and is closed by its X with nothing left', async () => {
  const shell = await openWindow();
  const pressed = performance.now();
  await shell.pressX(AT_THE_DOOR);
  assert.is(await shell.gone(), askedToEnd);
  report('the X of a real window', { 'everything gone after (ms)': Math.round(performance.now() - pressed) });
});

test('leaves nothing when it dies, however it dies', async () => {
  const figures: Record<string, number> = {};
  for (const signal of ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGSEGV'] as const) {
    const shell = await openWindow();
    const extension = await shell.supervisor();
    const killed = performance.now();
    shell.child.kill(signal);
    await eventually(() => !isRunning(extension));
    figures[`${signal} (ms)`] = Math.round(performance.now() - killed);
    assert.ok(performance.now() - killed < GENEROUS_MS, signal);
    await shell.gone();
  }
  report('extension gone after the real shell got', figures);
});

test('goes on with an engine that was killed', async () => {
  const shell = await openWindow();
  const engine = await shell.engine();
  process.kill(engine, 'SIGKILL');
  await eventually(async () => (await shell.engine()) !== engine);
  await shell.pressX(AT_THE_DOOR);
  assert.is(await shell.gone(), askedToEnd);
});

test('a second start brings the first window forward, and is gone', async () => {
  const shell = await openWindow();
  const second = await RealShell.start(program, screen, { data: shell.data });
  await eventually(() => second.status !== null, 20_000);
  assert.is(second.status, askedToEnd);
  await shell.window(AT_THE_DOOR);
  await shell.pressX(AT_THE_DOOR);
  assert.is(await shell.gone(), askedToEnd);
});

test('a page that is gone does not keep its window', async () => {
  const shell = await openWindow();
  const page = await eventually(() =>
    processesWith(shell.data).find((pid) => nameOf(pid) === 'WebKitWebProces'),
  );
  process.kill(page, 'SIGKILL');
  await shell.pressX(AT_THE_DOOR);
  assert.is(await shell.gone(), askedToEnd);
});

function nameOf(pid: number): string {
  return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
}

real.run();
