// npm run dev: builds at every change. A page that is open reloads itself; a change in server/ or extensions/
// restarts Salon, which then has a new address. Flags go to Salon: npm run dev -- --data DIR
import { readdirSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { hasDisplay, openInBrowser } from './parts/browser.mjs';
import { ensureBuilt } from './parts/building.mjs';
import { ensureInstalled } from './parts/installing.mjs';
import { end, endAll, onSignals, start } from './parts/processes.mjs';
import { messageOf, root, say } from './parts/root.mjs';

/** Editors write in several steps; one build for all of them. */
const settleMs = 100;

/** @type {import('node:child_process').ChildProcess | undefined} */
let salon;
let programs = '';
let opened = false;
/** @type {NodeJS.Timeout | undefined} */
let settling;
let work = Promise.resolve();

onSignals(async () => process.exit((await endAll()) ? 0 : 1));

await ensureInstalled();
await rebuild();
for (const folder of ['resources', 'server', 'extensions']) {
  watch(join(root, folder), { recursive: true }, () => {
    clearTimeout(settling);
    settling = setTimeout(() => {
      // One after the other: a build that began before the change must not end after the one that saw it.
      work = work.then(rebuild);
    }, settleMs);
  });
}

async function rebuild() {
  try {
    const began = performance.now();
    if (await ensureBuilt({ dev: true })) say(`Built in ${Math.round(performance.now() - began)} ms.`);
  } catch (error) {
    // esbuild has said where; the next change builds again.
    say(messageOf(error));
    return;
  }
  const latest = lookOfPrograms();
  if (latest === programs) return;
  programs = latest;
  await restart();
}

/** The programs that Salon runs as; a change in the page alone leaves them as they are. */
function lookOfPrograms() {
  const folder = join(root, 'build', 'node');
  const hash = createHash('sha256');
  for (const name of readdirSync(folder).sort()) hash.update(readFileSync(join(folder, name)));
  return hash.digest('hex');
}

async function restart() {
  if (salon) await end(salon);
  const program = join(root, 'build', 'node', 'extension.cjs');
  salon = start(process.execPath, [program, '--browser', ...process.argv.slice(2)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  salon.once('exit', (code) => say(`Salon ended (status ${code}).`));
  salon.stdout?.setEncoding('utf8');
  salon.stdout?.once('data', (/** @type {string} */ text) => {
    /** @type {{ url: string }} */
    const { url } = JSON.parse(text.split('\n', 1)[0] ?? '');
    console.log(`Salon is at ${url}`);
    if (!opened && hasDisplay()) void openInBrowser(url);
    opened = true;
  });
}
