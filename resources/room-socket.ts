import { SUBPROTOCOL } from '../server/protocol/entities.ts';
import type { ChannelSocket } from './state/ports.ts';

/** A browser's own WebSocket to the room that served the page, encrypted if the page was. */
export class WebSocketRoom implements ChannelSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  /** A browser shows a page neither the key nor why it could not connect. */
  readonly channel = null;
  readonly diagnosis = null;
  readonly #socket: WebSocket;

  constructor() {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    this.#socket = new WebSocket(`${scheme}://${location.host}/socket`, [SUBPROTOCOL]);
    this.#socket.onopen = () => this.onopen?.();
    this.#socket.onmessage = ({ data }) => this.onmessage?.({ data });
    this.#socket.onclose = ({ code, reason }) => this.onclose?.({ code, reason });
    this.#socket.onerror = () => this.onerror?.();
  }

  send(text: string): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(text);
  }

  close(code?: number): void {
    // Pages may only say 1000 and 3000–4999.
    this.#socket.close(code === undefined || code === 1000 || code >= 3000 ? code : 4000);
  }
}
