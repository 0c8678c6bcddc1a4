import { ownAddresses } from './addresses.ts';
import { dial, DialFailed, type Dialled, type Wanted } from './dial.ts';
import { formatAddress, parseAddress } from './protocol/address.ts';
import type { Diagnosis, DiagnosisCode, Trial } from './protocol/diagnosis.ts';

/** One room, many places where it may be: all are tried together, and the first that proves the key is it. */

export interface RaceOptions {
  /** For all of it. In milliseconds. */
  limitMs?: number;
  signal?: AbortSignal;
  /** Judges a key that `wanted` leaves open, as a short form does. */
  accepts?: (fingerprint: string) => boolean;
  /** The key of a room of this computer's own: that it answers, where another is meant, says nothing of that one. */
  isOurs?: (fingerprint: string) => boolean;
  /**
   * Tells addresses that become known while it runs; the answer ends that. Without it the race is over when the last
   * address has failed.
   */
  more?: (add: (addresses: readonly string[]) => void) => () => void;
  /** How long to wait for `more` when everything known has failed already. In milliseconds, from the start. */
  patienceMs?: number;
}

/** Nobody who fits answered. */
export class RaceLost extends Error {
  override readonly name = 'RaceLost';
  readonly diagnosis: Diagnosis;
  constructor(diagnosis: Diagnosis) {
    super(diagnosis.code);
    this.diagnosis = diagnosis;
  }
}

const LIMIT_MS = 10_000;
/** A room nearby answers the first question within a second, or one of the next two. */
const PATIENCE_MS = 3_000;
/** So that a list of addresses does not look like a scan, and the likeliest has a head start. In milliseconds. */
const STAGGER_MS = 50;
const MOST_AT_ONCE = 16;
const MOST_IN_ALL = 100;
/** One address may not take up the whole race: the next in line must have its turn. In milliseconds. */
const ONE_MS = 5_000;

/** What got furthest says most. `notFound` is what remains when nothing was tried. */
const FURTHEST: readonly DiagnosisCode[] = [
  'banned',
  'full',
  'tooMany',
  'version',
  'wrongKey',
  'notSalon',
  'refused',
  'silent',
  'unknownName',
  'wrongNetwork',
  'noNetwork',
];

/**
 * @param addresses - as `host:port`, the likeliest first.
 * @throws RaceLost with what was found at each.
 */
export async function race(
  addresses: readonly string[],
  wanted: Wanted,
  options: RaceOptions = {},
): Promise<Dialled> {
  const running = new Race(wanted, options);
  running.add(addresses);
  return running.outcome;
}

class Race {
  readonly outcome: Promise<Dialled>;
  readonly #wanted: Wanted;
  readonly #options: RaceOptions;
  readonly #began = performance.now();
  readonly #known = new Set<string>();
  readonly #waiting: string[] = [];
  readonly #running = new Set<AbortController>();
  readonly #trials: Tried[] = [];
  readonly #timers: NodeJS.Timeout[];
  #pause: NodeJS.Timeout | null = null;
  #stopMore: () => void = () => undefined;
  #over = false;
  #won!: (dialled: Dialled) => void;
  #lost!: (error: Error) => void;

  constructor(wanted: Wanted, options: RaceOptions) {
    this.#wanted = wanted;
    this.#options = options;
    this.outcome = new Promise((resolve, reject) => {
      this.#won = resolve;
      this.#lost = reject;
    });
    const { limitMs = LIMIT_MS, patienceMs = PATIENCE_MS, signal, more } = options;
    this.#timers = [setTimeout(() => this.#lose(), limitMs)];
    if (more !== undefined)
      this.#timers.push(setTimeout(() => this.#settle(), Math.min(patienceMs, limitMs)));
    if (signal?.aborted === true) this.#lose();
    signal?.addEventListener('abort', () => this.#lose(), { once: true });
    // In a moment: whoever tells more may do so at once, but what is known already goes first.
    queueMicrotask(() => {
      if (!this.#over) this.#stopMore = more?.((found) => this.add(found)) ?? this.#stopMore;
      this.#settle();
    });
  }

  add(addresses: readonly string[]): void {
    for (const typed of addresses) {
      const address = parseAddress(typed);
      const name = address === null ? typed : formatAddress(address);
      if (this.#known.has(name) || this.#known.size >= MOST_IN_ALL) continue;
      this.#known.add(name);
      this.#waiting.push(name);
    }
    this.#next();
  }

  #next(): void {
    if (this.#over || this.#pause !== null || this.#running.size >= MOST_AT_ONCE) return;
    const address = this.#waiting.shift();
    if (address === undefined) return;
    void this.#try(address);
    this.#pause = setTimeout(() => {
      this.#pause = null;
      this.#next();
    }, STAGGER_MS);
  }

  async #try(address: string): Promise<void> {
    const ending = new AbortController();
    const began = performance.now();
    this.#running.add(ending);
    try {
      const left = (this.#options.limitMs ?? LIMIT_MS) - (began - this.#began);
      const dialled = await dial(address, this.#wanted, {
        signal: ending.signal,
        timeoutMs: Math.ceil(Math.max(1, Math.min(ONE_MS, left))),
      });
      if (this.#options.accepts?.(dialled.fingerprint) === false) {
        dialled.socket.terminate();
        throw new DialFailed('wrongKey', dialled.fingerprint);
      }
      this.#win(dialled);
    } catch (error) {
      if (!(error instanceof DialFailed)) return this.#end(() => this.#lost(error as Error));
      const ms = Math.round(performance.now() - began);
      this.#trials.push({ address, found: error.found, ms, fingerprint: error.foundFingerprint });
    } finally {
      this.#running.delete(ending);
      this.#next();
      this.#settle();
    }
  }

  #win(dialled: Dialled): void {
    // Two may have answered in the same moment.
    if (this.#over) return dialled.socket.terminate();
    this.#end(() => this.#won(dialled));
  }

  /** Lost when nothing is left to try, and nothing more is to be expected. */
  #settle(): void {
    if (this.#running.size > 0 || this.#waiting.length > 0) return;
    const { more, patienceMs = PATIENCE_MS } = this.#options;
    if (more !== undefined && performance.now() - this.#began < patienceMs - 1) return;
    this.#lose();
  }

  #lose(): void {
    // What was under way is ended first, and tells in a moment that it found nobody.
    this.#end(() =>
      setImmediate(() => this.#lost(new RaceLost(diagnose(this.#trials, this.#options.isOurs)))),
    );
  }

  #end(settle: () => void): void {
    if (this.#over) return;
    this.#over = true;
    this.#timers.forEach((timer) => clearTimeout(timer));
    if (this.#pause !== null) clearTimeout(this.#pause);
    this.#stopMore();
    for (const each of this.#running) each.abort();
    settle();
  }
}

type Tried = Trial & { fingerprint: string | null };

function diagnose(trials: readonly Tried[], isOurs: RaceOptions['isOurs']): Diagnosis {
  const telling = trials.filter(({ fingerprint }) => fingerprint === null || isOurs?.(fingerprint) !== true);
  const own = new Set(ownAddresses().flatMap(({ address, loopback }) => (loopback ? [] : [address])));
  // Virtual cards have the same addresses on many computers: what this one answers there, the room did not.
  const others = telling.filter(({ address }) => !own.has(parseAddress(address)?.host ?? ''));
  const furthest = furthestOf(others) ?? furthestOf(telling);
  return {
    code: furthest?.found ?? 'notFound',
    address: furthest?.address ?? '',
    detail: '',
    foundFingerprint: furthest?.fingerprint ?? null,
    trials: trials.map(({ address, found, ms }) => ({ address, found, ms })),
  };
}

function furthestOf(trials: readonly Tried[]): Tried | undefined {
  return FURTHEST.flatMap((code) => trials.find(({ found }) => found === code) ?? [])[0];
}
