import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import { Connection, type RoomSocket } from '../../server/client/connection.ts';
import { PROTOCOL_VERSION, type Channel } from '../../server/protocol/entities.ts';
import { bindingOf, openWebSocket } from '../support/socket.ts';

/** What was heard: any object with a `t`. */
export interface Heard {
  t: string;
  id?: number | null;
  code?: string;
  path?: string;
  retryMs?: number;
  reason?: string;
  result?: Record<string, unknown>;
}

/** How a client comes: as an app, or as a page by one of the doors; and by which address the host knows it. */
interface Way {
  channel?: Channel;
  localAddress?: string;
}

/** A client that says whatever a test likes, well-formed or not. */
export class Wire {
  readonly heard: Heard[] = [];
  /** The close code, once the connection has ended. */
  closedWith: number | null = null;
  readonly socket: WebSocket;
  #lastId = 0;
  readonly #news = new Set<() => void>();

  private constructor(socket: WebSocket) {
    this.socket = socket;
    const tell = () => this.#news.forEach((look) => look());
    socket.on('message', (data: Buffer) => {
      this.heard.push(JSON.parse(data.toString()) as Heard);
      tell();
    });
    socket.on('close', (code) => {
      this.closedWith = code;
      tell();
    });
    socket.on('error', () => undefined);
  }

  static async open(address: string, { channel = 'app', ...options }: Way = {}): Promise<Wire> {
    const wire = new Wire(openWebSocket(address, channel, options));
    await once(wire.socket, 'open');
    return wire;
  }

  /** The same, and hello. */
  static async greet(address: string, way: Way = {}): Promise<Wire> {
    const wire = await Wire.open(address, way);
    await wire.ask('hello', { protocol: PROTOCOL_VERSION, language: 'en', client: 'tests' });
    return wire;
  }

  /** The TCP connection beneath. */
  get tcp(): Socket {
    return (this.socket as unknown as { _socket: Socket })._socket;
  }

  send(text: string): void {
    this.socket.send(text);
  }

  /** The frame that answers or refuses. */
  ask(command: string, input: unknown): Promise<Heard> {
    this.#lastId += 1;
    const id = this.#lastId;
    this.send(JSON.stringify({ t: 'ask', id, command, input }));
    return this.until(() => this.heard.find((frame) => frame.id === id), `an answer to ${command}`);
  }

  /** What comes back for it. */
  saying(text: string): Promise<Heard> {
    const before = this.heard.length;
    this.send(text);
    const answer = () => this.heard.slice(before).find(({ t }) => t === 'refused' || t === 'answer');
    return this.until(answer, `an answer to ${text.slice(0, 60)}`);
  }

  closing(ms = 5_000): Promise<number> {
    return this.until(() => this.closedWith ?? undefined, 'the connection to close', ms);
  }

  /** Looks when something was heard, and now and then. */
  until<T>(found: () => T | undefined | false, what: string, ms = 5_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const deadline = Date.now() + ms;
      const end = () => {
        clearInterval(looking);
        this.#news.delete(look);
      };
      const look = () => {
        const result = found();
        if (result === undefined || result === false) {
          if (Date.now() <= deadline) return;
          reject(new Error(`waited in vain for ${what}`));
        } else resolve(result);
        end();
      };
      const looking = setInterval(look, 20);
      this.#news.add(look);
      look();
    });
  }

  close(): void {
    this.socket.terminate();
  }
}

/** Looks again and again until there is something. */
export async function until<T>(found: () => T | undefined | false, what: string, ms = 5_000): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    const result = found();
    if (result !== undefined && result !== false) return result;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await sleep(5);
  }
}

/** A connection as members have it, from another address of this computer. */
export async function connectFrom(
  address: string,
  localAddress: string,
): Promise<Connection & { binding: Uint8Array | null }> {
  const socket = openWebSocket(address, 'app', { localAddress });
  const nothing = () => undefined;
  const connection = await new Promise<Connection>((resolve, reject) => {
    const made: Connection = new Connection(socket as unknown as RoomSocket, {
      opened: () => resolve(made),
      event: nothing,
      signal: nothing,
      goodbye: nothing,
      closed: (code) => reject(new Error(`closed with ${code}`)),
    });
  });
  await connection.ask('hello', { protocol: PROTOCOL_VERSION, language: 'en', client: 'tests' });
  return Object.assign(connection, { binding: bindingOf(socket) });
}
