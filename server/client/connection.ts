import { COMMANDS, type CommandName, type InputOf, type ResultOf } from '../protocol/commands.ts';
import { SalonError } from '../protocol/errors.ts';
import type { LogEvent, Signal } from '../protocol/events.ts';
import { check, decodeHostFrame, refusalOf, type GoodbyeReason, type HostFrame } from '../protocol/frames.ts';
import { watchDrift } from './drift.ts';

/** One socket to a room: ask, await the answer, hear events. The next socket is somebody else's business. */

/** What a browser's WebSocket, the `ws` library's, and the relay through the extension have in common. */
export interface RoomSocket {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  onerror: (() => void) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
}

/** The connection ended before the answer came. What was asked may or may not have been done: ask again. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

export interface ConnectionEvents {
  opened(): void;
  event(event: LogEvent): void;
  signal(signal: Signal): void;
  goodbye(reason: GoodbyeReason): void;
  /** This computer has slept, it seems: whoever was there before need not be there any more. */
  woke?(): void;
  /** `code` is the WebSocket close code: 1006 when the host vanished, 4000–4099 are in `CLOSE`. */
  closed(code: number): void;
}

/** A host that stays silent for this long is gone: it speaks every 15 s at the least. In milliseconds. */
const SILENCE_MS = 35_000;
/** Frames that make no sense before we leave. */
const PATIENCE = 3;

interface Waiting {
  command: CommandName;
  answer: (result: unknown) => void;
  refuse: (reason: Error) => void;
}

export class Connection {
  readonly #socket: RoomSocket;
  readonly #events: ConnectionEvents;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #malformed = 0;
  #closed = false;
  #silence: ReturnType<typeof setTimeout> | undefined;
  readonly #stopWatching: () => void;

  constructor(socket: RoomSocket, events: ConnectionEvents) {
    this.#socket = socket;
    this.#events = events;
    this.#stopWatching = watchDrift(() => events.woke?.());
    // From the start: whoever does not even answer the first packet is silent too.
    this.#heard();
    socket.onopen = () => {
      this.#heard();
      events.opened();
    };
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onclose = ({ code }) => this.#end(code);
    socket.onerror = () => {
      // A close follows, which says all there is to know.
    };
  }

  /** @throws SalonError when refused, ConnectionLost when nobody can say what became of it. */
  ask<C extends CommandName>(command: C, input: InputOf<C>): Promise<ResultOf<C>> {
    if (this.#closed) return Promise.reject(new ConnectionLost(command));
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { command, answer: resolve as (result: unknown) => void, refuse: reject });
      this.#socket.send(JSON.stringify({ t: 'ask', id, command, input }));
    });
  }

  close(code = 1000): void {
    this.#socket.close(code);
    this.#end(code);
  }

  #receive(data: unknown): void {
    if (this.#closed) return;
    this.#heard();
    let frame: HostFrame;
    try {
      frame = decodeHostFrame(String(data));
      this.#take(frame);
    } catch (error) {
      if (!(error instanceof SalonError)) throw error;
      this.#malformed += 1;
      if (this.#malformed >= PATIENCE) this.close(4000);
    }
  }

  #take(frame: HostFrame): void {
    switch (frame.t) {
      case 'answer':
        return this.#settle(frame.id, (waiting) =>
          waiting.answer(check(COMMANDS[waiting.command].result, frame.result)),
        );
      case 'refused':
        if (frame.id !== null) this.#settle(frame.id, (waiting) => waiting.refuse(refusalOf(frame)));
        return;
      case 'event':
        return this.#events.event(frame.event);
      case 'signal':
        return this.#events.signal(frame.signal);
      case 'goodbye':
        return this.#events.goodbye(frame.reason);
    }
  }

  #settle(id: number, settle: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    try {
      settle(waiting);
    } catch (error) {
      waiting.refuse(error as Error);
      throw error;
    }
  }

  #heard(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.close(4000), SILENCE_MS);
  }

  #end(code: number): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#silence);
    this.#stopWatching();
    for (const { command, refuse } of this.#waiting.values()) refuse(new ConnectionLost(command));
    this.#waiting.clear();
    this.#events.closed(code);
  }
}
