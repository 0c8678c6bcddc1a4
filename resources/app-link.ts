import {
  CONTROL,
  CONTROL_PREFIX,
  CONTROL_REFUSALS,
  CONTROL_SUBPROTOCOL,
  CONTROL_TOKEN_PREFIX,
  ControlFrame,
  REPLACED,
  type ControlName,
  type DroppedFile,
  type Hosting,
  type Nearby,
  type Target,
} from '../server/protocol/control.ts';
import { fromBase64url } from '../server/protocol/base64url.ts';
import type { Diagnosis } from '../server/protocol/diagnosis.ts';
import { check } from '../server/protocol/frames.ts';
import type { ChannelSocket, Control, Link, RoomChannel } from './state/ports.ts';
import { ControlRefused } from './state/problem.ts';

/** How long to wait before the extension is asked again, in milliseconds. */
const AGAIN_MS = 500;
/** One that starts, or starts again, is there by then, in milliseconds. In case it comes later, it goes on being looked for. */
const PATIENCE_MS = 20_000;

/** Whoever asks for the extension is told that there is none any more. */
export class ExtensionGone extends Error {
  override readonly name = 'ExtensionGone';
}

interface Waiting {
  command: ControlName;
  answer: (result: unknown) => void;
  refuse: (reason: Error) => void;
}

/**
 * The one socket between this page and its extension. Control frames are the extension's; every other frame belongs to
 * the room that the extension relays to.
 */
export class AppLink implements Control {
  readonly #find: () => Promise<{ url: string; token: string }>;
  readonly #waiting = new Map<number, Waiting>();
  readonly #dropped = new Set<(files: readonly DroppedFile[], areAll: boolean) => void>();
  readonly #hosting = new Set<(hosting: Hosting | null) => void>();
  readonly #nearby = new Set<(nearby: Nearby) => void>();
  readonly #opened = new Set<(typed: string) => void>();
  readonly #link = new Set<(link: Link) => void>();
  #socket: WebSocket | null = null;
  #ready: Promise<WebSocket> | null = null;
  #relay: Relay | null = null;
  /** Another window took this one's place. */
  #isReplaced = false;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #lastId = 0;
  #lastRelay = 0;

  /** `find` says where the extension listens, anew for each attempt. */
  constructor(find: () => Promise<{ url: string; token: string }>) {
    this.#find = find;
  }

  ask: Control['ask'] = async (command, input) => {
    const socket = await this.#connect();
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { command, answer: resolve as (result: unknown) => void, refuse: reject });
      // The order of the keys matters: how the text begins tells the extension that it is meant.
      socket.send(JSON.stringify({ t: 'app.ask', id, command, input }));
    });
  };

  onHosting(listener: (hosting: Hosting | null) => void): () => void {
    this.#hosting.add(listener);
    return () => this.#hosting.delete(listener);
  }

  onNearby(listener: (nearby: Nearby) => void): () => void {
    this.#nearby.add(listener);
    return () => this.#nearby.delete(listener);
  }

  onOpened(listener: (typed: string) => void): () => void {
    this.#opened.add(listener);
    return () => this.#opened.delete(listener);
  }

  onDropped(listener: (files: readonly DroppedFile[], areAll: boolean) => void): () => void {
    this.#dropped.add(listener);
    return () => this.#dropped.delete(listener);
  }

  onLink(listener: (link: Link) => void): () => void {
    this.#link.add(listener);
    return () => this.#link.delete(listener);
  }

  /** A socket to a room, by way of the extension. */
  openRoom(target: Target): ChannelSocket {
    this.#relay?.end(1000, 'another room');
    const number = ++this.#lastRelay;
    const relay = new Relay(number, {
      send: (text) => this.#socket?.send(text),
      close: () => {
        if (this.#relay === relay) this.#relay = null;
        this.ask('room.disconnect', {}).catch(() => undefined);
      },
    });
    this.#relay = relay;
    this.ask('room.connect', { relay: number, target }).catch((error: unknown) => {
      relay.end(1006, error instanceof Error ? error.message : '');
    });
    return relay;
  }

  #connect(): Promise<WebSocket> {
    // Two windows must not push each other out in turn: the one that was replaced stays so until it is loaded anew.
    if (this.#isReplaced) return Promise.reject(new ControlRefused('FAILED'));
    this.#ready ??= this.#open().catch((error: unknown) => {
      this.#ready = null;
      throw error;
    });
    return this.#ready;
  }

  async #open(): Promise<WebSocket> {
    this.#patience ??= setTimeout(() => this.#tell('gone'), PATIENCE_MS);
    const { url, token } = await this.#find().catch((error: unknown) => {
      if (error instanceof ExtensionGone) this.#tell('gone');
      else this.#againLater();
      throw error;
    });
    const socket = new WebSocket(url, [CONTROL_SUBPROTOCOL, CONTROL_TOKEN_PREFIX + token]);
    return new Promise((resolve, reject) => {
      socket.onopen = () => {
        this.#socket = socket;
        clearTimeout(this.#patience);
        this.#patience = undefined;
        this.#tell('up');
        resolve(socket);
      };
      socket.onmessage = ({ data }: MessageEvent<string>) => this.#receive(data);
      socket.onclose = ({ code }) => {
        reject(new ControlRefused('FAILED'));
        this.#lost(code === REPLACED);
      };
    });
  }

  #lost(replaced: boolean): void {
    this.#socket = null;
    this.#ready = null;
    for (const { refuse } of this.#waiting.values()) refuse(new ControlRefused('FAILED'));
    this.#waiting.clear();
    this.#relay?.end(1006, '');
    this.#relay = null;
    this.#isReplaced = replaced;
    if (replaced) return this.#tell('elsewhere');
    if (this.#patience === undefined) this.#tell('down');
    this.#againLater();
  }

  #againLater(): void {
    setTimeout(() => {
      this.#connect().catch(() => undefined);
    }, AGAIN_MS);
  }

  #tell(link: Link): void {
    if (link !== 'down') clearTimeout(this.#patience);
    for (const tell of this.#link) tell(link);
  }

  #receive(text: string): void {
    if (!text.startsWith(CONTROL_PREFIX)) {
      // What comes before the relay is open belongs to a room that was left.
      if (this.#relay?.isOpen === true) this.#relay.onmessage?.({ data: text });
      return;
    }
    const frame = check(ControlFrame, JSON.parse(text));
    switch (frame.t) {
      case 'app.answer':
        return this.#settle(frame.id, ({ command, answer }) =>
          answer(check(CONTROL[command].result, frame.result)),
        );
      case 'app.refused':
        return this.#settle(frame.id, ({ refuse }) => {
          refuse(new ControlRefused(isControlRefusal(frame.code) ? frame.code : 'FAILED', frame.detail));
        });
      case 'app.relay':
        // A late word about a former room.
        if (frame.relay !== this.#relay?.number) return;
        if (frame.open && frame.channel !== null)
          this.#relay.open({ ...frame.channel, binding: fromBase64url(frame.channel.binding) });
        else this.#relay.end(frame.code, frame.reason, frame.diagnosis);
        return;
      case 'app.nearby':
        for (const tell of this.#nearby) tell(frame.nearby);
        return;
      case 'app.opened':
        for (const tell of this.#opened) tell(frame.typed);
        return;
      case 'app.dropped':
        for (const tell of this.#dropped) tell(frame.files, frame.areAll);
        return;
      case 'app.hosting':
        for (const tell of this.#hosting) tell(frame.hosting);
    }
  }

  #settle(id: number, settle: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (waiting !== undefined) settle(waiting);
  }
}

/** A room's socket at the far end of the extension. */
class Relay implements ChannelSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  channel: RoomChannel | null = null;
  diagnosis: Diagnosis | null = null;
  readonly number: number;
  readonly #way: { send(text: string): void; close(): void };
  #open = false;
  #ended = false;

  constructor(number: number, way: { send(text: string): void; close(): void }) {
    this.number = number;
    this.#way = way;
  }

  send(text: string): void {
    if (!this.#ended) this.#way.send(text);
  }

  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#way.close();
  }

  get isOpen(): boolean {
    return this.#open && !this.#ended;
  }

  open(channel: RoomChannel): void {
    this.#open = true;
    this.channel = channel;
    this.onopen?.();
  }

  end(code: number, reason: string, diagnosis: Diagnosis | null = null): void {
    if (this.#ended) return;
    this.#ended = true;
    this.diagnosis = diagnosis;
    this.onclose?.({ code, reason });
  }
}

function isControlRefusal(code: string): code is keyof typeof CONTROL_REFUSALS {
  return Object.hasOwn(CONTROL_REFUSALS, code);
}
