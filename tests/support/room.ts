import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes } from '@noble/hashes/utils.js';
import type { WebSocket } from 'ws';
import { Connection, type RoomSocket } from '../../server/client/connection.ts';
import { makeCode, RECOVERY_CODE_LETTERS } from '../../server/client/codes.ts';
import { makeCodeCredential, makeCredential, prove, type Stretch } from '../../server/client/signing-in.ts';
import { openHost, type Host, type HostOptions } from '../../server/host.ts';
import type { InputOf, ResultOf } from '../../server/protocol/commands.ts';
import { PROTOCOL_VERSION, type Channel, type Id } from '../../server/protocol/entities.ts';
import type { EventOf, LogEvent, LogEventType, Signal } from '../../server/protocol/events.ts';
import type { GoodbyeReason } from '../../server/protocol/frames.ts';
import { bindingOf, openWebSocket } from './socket.ts';

/** A real room on a real port with a real file, and people in it who speak through real sockets. */

export const PAGE_DIRECTORY = fileURLToPath(new URL('../../build/page/', import.meta.url));

/** The host cannot tell how a secret was stretched; tests that are not about it need not wait a second each time. */
export const quickStretch: Stretch = (password, salt) => Promise.resolve(sha256(concatBytes(password, salt)));

export const PASSWORD = 'lampe-de-chevet';

export interface TestRoom {
  host: Host;
  directory: string;
  address: string;
  /** Signs somebody up and lets them in. The first one owns the room. */
  join(username: string): Promise<Person>;
  /** A connection that has said hello and nothing else. */
  knock(channel?: Channel): Promise<Caller>;
  /** Closes the host and opens it again on the same file. */
  restart(options?: Partial<HostOptions>): Promise<void>;
  close(): Promise<void>;
}

const GENEROUS = {
  perAddress: 10_000,
  connections: 20_000,
  connectionsPerAddress: 20_000,
  unsigned: 10_000,
  newPerAddress: { perSecond: 10_000, burst: 10_000 },
  signUps: { perSecond: 10_000, burst: 10_000 },
};

export async function openRoom(options: Partial<HostOptions> = {}): Promise<TestRoom> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'salon-room-')));
  const open = (more: Partial<HostOptions> = {}) =>
    openHost({
      directory,
      name: 'The Kitchen',
      port: 0,
      address: '127.0.0.1',
      pageDirectory: PAGE_DIRECTORY,
      limits: GENEROUS,
      ...options,
      ...more,
    });
  const callers = new Set<Caller>();
  const room: TestRoom = {
    host: await open(),
    directory,
    get address() {
      return `127.0.0.1:${room.host.port}`;
    },
    async knock(channel = 'app') {
      const caller = await Caller.connect(room.address, { channel });
      callers.add(caller);
      return caller;
    },
    async join(username) {
      const caller = await room.knock();
      return caller.signUp(username, room.host.ownerCode());
    },
    async restart(more = {}) {
      const { port } = room.host;
      await room.host.close();
      room.host = await open({ port, ...more });
    },
    async close() {
      for (const caller of callers) caller.close();
      await room.host.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
  return room;
}

/** `ws` with the face of a browser's socket. */
export function openSocket(address: string, channel: Channel = 'app'): RoomSocket {
  return openWebSocket(address, channel) as unknown as RoomSocket;
}

/** One connection, with everything it ever heard. */
export class Caller {
  readonly events: LogEvent[] = [];
  readonly signals: Signal[] = [];
  closedWith: number | null = null;
  goodbye: GoodbyeReason | null = null;
  connection!: Connection;
  /** What the room said to our hello. */
  about!: ResultOf<'hello'>;
  /** Null in a page. */
  binding: Uint8Array | null = null;
  readonly #waiting = new Set<() => void>();

  /** @param options.localAddress - of this computer, by which the host knows the caller. */
  static async connect(
    address: string,
    { channel = 'app', ...options }: { channel?: Channel; localAddress?: string } = {},
  ): Promise<Caller> {
    const caller = new Caller();
    const socket: WebSocket = openWebSocket(address, channel, options);
    await new Promise<void>((resolve, reject) => {
      caller.connection = new Connection(socket as unknown as RoomSocket, {
        opened: () => {
          if (channel === 'app') caller.binding = bindingOf(socket);
          resolve();
        },
        event: (event) => caller.#heard(() => caller.events.push(event)),
        signal: (signal) => caller.#heard(() => caller.signals.push(signal)),
        goodbye: (reason) => caller.#heard(() => (caller.goodbye = reason)),
        closed: (code) => {
          caller.#heard(() => (caller.closedWith = code));
          reject(new Error(`closed with ${code}`));
        },
      });
    });
    caller.about = await caller.ask('hello', { protocol: PROTOCOL_VERSION, language: 'en', client: 'tests' });
    return caller;
  }

  ask: Connection['ask'] = (command, input) => this.connection.ask(command, input);

  async signUp(username: string, ownerCode: string | null): Promise<Person> {
    const recoveryCode = makeCode(RECOVERY_CODE_LETTERS);
    const signedIn = await this.ask('account.signUp', {
      ...(await signUpInput(username, recoveryCode)),
      ...(ownerCode === null ? {} : { ownerCode }),
    });
    const entered = await this.ask('room.enter', {});
    return { ...signedIn, caller: this, username, recoveryCode, entered, ...speaking(this, entered) };
  }

  async signIn(username: string, password = PASSWORD): Promise<Person> {
    const { signedIn } = await this.prove('signIn', username, password);
    if (signedIn === null) throw new Error('not signed in');
    const entered = await this.ask('room.enter', {});
    return { ...signedIn, caller: this, username, recoveryCode: '', entered, ...speaking(this, entered) };
  }

  prove(purpose: 'signIn' | 'reauth' | 'recovery' | 'reset', username: string, secret: string) {
    return prove(this.connection, { purpose, username, secret, device: 'tests' }, quickStretch, this.binding);
  }

  /** Waits until something that was heard satisfies `found`. */
  async until<T>(found: () => T | undefined | false | null, what: string, ms = 5_000): Promise<T> {
    const deadline = Date.now() + ms;
    for (;;) {
      const result = found();
      if (result !== undefined && result !== false && result !== null) return result;
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`waited in vain for ${what}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#waiting.add(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  hears<T extends LogEventType>(
    type: T,
    which: (event: EventOf<T>) => boolean = () => true,
  ): Promise<EventOf<T>> {
    return this.until(
      () =>
        this.events.find((event): event is EventOf<T> => event.type === type && which(event as EventOf<T>)),
      `an event ${type}`,
    );
  }

  close(): void {
    if (this.closedWith === null) this.connection.close();
  }

  #heard(note: () => unknown): void {
    note();
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}

export async function signUpInput(
  username: string,
  recoveryCode: string,
): Promise<InputOf<'account.signUp'>> {
  return {
    lastName: 'Lovelace',
    firstName: username,
    username,
    password: await makeCredential(PASSWORD, quickStretch),
    recovery: makeCodeCredential(recoveryCode),
    device: 'tests',
  };
}

/** Somebody who is in the room. */
export interface Person extends ReturnType<typeof speaking> {
  caller: Caller;
  memberId: Id;
  sessionId: Id;
  token: string;
  username: string;
  recoveryCode: string;
  entered: ResultOf<'room.enter'>;
}

function speaking(caller: Caller, entered: ResultOf<'room.enter'>) {
  const lobby = entered.conversations.find(({ kind }) => kind === 'lobby')?.id ?? '';
  return {
    lobby,
    say: (id: Id, body: string, conversationId: Id = lobby) =>
      caller.ask('message.post', { id, conversationId, body }),
    tell: (id: Id, to: Id[], body: string) => caller.ask('message.post', { id, to, body }),
  };
}

/** The code of a refusal. @throws when nothing was refused. */
export async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
  throw new Error('nothing was refused');
}
