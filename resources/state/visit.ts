import { Connection, ConnectionLost } from '../../server/client/connection.ts';
import { retryDelay } from '../../server/client/reconnect.ts';
import type { ResultOf } from '../../server/protocol/commands.ts';
import type { Diagnosis } from '../../server/protocol/diagnosis.ts';
import {
  PROTOCOL_VERSION,
  type Channel,
  type Fingerprint,
  type Language,
  type Room,
  type RoomSettings,
} from '../../server/protocol/entities.ts';
import { SalonError, type RefusalCode } from '../../server/protocol/errors.ts';
import { CLOSE, type GoodbyeReason } from '../../server/protocol/frames.ts';
import {
  enterAsGuest,
  recover,
  signIn,
  signUp,
  typedCode,
  type LetIn,
  type SignUpForm,
} from './coming-in.ts';
import { unionOf, type Destination } from './destination.ts';
import { Invitation, type InviteTerms } from './invitation.ts';
import { Observable } from './observable.ts';
import type { RoomChannel, Surroundings } from './ports.ts';
import { diagnosisOf, NoWayIn } from './problem.ts';
import { RoomKeep, type KnownPerson } from './room-keep.ts';
import { RoomState } from './room.ts';
import { Tokens } from './tokens.ts';
import { Way } from './way.ts';

export type { SignUpForm } from './coming-in.ts';
export type { KnownPerson } from './room-keep.ts';

/**
 * - `connecting`: for the first time, nothing is known of the room yet
 * - `meeting`: a key that was never seen here answered; nothing was said to it, and nothing will be before `trust`
 * - `otherKey`: another key answered than this room had; nothing was said to it either
 * - `door`: the room answered, nobody is signed in
 * - `in`: signed in, connected
 * - `lost`: was here before and is trying to come back; what is known stays readable
 * - `ended`: there is no coming back by itself; see `ending`
 */
export type VisitStatus = 'connecting' | 'meeting' | 'otherKey' | 'door' | 'in' | 'lost' | 'ended';

/** Why there is no coming back by itself: the two speak different versions, or the room said so. */
export type Ending = 'version' | 'removed' | 'banned' | 'guestEnded';

/** What a visit asks of the program around it. */
export interface Around {
  language(): Language;
  /** Has this computer been in a room with this key, or does it host it? Then no question is asked. */
  knows(fingerprint: Fingerprint): boolean;
  /** The key of the room that was last found at this address; null for none. */
  keyAt(address: string): Fingerprint | null;
  /** With it the sign-up at the door makes the room's owner. */
  ownerCode(): string | null;
}

/** Goodbyes after which nobody tries to come back. */
const ENDINGS: Partial<Record<GoodbyeReason, Ending>> = {
  removed: 'removed',
  banned: 'banned',
  guestEnded: 'guestEnded',
};
const CLIENT = 'salon-page';
/** How often somebody at the door of a room without an owner asks again. In milliseconds. */
const OWNER_MS = 4_000;
const MINUTE_MS = 60_000;
/** How long a host may take to answer a computer that has just woken up. In milliseconds. */
const AWAKE_MS = 2_000;

/** It is for a person to say whether this key is the room's. */
class Undecided extends Error {
  override readonly name = 'Undecided';
}

/** One person's visit to one room: the connection and its return, the door, and the room behind it. */
export class Visit extends Observable {
  status: VisitStatus = 'connecting';
  ending: Ending | null = null;
  /** Known once the room has answered. */
  about: { room: Room; needsOwner: boolean; channel: Channel; settings: RoomSettings } | null = null;
  /** Of the key that answered; in a browser, as the host says. */
  fingerprint: Fingerprint | null = null;
  /** With status `otherKey`. */
  otherKey: { known: Fingerprint; found: Fingerprint } | null = null;
  room: RoomState | null = null;
  /** Of a session that ended: whoever comes in again finds what was not sent. */
  #former: RoomState | null = null;
  /** People of this computer, for a quick pick at the door. */
  people: readonly KnownPerson[] = [];
  /** Shown once, after signing up or a reset. */
  recoveryCode: string | null = null;
  /** Why somebody who was in stands at the door again. */
  outBecause: 'sessionEnded' | null = null;
  /** When the next attempt begins, by this computer's clock; null while one runs. */
  retryAt: number | null = null;
  /** Why the last attempt failed; at the door, `clock` when that is what is wrong with the join code. */
  diagnosis: Diagnosis | null = null;
  /** The room was found again at this address, which is not where it was. */
  movedTo: string | null = null;
  /** The host said goodbye, rather than vanish. */
  closedByHost = false;
  /** The host said that it is back in a moment. */
  reopening = false;
  readonly #surroundings: Surroundings;
  readonly #around: Around;
  readonly #name: string;
  readonly #code: string | null;
  readonly #invitation: Invitation;
  readonly #way: Way;
  #keep: RoomKeep | null = null;
  #tokens: Tokens | null = null;
  #connection: Connection | null = null;
  #ready: Promise<Connection> | null = null;
  #attempts = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  /** Not the one above: an answer that comes late must not stop the attempts to come back. */
  #ownerTimer: ReturnType<typeof setTimeout> | undefined;
  #left = false;
  #goodbye: GoodbyeReason | null = null;
  /** How far the host's clock is ahead of ours, in milliseconds. */
  #clockAhead = 0;
  #presence: 'here' | 'away' = 'here';
  /** By which connection somebody is coming in: between asking to and being there. */
  #entering: Connection | null = null;
  #early: ((room: RoomState) => void)[] = [];

  constructor(surroundings: Surroundings, { target, code, name }: Destination, around: Around) {
    super();
    this.#surroundings = surroundings;
    this.#around = around;
    this.#way = new Way(target);
    this.#code = code;
    this.#name = name;
    this.#invitation = new Invitation(code);
  }

  /** `host:port` where the room was found, or is looked for first. */
  get address(): string {
    return this.#way.address;
  }

  /** What the room is called, or until it has answered, what it is said to be called. */
  get name(): string {
    return this.about?.room.name ?? this.#name;
  }

  /** For whoever comes back here after a reload. */
  get destination(): Destination {
    return { target: this.#way.target, code: this.#code, name: this.name };
  }

  /** Where the room may be, where it was found first. */
  get addresses(): readonly string[] {
    return unionOf([this.address], this.room?.addresses ?? [], this.#way.target.addresses);
  }

  /** What the join code that we came with allows; null for none, or before the room has said. */
  get invite(): InviteTerms | null {
    return this.#invitation.terms;
  }

  /** What the host said of our join code instead. One can still sign in. */
  get inviteProblem(): RefusalCode | null {
    return this.#invitation.problem;
  }

  /** With it the sign-up makes the room's owner; null when there is none, or an owner already. */
  get ownerCode(): string | null {
    if (this.about?.needsOwner === false) return null;
    return this.#invitation.ownerCode ?? this.#around.ownerCode();
  }

  /** Whether the room lets a guest in by this door now. Apps are for members, unless the code is for a guest. */
  get canEnterAsGuest(): boolean {
    if (this.about === null) return false;
    const { channel, settings } = this.about;
    const isTime = settings.guestsUntil !== null && settings.guestsUntil > Date.now() + this.#clockAhead;
    const isDoor = channel !== 'app' || this.invite?.role === 'guest';
    return isTime && isDoor && (settings.access === 'open' || this.invite !== null);
  }

  /**
   * Begins, and goes on until `leave`. Resolves when the room has answered, or when a question must be answered first
   * (`meeting`, `otherKey`). When nobody answers, this throws, or with `persist` tries again and again: a page that came
   * from the room itself has nowhere else to go.
   *
   * @throws NoWayIn, ConnectionLost, SalonError.
   */
  async begin(persist = false): Promise<void> {
    try {
      await this.#connect();
    } catch (error) {
      if (error instanceof Undecided) return;
      if (this.#left || !persist || this.status === 'ended') throw error;
      this.status = 'lost';
      if (this.retryAt === null) this.#retryLater();
    }
  }

  /** This key is the room's: goes on to the door. */
  async trust(): Promise<void> {
    if (this.status !== 'meeting' || this.fingerprint === null) return;
    await this.#goOn(this.fingerprint);
  }

  /** The room has this key from now on. What was kept for the one before is not shown to it. */
  async acceptKey(): Promise<void> {
    if (this.status !== 'otherKey' || this.otherKey === null) return;
    const { found } = this.otherKey;
    this.otherKey = null;
    await this.#goOn(found);
  }

  clearMoved(): void {
    this.movedTo = null;
    this.changed();
  }

  /** @throws SalonError with the field in `detail.path`, ConnectionLost. */
  async signUp(form: SignUpForm, ownerCode: string | null): Promise<void> {
    const connection = await this.#connect();
    const right = ownerCode === null ? this.#inviteFor('member') : { ownerCode };
    await this.#comeIn(connection, await signUp(connection, form, right, this.#surroundings));
  }

  /** In as a guest. @throws SalonError `NAME_INVALID`, `NAME_TAKEN`, `GUESTS_OFF`, `INVITE_…`; ConnectionLost. */
  async enterAsGuest(name: string): Promise<void> {
    const connection = await this.#connect();
    const right = this.#inviteFor('guest');
    await this.#comeIn(connection, await enterAsGuest(connection, name, right, this.#surroundings));
  }

  /** @throws SalonError `BAD_LOGIN`, `SLOW_DOWN`; HostNotProven; ConnectionLost. */
  async signIn(username: string, password: string): Promise<void> {
    const connection = await this.#connect();
    const { binding } = this.#way;
    const letIn = await signIn(connection, username, password, binding, this.#surroundings);
    if (letIn !== null) await this.#comeIn(connection, letIn);
  }

  /** With the recovery code or a one-time code from the owner. @throws `BAD_CODE`. */
  async recover(username: string, typed: string, password: string): Promise<void> {
    const code = typedCode(typed);
    const connection = await this.#connect();
    const { binding } = this.#way;
    const form = { username, code, password };
    await this.#comeIn(connection, await recover(connection, form, binding, this.#surroundings));
  }

  async checkUsername(username: string): Promise<ResultOf<'username.check'>> {
    const connection = await this.#connect();
    return connection.ask('username.check', { username });
  }

  keptRecoveryCode(): void {
    this.recoveryCode = null;
    this.changed();
  }

  /** Told to the room now, and again after each return: a new connection counts as here. */
  setPresence(presence: 'here' | 'away'): void {
    this.#presence = presence;
    this.room?.setPresence(presence);
  }

  /** Ends this session. One may sign in again at the door. */
  async signOut(): Promise<void> {
    const connection = this.#connection;
    const token = this.#tokens?.current ?? null;
    this.room?.leave();
    this.room = this.#former = null;
    await this.#tokens?.forget();
    this.status = 'door';
    this.outBecause = null;
    this.changed();
    try {
      if (connection === null) throw new ConnectionLost('account.signOut');
      await connection.ask('account.signOut', {});
    } catch {
      await this.#tokens?.endLater(token);
    }
  }

  /** Goes away; the session stays for the next time. */
  leave(): void {
    this.#left = true;
    clearTimeout(this.#retry);
    clearTimeout(this.#ownerTimer);
    this.room?.leave();
    this.#connection?.close(1000);
    this.changed();
  }

  /**
   * This computer slept, or its network changed. A connection from before may be dead, and neither end would say so for
   * half a minute: the room is asked something, and whoever does not answer is left for a new connection.
   */
  check(): void {
    if (this.status !== 'in') return this.tryNow();
    if (this.#connection !== null) void this.#callAgain(this.#connection);
  }

  /** Does not wait for the next attempt. */
  tryNow(): void {
    if (this.status === 'door') return void this.#helloAgain();
    if (this.status !== 'lost' || this.retryAt === null) return;
    clearTimeout(this.#retry);
    this.#attempts = 0;
    void this.#again();
  }

  /** Whether the owner has come meanwhile: only another hello tells. */
  async #helloAgain(): Promise<void> {
    if (this.status !== 'door') return;
    try {
      const connection = await this.#connect();
      await this.#hello(connection);
      this.changed();
    } catch {
      // Nobody answers just now: the next time.
    }
    this.#waitForOwner();
  }

  /** A room without an owner opens for everybody once there is one; nobody should have to ask again and again. */
  #waitForOwner(): void {
    clearTimeout(this.#ownerTimer);
    if (this.#left || this.status !== 'door' || this.about?.needsOwner !== true) return;
    // Whoever brings the owner's code is who is waited for.
    if (this.ownerCode !== null) return;
    this.#ownerTimer = setTimeout(() => void this.#helloAgain(), OWNER_MS);
  }

  #goOn(fingerprint: Fingerprint): Promise<void> {
    this.#way.pin(fingerprint);
    this.status = 'connecting';
    this.diagnosis = null;
    this.changed();
    return this.begin(true);
  }

  /** The connection that is there, or a new one: at the door it may have been closed for idleness. */
  #connect(): Promise<Connection> {
    if (this.#ready !== null) return this.#ready;
    const ready = this.#open().catch((error: unknown) => {
      if (error instanceof SalonError && error.code === 'VERSION') this.#end('version');
      if (error instanceof NoWayIn) this.diagnosis = error.diagnosis;
      // Unless another attempt has begun: what a slow disk held up must not end that one.
      if (this.#ready === ready) {
        this.#ready = null;
        this.#connection?.close();
      }
      this.changed();
      throw error;
    });
    this.#ready = ready;
    return ready;
  }

  async #open(): Promise<Connection> {
    const { connection, channel } = await this.#socket();
    if (channel !== null) this.#judge(channel);
    await this.#hello(connection);
    if (channel !== null) await this.#settleKey(connection, channel);
    if (this.people.length === 0) this.people = (await this.#keep?.people()) ?? [];
    const through = this.about?.channel;
    await this.#tokens?.endOld(connection, through);
    const token = await this.#tokens?.find(through);
    if (this.#left) throw new ConnectionLost('hello');
    if (token === undefined || token === null) await this.#arriveAtDoor(connection);
    else await this.#resume(connection, token.text);
    return connection;
  }

  /** Is this the key that is meant? With a short form the next frames tell; else a person must. @throws Undecided. */
  #judge(channel: RoomChannel): void {
    const { fingerprint, address } = channel;
    const { address: before } = this;
    this.#meet(fingerprint);
    this.#way.answered(channel);
    if (this.#way.key !== null || this.#around.knows(fingerprint)) {
      this.#way.pin(fingerprint);
      if (this.room !== null && before !== address) this.movedTo = address;
    } else if (!this.#invitation.isSpoken) {
      const known = this.#around.keyAt(address);
      throw this.#question(known === null ? null : { known, found: fingerprint });
    }
  }

  /** Puts it to a person. Nothing was said to whoever answered, and nothing will be unless they are accepted. */
  #question(otherKey: Visit['otherKey']): Undecided {
    this.otherKey = otherKey;
    this.status = otherKey === null ? 'meeting' : 'otherKey';
    return new Undecided();
  }

  /** Whoever came with a short form alone learns only now, from the other end's own proof, whose key this is. */
  async #settleKey(connection: Connection, channel: RoomChannel): Promise<void> {
    if (this.#way.key !== null) return;
    await this.#invitation.prove(connection, { ...channel, channel: 'app' });
    this.#way.pin(channel.fingerprint);
  }

  /** Of another key nothing that belonged to the former one is any business. */
  #meet(fingerprint: Fingerprint): void {
    if (this.fingerprint === fingerprint) return;
    this.room?.leave();
    this.room = null;
    this.people = [];
    this.fingerprint = fingerprint;
    this.#keep = new RoomKeep(this.#surroundings.keep, fingerprint);
    this.#tokens = new Tokens(this.#keep);
  }

  /** A host that is still there answers at once; another's silence is not waited for. */
  async #callAgain(connection: Connection): Promise<void> {
    // In two halves: where this program itself was held up, what came meanwhile is heard in between.
    let patience = setTimeout(() => {
      patience = setTimeout(() => connection.close(4000), AWAKE_MS / 2);
    }, AWAKE_MS / 2);
    // A refusal is an answer, too.
    await this.#greet(connection).catch(() => undefined);
    clearTimeout(patience);
  }

  #greet(connection: Connection): Promise<ResultOf<'hello'>> {
    const language = this.#around.language();
    return connection.ask('hello', { protocol: PROTOCOL_VERSION, language, client: CLIENT });
  }

  async #hello(connection: Connection): Promise<void> {
    const told = await this.#greet(connection);
    this.#clockAhead = told.now - Date.now();
    if (this.#way.binding === null) this.#meet(told.fingerprint);
    this.#mustBe(told.fingerprint);
    const { room, needsOwner, settings } = told;
    this.about = { room, needsOwner, settings, channel: this.#way.binding === null ? told.channel : 'app' };
  }

  /** In an app the handshake has shown the key. A host that names another one only stands in for somebody. */
  #mustBe(told: Fingerprint): void {
    if (told === this.fingerprint) return;
    throw new NoWayIn(diagnosisOf('wrongKey', { address: this.address, foundFingerprint: this.fingerprint }));
  }

  async #arriveAtDoor(connection: Connection): Promise<void> {
    if (this.fingerprint === null) return;
    const { fingerprint, address } = this;
    await this.#invitation.check(connection, {
      fingerprint,
      address,
      channel: this.about?.channel ?? 'app',
      binding: this.#way.binding,
    });
    this.diagnosis = this.#wrongClock();
    this.status = 'door';
    this.changed();
    this.#waitForOwner();
  }

  /** Over by the host's clock, and by this computer's still good: one of the two is wrong. */
  #wrongClock(): Diagnosis | null {
    const { problem, expiresAt } = this.#invitation;
    const minutes = Math.round(Math.abs(this.#clockAhead) / MINUTE_MS);
    const isGoodHere = expiresAt !== null && expiresAt > Date.now();
    if (problem !== 'INVITE_EXPIRED' || !isGoodHere || minutes === 0) return null;
    return diagnosisOf('clock', { address: this.address, detail: String(minutes) });
  }

  #inviteFor(role: 'member' | 'guest') {
    return this.#invitation.keyFor(role, this.about?.settings.access ?? 'open');
  }

  async #resume(connection: Connection, token: string): Promise<void> {
    try {
      await connection.ask('session.resume', { token });
    } catch (error) {
      if (!(error instanceof SalonError)) throw error;
      if (error.code === 'BANNED') return this.#endBy('banned');
      if (error.code !== 'SESSION_ENDED') throw error;
      if (this.room?.isGuest === true) return this.#endBy('guestEnded');
      await this.#showOut();
      return;
    }
    await this.#enter(connection);
  }

  #socket(): Promise<{ connection: Connection; channel: RoomChannel | null }> {
    return new Promise((resolve, reject) => {
      let opened = false;
      this.#goodbye = null;
      const socket = this.#surroundings.openRoom(this.#way.target);
      const connection = new Connection(socket, {
        opened: () => {
          opened = true;
          resolve({ connection, channel: socket.channel });
        },
        event: (event) => this.#hear((room) => room.hearEvent(event)),
        signal: (signal) => {
          this.#hear((room) => room.hearSignal(signal));
          if (signal.type === 'settings' && this.about !== null)
            this.about = { ...this.about, settings: signal.settings };
          // Whoever remembers where the room is watches the visit.
          if (signal.type === 'addresses') this.changed();
        },
        goodbye: (reason) => {
          this.#goodbye = reason;
          this.closedByHost = reason === 'closing';
          this.reopening = reason === 'reopening';
        },
        // At the door nobody waits for news; and a tab in the background, whose timers are slow, seems to wake all the time.
        woke: () => {
          if (this.status !== 'door') this.check();
        },
        closed: (code) => {
          if (this.#connection === connection) this.#connection = null;
          if (opened) this.#closed(code);
          else reject(this.#unreached(socket.diagnosis));
        },
      });
      this.#connection = connection;
    });
  }

  /** Nobody answered, or somebody else than is meant. */
  #unreached(diagnosis: Diagnosis | null): Error {
    if (diagnosis === null) return new ConnectionLost('open');
    const { key: known } = this.#way;
    const { code, foundFingerprint: found } = diagnosis;
    // Addresses are handed round: one room that we know at the former address of another gives no alarm.
    if (code === 'wrongKey' && found !== null && this.#around.knows(found))
      return new NoWayIn({ ...diagnosis, code: 'notFound', address: '', foundFingerprint: null });
    const isRemembered = known !== null && this.#around.knows(known);
    // A join code says which key it means; and what can be read already must not go behind a question.
    if (code !== 'wrongKey' || !isRemembered || found === null || this.#code !== null || this.room !== null)
      return new NoWayIn(diagnosis);
    this.diagnosis = diagnosis;
    this.#meet(found);
    this.#way.alsoAt(diagnosis.address);
    return this.#question({ known, found });
  }

  /**
   * What is heard before we know what it follows waits for that, also for whoever comes back: the host tells what happens
   * from the moment it is asked, and an event taken before the answer would make the host's last number look like less
   * than is known here, which is how another database looks.
   */
  #hear(what: (room: RoomState) => void): void {
    if (this.room === null || this.#entering !== null) this.#early.push(what);
    else what(this.room);
  }

  #closed(code: number): void {
    this.#ready = null;
    if (this.#left || this.status === 'ended') return;
    if (code === CLOSE.version) return this.#end('version');
    const ending = this.#goodbye === null ? undefined : ENDINGS[this.#goodbye];
    if (ending !== undefined) return void this.#endBy(ending);
    if (code === CLOSE.sessionEnded) return void this.#showOut();
    if (this.status === 'meeting' || this.status === 'otherKey') return;
    // Nobody waits at the door for ever; whoever does something there connects anew.
    if (this.status === 'door' && code === CLOSE.tooSlowToSpeak) return;
    if (this.status === 'connecting') return;
    this.room?.leave();
    this.status = 'lost';
    this.#retryLater();
  }

  #end(ending: Ending): void {
    clearTimeout(this.#retry);
    this.room?.leave();
    this.retryAt = null;
    this.status = 'ended';
    this.ending = ending;
    this.#connection?.close(1000);
    this.changed();
  }

  /** The room let this person go: what they have read stays, what lets them in does not. */
  async #endBy(ending: Ending): Promise<void> {
    this.#end(ending);
    await this.#tokens?.forget();
  }

  #retryLater(): void {
    if (this.#left) return;
    const delay = this.closedByHost
      ? Math.max(1_000, retryDelay(this.#attempts))
      : retryDelay(this.#attempts);
    this.#attempts += 1;
    this.retryAt = Date.now() + delay;
    this.changed();
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#again(), delay);
  }

  async #again(): Promise<void> {
    if (this.#left) return;
    this.retryAt = null;
    this.changed();
    try {
      await this.#connect();
      this.#attempts = 0;
    } catch {
      this.reopening = false;
      if (!this.#left && this.status === 'lost' && this.retryAt === null) this.#retryLater();
    }
  }

  async #comeIn(connection: Connection, { token, recoveryCode }: LetIn): Promise<void> {
    if (recoveryCode !== null) this.recoveryCode = recoveryCode;
    // Before anything else can go wrong: with it a reload comes back to where we are.
    await this.#tokens?.take(token);
    await this.#enter(connection);
    const { room } = this;
    if (room === null || token.what === 'guest') return;
    const person = { username: room.self.username, name: `${room.self.firstName} ${room.self.lastName}` };
    this.people = [person, ...this.people.filter(({ username }) => username !== person.username)].slice(0, 6);
    await this.#keep?.rememberPeople(this.people);
  }

  async #enter(connection: Connection): Promise<void> {
    this.#early = [];
    this.#entering = connection;
    const told = await connection.ask('room.enter', {});
    this.#mustLast(connection);
    this.#mustBe(told.fingerprint);
    const known = [this.room, this.#former].find((room) => room?.me === told.me) ?? null;
    this.#former = null;
    const room = known ?? new RoomState(this.#surroundings, told);
    room.enter(connection, told, this.#way.binding);
    // Nobody writes in it before what was left unsent is there: that goes first.
    if (known === null) await room.restore();
    if (this.#left || this.#connection !== connection) room.leave();
    if (this.#left) return;
    this.#mustLast(connection);
    this.room = room;
    this.#entering = null;
    for (const what of this.#early) what(room);
    this.#early = [];
    if (this.#presence === 'away') room.setPresence('away');
    const channel = this.about?.channel ?? 'app';
    this.about = { room: told.room, needsOwner: false, channel, settings: told.settings };
    this.status = 'in';
    this.outBecause = null;
    this.retryAt = null;
    this.diagnosis = null;
    this.closedByHost = false;
    this.reopening = false;
    this.changed();
  }

  /** It may have ended behind its last answer, or while a disk was read: nobody is in by it any more. @throws ConnectionLost. */
  #mustLast(connection: Connection): void {
    if (this.#connection !== connection) throw new ConnectionLost('room.enter');
  }

  /** Back to the door: the session is over. What was typed is kept for when the same person signs in again. */
  async #showOut(): Promise<void> {
    const wasIn = this.room !== null;
    this.room?.leave();
    this.#former = this.room;
    this.room = null;
    await this.#tokens?.forget();
    this.status = 'door';
    this.outBecause = wasIn ? 'sessionEnded' : null;
    this.changed();
  }
}
