import { Connection, ConnectionLost } from '../../server/client/connection.ts';
import { formatCode, makeCode, readCode, RECOVERY_CODE_LETTERS } from '../../server/client/codes.ts';
import { retryDelay } from '../../server/client/reconnect.ts';
import { makeCodeCredential, makeCredential, prove } from '../../server/client/signing-in.ts';
import type { ResultOf } from '../../server/protocol/commands.ts';
import { PROTOCOL_VERSION, type Language, type Room } from '../../server/protocol/entities.ts';
import { SalonError } from '../../server/protocol/errors.ts';
import { CLOSE } from '../../server/protocol/frames.ts';
import { Observable } from './observable.ts';
import type { Surroundings } from './ports.ts';
import { RoomState } from './room.ts';

/**
 * - `connecting`: for the first time, nothing is known of the room yet
 * - `door`: the room answered, nobody is signed in
 * - `in`: signed in, connected
 * - `lost`: was here before and is trying to come back; what is known stays readable
 * - `ended`: the two cannot speak with each other; see `ending`
 */
export type VisitStatus = 'connecting' | 'door' | 'in' | 'lost' | 'ended';

/** Somebody who signed in to this room on this computer before. */
export interface KnownPerson {
  username: string;
  name: string;
}

export interface SignUpForm {
  lastName: string;
  firstName: string;
  username: string;
  password: string;
}

const CLIENT = 'salon-page';
/** How often somebody at the door of a room without an owner asks again. In milliseconds. */
const OWNER_MS = 4_000;

/** One person's visit to one room: the connection and its return, the door, and the room behind it. */
export class Visit extends Observable {
  readonly address: string;
  status: VisitStatus = 'connecting';
  ending: 'version' | null = null;
  /** Known once the room has answered. */
  about: { room: Room; needsOwner: boolean } | null = null;
  room: RoomState | null = null;
  /** People of this computer, for a quick pick at the door. */
  people: readonly KnownPerson[] = [];
  /** Shown once, after signing up or a reset. */
  recoveryCode: string | null = null;
  /** Why somebody who was in stands at the door again. */
  outBecause: 'sessionEnded' | null = null;
  /** When the next attempt begins, by this computer's clock; null while one runs. */
  retryAt: number | null = null;
  /** The host said goodbye, rather than vanish. */
  closedByHost = false;
  readonly #surroundings: Surroundings;
  readonly #language: () => Language;
  #connection: Connection | null = null;
  #ready: Promise<Connection> | null = null;
  #token: string | null = null;
  #attempts = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #left = false;
  readonly #waitsForOwner: boolean;
  #presence: 'here' | 'away' = 'here';
  #early: ((room: RoomState) => void)[] = [];
  /** The room whose drafts and outbox were taken up again. */
  #restored: RoomState | null = null;

  /** @param waitsForOwner - false for whoever brings the owner's code: they are who is waited for. */
  constructor(surroundings: Surroundings, address: string, language: () => Language, waitsForOwner = true) {
    super();
    this.#waitsForOwner = waitsForOwner;
    this.#surroundings = surroundings;
    this.address = address;
    this.#language = language;
  }

  /**
   * Begins, and goes on until `leave`. Resolves when the room has answered. When nobody does, this throws, or with
   * `persist` tries again and again: a page that came from the room itself has nowhere else to go.
   *
   * @throws ConnectionLost, SalonError.
   */
  async begin(persist = false): Promise<void> {
    try {
      await this.#connect();
    } catch (error) {
      if (this.#left || !persist || this.status === 'ended') throw error;
      this.status = 'lost';
      if (this.retryAt === null) this.#retryLater();
    }
  }

  /** @throws SalonError with the field in `detail.path`, ConnectionLost. */
  async signUp(form: SignUpForm, ownerCode: string | null): Promise<void> {
    const connection = await this.#connect();
    const code = makeCode(RECOVERY_CODE_LETTERS);
    const signedIn = await connection.ask('account.signUp', {
      lastName: form.lastName,
      firstName: form.firstName,
      username: form.username,
      password: await makeCredential(form.password, this.#surroundings.stretch),
      recovery: makeCodeCredential(code),
      device: this.#surroundings.device,
      ...(ownerCode === null ? {} : { ownerCode }),
    });
    this.recoveryCode = formatCode(code);
    await this.#comeIn(connection, signedIn.token);
  }

  /** @throws SalonError `BAD_LOGIN`, `SLOW_DOWN`; HostNotProven; ConnectionLost. */
  async signIn(username: string, password: string): Promise<void> {
    const connection = await this.#connect();
    const claim = {
      purpose: 'signIn',
      username,
      secret: password,
      device: this.#surroundings.device,
    } as const;
    const { signedIn } = await prove(connection, claim, this.#surroundings.stretch);
    if (signedIn !== null) await this.#comeIn(connection, signedIn.token);
  }

  /** With the recovery code or a one-time code from the owner; which one it is shows by its length. @throws `BAD_CODE`. */
  async recover(username: string, typedCode: string, password: string): Promise<void> {
    const secret = readCode(typedCode);
    if (secret === null) throw new SalonError('BAD_CODE', { path: 'code' });
    const connection = await this.#connect();
    const purpose = secret.length === RECOVERY_CODE_LETTERS ? 'recovery' : 'reset';
    const device = this.#surroundings.device;
    await prove(connection, { purpose, username, secret, device }, this.#surroundings.stretch);
    const code = makeCode(RECOVERY_CODE_LETTERS);
    const signedIn = await connection.ask('password.reset', {
      password: await makeCredential(password, this.#surroundings.stretch),
      recovery: makeCodeCredential(code),
      device,
    });
    this.recoveryCode = formatCode(code);
    await this.#comeIn(connection, signedIn.token);
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
    const token = this.#token;
    this.room?.leave();
    this.room = null;
    await this.#forgetToken();
    this.status = 'door';
    this.outBecause = null;
    this.changed();
    try {
      if (connection === null) throw new ConnectionLost('account.signOut');
      await connection.ask('account.signOut', {});
    } catch {
      // Nobody heard it: the session is ended as soon as the room answers again.
      if (token !== null) await this.#keepSafely('ended', token);
    }
  }

  /** Goes away; the session stays for the next time. */
  leave(): void {
    this.#left = true;
    clearTimeout(this.#retry);
    this.room?.leave();
    this.#connection?.close(1000);
    this.changed();
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
    clearTimeout(this.#retry);
    if (this.#left || this.status !== 'door' || this.about?.needsOwner !== true || !this.#waitsForOwner)
      return;
    this.#retry = setTimeout(() => void this.#helloAgain(), OWNER_MS);
  }

  /** The connection that is there, or a new one: at the door it may have been closed for idleness. */
  #connect(): Promise<Connection> {
    this.#ready ??= this.#open().catch((error: unknown) => {
      this.#ready = null;
      if (error instanceof SalonError && error.code === 'VERSION') {
        this.status = 'ended';
        this.ending = 'version';
      }
      this.#connection?.close();
      this.changed();
      throw error;
    });
    return this.#ready;
  }

  async #open(): Promise<Connection> {
    const connection = await this.#socket();
    await this.#hello(connection);
    if (this.people.length === 0) await this.#restorePeople();
    await this.#endOldSession(connection);
    this.#token ??= await this.#kept('token');
    if (this.#left) throw new ConnectionLost('hello');
    if (this.#token === null) {
      this.status = 'door';
      this.changed();
      this.#waitForOwner();
      return connection;
    }
    await this.#resume(connection, this.#token);
    return connection;
  }

  async #hello(connection: Connection): Promise<void> {
    const { room, needsOwner } = await connection.ask('hello', {
      protocol: PROTOCOL_VERSION,
      language: this.#language(),
      client: CLIENT,
    });
    if (this.about !== null && this.about.room.id !== room.id) this.#forgetRoom();
    this.about = { room, needsOwner };
  }

  async #resume(connection: Connection, token: string): Promise<void> {
    try {
      await connection.ask('session.resume', { token });
    } catch (error) {
      if (!(error instanceof SalonError) || error.code !== 'SESSION_ENDED') throw error;
      await this.#showOut();
      return;
    }
    await this.#enter(connection);
  }

  #socket(): Promise<Connection> {
    return new Promise((resolve, reject) => {
      let opened = false;
      const connection = new Connection(this.#surroundings.openRoom(this.address), {
        opened: () => {
          opened = true;
          resolve(connection);
        },
        event: (event) => this.#hear((room) => room.hearEvent(event)),
        signal: (signal) => this.#hear((room) => room.hearSignal(signal)),
        goodbye: (reason) => {
          this.closedByHost = reason === 'closing';
        },
        closed: (code) => {
          if (this.#connection === connection) this.#connection = null;
          if (opened) this.#closed(code);
          else reject(new ConnectionLost('open'));
        },
      });
      this.#connection = connection;
    });
  }

  /** What is heard before we know what it follows waits for that. */
  #hear(what: (room: RoomState) => void): void {
    if (this.room === null) this.#early.push(what);
    else what(this.room);
  }

  #closed(code: number): void {
    this.#ready = null;
    if (this.#left || this.status === 'ended') return;
    if (code === CLOSE.version) {
      this.status = 'ended';
      this.ending = 'version';
      return this.changed();
    }
    if (code === CLOSE.sessionEnded) return void this.#showOut();
    // Nobody waits at the door for ever; whoever does something there connects anew.
    if (this.status === 'door' && code === CLOSE.tooSlowToSpeak) return;
    if (this.status === 'connecting') return;
    this.room?.leave();
    this.status = 'lost';
    this.#retryLater();
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
      if (!this.#left && this.status === 'lost' && this.retryAt === null) this.#retryLater();
    }
  }

  async #comeIn(connection: Connection, token: string): Promise<void> {
    this.#token = token;
    // Before anything else can go wrong: with it a reload comes back to where we are.
    await this.#keepSafely('token', token);
    await this.#enter(connection);
    const { room } = this;
    if (room === null) return;
    const person = { username: room.self.username, name: `${room.self.firstName} ${room.self.lastName}` };
    this.people = [person, ...this.people.filter(({ username }) => username !== person.username)].slice(0, 6);
    await this.#keepSafely('people', JSON.stringify(this.people));
  }

  async #enter(connection: Connection): Promise<void> {
    this.#early = [];
    const told = await connection.ask('room.enter', {});
    const room = this.room?.me === told.me ? this.room : new RoomState(this.#surroundings, told);
    this.room = room;
    room.enter(connection, told);
    for (const what of this.#early) what(room);
    this.#early = [];
    if (this.#presence === 'away') room.setPresence('away');
    if (this.#restored !== room) {
      await room.restore();
      this.#restored = room;
    }
    if (this.#left) return room.leave();
    this.about = { room: told.room, needsOwner: false };
    this.status = 'in';
    this.outBecause = null;
    this.retryAt = null;
    this.closedByHost = false;
    this.changed();
  }

  /** Back to the door: the session is over. What was typed is kept for when the same person signs in again. */
  async #showOut(): Promise<void> {
    const wasIn = this.room !== null;
    this.room?.leave();
    this.room = null;
    await this.#forgetToken();
    this.status = 'door';
    this.outBecause = wasIn ? 'sessionEnded' : null;
    this.changed();
  }

  /** Another room answers at this address: nothing of the former one is its business. */
  #forgetRoom(): void {
    this.room?.leave();
    this.room = null;
    this.#token = null;
    this.people = [];
  }

  async #forgetToken(): Promise<void> {
    const token = this.#token;
    this.#token = null;
    // Another window may have signed in anew since.
    if (token !== null && (await this.#kept('token')) === token) await this.#keepSafely('token', null);
  }

  /** A sign-out that nobody heard is made good. */
  async #endOldSession(connection: Connection): Promise<void> {
    const token = await this.#kept('ended');
    if (token === null) return;
    try {
      await connection.ask('session.resume', { token });
      await connection.ask('account.signOut', {});
    } catch (error) {
      if (!(error instanceof SalonError)) throw error;
    }
    await this.#keepSafely('ended', null);
  }

  /**
   * Kept for this room at this address. Any host can say that it is a room of some id: a token that was given at one
   * address is not shown at another, where the password proves the host first.
   */
  #key(what: 'token' | 'people' | 'ended'): string {
    return `${what}/${this.about?.room.id ?? ''}/${this.address}`;
  }

  async #kept(what: 'token' | 'people' | 'ended'): Promise<string | null> {
    const key = this.#key(what);
    const entries = await this.#surroundings.keep.all(key);
    return entries.find(([name]) => name === key)?.[1] ?? null;
  }

  async #keepSafely(what: 'token' | 'people' | 'ended', value: string | null): Promise<void> {
    // A place that keeps nothing asks for the password next time, which is no reason to stop now.
    await this.#surroundings.keep.set(this.#key(what), value).catch(() => undefined);
  }

  async #restorePeople(): Promise<void> {
    const kept = await this.#kept('people');
    if (kept === null) return;
    try {
      const people: unknown = JSON.parse(kept);
      if (Array.isArray(people)) this.people = people.filter(isKnownPerson);
    } catch {
      // A list of names to pick from: without it one types.
    }
  }
}

function isKnownPerson(value: unknown): value is KnownPerson {
  const person = value as Partial<KnownPerson> | null;
  return typeof person?.username === 'string' && typeof person.name === 'string';
}
