// time limit: 360 s
// The contract of shell.test.ts with the real shell where its program is, but for its window (real-shell.test.ts).
import type { Browser } from 'playwright-core';
import { suite } from 'uvu';
import { launch } from '../support/browser.ts';
import { assembleCore, Core, realShell } from '../support/shell/core.ts';
import { contract } from './shell-contract.ts';

const cores = suite('The real shell without its window');

let program: string;
let browser: Browser;

if (realShell === null) console.log('▸ skipped: the real shell needs its program, in SALON_NEU_BIN or bin/');
else {
  cores.before(async () => {
    [program, browser] = await Promise.all([assembleCore(), launch()]);
  });
  cores.after(() => browser.close());
}

contract(realShell === null ? cores.skip : cores, {
  start: (options) => Core.start(program, options),
  browser: () => browser,
});

cores.run();
