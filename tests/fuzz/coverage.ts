import { Session, type Profiler } from 'node:inspector';

const session = new Session();
session.connect();
session.post('Profiler.enable');
// Once and for all: only what is compiled from here on has counters in its blocks, and stopping takes them out again.
session.post('Profiler.startPreciseCoverage', { detailed: true, callCount: true });

/** What ran: for each file, 1 for every character of its source. */
export type Ran = ReadonlyMap<string, Uint8Array>;

/**
 * Which blocks of some source files ran, by V8's own counters. They count in the whole process, so nothing else may run
 * between two looks.
 */
export class Coverage {
  readonly #isMeant: (url: string) => boolean;
  readonly #all = new Map<string, Uint8Array>();

  /** @param files - the ends of their names. */
  constructor(files: readonly string[]) {
    this.#isMeant = (url) => files.some((file) => url.endsWith(file));
    // What ran when the files were loaded is nobody's merit.
    this.take();
  }

  /** What ran since this was last asked. */
  take(): Ran {
    const ran = new Map<string, Uint8Array>();
    for (const { url, functions } of this.#counters()) {
      if (this.#isMeant(url)) ran.set(url, painted(functions));
    }
    return ran;
  }

  /** Remembers it. How many characters of it had never run before. */
  add(ran: Ran): number {
    let news = 0;
    for (const [url, now] of ran) {
      const all = longEnough(this.#all.get(url), now.length);
      now.forEach((one, i) => {
        if (one === 0 || all[i] === 1) return;
        all[i] = 1;
        news += 1;
      });
      this.#all.set(url, all);
    }
    return news;
  }

  isNew(ran: Ran): boolean {
    return [...ran].some(([url, now]) => now.some((one, i) => one === 1 && this.#all.get(url)?.[i] !== 1));
  }

  /** Characters of source that ran, of everything that was added. */
  get reached(): number {
    let sum = 0;
    for (const all of this.#all.values()) for (const one of all) sum += one;
    return sum;
  }

  /** And starts counting anew. A session in the same process answers at once. */
  #counters(): readonly Profiler.ScriptCoverage[] {
    let taken: readonly Profiler.ScriptCoverage[] = [];
    session.post('Profiler.takePreciseCoverage', (error, { result }) => {
      if (error !== null) throw error;
      taken = result;
    });
    return taken;
  }
}

/** Inner functions and blocks come after those they are in, and have the last word. */
function painted(functions: readonly Profiler.FunctionCoverage[]): Uint8Array {
  const ranges = functions.flatMap(({ ranges: its }) => its);
  const ran = new Uint8Array(ranges.reduce((end, { endOffset }) => Math.max(end, endOffset), 0));
  for (const { startOffset, endOffset, count } of ranges) ran.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  return ran;
}

function longEnough(before: Uint8Array | undefined, length: number): Uint8Array {
  if (before !== undefined && before.length >= length) return before;
  const longer = new Uint8Array(length);
  if (before !== undefined) longer.set(before);
  return longer;
}
