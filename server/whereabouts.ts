import type { Clock } from './clock.ts';
import { formatAddress, type Address } from './protocol/address.ts';
import type { CardAddress } from './protocol/entities.ts';

/** How often the network cards are looked at. In milliseconds. */
const LOOK_MS = 5_000;
/** Of the addresses that members came by, so many are remembered. */
const REACHED = 8;

export interface WhereaboutsOptions {
  clock: Clock;
  /** Known once the host listens. */
  port: () => number;
  /** The one address that is listened on, if it is only one. */
  only: string | undefined;
  cards: () => CardAddress[];
  /** Cables were pulled, or a Wi-Fi changed. */
  changed: (addresses: string[]) => void;
}

/** Where the room can be found: what members remember for the day it moves, and what join codes hint at. */
export class Whereabouts {
  readonly #options: WhereaboutsOptions;
  readonly #look: () => CardAddress[];
  /** The latest first. */
  #reached: string[] = [];
  #own: string;
  readonly #stop: () => void;

  constructor(options: WhereaboutsOptions) {
    this.#options = options;
    this.#look = options.cards;
    this.#own = this.#ownHosts().join(' ');
    this.#stop = options.clock.every(LOOK_MS, () => this.#lookAgain());
  }

  /** This computer's addresses by card, as far as the host listens there. */
  cards(): CardAddress[] {
    const { only } = this.#options;
    return this.#look().filter(({ address }) => isAny(only) || address === only);
  }

  /**
   * Best first: its own, then others that members came by. Loopback only where there is nothing else; and the addresses
   * of virtual cards only without a real one, because other computers have the same ones for themselves.
   */
  addresses(): Address[] {
    const port = this.#options.port();
    const own = this.#ownHosts();
    const isLeftOut = (host: string) => this.#look().some(({ address }) => address === host);
    const others = this.#reached.filter((host) => !isLeftOut(host));
    return [...new Set([...own, ...others])].map((host) => ({ host, port }));
  }

  /** The same as `host:port`. */
  list(): string[] {
    return this.addresses().map(formatAddress);
  }

  /** A member came by this address of ours. */
  reachedBy(local: string): void {
    const host = plainAddress(local);
    if (host === '' || isLoopback(host)) return;
    this.#reached = [host, ...this.#reached.filter((other) => other !== host)].slice(0, REACHED);
  }

  /** Whether an address is this very computer's: it is never shut out of its own room. */
  isOwn(remote: string): boolean {
    const host = plainAddress(remote);
    return host === '127.0.0.1' || host === '::1' || this.#look().some(({ address }) => address === host);
  }

  close(): void {
    this.#stop();
  }

  #ownHosts(): string[] {
    const { only } = this.#options;
    if (only !== undefined && !isAny(only)) return [only];
    const cards = this.#look();
    const outside = cards.filter(({ loopback }) => !loopback);
    const real = outside.filter(({ kind }) => kind !== 'virtual');
    return ([real, outside].find(({ length }) => length > 0) ?? cards).map(({ address }) => address);
  }

  #lookAgain(): void {
    const own = this.#ownHosts().join(' ');
    if (own === this.#own) return;
    this.#own = own;
    this.#options.changed(this.list());
  }
}

/** IPv4 as people know it, also where the system wraps it in IPv6. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:/i, '');
}

const isAny = (only: string | undefined) => only === undefined || only === '0.0.0.0' || only === '::';
const isLoopback = (host: string) => host === '::1' || host.startsWith('127.');
