import type { ChannelSocket } from '../../resources/state/ports.ts';
import type { Program, VirtualClock } from './clock.ts';
import { Line, type Listener, type LineOptions } from './line.ts';

/** What stands at the address of the room. */
export interface Door {
  program: Program;
  arrived(line: Line): void;
}

/** The network between the pages and the host. */
export class Network {
  readonly #clock: VirtualClock;
  readonly #listener: Listener;
  readonly #lines = new Map<Program, Line>();
  readonly #cutOff = new Set<Program>();
  /** Null while nobody listens. */
  door: Door | null = null;
  /** While nobody listens: whether whoever knocks is told so, or hears nothing at all. */
  isDark = false;

  constructor(clock: VirtualClock, listener: Listener) {
    this.#clock = clock;
    this.#listener = listener;
  }

  /** The latest connection of a page. */
  lineOf(page: Program): Line | undefined {
    return this.#lines.get(page);
  }

  get lines(): Iterable<Line> {
    return this.#lines.values();
  }

  open(page: Program, options: LineOptions): ChannelSocket {
    const { door } = this;
    const line = new Line(this.#clock, page, door?.program ?? page, this.#listener, options);
    this.#lines.set(page, line);
    if (this.#cutOff.has(page)) line.stall(Infinity);
    if (door === null) {
      if (!this.isDark) line.down.push(() => line.client.ended(1006));
      return line.client;
    }
    line.up.push(() => {
      door.arrived(line);
      line.opened = true;
      line.down.push(() => line.client.onopen?.());
    });
    // It may be gone by the time that somebody arrives.
    line.up.push(() => undefined);
    return line.client;
  }

  /** Nothing of what a page says arrives, and nothing of what is said to it, until `heal`. */
  partition(page: Program): void {
    this.#cutOff.add(page);
    this.#lines.get(page)?.stall(Infinity);
  }

  heal(page: Program): void {
    this.#cutOff.delete(page);
    this.#lines.get(page)?.resume();
  }

  forget(page: Program): void {
    this.#cutOff.delete(page);
    this.#lines.delete(page);
  }
}
