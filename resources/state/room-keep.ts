import type { Fingerprint } from '../../server/protocol/entities.ts';
import type { Keep } from './ports.ts';

/** Somebody who signed in to this room on this computer before. */
export interface KnownPerson {
  username: string;
  name: string;
}

/** `token` and `guest` let a member and a guest back in; `ended` is a token whose sign-out nobody heard. */
type What = 'token' | 'guest' | 'ended' | 'people';

/**
 * What this computer keeps of one room between visits, under the room's key: whoever else says that it is this room, at
 * whatever address, is never shown any of it. A browser shows a page no key, so there it is the one that the host names
 * in `hello`; what keeps rooms apart then is that the browser gives each host and port a store of its own, and whoever
 * answers there has made the page and could read that store in any case.
 */
export class RoomKeep {
  readonly fingerprint: Fingerprint;
  readonly #keep: Keep;

  constructor(keep: Keep, fingerprint: Fingerprint) {
    this.#keep = keep;
    this.fingerprint = fingerprint;
  }

  async get(what: What): Promise<string | null> {
    const key = this.#key(what);
    const entries = await this.#keep.all(key);
    return entries.find(([name]) => name === key)?.[1] ?? null;
  }

  /** Null removes. A place that keeps nothing asks for the password next time, which is no reason to stop now. */
  async set(what: What, value: string | null): Promise<void> {
    await this.#keep.set(this.#key(what), value).catch(() => undefined);
  }

  async people(): Promise<KnownPerson[]> {
    try {
      const people: unknown = JSON.parse((await this.get('people')) ?? '[]');
      return Array.isArray(people) ? people.filter(isKnownPerson) : [];
    } catch {
      // A list of names to pick from: without it one types.
      return [];
    }
  }

  async rememberPeople(people: readonly KnownPerson[]): Promise<void> {
    await this.set('people', JSON.stringify(people));
  }

  #key(what: What): string {
    return `${what}/${this.fingerprint}`;
  }
}

function isKnownPerson(value: unknown): value is KnownPerson {
  const person = value as Partial<KnownPerson> | null;
  return typeof person?.username === 'string' && typeof person.name === 'string';
}
