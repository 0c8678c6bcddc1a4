import type { Clock } from './clock.ts';
import { frameText, type Turn } from './outgoing.ts';
import type { Id, Presence, Seq, Timestamp } from './protocol/entities.ts';
import type { Signal } from './protocol/events.ts';
import type { Session } from './session.ts';
import type { Published } from './store/records.ts';

/** A reload or a Wi-Fi hiccup is not a departure. In milliseconds. */
const GRACE_MS = 2_500;
/** Changes of presence gather this long, so that a class that comes in together is one signal. In milliseconds. */
const PRESENCE_MS = 200;
/** The host speaks at least this often, and names what changed lately. In milliseconds. */
export const HEARTBEAT_MS = 15_000;
/** How long a change counts as lately: longer than two heartbeats, so that one lost is no loss. */
const LATELY_MS = 40_000;
/** Where so many guests came from is remembered after their stay. */
const GUESTS_REMEMBERED = 200;

interface Person {
  sessions: Set<Session>;
  /** What everybody was told last. */
  told: Presence;
  /** Somebody who came in meanwhile was told something else. */
  toldApart: boolean;
  lastSeenAt: Timestamp | null;
  cancelLeaving: (() => void) | null;
}

interface Head {
  seq: Seq;
  audience: Id[] | null;
  at: number;
}

/**
 * Who is here, and what they hear. Every log event and every signal leaves through here, with the list of who may read
 * it; nothing else writes to a member's socket unasked.
 */
export class Hub {
  readonly #clock: Clock;
  readonly #turn: Turn;
  readonly #people = new Map<Id, Person>();
  readonly #heads = new Map<Id, Head>();
  readonly #changed = new Set<Id>();
  /** Guests whose stay is over, until everybody was told that they are offline. */
  readonly #ended = new Set<Id>();
  /** Where everybody came from last. */
  readonly #addresses = new Map<Id, string>();
  /** Guests who are gone, and whose address is known still: whoever wrote something and ran can be shut out. */
  readonly #gone: Id[] = [];
  #presenceScheduled = false;
  #presenceVersion = 0;
  #online = 0;
  readonly #stopHeartbeat: () => void;

  constructor(clock: Clock, turn: Turn) {
    this.#clock = clock;
    this.#turn = turn;
    this.#stopHeartbeat = clock.every(HEARTBEAT_MS, () => this.#heartbeat());
  }

  /** Somebody signed in there, and may never enter. */
  cameFrom(memberId: Id, address: string): void {
    this.#addresses.set(memberId, address);
  }

  /** From now on this session hears what its member may hear. */
  enter(session: Session, memberId: Id): void {
    const person = this.#person(memberId);
    this.#stopWaitingFor(memberId);
    if (person.sessions.size === 0) this.#online += 1;
    person.sessions.add(session);
    session.outgoing.listen();
    this.presenceChanged(memberId);
  }

  /** `atOnce` when the member said so; otherwise the connection broke, and may be back in a moment. */
  leave(session: Session, memberId: Id, atOnce: boolean): void {
    const person = this.#people.get(memberId);
    if (person === undefined || !person.sessions.delete(session)) return;
    session.outgoing.ignore();
    if (person.sessions.size === 0) this.#online -= 1;
    person.lastSeenAt = this.#clock.now();
    this.#presenceVersion += 1;
    if (atOnce || person.sessions.size > 0) return this.presenceChanged(memberId);
    person.cancelLeaving?.();
    person.cancelLeaving = this.#clock.after(GRACE_MS, () => {
      person.cancelLeaving = null;
      this.presenceChanged(memberId);
    });
  }

  presence(memberId: Id): Presence {
    const person = this.#people.get(memberId);
    if (person === undefined) return 'offline';
    if (person.sessions.size === 0) return person.cancelLeaving === null ? 'offline' : person.told;
    // Asked of everybody for each who comes in: nothing is made for it.
    for (const session of person.sessions) if (session.presence === 'here') return 'here';
    return 'away';
  }

  /** Another number whenever `presence` or `lastSeenAt` of anybody may be another. */
  get presenceVersion(): number {
    return this.#presenceVersion;
  }

  /**
   * Somebody comes in and is told of everybody's presence. It may be what the others have not been told yet, and be over
   * before they are: then everybody is told what holds.
   */
  toldApart(): void {
    for (const memberId of this.#changed) {
      const person = this.#people.get(memberId);
      if (person !== undefined && this.presence(memberId) !== person.told) person.toldApart = true;
    }
  }

  lastSeenAt(memberId: Id): Timestamp | null {
    return this.#people.get(memberId)?.lastSeenAt ?? null;
  }

  /** The network addresses that they are in the room from, and the one they came from last since the host was started. */
  addresses(memberId: Id): string[] {
    const last = this.#addresses.get(memberId);
    const here = this.#sessions([memberId]).map(({ address }) => address);
    return [...new Set(last === undefined ? here : [last, ...here])];
  }

  /** How many have a connection in the room. */
  get online(): number {
    return this.#online;
  }

  /** Whether the member has a connection in the room at this moment. */
  isHere(memberId: Id): boolean {
    return (this.#people.get(memberId)?.sessions.size ?? 0) > 0;
  }

  isOnline(sessionId: Id): boolean {
    return this.#sessions(null).some((session) => session.sessionId === sessionId);
  }

  /** After the commit, in the order of the commit. Framed once for everybody. */
  publish(published: readonly Published[]): void {
    for (const { event, audience } of published) {
      // Something told again, after a repeated request, is not the last there is.
      const seq = Math.max(event.seq, this.#heads.get(event.conversationId)?.seq ?? 0);
      this.#heads.set(event.conversationId, { seq, audience, at: this.#clock.monotonic() });
      this.#tell(frameText(JSON.stringify({ t: 'event', event })), audience);
      if (event.type === 'guest.ended') this.#guestEnded(event.authorId);
    }
  }

  signal(signal: Signal, audience: readonly Id[] | null, except: Session | null = null): void {
    this.#tell(frameText(JSON.stringify({ t: 'signal', signal })), audience, except);
  }

  #tell(frame: Buffer, audience: readonly Id[] | null, except: Session | null = null): void {
    if (audience === null) return this.#turn.broadcast(frame, except?.outgoing);
    for (const session of this.#sessions(audience)) if (session !== except) session.outgoing.offer(frame);
  }

  presenceChanged(memberId: Id): void {
    this.#presenceVersion += 1;
    this.#changed.add(memberId);
    if (this.#presenceScheduled) return;
    this.#presenceScheduled = true;
    this.#clock.after(PRESENCE_MS, () => this.#tellPresence());
  }

  close(): void {
    this.#stopHeartbeat();
    for (const person of this.#people.values()) person.cancelLeaving?.();
  }

  #guestEnded(memberId: Id): void {
    this.#ended.add(memberId);
    this.presenceChanged(memberId);
  }

  #tellPresence(): void {
    this.#presenceScheduled = false;
    // They will not be back in a moment.
    for (const memberId of this.#ended) this.#stopWaitingFor(memberId);
    const changes = [...this.#changed].flatMap((memberId) => {
      const person = this.#people.get(memberId);
      const presence = this.presence(memberId);
      if (person === undefined || (presence === person.told && !person.toldApart)) return [];
      person.told = presence;
      person.toldApart = false;
      return [{ memberId, presence, lastSeenAt: person.lastSeenAt }];
    });
    this.#changed.clear();
    if (changes.length > 0) this.signal({ type: 'presence', changes }, null);
    for (const memberId of this.#ended) this.#forgetGuest(memberId);
  }

  #stopWaitingFor(memberId: Id): void {
    const person = this.#people.get(memberId);
    person?.cancelLeaving?.();
    if (person !== undefined) person.cancelLeaving = null;
  }

  /** Whoever is still on their way out is forgotten when they are. */
  #forgetGuest(memberId: Id): void {
    if (this.isHere(memberId)) return;
    this.#ended.delete(memberId);
    this.#people.delete(memberId);
    this.#presenceVersion += 1;
    this.#gone.push(memberId);
    for (const old of this.#gone.splice(0, this.#gone.length - GUESTS_REMEMBERED))
      this.#addresses.delete(old);
  }

  /** Says what changed lately, so that a lost last event is noticed, and that the host is alive, so that silence is news. */
  #heartbeat(): void {
    const since = this.#clock.monotonic() - LATELY_MS;
    for (const [id, head] of this.#heads) if (head.at < since) this.#heads.delete(id);
    for (const session of this.#sessions(null)) this.#sendHeads(session);
  }

  /** For a member that was behind: what it has to ask for, and who is here now. */
  catchUp(session: Session): void {
    this.#sendHeads(session);
    const changes = [...this.#people].map(([memberId, { told: presence, lastSeenAt }]) => ({
      memberId,
      presence,
      lastSeenAt,
    }));
    if (session.memberId !== null) session.send({ t: 'signal', signal: { type: 'presence', changes } });
  }

  #sendHeads(session: Session): void {
    const memberId = session.memberId;
    if (memberId === null) return;
    const heads = [...this.#heads]
      .filter(([, { audience }]) => audience === null || audience.includes(memberId))
      .map(([id, { seq }]): [Id, Seq] => [id, seq]);
    session.send({ t: 'signal', signal: { type: 'heads', heads } });
  }

  #person(memberId: Id): Person {
    let person = this.#people.get(memberId);
    if (person === undefined) {
      person = {
        sessions: new Set(),
        told: 'offline',
        toldApart: false,
        lastSeenAt: null,
        cancelLeaving: null,
      };
      this.#people.set(memberId, person);
    }
    return person;
  }

  #sessions(audience: readonly Id[] | null): Session[] {
    if (audience === null) return [...this.#people.values()].flatMap(({ sessions }) => [...sessions]);
    return audience.flatMap((id) => [...(this.#people.get(id)?.sessions ?? [])]);
  }
}
