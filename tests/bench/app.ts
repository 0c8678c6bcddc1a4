import { spawn } from 'node:child_process';
import type { Browser } from 'playwright-core';
import { launch, openContext } from '../support/browser.ts';
import { program, scratch, start } from '../support/processes.ts';
import { childrenOf, memoryOf, missingForWindow, WindowBench, type InWindow } from './app-window.ts';
import { extent, sleep } from './measure.ts';
import { effort, median, NO_GPU, report, row, type Row } from './page.ts';

/**
 * From the start of the app to a page that one can type into, and the memory that all of it takes. Without a shell: the
 * extension, and Chromium in its place, once open already and once started for it; and in the real window, where its program
 * is (SALON_NEU_BIN or bin/). The reference is Node doing nothing.
 *
 *   node --import tsx tests/bench/app.ts [--quick]
 */
const ROUNDS = extent(15, 5, 1);
/** Everything that begins lazily has begun by then. In milliseconds. */
const REST_MS = effort(2_000, 5_000);

/** What was measured before in the real window: milliseconds from the start of the shell, and MiB. */
const IN_A_WINDOW = {
  door: 'in a window before: 110 ms to its bridge',
  ready: 'in a window before: 576 ms to the first paint, 632 ms to the answer of the extension',
  shell: 'before: 53 to 67 MiB',
  webkit: 'before: 132 to 177 MiB',
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
const inWindow: InWindow[] = [];

const missing = missingForWindow();
const window = missing === null ? await WindowBench.open() : null;
const open = await launch();
for (let round = 0; round < ROUNDS; round += 1) {
  bare.push(await timeOfNode());
  inOpenBrowser.push(await opening(open));
  withBrowser.push(await opening(null));
  if (window !== null) inWindow.push(await window.measure(REST_MS));
}
await open.close();
window?.close();
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
    ...rowsOfWindow(),
  ],
  [
    NO_GPU,
    ...(missing === null ? [] : [`not tried in the real window, which needs ${missing}`]),
    'Memory is each process’s own and its part of what several share (PSS).',
  ],
);
process.exit(0);

function rowsOfWindow(): Row[] {
  if (inWindow.length === 0) return [];
  const of = (what: (each: InWindow) => number) => median(inWindow.map(what));
  return [
    row(
      'in the real window: from the start to a page to type into',
      of(({ readyMs }) => readyMs),
      'ms',
      {
        reference,
        target: IN_A_WINDOW.ready,
      },
    ),
    row(
      'in the real window: memory of the shell',
      of(({ shellMiB }) => shellMiB),
      'MiB',
      {
        target: IN_A_WINDOW.shell,
      },
    ),
    row(
      'in the real window: memory of WebKitGTK',
      of(({ webkitMiB }) => webkitMiB),
      'MiB',
      {
        target: IN_A_WINDOW.webkit,
      },
    ),
    row(
      'in the real window: memory of the extension',
      of(({ extensionMiB }) => extensionMiB),
      'MiB',
      {
        target: IN_A_WINDOW.node,
      },
    ),
    row(
      'in the real window: memory of all',
      of(({ shellMiB, webkitMiB, extensionMiB }) => shellMiB + webkitMiB + extensionMiB),
      'MiB',
      { target: IN_A_WINDOW.all },
    ),
  ];
}

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
