import type { AppLink } from '../../resources/app-link.ts';
import { keepInApp } from '../../resources/keep.ts';
import type { ConversationState } from '../../resources/state/conversation.ts';
import { toAddress, type Destination } from '../../resources/state/destination.ts';
import type { ChannelSocket, Keep, RoomChannel, Surroundings } from '../../resources/state/ports.ts';
import { NoWayIn } from '../../resources/state/problem.ts';
import { Visit, type Around } from '../../resources/state/visit.ts';
import { fromBase64url } from '../../server/protocol/base64url.ts';
import type { Target } from '../../server/protocol/control.ts';
import type { Diagnosis } from '../../server/protocol/diagnosis.ts';
import type { Channel, Fingerprint } from '../../server/protocol/entities.ts';
import type { LogEvent } from '../../server/protocol/events.ts';
import { spokenMeans } from '../../server/protocol/invite.ts';
import { race, RaceLost } from '../../server/race.ts';
import type { WebSocket } from 'ws';
import { openSocket, PASSWORD, quickStretch } from './room.ts';

export interface VisitorOptions {
  /** `app` by default: through pinned TLS. Otherwise a page of the room's own, by one of its doors. */
  channel?: Channel;
  /** The join code or short form to come with. */
  code?: string;
  /** The line to the extension that keeps things and finds the room; asked anew for each page. */
  app?: () => AppLink;
}

/** Told of every frame of one socket, as it leaves and as it comes. */
export interface Recorder {
  sent(frame: string): void;
  heard(frame: string): void;
}

/** The interface's own state, without a page: it talks to a real room through real sockets that can be cut. */
export class Visitor {
  readonly kept = new Map<string, string>();
  readonly sockets = new Set<WebSocket>();
  /** Everything that was said to whoever answered. */
  readonly said: string[] = [];
  /** Keys of rooms that this computer has been in, and where. */
  readonly recent = new Map<Fingerprint, string>();
  /** For tests that change the order or the time in which frames arrive: calls `pass` when it sees fit. */
  arriving: (frame: string, pass: () => void) => void = (_, pass) => pass();
  /** For tests that keep a record of what was said and heard: asked for each socket. */
  recording: (() => Recorder) | null = null;
  visit: Visit;
  readonly #address: () => string;
  readonly #channel: Channel;
  readonly #app: (() => AppLink) | undefined;

  /** @param address - where to look, asked anew for each attempt. */
  constructor(address: () => string, { channel = 'app', code, app }: VisitorOptions = {}) {
    this.#address = address;
    this.#app = app;
    this.#channel = channel;
    this.visit = this.newVisit({ ...toAddress(address()), code: code ?? null });
  }

  /** The page is loaded again: only what was kept survives, and where it was. */
  async reload(): Promise<void> {
    const { destination } = this.visit;
    this.visit.leave();
    this.visit = this.newVisit(destination);
    await this.visit.begin(true);
  }

  /** To the door of the room, whatever key it has. */
  async begin(persist = false): Promise<void> {
    await this.visit.begin(persist);
    await this.visit.trust();
  }

  async signUp(username: string, ownerCode: string | null): Promise<void> {
    await this.begin();
    await this.visit.signUp(
      { lastName: 'Lovelace', firstName: username, username, password: PASSWORD },
      ownerCode,
    );
    if (this.visit.fingerprint !== null) this.recent.set(this.visit.fingerprint, this.visit.address);
  }

  /** Breaks the connection without a word, as a cable does. */
  cut(): void {
    for (const socket of this.sockets) socket.terminate();
    this.sockets.clear();
  }

  get room() {
    const { room } = this.visit;
    if (room === null) throw new Error('not in the room');
    return room;
  }

  conversations(): ConversationState[] {
    return [this.room.lobby, ...this.room.directs.filter(({ id }) => id !== null)];
  }

  leave(): void {
    this.visit.leave();
  }

  newVisit(destination: Destination): Visit {
    const around: Around = {
      language: () => 'en',
      knows: (fingerprint) => this.recent.has(fingerprint),
      keyAt: (address) => [...this.recent].find(([, where]) => where === address)?.[0] ?? null,
      ownerCode: () => null,
    };
    return new Visit(this.#surroundings(), destination, around);
  }

  #surroundings(): Surroundings {
    const app = this.#app?.();
    return {
      control: null,
      keep: app === undefined ? keepIn(this.kept) : keepInApp(app),
      openRoom: (target) => {
        const socket = app === undefined ? this.#open(target) : app.openRoom(target);
        const recorder = this.recording?.();
        const send = socket.send.bind(socket);
        socket.send = (text) => {
          this.said.push(text);
          recorder?.sent(text);
          send(text);
        };
        this.#letArrive(socket, recorder);
        return socket;
      },
      stretch: quickStretch,
      device: 'tests',
      visiting: null,
    };
  }

  #letArrive(socket: ChannelSocket, recorder: Recorder | undefined): void {
    let hear: ChannelSocket['onmessage'] = null;
    const listen = (event: { data: unknown }) => {
      recorder?.heard(String(event.data));
      this.arriving(String(event.data), () => hear?.(event));
    };
    // A library's socket hears by its own setter; what comes after must not replace this.
    socket.onmessage = listen;
    Object.defineProperty(socket, 'onmessage', {
      get: () => listen,
      set: (handler: ChannelSocket['onmessage']) => {
        hear = handler;
      },
    });
  }

  #open(target: Target): ChannelSocket {
    if (this.#channel !== 'app') {
      const socket = openSocket(this.#address(), this.#channel);
      this.sockets.add(socket as unknown as WebSocket);
      return Object.assign(socket, { channel: null, diagnosis: null });
    }
    const addresses = [...new Set([this.#address(), ...target.addresses])];
    return new DialledSocket({ ...target, addresses }, (socket) => this.sockets.add(socket));
  }
}

/** What survives a reload, in memory. */
export function keepIn(kept: Map<string, string>): Keep {
  return {
    all: (prefix) => Promise.resolve([...kept].filter(([key]) => key.startsWith(prefix))),
    set: (key, value) => {
      if (value === null) kept.delete(key);
      else kept.set(key, value);
      return Promise.resolve();
    },
  };
}

/** A room's socket as an extension finds it. */
export class DialledSocket implements ChannelSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  channel: RoomChannel | null = null;
  diagnosis: Diagnosis | null = null;
  readonly #searching = new AbortController();
  #socket: WebSocket | null = null;
  #closed = false;

  constructor(target: Target, opened: (socket: WebSocket) => void = () => undefined) {
    void this.#find(target, opened);
  }

  send(text: string): void {
    this.#socket?.send(text);
  }

  close(code = 1000): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#searching.abort();
    this.#socket?.close(code);
  }

  async #find(
    { addresses, fingerprint, prefix, spoken }: Target,
    opened: (socket: WebSocket) => void,
  ): Promise<void> {
    try {
      const { socket, binding, ...found } = await race(
        addresses,
        { fingerprint, prefix },
        {
          signal: this.#searching.signal,
          ...(spoken === null ? {} : { accepts: (key) => spokenMeans(spoken, key) }),
        },
      );
      if (this.#closed) return socket.terminate();
      opened(socket);
      this.#socket = socket;
      this.channel = { ...found, binding: fromBase64url(binding) };
      socket.on('message', (data: Buffer) => this.onmessage?.({ data: data.toString() }));
      socket.on('close', (code) => this.#end(code));
      this.onopen?.();
    } catch (error) {
      if (!(error instanceof RaceLost)) throw error;
      this.diagnosis = error.diagnosis;
      this.#end(1006);
    }
  }

  #end(code: number): void {
    if (this.#closed) return;
    this.#closed = true;
    this.onclose?.({ code, reason: '' });
  }
}

/** Everything there is of a conversation, loaded the way a reader who scrolls to the top does. */
export async function wholeLog(conversation: ConversationState): Promise<readonly LogEvent[]> {
  await conversation.jumpToEnd();
  while (!conversation.atStart) await conversation.loadBefore();
  return conversation.timeline.events;
}

/** Why there was no way in. @throws when there was one, or nobody knows why. */
export async function noWayIn(work: Promise<void>): Promise<Diagnosis> {
  try {
    await work;
  } catch (error) {
    if (error instanceof NoWayIn) return error.diagnosis;
    throw error;
  }
  throw new Error('there was a way in');
}

export async function until(condition: () => boolean, what: string, ms = 15_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
