import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { launch, openContext } from '../support/browser.ts';
import { program, scratch, start } from '../support/processes.ts';
import { extent, sleep } from './measure.ts';
import { effort, median, NO_GPU, report, row } from './page.ts';

/**
 * From the start of the app to a page that one can type into, and the memory that all of it takes. Without a shell: the
 * extension, and Chromium in its place, once open already and once started for it. The reference is Node doing nothing.
 *
 *   node --import tsx tests/bench/app.ts [--quick]
 */
const ROUNDS = extent(15, 5, 1);
/** Everything that begins lazily has begun by then. In milliseconds. */
const REST_MS = effort(2_000, 5_000);
const KIB_IN_MIB = 1024;

/** What was measured before in the real window: milliseconds from the start of the shell, and MiB. */
const IN_A_WINDOW = {
  door: 'in a window before: 110 ms to its bridge',
  ready: 'in a window before: 576 ms to the first paint, 632 ms to the answer of the extension',
  node: 'Node 24 before: 50 MiB',
  all: 'shell, WebKitGTK and Node before: 235 to 293 MiB; Chromium alone 221 MiB',
};

const bare: number[] = [];
const door: number[] = [];
const inOpenBrowser: number[] = [];
const withBrowser: number[] = [];
const extensionMiB: number[] = [];
const hostingMiB: number[] = [];
const browserMiB: number[] = [];

const open = await launch();
for (let round = 0; round < ROUNDS; round += 1) {
  bare.push(await timeOfNode());
  inOpenBrowser.push(await opening(open));
  withBrowser.push(await opening(null));
}
await open.close();
const reference = median(bare);
report(
  'app',
  [
    row('Node doing nothing, from its start to its end', reference, 'ms'),
    row('from the start to the open door', median(door), 'ms', { reference, target: IN_A_WINDOW.door }),
    row('from the start to a page to type into, in a browser that is open', median(inOpenBrowser), 'ms', {
      reference,
      target: IN_A_WINDOW.ready,
    }),
    row('from the start to a page to type into, with the start of the browser', median(withBrowser), 'ms', {
      reference,
      target: IN_A_WINDOW.ready,
    }),
    row('memory of the extension, at rest', median(extensionMiB), 'MiB', { target: IN_A_WINDOW.node }),
    row('memory of the extension that hosts a room', median(hostingMiB), 'MiB'),
    row('memory of extension and browser, at rest', median(extensionMiB) + median(browserMiB), 'MiB', {
      target: IN_A_WINDOW.all,
    }),
  ],
  [NO_GPU, 'Memory is each process’s own and its part of what several share (PSS).'],
);
process.exit(0);

function timeOfNode(): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' });
  return new Promise((resolve) => child.on('close', () => resolve(performance.now() - began)));
}

/** Starts Salon with nothing in its folder. @param browser - null starts one for it, and measures memory. */
async function opening(browser: Browser | null): Promise<number> {
  const data = await scratch();
  const began = performance.now();
  const running = start(program('extension'), ['--browser', '--data', data], { SALON_NO_MULTICAST: '1' });
  const { url } = JSON.parse(await running.first) as { url: string };
  door.push(performance.now() - began);
  const before = childrenOf(process.pid);
  const own = browser ?? (await launch());
  const launched = childrenOf(process.pid).filter((pid) => !before.includes(pid));
  const context = await openContext(own);
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole('textbox', { name: 'Address, link or code' }).fill('a');
  const taken = performance.now() - began;
  if (browser === null) {
    await page.getByRole('textbox', { name: 'Address, link or code' }).fill('');
    await sleep(REST_MS);
    extensionMiB.push(memoryOf(running.child.pid ?? 0));
    browserMiB.push(launched.reduce((sum, pid) => sum + memoryOf(pid), 0));
    await page.getByRole('button', { name: 'Host a room' }).first().click();
    await page.getByRole('button', { name: 'Open the room' }).click();
    await page.getByRole('button', { name: 'Sign up' }).waitFor();
    await sleep(REST_MS);
    hostingMiB.push(memoryOf(running.child.pid ?? 0));
    await own.close();
  } else await context.close();
  await running.stop();
  return taken;
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && statusOf(pid, 'status', /^PPid:\s+(\d+)/m) === parent);
}

/** Of a process and all that it started, in MiB. */
function memoryOf(pid: number): number {
  const own = statusOf(pid, 'smaps_rollup', /^Pss:\s+(\d+)/m) / KIB_IN_MIB;
  return childrenOf(pid).reduce((sum, child) => sum + memoryOf(child), own);
}

/** A number out of one of the files about a process; 0 when it has ended. */
function statusOf(pid: number, file: string, pattern: RegExp): number {
  try {
    return Number(pattern.exec(readFileSync(`/proc/${pid}/${file}`, 'latin1'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
