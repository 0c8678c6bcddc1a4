// Loaded before a program (node --require): counts the steps by which it puts files on disk, and has it killed on the
// spot before the step with a given number, so that every moment between two steps can be tried.
//
//   SALON_STEPS_IN    only files in this folder count
//   SALON_STEPS_LOG   each step is written down here
//   SALON_DIE_BEFORE  which step never happens; counted from 1
const fs = require('node:fs');

const folder = String(process.env['SALON_STEPS_IN']);
const log = process.env['SALON_STEPS_LOG'];
const last = Number(process.env['SALON_DIE_BEFORE'] ?? Infinity);
const { appendFileSync } = fs;
/** @type {Map<number, string>} */
const files = new Map();
let steps = 0;

/**
 * @param {string} what
 * @param {unknown} path
 */
function step(what, path) {
  if (typeof path !== 'string' || !path.startsWith(folder)) return;
  steps += 1;
  if (steps >= last) {
    // As when the power goes: whoever would start another one is gone as well.
    if (process.argv.includes('--engine')) process.kill(process.ppid, 'SIGKILL');
    process.kill(process.pid, 'SIGKILL');
  }
  if (log !== undefined) appendFileSync(log, `${what} ${path.slice(folder.length)}\n`);
}

/**
 * @param {'writeSync' | 'fsyncSync' | 'closeSync'} what
 * @param {boolean} ends
 */
function watchOpen(what, ends) {
  const original = /** @type {(file: number, ...rest: unknown[]) => unknown} */ (fs[what]);
  Object.assign(fs, {
    /** @param {[number, ...unknown[]]} args */
    [what]: (...args) => {
      step(what, files.get(args[0]));
      if (ends) files.delete(args[0]);
      return original(...args);
    },
  });
}

/** @param {'renameSync' | 'rmSync'} what */
function watchNamed(what) {
  const original = /** @type {(path: string, ...rest: unknown[]) => unknown} */ (fs[what]);
  Object.assign(fs, {
    /** @param {[string, ...unknown[]]} args */
    [what]: (...args) => {
      step(what, args[0]);
      return original(...args);
    },
  });
}

const { openSync } = fs;
fs.openSync = (path, flags, ...rest) => {
  // The folder is opened to sync a new name in it; a file that is only read is no step of keeping.
  const isRead = path !== folder && (flags === undefined || flags === 'r');
  if (!isRead) step('openSync', path);
  const file = openSync(path, flags, ...rest);
  if (!isRead) files.set(file, String(path));
  return file;
};
watchOpen('writeSync', false);
watchOpen('fsyncSync', false);
watchOpen('closeSync', true);
watchNamed('renameSync');
watchNamed('rmSync');
