import type { Hub } from './hub.ts';
import type { Id, Timestamp } from './protocol/entities.ts';
import type { AsyncStore, People, Snapshot } from './store/records.ts';

/**
 * A result that is JSON already, and whose end is the same for many: it is neither written anew nor copied for each.
 * `beginning` is the object without its last properties, `ending` those, with the bracket that closes it.
 */
export class Written {
  readonly beginning: string;
  readonly ending: Buffer;

  constructor(beginning: string, ending: Buffer) {
    this.beginning = beginning;
    this.ending = ending;
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
 * thousand may come back at once: as long as nobody comes or goes in between, all of them get the same bytes.
 */
class PeopleText {
  readonly version: number | null;
  readonly #lines: Line[];
  readonly #formerNames: string;
  #made: { presenceVersion: number; bytes: Buffer } | null = null;

  constructor({ version, members, formerNames }: People) {
    this.version = version;
    this.#lines = members.map(({ lastSeenAt, ...member }) => ({
      ...{ id: member.id, lastSeenAt },
      beginning: JSON.stringify(member).slice(0, -1),
    }));
    this.#formerNames = JSON.stringify(formerNames);
  }

  /** The last two properties of what `room.enter` answers. */
  bytes(hub: Hub): Buffer {
    const { presenceVersion } = hub;
    if (this.#made?.presenceVersion !== presenceVersion)
      this.#made = { presenceVersion, bytes: Buffer.from(this.#text(hub)) };
    return this.#made.bytes;
  }

  #text(hub: Hub): string {
    const members = this.#lines.map(({ id, lastSeenAt, beginning }) => {
      const seenAt = hub.lastSeenAt(id) ?? lastSeenAt;
      return `${beginning},"lastSeenAt":${seenAt},"presence":"${hub.presence(id)}"}`;
    });
    return `"members":[${members.join(',')}],"formerNames":${this.#formerNames}}`;
  }
}

/** Snapshots for whoever comes in, with a text that is kept as long as nobody joins, leaves for good or is renamed. */
export class Roster {
  readonly #store: Pick<AsyncStore, 'snapshotSince'>;
  readonly #hub: Hub;
  #known: PeopleText | null = null;
  /** The last time that everything was asked for. */
  #asking: Promise<unknown> = Promise.resolve();

  constructor(store: Pick<AsyncStore, 'snapshotSince'>, hub: Hub) {
    this.#store = store;
    this.#hub = hub;
  }

  /** `people` are properties, as JSON, with the bracket behind them. */
  async snapshot(memberId: Id): Promise<Snapshot<Buffer>> {
    // A room that comes back all at once asks for everybody once.
    if (this.#known === null) await this.#asking.catch(() => undefined);
    const known = this.#known;
    const asked = this.#store.snapshotSince(memberId, known?.version ?? null);
    if (known === null) this.#asking = asked;
    const { people, ...rest } = await asked;
    const text = people === null ? known : new PeopleText(people);
    if (text === null) throw new Error('people of a version that nobody knows');
    // What a guest sees who does not see everybody is theirs alone.
    if (text.version !== null) this.#known = text;
    this.#hub.toldApart();
    return { ...rest, people: text.bytes(this.#hub) };
  }
}
