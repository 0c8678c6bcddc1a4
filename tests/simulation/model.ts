import type { Id, Seq, Timestamp } from '../../server/protocol/entities.ts';
import { LIMITS } from '../../server/protocol/entities.ts';
import { SalonError } from '../../server/protocol/errors.ts';
import type { LogEvent } from '../../server/protocol/events.ts';
import {
  FORMER_NAME_RESERVED_MS,
  type People,
  type PostedMessage,
  type Published,
  type Snapshot,
  type Store,
  type StoredMember,
  type StoredRoom,
  type StoredSession,
  type Username,
} from '../../server/store/records.ts';

/** As much of the store as a room needs whose people have signed up already. */
export type Modelled = Pick<
  Store,
  | 'room'
  | 'resumeSession'
  | 'snapshotSince'
  | 'openDirect'
  | 'conversation'
  | 'audience'
  | 'post'
  | 'withdraw'
  | 'mark'
  | 'page'
  | 'rename'
  | 'sawMember'
>;

export interface ModelledConversation {
  readonly id: Id;
  readonly kind: 'lobby' | 'direct';
  /** Empty for the lobby. */
  readonly memberIds: Id[];
  readonly events: LogEvent[];
  lastAt: Timestamp;
  readonly places: Map<Id, { delivered: Seq; read: Seq }>;
}

interface FormerUsername {
  memberId: Id;
  name: Username;
  to: Timestamp;
}

/** What the room is when the model begins: the same as a real one's. */
export interface Beginning {
  room: StoredRoom;
  members: StoredMember[];
  lobby: { id: Id; events: LogEvent[]; places: Map<Id, { delivered: Seq; read: Seq }> };
  /** By the hash of its token. */
  sessions: readonly (readonly [tokenHash: string, session: StoredSession])[];
  nameOf: (username: string) => Username;
  /** What was said before. */
  past?: readonly PostedMessage[];
}

/** What is answered to a message. */
type First = { conversationId: Id; seq: Seq; at: Timestamp };

/**
 * The store in memory, without SQL: what takes SQLite a file takes this a few objects, so that thousands of histories can
 * be tried. That it answers like the real one is a test of its own. Every change can be undone: a crash takes back what
 * was not on disk.
 */
export class Model implements Modelled {
  conversations = new Map<Id, ModelledConversation>();
  /** Only ever grows, like the real one. */
  #peopleVersion = 0;
  #undo: (() => void)[] = [];
  #room: StoredRoom;
  #members: Map<Id, StoredMember>;
  #sessions: Map<string, StoredSession>;
  #former: FormerUsername[] = [];
  #first = new Map<string, First>();
  readonly #withdrawnAs = new WeakMap<LogEvent, LogEvent>();
  readonly #nameOf: (username: string) => Username;

  constructor({ room, members, lobby, sessions, nameOf, past = [] }: Beginning) {
    this.#room = room;
    this.#members = new Map(members.map((member) => [member.id, member]));
    this.#sessions = new Map(sessions);
    this.#nameOf = nameOf;
    const places = new Map(lobby.places);
    const lastAt = Math.max(...lobby.events.map(({ at }) => at));
    this.conversations.set(lobby.id, {
      id: lobby.id,
      kind: 'lobby',
      memberIds: [],
      events: [...lobby.events],
      lastAt,
      places,
    });
    for (const message of past) this.post(message);
    this.keep();
  }

  /** A copy of everything. The answer puts it back, as another lineage: numbers begin anew from there. */
  backUp(): (epoch: Id) => void {
    const copyOf = (all: typeof this.conversations) =>
      new Map(
        [...all].map(([id, each]) => [
          id,
          { ...each, events: [...each.events], places: new Map(each.places) },
        ]),
      );
    const conversations = copyOf(this.conversations);
    const [members, sessions, former, first] = [
      new Map(this.#members),
      new Map(this.#sessions),
      [...this.#former],
      new Map(this.#first),
    ];
    return (epoch) => {
      this.#room = { ...this.#room, epoch };
      this.conversations = copyOf(conversations);
      this.#members = new Map(members);
      this.#sessions = new Map(sessions);
      this.#former = [...former];
      this.#first = new Map(first);
    };
  }

  /** What was changed since the last `keep` is undone. */
  takeBack(): void {
    this.#peopleVersion += 1;
    for (const undo of this.#undo.toReversed()) undo();
    this.#undo = [];
  }

  keep(): void {
    this.#undo = [];
  }

  room(): StoredRoom {
    return { ...this.#room };
  }

  resumeSession(tokenHash: string, idleMs: number, absoluteMs: number, now: Timestamp) {
    const found = this.#sessions.get(tokenHash);
    if (found === undefined) return null;
    if (now - found.lastSeenAt > idleMs || now - found.createdAt > absoluteMs) return null;
    this.#set(this.#sessions, tokenHash, { ...found, lastSeenAt: now });
    return { ...found, lastSeenAt: now, role: this.#member(found.memberId).role };
  }

  #snapshot(memberId: Id): Snapshot {
    const mine = [...this.conversations.values()].filter(({ places }) => places.has(memberId));
    return {
      room: this.room(),
      people: {
        version: this.#peopleVersion,
        members: [...this.#members.values()],
        formerNames: this.#formerNames(),
      },
      conversations: mine.map((each) => this.#describe(each, memberId)),
    };
  }

  snapshotSince(memberId: Id, version: number | null): Snapshot<People | null> {
    const { people, ...rest } = this.#snapshot(memberId);
    return { ...rest, people: people.version === version ? null : people };
  }

  openDirect(memberIds: Id[], by: Id, newConversationId: Id, now: Timestamp) {
    const { conversation, published } = this.#findOrOpen(memberIds, by, newConversationId, now);
    return { conversation: this.#describe(conversation, by), published };
  }

  conversation(conversationId: Id, memberId: Id) {
    return this.#describe(this.#place(conversationId, memberId), memberId);
  }

  audience(conversationId: Id, memberId: Id): Id[] | null {
    return audienceOf(this.#place(conversationId, memberId));
  }

  post(message: PostedMessage): First & { published: Published[] } {
    const first = this.firstAnswer(message);
    if (first !== null) return { ...first, published: [] };
    const { authorId, id, body, now } = message;
    const opening: Published[] = [];
    let { conversationId } = message;
    if (conversationId === null) {
      const opened = this.#findOrOpen(message.to ?? [], authorId, message.newConversationId, now);
      conversationId = opened.conversation.id;
      if (opened.published !== null) opening.push(opened.published);
    }
    const conversation = this.#place(conversationId, authorId);
    const event = this.#append(conversation, now, (position) => ({
      type: 'message.posted',
      ...position,
      authorId,
      id,
      body,
    }));
    this.#advance(conversation, authorId, event.seq, event.seq);
    const answer = { conversationId, seq: event.seq, at: event.at };
    this.#set(this.#first, `${authorId} ${id}`, answer);
    return { ...answer, published: [...opening, { event, audience: audienceOf(conversation) }] };
  }

  withdraw(conversationId: Id, seq: Seq, authorId: Id, now: Timestamp): Published {
    const conversation = this.#place(conversationId, authorId);
    const message = conversation.events[seq - 1];
    if (message?.type !== 'message.posted' || message.authorId !== authorId)
      throw new SalonError('NO_SUCH_MESSAGE');
    const audience = audienceOf(conversation);
    const earlier = this.#withdrawnAs.get(message);
    if (earlier !== undefined) return { event: earlier, audience };
    const hasReached = [...conversation.places].some(
      ([memberId, { delivered }]) => memberId !== authorId && delivered >= seq,
    );
    if (audience === null || hasReached) throw new SalonError('ALREADY_DELIVERED');
    const event = this.#append(conversation, now, (position) => ({
      type: 'message.withdrawn',
      ...position,
      authorId,
      messageSeq: seq,
    }));
    const erased: LogEvent = { ...message, body: null };
    conversation.events[seq - 1] = erased;
    this.#withdrawnAs.set(erased, event);
    this.#undo.push(() => (conversation.events[seq - 1] = message));
    return { event, audience };
  }

  mark(conversationId: Id, memberId: Id, delivered: Seq, read: Seq) {
    const conversation = this.#place(conversationId, memberId);
    const moved = this.#advance(conversation, memberId, delivered, read);
    return moved === null ? null : { ...moved, audience: audienceOf(conversation) };
  }

  page(conversationId: Id, memberId: Id, range: { before: Seq } | { after: Seq }, limit: number) {
    const { events } = this.#place(conversationId, memberId);
    const most = Math.max(0, Math.min(limit, LIMITS.pageEvents));
    const from = 'before' in range ? Math.max(0, range.before - 1 - most) : range.after;
    const to = 'before' in range ? Math.max(0, range.before - 1) : from + most;
    return { events: events.slice(from, to), head: events.length };
  }

  rename(memberId: Id, name: Username, now: Timestamp): Published | null {
    const member = this.#member(memberId);
    const from = this.#nameOf(member.username);
    if (member.username === name.username) return null;
    if (this.#isTaken(name, memberId, now)) throw new SalonError('NAME_TAKEN');
    this.#peopleVersion += 1;
    this.#former.push({ memberId, name: from, to: now });
    this.#undo.push(() => this.#former.pop());
    this.#set(this.#members, memberId, { ...member, username: name.username });
    const lobby = [...this.conversations.values()][0];
    if (lobby === undefined) throw new Error('a room without a lobby');
    const event = this.#append(lobby, now, (position) => ({
      type: 'member.renamed',
      ...position,
      authorId: memberId,
      from: from.username,
      to: name.username,
    }));
    return { event, audience: null };
  }

  sawMember(memberId: Id, sessionId: Id, now: Timestamp): void {
    this.#set(this.#members, memberId, { ...this.#member(memberId), lastSeenAt: now });
    for (const [hash, session] of this.#sessions)
      if (session.id === sessionId) this.#set(this.#sessions, hash, { ...session, lastSeenAt: now });
  }

  /** What was answered to the same message before. For those who want to see what happens without it. */
  protected firstAnswer({ authorId, id, conversationId, to, body }: PostedMessage): First | null {
    const first = this.#first.get(`${authorId} ${id}`);
    if (first === undefined) return null;
    const place = this.#place(first.conversationId, authorId);
    const event = place.events[first.seq - 1];
    const isSameTarget =
      to === null
        ? conversationId === first.conversationId
        : place.kind === 'direct' && nameOf([...to, authorId]) === nameOf(place.memberIds);
    const before = event?.type === 'message.posted' ? event.body : null;
    if (!isSameTarget || (before !== null && before !== body)) throw new SalonError('CID_REUSED');
    return first;
  }

  #findOrOpen(people: readonly Id[], by: Id, newConversationId: Id, now: Timestamp) {
    const memberIds = [...new Set([...people, by])].toSorted();
    if (memberIds.length > LIMITS.directMembers) throw new SalonError('BAD_SHAPE', { path: 'memberIds' });
    const name = nameOf(memberIds);
    for (const conversation of this.conversations.values())
      if (conversation.kind === 'direct' && nameOf(conversation.memberIds) === name)
        return { conversation, published: null };
    for (const id of memberIds) this.#member(id);
    const conversation: ModelledConversation = {
      id: newConversationId,
      kind: 'direct',
      memberIds,
      events: [],
      lastAt: now,
      places: new Map(memberIds.map((id) => [id, { delivered: 0, read: 0 }])),
    };
    this.#set(this.conversations, newConversationId, conversation);
    const event = this.#append(conversation, now, (position) => ({
      type: 'conversation.opened',
      ...position,
      authorId: by,
      memberIds,
    }));
    return { conversation, published: { event, audience: memberIds } };
  }

  #append(
    conversation: ModelledConversation,
    now: Timestamp,
    make: (position: Pick<LogEvent, 'conversationId' | 'seq' | 'at'>) => LogEvent,
  ): LogEvent {
    const before = conversation.lastAt;
    conversation.lastAt = Math.max(before, now);
    const seq = conversation.events.length + 1;
    const event = make({ conversationId: conversation.id, seq, at: conversation.lastAt });
    conversation.events.push(event);
    this.#undo.push(() => {
      conversation.events.pop();
      conversation.lastAt = before;
    });
    return event;
  }

  #advance(conversation: ModelledConversation, memberId: Id, delivered: Seq, read: Seq) {
    const place = conversation.places.get(memberId);
    if (place === undefined) throw new SalonError('NO_SUCH_CONVERSATION');
    const head = conversation.events.length;
    const nextRead = Math.max(place.read, Math.min(read, head));
    const nextDelivered = Math.max(place.delivered, nextRead, Math.min(delivered, head));
    if (nextRead === place.read && nextDelivered === place.delivered) return null;
    this.#set(conversation.places, memberId, { delivered: nextDelivered, read: nextRead });
    return { delivered: nextDelivered, read: nextRead };
  }

  #describe({ id, kind, memberIds, events, lastAt, places }: ModelledConversation, memberId: Id) {
    const place = places.get(memberId);
    if (place === undefined) throw new SalonError('NO_SUCH_CONVERSATION');
    const isNews = (event: LogEvent) =>
      event.type === 'message.posted' && event.authorId !== memberId && event.body !== null;
    const others = [...places].filter(([other]) => kind === 'direct' && other !== memberId);
    return {
      id,
      kind,
      memberIds,
      first: 1,
      head: events.length,
      lastAt,
      read: place.read,
      unread: Math.min(LIMITS.unreadCount, events.slice(place.read).filter(isNews).length),
      receipts: others.map(([other, { delivered, read }]) => ({ memberId: other, delivered, read })),
    };
  }

  #formerNames() {
    const present = new Set([...this.#members.values()].map(({ username }) => this.#nameOf(username).key));
    return this.#former
      .filter(({ name }) => !present.has(name.key))
      .map(({ name, memberId }) => ({ username: name.username, memberId }));
  }

  #isTaken({ key, skeleton }: Username, except: Id, now: Timestamp): boolean {
    const isLike = (name: Username) => name.key === key || name.skeleton === skeleton;
    const isSomebodys = [...this.#members.values()].some(
      ({ id, username }) => id !== except && isLike(this.#nameOf(username)),
    );
    const isReserved = this.#former.some(
      ({ memberId, name, to }) => memberId !== except && isLike(name) && to > now - FORMER_NAME_RESERVED_MS,
    );
    return isSomebodys || isReserved;
  }

  #place(conversationId: Id, memberId: Id): ModelledConversation {
    const conversation = this.conversations.get(conversationId);
    if (conversation?.places.has(memberId) !== true) throw new SalonError('NO_SUCH_CONVERSATION');
    return conversation;
  }

  #member(id: Id): StoredMember {
    const member = this.#members.get(id);
    if (member === undefined) throw new SalonError('NO_SUCH_MEMBER');
    return member;
  }

  #set<K, V>(map: Map<K, V>, key: K, value: V): void {
    const before = map.get(key);
    map.set(key, value);
    this.#undo.push(() => {
      if (before === undefined) map.delete(key);
      else map.set(key, before);
    });
  }
}

const audienceOf = ({ kind, memberIds }: ModelledConversation) => (kind === 'lobby' ? null : [...memberIds]);
const nameOf = (memberIds: readonly Id[]) => [...new Set(memberIds)].toSorted().join(' ');
