import { WebSocket, type RawData } from 'ws';
import { CONTROL_PREFIX } from '../server/protocol/control.ts';
import { SUBPROTOCOL } from '../server/protocol/entities.ts';

/** What a room may send at once, in bytes: a snapshot of a thousand members is a quarter of it. */
const MOST_BYTES = 4 * 1024 * 1024;
const HANDSHAKE_MS = 6_000;
const CLOSING_MS = 1_000;
/** The page does not keep up: the room waits until it has read on. In bytes. */
const PAGE_BEHIND_BYTES = 4 * 1024 * 1024;

const PREFIX = Buffer.from(CONTROL_PREFIX);

export interface RelayEvents {
  opened(): void;
  /** 1006 when nobody answered or the connection broke. */
  closed(code: number, reason: string): void;
}

/** Carries frames between the page and a room elsewhere, unread. */
export class Relay {
  readonly #room: WebSocket;
  #ended = false;

  /** `address` is `host:port`. */
  constructor(address: string, page: WebSocket, events: RelayEvents) {
    this.#room = new WebSocket(`ws://${address}/socket`, [SUBPROTOCOL], {
      handshakeTimeout: HANDSHAKE_MS,
      maxPayload: MOST_BYTES,
      perMessageDeflate: false,
      followRedirects: false,
    });
    this.#room.on('open', () => events.opened());
    this.#room.on('message', (data: RawData, isBinary: boolean) => {
      const bytes = data as Buffer;
      // A room that was left has no say any more, and none may speak as if it were this computer's own extension.
      if (this.#ended || isBinary || bytes.subarray(0, PREFIX.length).equals(PREFIX)) return;
      page.send(bytes, { binary: false }, () => this.#flow(page));
      this.#flow(page);
    });
    this.#room.on('error', () => {
      // The close that follows says it.
    });
    this.#room.on('close', (code, reason) => {
      if (this.#ended) return;
      this.#ended = true;
      events.closed(code, reason.toString());
    });
  }

  send(text: string): void {
    if (this.#room.readyState === WebSocket.OPEN) this.#room.send(text);
  }

  /** Nothing more is told. */
  end(): void {
    this.#ended = true;
    if (this.#room.readyState === WebSocket.CONNECTING) this.#room.terminate();
    else {
      this.#room.close(1000);
      // A room that does not answer the close must not hang on.
      setTimeout(() => this.#room.terminate(), CLOSING_MS).unref();
    }
  }

  #flow(page: WebSocket): void {
    if (page.bufferedAmount > PAGE_BEHIND_BYTES) this.#room.pause();
    else if (this.#room.isPaused) this.#room.resume();
  }
}
