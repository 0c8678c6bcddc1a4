import { ownAddresses } from './addresses.ts';
import { Cards, SERVICE_NAME, type Packet } from './cards.ts';
import { systemClock, type Clock } from './clock.ts';
import type { Nearby as NearbyNow } from './protocol/control.ts';
import { RoomsSeen } from './rooms-seen.ts';
import { Neighbourhood } from './sightings.ts';

/** Not even our own question came back by then. In milliseconds. */
const SILENT_MS = 2_000;
/** When to ask after the first time: answers get lost, above all on Wi-Fi. In milliseconds. */
const ASK_AGAIN_MS = [500, 2_000];
const ASK_EVERY_MS = 20_000;
const FORGET_EVERY_MS = 5_000;
/** Many answers come within one moment: they are told once. In milliseconds. */
const GATHER_MS = 50;

export interface NearbyOptions {
  /** Our own hosted room is no room nearby. */
  isOwn?: (prefix: string) => boolean;
  /** The list or the state is another one. */
  changed?: (now: NearbyNow) => void;
  clock?: Clock;
}

/** Which rooms announce themselves on this network. Looks only while somebody wants to know. */
export class Nearby {
  readonly #changed: ((now: NearbyNow) => void) | undefined;
  readonly #clock: Clock;
  readonly #seen: RoomsSeen;
  readonly #found = new Set<() => void>();
  readonly #watchers = new Set<symbol>();
  #cards: Cards | null = null;
  #stops: (() => void)[] = [];
  #hears = false;
  #isSilent = false;
  #told = '';
  #isGathering = false;

  constructor({ isOwn = () => false, changed, clock = systemClock }: NearbyOptions = {}) {
    this.#seen = new RoomsSeen(isOwn);
    this.#changed = changed;
    this.#clock = clock;
  }

  /** `looking` with no rooms while nobody watches. */
  get now(): NearbyNow {
    return { state: this.#state(), rooms: this.#seen.rooms };
  }

  /** Looks from here on; the answer ends it. */
  watch(): () => void {
    const watcher = Symbol('watcher');
    this.#watchers.add(watcher);
    if (this.#cards === null) this.#begin();
    return () => {
      this.#watchers.delete(watcher);
      if (this.#watchers.size === 0) this.#end();
    };
  }

  /** Where rooms whose fingerprint begins so are said to be: by themselves first, then by others who were there. */
  addressesOf(isMeant: (prefix: string) => boolean): string[] {
    return this.#seen.addressesOf(isMeant);
  }

  /** Calls whenever something was heard; the answer ends it. */
  onFound(found: () => void): () => void {
    this.#found.add(found);
    return () => this.#found.delete(found);
  }

  #begin(): void {
    this.#told = '';
    this.#hears = this.#isSilent = false;
    this.#cards = new Cards(
      {
        up: (card) => card.ask(),
        heard: (packet, from) => this.#heard(packet, from),
      },
      { clock: this.#clock },
    );
    const ask = () => this.#cards?.all.forEach((card) => card.ask());
    this.#stops = [
      ...ASK_AGAIN_MS.map((ms) => this.#clock.after(ms, ask)),
      this.#clock.every(ASK_EVERY_MS, ask),
      this.#clock.every(FORGET_EVERY_MS, () => {
        this.#seen.forget(this.#clock.monotonic());
        this.#tell();
      }),
      this.#clock.after(SILENT_MS, () => {
        this.#isSilent = true;
        this.#tell();
      }),
    ];
  }

  #end(): void {
    for (const stop of this.#stops.splice(0)) stop();
    void this.#cards?.close();
    this.#cards = null;
    this.#seen.clear();
  }

  #heard(packet: Packet, from: string): void {
    if (packet.type === 'query') return this.#heardQuestion(packet, from);
    // The cards may have changed since the last one.
    this.#seen.take(packet, from, new Neighbourhood(), this.#clock.monotonic());
    this.#tell();
    for (const found of this.#found) found();
  }

  /** Our own question comes back from every card that can multicast. */
  #heardQuestion({ questions }: Packet, from: string): void {
    if (this.#hears || !isOutward(from)) return;
    if (!questions.some(({ name }) => name.toLowerCase() === SERVICE_NAME)) return;
    this.#hears = true;
    this.#tell();
  }

  #state(): NearbyNow['state'] {
    if (this.#cards === null) return 'looking';
    if (ownAddresses().every(({ loopback }) => loopback)) return 'noNetwork';
    if (this.#hears) return 'ok';
    return this.#isSilent || this.#cards.all.length === 0 ? 'silent' : 'looking';
  }

  #tell(): void {
    const changed = this.#changed;
    if (changed === undefined || this.#isGathering) return;
    this.#isGathering = true;
    this.#clock.after(GATHER_MS, () => {
      this.#isGathering = false;
      const { now } = this;
      const text = JSON.stringify(now);
      if (text === this.#told || this.#cards === null) return;
      this.#told = text;
      changed(now);
    });
  }
}

/** An address of ours by which others are reached. Loopback and virtual machines say nothing of the network. */
function isOutward(address: string): boolean {
  const outer = ownAddresses().filter(({ loopback }) => !loopback);
  const real = outer.filter(({ kind }) => kind !== 'virtual' && kind !== 'vpn');
  return (real.length > 0 ? real : outer).some((own) => own.address === address);
}
