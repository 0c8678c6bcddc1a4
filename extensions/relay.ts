import { WebSocket, type RawData } from 'ws';
import type { Dialled } from '../server/dial.ts';
import { CONTROL_PREFIX } from '../server/protocol/control.ts';
import type { Diagnosis } from '../server/protocol/diagnosis.ts';
import { RaceLost } from '../server/race.ts';

const CLOSING_MS = 1_000;
/** The page does not keep up: the room waits until it has read on. In bytes. */
const PAGE_BEHIND_BYTES = 4 * 1024 * 1024;

const PREFIX = Buffer.from(CONTROL_PREFIX);

export interface RelayEvents {
  opened(dialled: Dialled): void;
  /** Nobody who fits answered. */
  failed(diagnosis: Diagnosis): void;
  /** 1006 when the connection broke. */
  closed(code: number, reason: string): void;
}

/** Carries frames between the page and a room elsewhere, unread. */
export class Relay {
  readonly #page: WebSocket;
  readonly #events: RelayEvents;
  readonly #searching = new AbortController();
  #room: WebSocket | null = null;
  #ended = false;

  /** @param find - looks for the room until `signal` ends it. @throws RaceLost. */
  constructor(find: (signal: AbortSignal) => Promise<Dialled>, page: WebSocket, events: RelayEvents) {
    this.#page = page;
    this.#events = events;
    find(this.#searching.signal).then(
      (dialled) => this.#carry(dialled),
      (error: unknown) => this.#fail(error),
    );
  }

  send(text: string): void {
    if (this.#room?.readyState === WebSocket.OPEN) this.#room.send(text);
  }

  /** Nothing more is told. */
  end(): void {
    this.#ended = true;
    this.#searching.abort();
    const room = this.#room;
    room?.close(1000);
    // A room that does not answer the close must not hang on.
    if (room !== null) setTimeout(() => room.terminate(), CLOSING_MS).unref();
  }

  #carry(dialled: Dialled): void {
    const { socket } = dialled;
    if (this.#ended) return socket.terminate();
    this.#room = socket;
    socket.on('message', (data: RawData, isBinary: boolean) => {
      const bytes = data as Buffer;
      // A room that was left has no say any more, and none may speak as if it were this computer's own extension.
      if (this.#ended || isBinary || bytes.subarray(0, PREFIX.length).equals(PREFIX)) return;
      this.#page.send(bytes, { binary: false }, () => this.#flow());
      this.#flow();
    });
    socket.on('close', (code, reason) => this.#close(code, reason.toString()));
    this.#events.opened(dialled);
    // It may have gone in the moment before anybody listened.
    if (socket.readyState !== WebSocket.OPEN) this.#close(1006, '');
  }

  #fail(error: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    if (error instanceof RaceLost) return this.#events.failed(error.diagnosis);
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    this.#events.closed(1006, '');
  }

  #close(code: number, reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#events.closed(code, reason);
  }

  #flow(): void {
    const room = this.#room;
    if (room === null) return;
    if (this.#page.bufferedAmount > PAGE_BEHIND_BYTES) room.pause();
    else if (room.isPaused) room.resume();
  }
}
