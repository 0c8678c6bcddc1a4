// npm start: installs and builds what is missing, then opens Salon
//   1. in its own window, where there is a screen and Neutralino is there or can be fetched,
//   2. else the same interface in the default browser,
//   3. else it prints the address.
//
// npm start -- salon:…      goes straight to that room.
// npm start -- --browser    skips the window, --no-open also the browser. Other flags go to Salon: --data DIR …
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { assembleApp } from './parts/app-folder.mjs';
import { hasDisplay, openInBrowser } from './parts/browser.mjs';
import { ensureBuilt } from './parts/building.mjs';
import { ensureInstalled } from './parts/installing.mjs';
import { end, endAll, ending, onSignals, start } from './parts/processes.mjs';
import { messageOf, root, say } from './parts/root.mjs';
import { askedToEnd, findShell } from './parts/shell-binary.mjs';

/** A window that closes with an error this soon never opened. */
const windowTrialMs = 3000;
const addressLimitMs = 30_000;

const own = new Set(['--browser', '--no-open']);
const asked = new Set(process.argv.slice(2).filter((flag) => own.has(flag)));
const flags = process.argv.slice(2).filter((flag) => !own.has(flag));
const { data, opened } = readFlags();

let stopping = false;
onSignals(async () => {
  stopping = true;
  // To be asked to end and to have ended well is success, here as for a service.
  process.exit((await endAll()) ? 0 : 1);
});

try {
  await ensureInstalled();
  await ensureBuilt();
  const status = await open();
  await endAll();
  if (!stopping) process.exit(status);
} catch (error) {
  if (!stopping) {
    say(messageOf(error));
    await endAll();
    process.exit(1);
  }
}

/** The folder that --data names, as seen from where the person stands: npm itself stands in the project's. */
function readFlags() {
  const { values, positionals } = parseArgs({
    args: flags,
    options: { data: { type: 'string' } },
    strict: false,
    allowPositionals: true,
  });
  const data =
    typeof values.data === 'string'
      ? resolve(process.env['INIT_CWD'] ?? process.cwd(), values.data)
      : undefined;
  return { data, opened: positionals.join(' ') };
}

/** By the environment in both ways: the shell hands no arguments to its extension. */
function environment() {
  return {
    ...process.env,
    ...(data === undefined ? {} : { SALON_DATA: data }),
    ...(opened === '' ? {} : { SALON_OPEN: opened }),
  };
}

/** @returns {Promise<number>} the exit status, once Salon has been closed */
async function open() {
  const noWindow = await openWindow();
  return typeof noWindow === 'number' ? noWindow : openPage(noWindow.because);
}

/** @returns {Promise<number | { because: string }>} the exit status, once the window was closed; or why there is none */
async function openWindow() {
  if (asked.has('--no-open')) return { because: 'asked for by --no-open' };
  if (!hasDisplay()) return { because: 'there is no screen here' };
  if (asked.has('--browser')) return { because: 'asked for by --browser' };
  const shell = await findShell();
  if ('missing' in shell) return { because: shell.missing };

  const program = assembleApp(shell.path);
  const window = start(program, ['--load-dir-res', `--path=${join(root, 'build', 'app')}`], {
    cwd: join(root, 'build', 'app'),
    env: environment(),
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  let lastWords = '';
  window.stderr?.on('data', (chunk) => {
    process.stderr.write(chunk);
    lastWords = `${lastWords}${chunk}`.slice(-2000);
  });

  const ended = ending(window).then((status) => (status === askedToEnd ? 0 : status));
  const early = await Promise.race([ended, wait(windowTrialMs)]);
  if (early !== undefined && early !== 0) {
    await end(window);
    const words = lastWords.trim().split('\n').at(-1) || `status ${early}`;
    return { because: `the window did not open (${words})` };
  }
  console.log('Salon is open in its own window.');
  return ended;
}

/**
 * Runs Salon without a window and opens its interface in the browser, or says where it is.
 * @param {string} because
 */
async function openPage(because) {
  const program = join(root, 'build', 'node', 'extension.cjs');
  const salon = start(process.execPath, [program, '--browser'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: environment(),
  });
  const ended = ending(salon);
  const url = await addressOf(salon, ended);

  if (url === null) {
    console.log('Salon is open already, in its own window.');
    return ended;
  }
  if (asked.has('--no-open') || !hasDisplay()) {
    console.log(`Salon is at ${url} (${because}; Ctrl-C ends it).`);
    return ended;
  }
  const noBrowser = await openInBrowser(url);
  console.log(
    noBrowser
      ? `Salon is at ${url} (${because}; no browser opened: ${noBrowser}; Ctrl-C ends it).`
      : `Salon is open in your browser at ${url} (${because}; Ctrl-C ends it).`,
  );
  return ended;
}

/**
 * The address in the first line that Salon prints; what follows is passed on. A second Salon with the same data prints
 * the first one's and ends, or null where that has a window.
 *
 * @param {import('node:child_process').ChildProcess} salon
 * @param {Promise<number>} ended
 * @returns {Promise<string | null>}
 */
async function addressOf(salon, ended) {
  if (!salon.stdout) throw new Error('Salon has no output to read');
  const lines = createInterface({ input: salon.stdout });
  /** @type {Promise<string | number>} */
  const firstLine = new Promise((resolve) => {
    // What was printed is read to its end, also when whoever printed it has ended.
    lines.once('close', () => resolve(ended));
    lines.once('line', (line) => {
      lines.on('line', (next) => console.log(next));
      resolve(line);
    });
  });
  const line = await Promise.race([firstLine, wait(addressLimitMs)]);
  if (typeof line === 'number') throw new Error(`Salon ended before it was ready (status ${line})`);
  if (line === undefined) throw new Error(`Salon gave no address within ${addressLimitMs / 1000} seconds`);
  /** @type {{ url: string | null }} */
  const { url } = JSON.parse(line);
  return url;
}
