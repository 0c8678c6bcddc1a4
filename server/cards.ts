import { isIPv4 } from 'node:net';
import Bonjour from 'bonjour-service';
import { ownAddresses } from './addresses.ts';
import { systemClock, type Clock } from './clock.ts';

/** Multicast DNS on every network card of this computer, also on those that come and go. */

/** The kind of service that a room is: `_salon._tcp.local`. */
export const SERVICE = 'salon';
export const SERVICE_NAME = `_${SERVICE}._tcp.local`;

/** For tests, and for whoever wants a computer that neither announces nor listens. */
const isOff = () => process.env['SALON_NO_MULTICAST'] === '1';

/** How often cards are looked at. In milliseconds. */
const POLL_MS = 5_000;
/** A computer full of containers has dozens of cards; each costs a socket. */
const MOST_CARDS = 16;
/** How long closing waits for a goodbye to be sent. In milliseconds. */
const GOODBYE_MS = 500;

/** The part of a packet that we read. Whatever comes from the network may be wrong in every way. */
export interface Packet {
  type: string;
  questions: { name: string }[];
  answers: DnsRecord[];
  additionals: DnsRecord[];
}

export interface DnsRecord {
  name: string;
  type: string;
  ttl?: number;
  data: unknown;
}

interface Mdns {
  on(event: 'error' | 'warning', heard: (error: Error) => void): void;
  on(event: 'packet', heard: (packet: Packet, from: { address: string }) => void): void;
  query(name: string, type: string): void;
}

/** One of this computer's IPv4 addresses. */
export interface Card {
  address: string;
  bonjour: Bonjour;
  /** Asks on this card which rooms are there. */
  ask(): void;
}

export interface CardEvents {
  up?(card: Card): void;
  /** A card went away, with everything that was published on it. */
  down?(card: Card): void;
  /** Every card hears what comes in by any: `from` says where it came from, not `card`. */
  heard?(packet: Packet, from: string, card: Card): void;
}

export interface CardOptions {
  /** Only cards with these addresses. */
  only?: ((address: string) => boolean) | undefined;
  clock?: Clock | undefined;
}

/** Never throws and never ends the process: a network without multicast is an ordinary network. */
export class Cards {
  readonly #events: CardEvents;
  readonly #only: CardOptions['only'];
  readonly #open = new Map<string, Card>();
  readonly #stopPolling: () => void;
  #closed = false;

  constructor(events: CardEvents, { only, clock = systemClock }: CardOptions = {}) {
    this.#events = events;
    this.#only = only;
    this.#stopPolling = clock.every(POLL_MS, () => this.#look());
    this.#look();
  }

  get all(): readonly Card[] {
    return [...this.#open.values()];
  }

  /** What is published says goodbye first. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopPolling();
    await Promise.all(this.all.map(withdraw));
    this.#open.clear();
  }

  #look(): void {
    const isMeant = (address: string) => isIPv4(address) && this.#only?.(address) !== false;
    const present = isOff() ? [] : ownAddresses().filter(({ address }) => isMeant(address));
    for (const card of this.all) {
      if (!present.some(({ address }) => address === card.address)) this.#lose(card);
    }
    for (const { address } of present.slice(0, MOST_CARDS)) {
      if (!this.#open.has(address)) this.#add(address);
    }
  }

  #add(address: string): void {
    try {
      // Bound to its own address, a socket would hear no multicast.
      const bonjour = new Bonjour(
        { interface: address, bind: '0.0.0.0' } as ConstructorParameters<typeof Bonjour>[0],
        () => undefined,
      );
      const { mdns } = (bonjour as unknown as { server: { mdns: Mdns } }).server;
      const card: Card = { address, bonjour, ask: () => mdns.query(SERVICE_NAME, 'PTR') };
      // Somebody else may have the port for themselves: tried again when we next look.
      mdns.on('error', () => this.#lose(card));
      mdns.on('warning', () => undefined);
      mdns.on('packet', (packet, { address: from }) => {
        if (!this.#closed) this.#events.heard?.(packet, from, card);
      });
      this.#open.set(address, card);
      this.#events.up?.(card);
    } catch {
      // No socket to be had: tried again when we next look.
    }
  }

  #lose(card: Card): void {
    if (this.#open.get(card.address) !== card) return;
    this.#open.delete(card.address);
    card.bonjour.destroy();
    this.#events.down?.(card);
  }
}

function withdraw({ bonjour }: Card): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(patience);
      bonjour.destroy(() => resolve());
    };
    const patience = setTimeout(end, GOODBYE_MS);
    // The library's own answer comes a turn after the packet was handed over.
    bonjour.unpublishAll(end);
  });
}
