import { execFile, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';

/** @typedef {import('node:child_process').ChildProcess} ChildProcess */

const windows = process.platform === 'win32';

/** How long a process may take to put its things away before it is killed. */
const graceMs = 6000;

/** @type {Set<ChildProcess>} */
const started = new Set();

/**
 * Starts a process at the head of a session of its own, so that it can be ended with everything it starts.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { detached: !windows, windowsHide: true, ...options });
  started.add(child);
  return child;
}

/**
 * Waits for a process to end.
 *
 * @param {ChildProcess} child
 * @returns {Promise<number>} its exit status; 128 + n after signal n, as shells count; 127 if it never started
 */
export function ending(child) {
  return new Promise((resolve) => {
    const ended = () =>
      resolve(child.exitCode ?? 128 + (constants.signals[child.signalCode ?? 'SIGTERM'] ?? 0));
    if (child.exitCode !== null || child.signalCode !== null) ended();
    child.once('error', () => resolve(127));
    child.once('exit', ended);
  });
}

/**
 * Runs a tool to its end, its output on stderr.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 */
export async function run(command, args, options = {}) {
  const child = start(command, args, { stdio: ['ignore', 2, 2], ...options });
  const status = await ending(child);
  started.delete(child);
  return status;
}

/**
 * Ends a process and everything it started: asks, waits a moment, kills.
 *
 * @param {ChildProcess} child
 * @param {NodeJS.Signals} [signal] what to ask with; SIGKILL does not wait
 * @returns {Promise<boolean>} whether nothing had to be killed that was asked first
 */
export async function end(child, signal = 'SIGTERM') {
  const { pid } = child;
  if (pid === undefined) return true;
  let clean = true;
  if (signal !== 'SIGKILL') {
    tell(pid, signal);
    const deadline = performance.now() + graceMs;
    while (isAlive(child) && performance.now() < deadline) await wait(25);
    clean = !isAlive(child);
  }
  if (windows) await killTree(child);
  else tell(pid, 'SIGKILL');
  for (const member of sessionOf(pid)) kill(member, 'SIGKILL');
  started.delete(child);
  return clean;
}

/** Ends everything that `start` started and that is still there. */
export async function endAll() {
  const results = await Promise.all([...started].map((child) => end(child)));
  return results.every(Boolean);
}

/**
 * Calls `stop` when somebody wants this process to end. Somebody who asks again a while later means at once.
 *
 * @param {() => void | Promise<void>} stop
 */
export function onSignals(stop) {
  let since = 0;
  const asked = () => {
    if (since === 0) {
      since = performance.now();
      void stop();
      return;
    }
    // npm and the terminal both pass on one Ctrl-C; only a later one is a second wish.
    if (performance.now() - since > 1000) process.exit(1);
  };
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, asked);
  if (process.env['npm_lifecycle_event']) whenOrphaned(asked);
}

/**
 * npm passes a signal on to the `sh` between it and us, which dies of it and tells us nothing.
 * @param {() => void} stop
 */
function whenOrphaned(stop) {
  const parent = process.ppid;
  const poll = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(poll);
    stop();
  }, 250);
  poll.unref();
}

// The last resort, whatever ends this process short of SIGKILL.
process.on('exit', () => {
  for (const { pid } of started) {
    if (pid === undefined) continue;
    const members = sessionOf(pid);
    tell(pid, 'SIGKILL');
    for (const member of members) kill(member, 'SIGKILL');
  }
});

/** @param {ChildProcess} child */
function isAlive(child) {
  if (windows || child.pid === undefined) return child.exitCode === null && child.signalCode === null;
  if (process.platform === 'linux') return sessionOf(child.pid).length > 0;
  return kill(-child.pid, 0);
}

/**
 * The living processes of a session, read from Linux's process table; elsewhere none.
 *
 * The shell puts its extension in a process group of its own, where a signal to the first group does not reach
 * it, and a process whose parent has died is nobody's child any more; both stay in the session.
 *
 * @param {number} session
 * @returns {number[]}
 */
function sessionOf(session) {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        // The second field is the program's name in brackets and may itself hold brackets and blanks.
        const [state, , , its] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return Number(its) === session && state !== 'Z' && state !== 'X';
      } catch {
        return false; // Ended while we were reading.
      }
    });
}

/**
 * Signals a whole process group.
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
function tell(pid, signal) {
  // Windows has no signals to ask with: the console has passed on Ctrl-C already, and `end` kills the tree.
  if (!windows) kill(-pid, signal);
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals | 0} signal
 */
function kill(pid, signal) {
  try {
    return process.kill(pid, signal);
  } catch {
    return false; // Gone already.
  }
}

/** @param {ChildProcess} child */
function killTree(child) {
  return new Promise((resolve) => {
    execFile('taskkill', ['/pid', String(child.pid), '/t', '/f'], { windowsHide: true }, resolve);
  });
}
