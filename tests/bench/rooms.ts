import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ulid } from 'ulid';
import { makeCode, RECOVERY_CODE_LETTERS } from '../../server/client/codes.ts';
import { makeCodeCredential, makeCredential } from '../../server/client/signing-in.ts';
import { hashToken } from '../../server/commands/signed-in.ts';
import { readUsername } from '../../server/names.ts';
import { toBase64url } from '../../server/protocol/base64url.ts';
import type { Id } from '../../server/protocol/entities.ts';
import type { Database } from '../../server/store/database.ts';
import { closeDatabase, openDatabase } from '../../server/store/opening.ts';
import type { NewSession, Store } from '../../server/store/records.ts';
import { createStore } from '../../server/store/store.ts';
import { scratch } from '../support/processes.ts';
import { quickStretch } from '../support/room.ts';

/** Rooms to measure in, written by the store's own code into a few large transactions, and kept for the next run. */

export interface RoomPlan {
  members: number;
  /** Without accounts, for the simple door. */
  guests?: number;
  /** In the lobby. */
  messages?: number;
  /** Between the first member and others, with one message each; they have to be members. */
  directs?: number;
  /** Between members 1 and 2, 3 and 4, and so on: so many conversations. */
  pairs?: number;
}

export interface SeededRoom {
  /** A copy of one's own. */
  directory: string;
  lobby: Id;
  members: { id: Id; token: string }[];
  guests: { id: Id; token: string }[];
  pairs: Id[];
}

/** Changes when what is seeded does. */
const EDITION = 1;
const KEPT = fileURLToPath(new URL('../../build/bench/rooms/', import.meta.url));
const AT_ONCE = 5_000;
const FAR = 4_000_000_000_000;

export async function roomOf(plan: RoomPlan): Promise<SeededRoom> {
  const schema = createHash('sha256')
    .update(JSON.stringify([EDITION, plan]))
    .digest('hex')
    .slice(0, 16);
  const kept = join(KEPT, schema);
  if (!existsSync(kept)) {
    const unfinished = `${kept}.new`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true });
    writeFileSync(join(unfinished, 'people.json'), JSON.stringify(await seed(unfinished, plan)));
    renameSync(unfinished, kept);
  }
  const directory = await scratch();
  for (const file of ['room.db']) cpSync(join(kept, file), join(directory, file));
  const people = JSON.parse(readFileSync(join(kept, 'people.json'), 'utf8')) as Omit<SeededRoom, 'directory'>;
  return { directory, ...people };
}

async function seed(directory: string, plan: RoomPlan): Promise<Omit<SeededRoom, 'directory'>> {
  const now = Date.now() - 60_000;
  const { db } = openDatabase({ directory, roomName: 'Bench', now });
  const writing = new Writing(db, createStore(db), now);
  const password = await makeCredential('lampe-de-chevet', quickStretch);
  const recovery = makeCodeCredential(makeCode(RECOVERY_CODE_LETTERS));
  const members = writing.each(Math.max(1, plan.members), (i) => {
    const id = ulid();
    const { record, token } = session(`member ${i}`);
    writing.store.signUp({
      ...{ id, firstName: 'Member', lastName: `Number ${i}`, name: readUsername(`member${i}`) },
      ...{ password, recovery, owner: i === 0, session: record, inviteId: null, now },
    });
    return { id, token };
  });
  const [owner] = members;
  if (owner === undefined) throw new Error('a room without members');
  const { conversations } = writing.store.snapshotSince(owner.id, null);
  const lobby = conversations.find(({ kind }) => kind === 'lobby')?.id ?? '';
  const guests = writing.guests(plan.guests ?? 0, owner.id);
  writing.each(plan.messages ?? 0, (i) =>
    writing.post(members[i % members.length]?.id ?? owner.id, lobby, null),
  );
  writing.each(plan.directs ?? 0, (i) => writing.post(members[i + 1]?.id ?? owner.id, null, owner.id));
  const pairs = writing.each(plan.pairs ?? 0, (i) =>
    writing.post(members[2 * i]?.id ?? owner.id, null, members[2 * i + 1]?.id ?? owner.id),
  );
  closeDatabase(db);
  return { lobby, members, guests, pairs };
}

/** The same for the same name: whoever has the room's seed has the tokens. */
function session(name: string): { record: NewSession; token: string } {
  const token = toBase64url(createHash('sha256').update(name).digest());
  return { token, record: { id: ulid(), tokenHash: hashToken(token), device: 'bench' } };
}

const WORDS =
  'the kettle is on again so whoever wants tea should come before the others drink all of it'.split(' ');

class Writing {
  readonly store: Store;
  readonly #db: Database;
  readonly #now: number;

  constructor(db: Database, store: Store, now: number) {
    this.#db = db;
    this.store = store;
    this.#now = now;
  }

  each<T>(count: number, make: (i: number) => T): T[] {
    const made: T[] = [];
    while (made.length < count) {
      this.#db.transaction(() => {
        const end = Math.min(count, made.length + AT_ONCE);
        while (made.length < end) made.push(make(made.length));
      });
      this.#db.checkpoint('PASSIVE');
    }
    return made;
  }

  /** About ninety letters, as people write. Where it went. */
  post(authorId: Id, conversationId: Id | null, to: Id | null): Id {
    const body = WORDS.slice(Math.floor(Math.random() * 4)).join(' ');
    const [id, newConversationId] = [ulid(), ulid()];
    return this.store.post({
      ...{
        id,
        authorId,
        conversationId,
        to: to === null ? null : [to],
        newConversationId,
        body,
        now: this.#now,
      },
    }).conversationId;
  }

  /** More than a room takes in: a plain connection of a member is what nobody has, and a thousand are to be measured. */
  guests(count: number, owner: Id): { id: Id; token: string }[] {
    if (count === 0) return [];
    this.#db.transaction(() =>
      this.store.changeSettings({ door: 'simple', guestsUntil: FAR }, owner, this.#now),
    );
    const made = this.each(count, (i) => {
      const id = ulid();
      const { record, token } = session(`guest ${i}`);
      const base = readUsername(`guest${i}`).username;
      // The limit counts those who are staying.
      this.#db.all('UPDATE member SET left_at = 1 WHERE guest_from IS NOT NULL');
      this.store.enterGuest({ id, displayName: base, base, session: record, inviteId: null, now: this.#now });
      return { id, token };
    });
    this.#db.transaction(() => this.#db.all('UPDATE member SET left_at = NULL WHERE guest_from IS NOT NULL'));
    return made;
  }
}
