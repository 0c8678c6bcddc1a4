// uvu's suites, watched: uvu itself keeps silent about what a hook throws, about suites whose `.run()` was
// forgotten, and stumbles over whatever is thrown that is no Error.
import { inspect } from 'node:util';
import { exec, suite as uvuSuite } from 'uvu';

/** @typedef {import('uvu').Callback<Record<string, unknown>>} Handler */

/** @type {{ name: string, waiting: number, only: boolean }[]} */
const suites = [];

/**
 * What hooks have thrown, as text to print.
 * @type {string[]}
 */
export const faults = [];

/** The suites with tests that were never run. */
export function neverRun() {
  return suites.filter(({ waiting }) => waiting > 0).map(({ name, waiting }) => ({ name, tests: waiting }));
}

/** The suites that ran only some of their tests. */
export function onlySome() {
  return suites.filter(({ only }) => only).map(({ name }) => name);
}

/**
 * @param {string} [name]
 * @param {Record<string, unknown>} [context]
 */
export function suite(name = '', context = {}) {
  const inner = uvuSuite(name, context);
  const own = { name: name || 'The suite without a name', waiting: 0, only: false };
  suites.push(own);

  /** @type {(title: string, handler: Handler) => void} */
  const add = (title, handler) => {
    own.waiting++;
    inner(title, asError(handler));
  };
  /** @type {(title: string, handler: Handler) => void} */
  const only = (title, handler) => {
    own.waiting++;
    own.only = true;
    inner.only(title, asError(handler));
  };
  const run = () => {
    own.waiting = 0;
    inner.run();
  };
  return Object.assign(add, {
    only,
    run,
    skip: () => inner.skip(),
    before: hooks('before', inner.before),
    after: hooks('after', inner.after),
  });

  /**
   * @param {string} kind
   * @param {{ (handler: Handler): void, each: (handler: Handler) => void }} place
   */
  function hooks(kind, place) {
    return Object.assign((/** @type {Handler} */ handler) => place(told(kind, handler)), {
      // What before.each throws, uvu reports as a failure of the test.
      each: (/** @type {Handler} */ handler) =>
        place.each(kind === 'before' ? asError(handler) : told('after.each', handler)),
    });
  }

  /**
   * Keeps what a hook throws, because uvu drops it.
   * @param {string} kind
   * @param {Handler} handler
   * @returns {Handler}
   */
  function told(kind, handler) {
    const guarded = asError(handler);
    return async (given) => {
      try {
        await guarded(given);
      } catch (error) {
        const text = `${own.name}: its ${kind} hook threw\n${inspect(error)}`;
        // uvu calls a failed after.each once more.
        if (faults.at(-1) !== text) faults.push(text);
        throw error;
      }
    };
  }
}

export const test = suite();
export { exec };

/**
 * @param {Handler} handler
 * @returns {Handler}
 */
function asError(handler) {
  return async (given) => {
    try {
      await handler(given);
    } catch (thrown) {
      throw thrown instanceof Error ? thrown : new Error(`threw ${inspect(thrown)}, which is no Error`);
    }
  };
}
