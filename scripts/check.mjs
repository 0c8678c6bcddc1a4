// npm run check: types, lint, format and the import rules. `npm run format` (--write) only formats.
import { join } from 'node:path';
import { ensureInstalled } from './parts/installing.mjs';
import { endAll, onSignals, run } from './parts/processes.mjs';
import { messageOf, root, say } from './parts/root.mjs';

/** @type {Record<string, [string, ...string[]]>} */
const checks = {
  types: [tool('typescript', 'bin/tsc'), '--noEmit'],
  lint: [tool('oxlint', 'bin/oxlint'), '--type-aware'],
  format: [tool('oxfmt', 'bin/oxfmt'), '--check'],
  imports: [join('tests', 'support', 'run.mjs'), 'tests/architecture.test.ts'],
};

onSignals(async () => process.exit((await endAll()) ? 130 : 1));

try {
  await ensureInstalled();
  if (process.argv.includes('--write'))
    process.exitCode = await node([tool('oxfmt', 'bin/oxfmt'), '--write']);
  else await checkAll();
} catch (error) {
  say(messageOf(error));
  process.exitCode = 1;
}

async function checkAll() {
  const failed = [];
  for (const [name, args] of Object.entries(checks)) {
    say(`– ${name}`);
    if ((await node(args)) !== 0) failed.push(name);
  }
  say(failed.length === 0 ? 'All checks passed.' : `Failed: ${failed.join(', ')}.`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

/** @param {string[]} args */
async function node(args) {
  return run(process.execPath, args, { cwd: root });
}

/**
 * The script behind a command in `node_modules/.bin`, which on Windows is no script.
 * @param {string} name
 * @param {string} file
 */
function tool(name, file) {
  return join('node_modules', name, file);
}
