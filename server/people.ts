import type { Hub } from './hub.ts';
import type { Id, Timestamp } from './protocol/entities.ts';
import type { AsyncStore, People, Snapshot } from './store/records.ts';

/** A result that is JSON already: what is long and the same for many is not written anew for each. */
export class Written {
  readonly json: string;

  constructor(json: string) {
    this.json = json;
  }
}

interface Line {
  id: Id;
  lastSeenAt: Timestamp | null;
  /** The member without the end: there stands what changes all the time. */
  beginning: string;
}

/**
 * Who belongs to the room, as whoever comes in is told. A thousand people are a quarter of a million letters, and a
 * thousand may come back at once: only who is here is written anew for each of them.
 */
class PeopleText {
  readonly version: number | null;
  readonly #lines: Line[];
  readonly #formerNames: string;

  constructor({ version, members, formerNames }: People) {
    this.version = version;
    this.#lines = members.map(({ lastSeenAt, ...member }) => ({
      ...{ id: member.id, lastSeenAt },
      beginning: JSON.stringify(member).slice(0, -1),
    }));
    this.#formerNames = JSON.stringify(formerNames);
  }

  /** Two properties of what `room.enter` answers. */
  properties(hub: Hub): string {
    const members = this.#lines.map(({ id, lastSeenAt, beginning }) => {
      const seenAt = hub.lastSeenAt(id) ?? lastSeenAt;
      return `${beginning},"lastSeenAt":${seenAt},"presence":"${hub.tellPresence(id)}"}`;
    });
    return `"members":[${members.join(',')}],"formerNames":${this.#formerNames}`;
  }
}

/** Snapshots for whoever comes in, with a text that is kept as long as nobody joins, leaves for good or is renamed. */
export class Roster {
  readonly #store: Pick<AsyncStore, 'snapshotSince'>;
  readonly #hub: Hub;
  #known: PeopleText | null = null;

  constructor(store: Pick<AsyncStore, 'snapshotSince'>, hub: Hub) {
    this.#store = store;
    this.#hub = hub;
  }

  /** `people` are properties, as JSON. */
  async snapshot(memberId: Id): Promise<Snapshot<string>> {
    const known = this.#known;
    const { people, ...rest } = await this.#store.snapshotSince(memberId, known?.version ?? null);
    const text = people === null ? known : new PeopleText(people);
    if (text === null) throw new Error('people of a version that nobody knows');
    // What a guest sees who does not see everybody is theirs alone.
    if (text.version !== null) this.#known = text;
    return { ...rest, people: text.properties(this.#hub) };
  }
}
