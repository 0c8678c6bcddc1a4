import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { makeCode, RECOVERY_CODE_LETTERS } from '../../../server/client/codes.ts';
import { randomBytes } from '../../../server/client/proof.ts';
import { toBase64url } from '../../../server/protocol/base64url.ts';
import { makeCodeCredential, makeCredential, type Stretch } from '../../../server/client/signing-in.ts';
import { hashToken } from '../../../server/commands/signed-in.ts';
import { readUsername } from '../../../server/names.ts';
import type {
  CodeCredential,
  Credential,
  Id,
  Language,
  Seq,
  Timestamp,
} from '../../../server/protocol/entities.ts';
import type { AsyncStore, NewSession } from '../../../server/store/records.ts';
import { openStore } from '../../../server/store/remote.ts';
import { castOf, type Tongue } from './cast.ts';
import { daysFor, planHistory, type Happening, type Member } from './history.ts';
import { Chance } from './random.ts';
import { Stage } from './scenes.ts';
import { nodeStretch } from './stretching.ts';

/** Fills a new room with people and what they have said. Straight into the store: 100,000 messages take seconds. */

/** Everybody's password in a seeded room. No secret: such a room is for looking at. */
export const PASSWORD = 'velvet-curtain';

export interface SeedOptions {
  seed: number;
  /** With the owner. At least one. */
  members: number;
  /** In the lobby. Direct conversations come on top. */
  messages: number;
  language: Language;
  /** When the last messages were written; the present by default. The same moment makes the same room. */
  now?: Timestamp;
  /** Tests that are not about passwords need not wait for a real one. */
  stretch?: Stretch;
}

export interface SeededMember {
  id: Id;
  username: string;
  firstName: string;
  lastName: string;
  tongue: Tongue | null;
}

/** Plain data: it can be kept in a file beside the room. */
export interface SeededRoom {
  language: Language;
  roomName: string;
  password: string;
  lobby: Id;
  /** The number of the lobby's last event. */
  head: Seq;
  /** The owner first. */
  members: SeededMember[];
}

/** At most so many posts wait for the disk at once; the store takes no more than 2,000. */
const AT_ONCE = 900;

/**
 * The same seed and the same `now` make the same people who said the same at the same time. Only what nobody sees
 * differs: salts, tokens, and the ids of the room itself.
 *
 * @throws Error when there is a room in the folder already.
 */
export async function seedRoom(directory: string, options: SeedOptions): Promise<SeededRoom> {
  if (existsSync(join(directory, 'room.db')))
    throw new Error(`There is a room in ${directory} that is no demo. Choose another folder.`);
  const { seed, members: count, messages, language, now = Date.now(), stretch = nodeStretch } = options;
  const chance = new Chance(seed);
  const openedAt = morningOf(now - daysFor(messages) * 24 * 60 * 60_000);
  const id = (at: Timestamp) => ulid(at, chance.next);
  const cast = castOf(Math.max(1, count), chance);
  const plan = planHistory({ cast, messages, language, openedAt, now }, chance, id);
  const { roomName } = new Stage(language, chance);

  const { store, close } = await openStore({ directory, roomName, now: openedAt });
  try {
    const writing = new Writing(store, id, await credentials(stretch));
    for (const happening of plan.happenings) await writing.add(happening);
    await writing.settle();
    const { owner, lobby, head } = await writing.lobby();
    await leaveTraces(writing, owner, plan.unread, now, chance);
    const members = writing.members.map(({ id: memberId, name, firstName, lastName, tongue }) => {
      return { id: memberId, username: name.username, firstName, lastName, tongue };
    });
    return { language, roomName, password: PASSWORD, lobby, head, members };
  } finally {
    await close();
  }
}

interface Credentials {
  password: Credential;
  recovery: CodeCredential;
}

/** One stretching for all: everybody has the same password and, unlike in a real room, the same salt. */
async function credentials(stretch: Stretch): Promise<Credentials> {
  return {
    password: await makeCredential(PASSWORD, stretch),
    recovery: makeCodeCredential(makeCode(RECOVERY_CODE_LETTERS)),
  };
}

/** Asks the store for many things at once, in the order of time: what waits together is committed together. */
class Writing {
  readonly store: AsyncStore;
  readonly members: Member[] = [];
  /** Where each direct conversation ends. */
  readonly directs = new Map<Id, { members: readonly Member[]; head: Seq; last: Happening }>();
  readonly #id: (at: Timestamp) => Id;
  readonly #credentials: Credentials;
  #now: Promise<unknown>[] = [];
  #before: Promise<unknown>[] = [];
  #lobby: Id | null = null;

  constructor(store: AsyncStore, id: (at: Timestamp) => Id, shared: Credentials) {
    this.store = store;
    this.#id = id;
    this.#credentials = shared;
  }

  async add(happening: Happening): Promise<void> {
    if (this.#lobby === null && happening.what === 'join') return this.#open(happening.member);
    this.#now.push(this.#write(happening));
    if (this.#now.length < AT_ONCE) return;
    // One lot is written while the next one is made.
    await Promise.all(this.#before);
    this.#before = this.#now;
    this.#now = [];
  }

  async settle(): Promise<void> {
    await Promise.all([...this.#before, ...this.#now]);
    this.#before = this.#now = [];
  }

  async lobby(): Promise<{ owner: Member; lobby: Id; head: Seq }> {
    const [owner] = this.members;
    if (owner === undefined || this.#lobby === null) throw new Error('nobody owns the room');
    const { head } = await this.store.conversation(this.#lobby, owner.id);
    return { owner, lobby: this.#lobby, head };
  }

  async #open(owner: Member): Promise<void> {
    await this.#join(owner);
    const { conversations } = await this.store.snapshotSince(owner.id, null);
    this.#lobby = conversations.find(({ kind }) => kind === 'lobby')?.id ?? null;
  }

  #write(happening: Happening): Promise<unknown> {
    switch (happening.what) {
      case 'join':
        return this.#join(happening.member);
      case 'rename': {
        happening.member.name = readUsername(happening.to);
        return this.store.rename(happening.member.id, happening.member.name, happening.at);
      }
      case 'say':
        return this.#say(happening);
    }
  }

  #join(member: Member): Promise<unknown> {
    this.members.push(member);
    const { id, name, firstName, lastName, joinedAt: now } = member;
    return this.store.signUp({
      ...{ id, name, firstName, lastName, now },
      ...this.#credentials,
      owner: this.members.length === 1,
      session: this.session(now),
      inviteId: null,
    });
  }

  session(at: Timestamp): NewSession {
    return { id: this.#id(at), tokenHash: hashToken(toBase64url(randomBytes(32))), device: 'Demo' };
  }

  async #say(happening: Extract<Happening, { what: 'say' }>): Promise<void> {
    const { at, by, to, text } = happening;
    const { conversationId, seq } = await this.store.post({
      id: this.#id(at),
      authorId: by.id,
      conversationId: to === null ? this.#lobby : null,
      to: to?.map((member) => member.id) ?? null,
      newConversationId: this.#id(at),
      body: text,
      now: at,
    });
    if (to !== null) this.directs.set(conversationId, { members: [by, ...to], head: seq, last: happening });
  }
}

/** Who has read how far, one message taken back, and when everybody was last here. */
async function leaveTraces(
  writing: Writing,
  owner: Member,
  unread: number,
  now: Timestamp,
  chance: Chance,
): Promise<void> {
  const { store, members, directs } = writing;
  const { lobby, head } = await writing.lobby();
  const newest = [...directs.values()].toSorted((a, b) => b.last.at - a.last.at)[0];
  const work: Promise<unknown>[] = [];
  for (const member of members) {
    const left = member === owner ? unread : chance.odds(0.7) ? 0 : chance.whole(1, 40);
    const read = Math.max(0, head - left);
    work.push(store.mark(lobby, member.id, head, read, now));
    const session = writing.session(now);
    const seenAt = Math.round(now - chance.next() ** 3 * 3 * 24 * 60 * 60_000);
    work.push(
      store.createSession(member.id, session, 20, seenAt),
      store.sawMember(member.id, session.id, seenAt),
    );
    if (work.length >= AT_ONCE) await Promise.all(work.splice(0));
  }
  for (const [conversationId, direct] of directs) {
    if (direct === newest) await takeBack(store, conversationId, direct.members, now);
    for (const member of direct.members) {
      const read = direct === newest && member === owner ? direct.head - 1 : direct.head;
      work.push(store.mark(conversationId, member.id, direct.head, read, now));
    }
  }
  await Promise.all(work);
}

/** "Don't keep it": only its place stays. */
async function takeBack(
  store: AsyncStore,
  conversationId: Id,
  [author]: readonly Member[],
  now: Timestamp,
): Promise<void> {
  if (author === undefined) return;
  const at = now - 5 * 60_000;
  const message = {
    id: ulid(at),
    authorId: author.id,
    conversationId,
    to: null,
    newConversationId: ulid(at),
    body: '…',
    now: at,
  };
  const { seq } = await store.post(message);
  await store.withdraw(conversationId, seq, author.id, at);
}

/** Nine o'clock where this computer is. */
function morningOf(at: Timestamp): Timestamp {
  return new Date(at).setHours(9, 0, 0, 0);
}
