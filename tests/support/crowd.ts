import { Connection } from '../../server/client/connection.ts';
import { prove } from '../../server/client/signing-in.ts';
import { PROTOCOL_VERSION } from '../../server/protocol/entities.ts';
import { SalonError } from '../../server/protocol/errors.ts';
import { ulid } from 'ulid';
import type { WebSocket } from 'ws';
import { nodeStretch, remembered } from './demo/stretching.ts';
import type { SeededRoom } from './demo/seed.ts';
import type { HostProcess } from './processes.ts';
import type { RoomSocket } from '../../server/client/connection.ts';
import { bindingOf, openWebSocket } from './socket.ts';

/** What the host allows each connection to post; a little below it, so that nobody is ever told to slow down. */
const EACH_PER_SECOND = 4.5;
/** Different people's sessions, so that names and portraits change from row to row. */
const PEOPLE = 10;
const TICK_MS = 20;

/** Members who write to the lobby through the protocol, each connection no faster than the host allows. */
export class Crowd {
  /** Messages that the host has acknowledged. */
  posted = 0;
  readonly #lobby: string;
  readonly #connections: readonly Connection[];
  #asked = 0;
  #failure: Error | null = null;

  private constructor(lobby: string, connections: readonly Connection[]) {
    this.#lobby = lobby;
    this.#connections = connections;
  }

  /** As many connections as it takes for so many messages a second. They post, and listen to nothing. */
  static async signedIn(host: HostProcess, seeded: SeededRoom, perSecond: number): Promise<Crowd> {
    const address = `127.0.0.1:${host.port}`;
    const stretch = remembered(nodeStretch);
    const tokens: string[] = [];
    for (const { username } of seeded.members.slice(1, 1 + PEOPLE)) {
      const { connection, binding } = await connected(address);
      const claim = { purpose: 'signIn', username, secret: seeded.password, device: 'bench' } as const;
      const { signedIn } = await prove(connection, claim, stretch, binding);
      if (signedIn === null) throw new Error(`${username} was not let in`);
      tokens.push(signedIn.token);
      connection.close();
    }
    const connections: Connection[] = [];
    while (connections.length * EACH_PER_SECOND < perSecond) {
      const { connection } = await connected(address);
      await connection.ask('session.resume', { token: tokens[connections.length % tokens.length] ?? '' });
      connections.push(connection);
    }
    return new Crowd(seeded.lobby, connections);
  }

  /** Posts at this pace until told to stop. @returns how to stop; resolves when everything is acknowledged. */
  write(perSecond: number, most = Infinity): () => Promise<void> {
    const began = performance.now();
    const before = this.#asked;
    const timer = setInterval(() => {
      const due = Math.min(most, ((performance.now() - began) / 1000) * perSecond);
      // Whoever was held up does not make up for it in one burst: the allowances would not have it.
      for (let n = 0; this.#asked - before < due && n < this.#connections.length / 4; n += 1) this.#post();
    }, TICK_MS);
    return async () => {
      clearInterval(timer);
      await this.#settled();
    };
  }

  /** Posts so many at this pace. Resolves when the host has acknowledged them all. */
  async writeCount(count: number, perSecond: number): Promise<void> {
    const goal = this.#asked + count;
    const stop = this.write(perSecond, count);
    while (this.#asked < goal && this.#failure === null) await sleep(TICK_MS);
    await stop();
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
  }

  #post(): void {
    const connection = this.#connections[this.#asked % this.#connections.length];
    this.#asked += 1;
    void this.#ask(connection, ulid(), lineOf(this.#asked));
  }

  async #ask(connection: Connection | undefined, id: string, body: string): Promise<void> {
    try {
      await connection?.ask('message.post', { id, conversationId: this.#lobby, body });
      this.posted += 1;
    } catch (error) {
      if (!(error instanceof SalonError) || (error.code !== 'SLOW_DOWN' && error.code !== 'BUSY'))
        return void (this.#failure ??= error instanceof Error ? error : new Error(String(error)));
      await sleep(500);
      await this.#ask(connection, id, body);
    }
  }

  async #settled(): Promise<void> {
    while (this.posted < this.#asked) {
      if (this.#failure !== null) throw this.#failure;
      await sleep(TICK_MS);
    }
  }
}

/** Of lengths as people write them: from a word to three lines. */
export function lineOf(number: number): string {
  const words = 'the lamp stands where nobody would look for it but the cat does and so do we'.split(' ');
  const count = 1 + ((number * 7) % 31);
  return `${number} ${Array.from({ length: count }, (_, i) => words[(number + i) % words.length]).join(' ')}`;
}

interface Connected {
  connection: Connection;
  binding: Uint8Array | null;
}

/** A host lets only so many come at once from one address: later, then. */
async function connected(address: string, tries = 40): Promise<Connected> {
  try {
    return await connectedOnce(address);
  } catch (error) {
    if (tries === 1) throw error;
    await sleep(500);
    return connected(address, tries - 1);
  }
}

async function connectedOnce(address: string): Promise<Connected> {
  const socket: WebSocket = openWebSocket(address);
  const connection = await new Promise<Connection>((resolve, reject) => {
    const made: Connection = new Connection(socket as unknown as RoomSocket, {
      opened: () => resolve(made),
      event: () => undefined,
      signal: () => undefined,
      goodbye: () => undefined,
      closed: (code) => reject(new Error(`closed with ${code}`)),
    });
  });
  await connection.ask('hello', { protocol: PROTOCOL_VERSION, language: 'en', client: 'bench' });
  return { connection, binding: bindingOf(socket) };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
