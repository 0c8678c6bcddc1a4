import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { between, type Random } from './trial.ts';

/** A network of our own between members and their host: a TCP proxy that does to bytes what networks do to them. */

export type Direction = 'toHost' | 'toClient';

/** What becomes of the bytes of one direction of one connection. Left out, they go on as they come. */
export interface Weather {
  /** After so many bytes, the last of which still arrives, this end of the connection comes. */
  cut?: { after: number; how: Cut };
  /** After so many bytes nothing more arrives, and nobody is told. */
  stallAfter?: number;
  /** After so many bytes nothing is taken for so long; then all goes on. In milliseconds. */
  stall?: { after: number; forMs: number };
  /** Pieces of at most so many bytes, each in a packet of its own. */
  pieces?: number;
  /** Gathered for so long, then all at once. In milliseconds. */
  gatherMs?: number;
  /** Everything arrives so much later, evenly between the two, and in order. In milliseconds. */
  delayMs?: readonly [least: number, most: number];
}

/** `reset`: both ends hear of a fault. `end`: both hear an orderly end. `halfEnd`: only the one that the bytes went to. */
export type Cut = 'reset' | 'end' | 'halfEnd';

export type Forecast = (connection: number) => Partial<Record<Direction, Weather>>;

export class Proxy {
  /** Asked for each connection, which are counted from 0. */
  forecast: Forecast = () => ({});
  connections = 0;
  /** Bytes that have arrived, of all connections. */
  readonly passed: Record<Direction, number> = { toHost: 0, toClient: 0 };
  cuts = 0;
  stalls = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #random: Random;

  private constructor(server: Server, random: Random) {
    this.#server = server;
    this.#random = random;
  }

  /** @param to - the port of the host, on loopback. */
  static async open(to: number, random: Random): Promise<Proxy> {
    // A half that has ended leaves the other one open: that is for the weather to say.
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    const proxy = new Proxy(server, random);
    server.on('connection', (client) => proxy.#pass(client, to));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #pass(client: Socket, to: number): void {
    const { toHost = {}, toClient = {} } = this.forecast(this.connections);
    this.connections += 1;
    const host = connect({ port: to, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    for (const [socket, other] of [
      [client, host],
      [host, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', (hadError) => {
        this.#sockets.delete(socket);
        if (hadError) other.resetAndDestroy();
        else other.destroySoon();
      });
    }
    this.#carry(client, host, 'toHost', toHost);
    this.#carry(host, client, 'toClient', toClient);
  }

  #carry(from: Socket, into: Socket, direction: Direction, weather: Weather): void {
    let left = Math.min(weather.cut?.after ?? Infinity, weather.stallAfter ?? Infinity);
    const late: Buffer[] = [];
    let gathered: Buffer[] = [];
    let lastAt = 0;
    const arrive = (bytes: Buffer) => {
      if (into.destroyed || left < 0) return;
      const rest = bytes.subarray(0, left);
      left -= rest.length;
      this.passed[direction] += rest.length;
      const size = weather.pieces ?? rest.length;
      for (let at = 0; at < rest.length; at += size) into.write(rest.subarray(at, at + size));
      if (left > 0) return;
      left = -1;
      if (weather.cut !== undefined) this.#cut(from, into, weather.cut.how);
    };
    const later = (bytes: Buffer) => {
      if (weather.delayMs === undefined) return arrive(bytes);
      const at = Math.max(lastAt, performance.now() + between(this.#random, ...weather.delayMs));
      lastAt = at;
      late.push(bytes);
      // Two timers of the same moment may ring in either order; the bytes keep theirs.
      setTimeout(() => arrive(late.shift() ?? Buffer.alloc(0)), at - performance.now());
    };
    if (left === 0) return arrive(Buffer.alloc(0));
    const take = (bytes: Buffer) => {
      if (weather.gatherMs === undefined) return later(bytes);
      gathered.push(bytes);
      if (gathered.length > 1) return;
      setTimeout(() => {
        later(Buffer.concat(gathered));
        gathered = [];
      }, weather.gatherMs);
    };
    let untilStall = weather.stall?.after ?? Infinity;
    from.on('data', (bytes: Buffer) => {
      if (weather.stall === undefined || bytes.length < untilStall) {
        untilStall -= bytes.length;
        return take(bytes);
      }
      // What is held up fills the sender's buffers as well: nobody reads here meanwhile.
      from.pause();
      this.stalls += 1;
      take(bytes.subarray(0, untilStall));
      const rest = bytes.subarray(untilStall);
      untilStall = Infinity;
      setTimeout(() => {
        take(rest);
        from.resume();
      }, weather.stall.forMs);
    });
    from.on('end', () => {
      // What is under way arrives first.
      const waitMs = Math.max(0, lastAt - performance.now()) + (weather.gatherMs ?? 0);
      if (left >= 0) setTimeout(() => into.end(), waitMs);
    });
  }

  #cut(from: Socket, into: Socket, how: Cut): void {
    this.cuts += 1;
    if (how === 'halfEnd') into.end();
    else if (how === 'end') for (const socket of [from, into]) socket.end();
    else for (const socket of [from, into]) socket.resetAndDestroy();
  }
}
