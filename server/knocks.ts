import type { Socket } from 'node:net';
import type { Clock } from './clock.ts';
import type { Knock as KnockEntry } from './protocol/entities.ts';

/**
 * Who knocked and how far they got, so that a host can tell somebody who cannot come in whether they even arrive. Kept in
 * memory, for the owner alone.
 */

export type Step = KnockEntry['reached'];

const STEPS: readonly Step[] = ['connected', 'encrypted', 'page', 'socket', 'hello', 'in'];
const MOST = 100;
/** The same again within this time is one entry that counts. In milliseconds. */
const SAME_MS = 10 * 60_000;

/** One connection's way in. */
export class Knock {
  readonly entry: KnockEntry;

  constructor(at: number, address: string) {
    this.entry = { at, address, reached: 'connected', ended: null, times: 1 };
  }

  reached(step: Step): void {
    if (STEPS.indexOf(step) > STEPS.indexOf(this.entry.reached)) this.entry.reached = step;
    // Whoever was refused something and then came in was not refused.
    if (step === 'in') this.entry.ended = null;
  }

  ended(why: string): void {
    if (this.entry.reached !== 'in') this.entry.ended = why;
  }
}

export class Knocks {
  readonly #clock: Clock;
  readonly #open = new Map<string, Knock>();
  #list: KnockEntry[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  arrived(socket: Socket, refused: boolean): void {
    const name = nameOf(socket);
    const knock = new Knock(this.#clock.now(), plainAddress(socket.remoteAddress));
    if (refused) knock.ended('tooMany');
    this.#open.set(name, knock);
    socket.once('close', () => {
      this.#open.delete(name);
      this.#keep(knock.entry);
    });
  }

  /** Of a connection that arrived: by the two ends' addresses, because TLS wraps the socket in another. */
  of(socket: Socket): Knock {
    return this.#open.get(nameOf(socket)) ?? new Knock(this.#clock.now(), plainAddress(socket.remoteAddress));
  }

  /** The latest first, those still open among them. */
  list(): KnockEntry[] {
    const open = [...this.#open.values()].map(({ entry }) => ({ ...entry }));
    return [...this.#list, ...open].toSorted((a, b) => b.at - a.at).slice(0, MOST);
  }

  /** One line for a browser's many connections, and for somebody who tries again and again. */
  #keep(entry: KnockEntry): void {
    const same = this.#list.find(
      ({ address, reached, ended, at }) =>
        address === entry.address &&
        reached === entry.reached &&
        ended === entry.ended &&
        entry.at - at < SAME_MS,
    );
    if (same === undefined) this.#list.push({ ...entry });
    else Object.assign(same, { at: Math.max(same.at, entry.at), times: same.times + 1 });
    if (this.#list.length > MOST) this.#list = this.#list.toSorted((a, b) => b.at - a.at).slice(0, MOST);
  }
}

function nameOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

/** IPv4 as people know it, also where the system wraps it in IPv6. */
function plainAddress(address = ''): string {
  return address.replace(/^::ffff:/, '');
}
