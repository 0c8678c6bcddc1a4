// Runs the suites of one test file and tells run.mjs over IPC how they went, after each suite.
import { register } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

// Gone is gone: whoever started us may have been killed and cannot end us any more.
process.on('disconnect', () => process.exit(1));
process.channel?.unref();

// uvu's own way of running several files: suites line up here instead of starting by themselves.
/** @typedef {() => Promise<[errors: string | true, passed: number, skipped: number, total: number]>} Run */
/** @type {[null, ...Run[]]} */
const queue = [null];
Object.assign(globalThis, { UVU_DEFER: 1, UVU_INDEX: 0, UVU_QUEUE: [queue] });

// Test files import uvu and get watched-suite.mjs.
register('./uvu-hook.mjs', import.meta.url);
const { neverRun, onlySome, faults } = await import('./watched-suite.mjs');

/** @type {import('./run.mjs').Report} */
const report = { passed: 0, failed: 0, skipped: 0, problems: [], done: false };

await import(pathToFileURL(resolve(String(process.argv[2]))).href);
for (let next = 1; next < queue.length; next++) {
  await runSuite(/** @type {Run} */ (queue[next]));
  process.send?.(report);
}
lookForGaps();
report.done = true;
// Exits although a server or timer may still be open: nothing here is of use any more.
process.send?.(report, undefined, undefined, () => process.exit(0));

/** @param {Run} run */
async function runSuite(run) {
  try {
    const [errors, passed, skipped, total] = await run();
    report.passed += passed;
    report.skipped += skipped;
    report.failed += total - passed;
    if (typeof errors === 'string') report.problems.push(errors.trim());
  } catch {
    // An after hook has thrown; watched-suite.mjs has its message.
    report.failed += 1;
  }
  report.problems.push(...faults.splice(0));
}

/** What was written but did not run. */
function lookForGaps() {
  for (const { name, tests } of neverRun())
    fault(tests, `${name}: ${tests} of its tests never ran; is .run() missing?`);
  for (const name of onlySome()) fault(1, `${name}: .only is left in, so its other tests did not run`);
  if (report.passed + report.failed + report.skipped === 0) fault(1, 'there is no test in this file');
}

/**
 * @param {number} failed
 * @param {string} problem
 */
function fault(failed, problem) {
  report.failed += failed;
  report.problems.push(problem);
}
