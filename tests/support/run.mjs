// Runs the tests: every tests/**/*.test.ts in a process of its own, two at a time; but the walks through the interface
// (tests/journeys) and the fault tests (tests/faults) one after the other, because each stands for several people's
// computers and needs this one for itself.
//
//   node tests/support/run.mjs                  all of them
//   node tests/support/run.mjs store names      those whose path contains one of the words
//   node tests/support/run.mjs path/to/file.ts  exactly this file
//
// A file may take two minutes, or what it asks for in its first lines: `// time limit: 300 s`, and in the long form of the
// fault tests (SALON_FAULTS=long) `// long time limit: 900 s`. Lines that begin with ▸ are figures, and always shown.
// The last line of the output is `N passed, N failed`, and the exit status says the same. Whatever is not known to
// have passed has failed: uvu's own command is content with hooks that throw and suites that never ran.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { end, endAll, ending, onSignals, start } from '../../scripts/parts/processes.mjs';
import { root } from '../../scripts/parts/root.mjs';

/** How one file went. @typedef {{ passed: number, failed: number, skipped: number, problems: string[] }} Outcome */
/** What a child tells. @typedef {Outcome & { done: boolean }} Report */

const atATime = 2;
const usualLimitMs = 120_000;

onSignals(async () => {
  await endAll();
  process.exit(1);
});

const words = process.argv.slice(2);
// The slowest first, so that none of them is left to run alone at the end.
const files = filesToRun(words).sort((a, b) => limitOf(b) - limitOf(a));
const isAlone = (/** @type {string} */ file) => /^tests\/(journeys|faults)\//.test(file.split(sep).join('/'));
const alone = files.filter(isAlone);
const others = files.filter((file) => !isAlone(file));
const sum = { passed: 0, failed: 0, skipped: 0 };
/** @type {string[]} */
const failedFiles = [];

if (files.length === 0) {
  sum.failed = 1;
  console.log(`No test file matches ${words.join(' ') || 'tests/**/*.test.ts'}.`);
}
await takeTurns(alone);
await Promise.all(Array.from({ length: atATime }, () => takeTurns(others)));
if (failedFiles.length > 0) console.log(`\nFailed:\n${failedFiles.map((file) => `  ${file}`).join('\n')}`);
const skipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : '';
console.log(`\n${sum.passed} passed, ${sum.failed} failed${skipped}`);
process.exitCode = sum.failed === 0 ? 0 : 1;

/** @param {string[]} waiting - taken one by one, by whoever is free */
async function takeTurns(waiting) {
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    const began = performance.now();
    const { outcome, output } = await runFile(file);
    sum.passed += outcome.passed;
    sum.failed += outcome.failed;
    sum.skipped += outcome.skipped;
    print(file, outcome, output, performance.now() - began);
    if (outcome.failed > 0) failedFiles.push(file);
  }
}

/**
 * @param {string} file
 * @returns {Promise<{ outcome: Outcome, output: string }>} output: what the file printed
 */
async function runFile(file) {
  const child = start(process.execPath, ['--import', 'tsx', join('tests', 'support', 'child.mjs'), file], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  /** @type {Report} */
  let report = { passed: 0, failed: 0, skipped: 0, problems: [], done: false };
  let output = '';
  child.on('message', (message) => (report = /** @type {Report} */ (message)));
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (/** @type {string} */ text) => (output += text));
  }
  const closed = new Promise((resolve) => child.once('close', resolve));

  const limitMs = limitOf(file);
  const over = new AbortController();
  const status = await Promise.race([ending(child), wait(limitMs, undefined, { signal: over.signal })]);
  over.abort();
  // Not only after the limit: a test that has passed may have left something running.
  await end(child, 'SIGKILL');
  await Promise.race([closed, wait(1000, undefined, { ref: false })]);

  const { done, ...outcome } = report;
  if (status === undefined) fault(outcome, `did not end within ${limitMs / 1000} seconds`);
  else if (!done) fault(outcome, `ended before its tests did (status ${status})`);
  else if (status !== 0) fault(outcome, `broke down after its tests (status ${status})`);
  return { outcome, output };
}

/**
 * @param {Outcome} outcome
 * @param {string} problem
 */
function fault(outcome, problem) {
  outcome.failed += 1;
  outcome.problems.push(problem);
}

/**
 * @param {string} file
 * @param {Outcome} outcome
 * @param {string} output
 * @param {number} tookMs
 */
function print(file, { passed, failed, skipped, problems }, output, tookMs) {
  const counts = [`${passed} passed`, failed && `${failed} failed`, skipped && `${skipped} skipped`].filter(
    Boolean,
  );
  console.log(`${failed ? '✘' : '•'} ${file}  ${counts.join(', ')}  ${(tookMs / 1000).toFixed(1)} s`);
  for (const figures of output.match(/^▸ .*$/gm) ?? []) console.log(indented(figures));
  if (failed === 0) return;
  for (const problem of problems) console.log(indented(problem));
  // What the file printed may hold the only trace of what went wrong.
  if (output.trim()) console.log(indented(`What it printed:\n${indented(output.trim())}`));
}

/** @param {string} text */
function indented(text) {
  return text.replaceAll(/^(?=.)/gm, '    ');
}

/** @param {string[]} wanted */
function filesToRun(wanted) {
  const named = wanted.filter((word) => word.endsWith('.ts') && existsSync(join(root, word)));
  if (named.length > 0 && named.length === wanted.length) return named;
  return readdirSync(join(root, 'tests'), { recursive: true, encoding: 'utf8' })
    .map((name) => `tests/${name.replaceAll(sep, '/')}`)
    .filter((name) => name.endsWith('.test.ts'))
    .filter((name) => wanted.length === 0 || wanted.some((word) => name.includes(word)));
}

/** @param {string} file */
function limitOf(file) {
  const firstLines = readFileSync(join(root, file), 'utf8').split('\n', 10).join('\n');
  const long =
    process.env['SALON_FAULTS'] === 'long' ? /^\/\/ long time limit: (\d+) s$/m.exec(firstLines) : null;
  const seconds = (long ?? /^\/\/ time limit: (\d+) s$/m.exec(firstLines))?.[1];
  return seconds ? Number(seconds) * 1000 : usualLimitMs;
}
