import type { Packet } from './cards.ts';
import { parseAddress } from './protocol/address.ts';
import type { NearbyRoom } from './protocol/control.ts';
import { goodbyesIn, sightingsIn, type Neighbourhood, type Sighting } from './sightings.ts';

/** Three questions in a row without an answer. In milliseconds. */
const FORGET_MS = 75_000;
const MOST_ROOMS = 200;
/** One room may be seen on several cards, and by several members. */
const MOST_SIGHTINGS = 800;
/** Of one computer, by one of its cards: it shall not drown out the others. */
const MOST_OF_ONE = 16;
const MOST_ADDRESSES = 12;

interface Seen extends Sighting {
  from: string;
  heardAt: number;
}

/** What was heard of rooms lately, put together: one room seen on several cards is one room. */
export class RoomsSeen {
  readonly #isOwn: (prefix: string) => boolean;
  #seen = new Map<string, Seen>();

  /** @param isOwn - our own hosted room is no room nearby. */
  constructor(isOwn: (prefix: string) => boolean) {
    this.#isOwn = isOwn;
  }

  /** @param at - on a clock that does not go back, in milliseconds. */
  take(packet: Packet, from: string, near: Neighbourhood, at: number): void {
    if (!near.isNear(from)) return;
    for (const instance of goodbyesIn(packet)) this.#drop(instance, from);
    for (const sighting of sightingsIn(packet, from, near)) {
      const key = keyOf(sighting.instance, from);
      if (this.#isOwn(sighting.prefix)) continue;
      if (!this.#seen.has(key)) this.#makeRoom(from);
      // In its old place: the list must not jump about while somebody points at it.
      this.#seen.set(key, { ...sighting, from, heardAt: at });
    }
  }

  /** For one more that this computer says: at its own expense, or at that of the one that says most. */
  #makeRoom(from: string): void {
    const bySource = this.#keysBySource();
    const own = bySource.get(from) ?? [];
    if (own.length >= MOST_OF_ONE) this.#dropOldest(own);
    else if (this.#seen.size >= MOST_SIGHTINGS)
      this.#dropOldest([...bySource.values()].reduce((a, b) => (b.length > a.length ? b : a)));
  }

  #keysBySource(): Map<string, string[]> {
    const keys = new Map<string, string[]>();
    for (const [key, { from }] of this.#seen) keys.set(from, [...(keys.get(from) ?? []), key]);
    return keys;
  }

  #dropOldest(keys: readonly string[]): void {
    const age = (key: string) => this.#seen.get(key)?.heardAt ?? 0;
    this.#seen.delete(keys.reduce((a, b) => (age(b) < age(a) ? b : a)));
  }

  /** What one computer said, another cannot take back; but the same one can by another of its cards. */
  #drop(instance: string, from: string): void {
    for (const [key, seen] of this.#seen) {
      if (!key.startsWith(keyOf(instance, ''))) continue;
      const isSame =
        key === keyOf(instance, from) || seen.addresses.some((each) => parseAddress(each)?.host === from);
      if (isSame) this.#seen.delete(key);
    }
  }

  /** Drops what has not been heard for long. */
  forget(at: number): void {
    this.#seen = new Map([...this.#seen].filter(([, { heardAt }]) => at - heardAt < FORGET_MS));
  }

  clear(): void {
    this.#seen.clear();
  }

  get rooms(): NearbyRoom[] {
    const rooms = new Map<string, Seen[]>();
    for (const seen of this.#seen.values()) {
      const known = rooms.get(seen.prefix);
      if (seen.room === null || (known === undefined && rooms.size >= MOST_ROOMS)) continue;
      if (known === undefined) rooms.set(seen.prefix, [seen]);
      else known.push(seen);
    }
    return [...rooms].flatMap(([prefix, said]) => {
      // Whoever spoke first keeps the name: the key decides who it is.
      const room = said[0]?.room ?? null;
      const addresses = ipv4First(addressesIn(said)).slice(0, MOST_ADDRESSES);
      return room === null ? [] : [{ prefix, name: room.name, addresses, version: room.version }];
    });
  }

  /** Where rooms whose fingerprint begins so are said to be: by themselves first, then by others who were there. */
  addressesOf(isMeant: (prefix: string) => boolean): string[] {
    return addressesIn([...this.#seen.values()].filter(({ prefix }) => isMeant(prefix)));
  }
}

/** Each computer has its turn: one that lies a lot must not keep what others say from being tried. */
function addressesIn(said: readonly Seen[]): string[] {
  const sources = new Map<string, { byItself: string[]; byOthers: string[] }>();
  for (const { from, room, addresses } of said) {
    const source = sources.get(from) ?? { byItself: [], byOthers: [] };
    (room === null ? source.byOthers : source.byItself).push(...addresses);
    sources.set(from, source);
  }
  const lists = [...sources.values()]
    .toSorted((a, b) => Number(b.byItself.length > 0) - Number(a.byItself.length > 0))
    .map(({ byItself, byOthers }) => [...ipv4First(byItself), ...byOthers]);
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  const inTurn = Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list[i] ?? []));
  return [...new Set(inTurn.flat())];
}

function ipv4First(addresses: string[]): string[] {
  return addresses.toSorted((a, b) => Number(a.startsWith('[')) - Number(b.startsWith('[')));
}

function keyOf(instance: string, from: string): string {
  return `${instance.toLowerCase()} ${from}`;
}
