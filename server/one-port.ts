import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { createServer, type Server, type Socket } from 'node:net';
import { networkOf } from './addresses.ts';

/** The first byte of a TLS connection is that of a handshake record; no HTTP method begins so. */
const TLS_HANDSHAKE = 0x16;
/** Each takes about a millisecond, and members whose messages are to be read in the same turn wait for all of them. */
const HANDSHAKES_A_TURN = 4;

export interface OnePortLimits {
  /** TCP connections in all. */
  connections: number;
  /** TCP connections from one address, whatever comes of them. */
  connectionsPerAddress: number;
  /** How long a connection may say nothing at all. In milliseconds. */
  firstByteMs: number;
}

export interface OnePortEvents {
  /** A connection arrived. `refused` when there are too many. */
  knocked(socket: Socket, refused: boolean): void;
  /** It said nothing in time, or left before it did. */
  silent(socket: Socket): void;
}

/**
 * One port for both: TLS goes to `tls`, everything else to `plain`. Neither of them listens by itself. Closing it stops
 * listening; the connections belong to the two.
 */
export function createOnePort(
  tls: HttpsServer,
  plain: HttpServer,
  limits: OnePortLimits,
  events: OnePortEvents,
): { server: Server; destroyAll(): void } {
  const open = new Map<string, number>();
  const sockets = new Set<Socket>();
  const shakeHands = aFewEachTurn((socket: Socket) => {
    if (!socket.destroyed) tls.emit('connection', socket);
  });
  const server = createServer({ pauseOnConnect: true, noDelay: true }, (socket) => {
    const address = networkOf(socket.remoteAddress ?? '');
    const count = (open.get(address) ?? 0) + 1;
    open.set(address, count);
    sockets.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      const left = (open.get(address) ?? 1) - 1;
      if (left === 0) open.delete(address);
      else open.set(address, left);
    });
    // Whoever knocks may be gone at any moment; unheard, that error would end the host.
    socket.on('error', () => socket.destroy());
    const refused = count > limits.connectionsPerAddress;
    events.knocked(socket, refused);
    if (refused) {
      socket.destroy();
      return;
    }
    sniff(socket, limits.firstByteMs, (first) => {
      if (first === null) events.silent(socket);
      else if (first === TLS_HANDSHAKE) shakeHands(socket);
      else plain.emit('connection', socket);
    });
  });
  server.maxConnections = limits.connections;
  // The system could not take one that came: it has no descriptor or no memory left. Those who are here go on.
  server.on('error', () => undefined);
  // The two servers know only those that got as far as a request.
  return { server, destroyAll: () => sockets.forEach((socket) => socket.destroy()) };
}

/** Does something for each, in order, but only for a few in each turn of the event loop. */
function aFewEachTurn(work: (socket: Socket) => void): (socket: Socket) => void {
  const waiting: Socket[] = [];
  const turn = () => {
    const next = waiting.splice(0, HANDSHAKES_A_TURN);
    // First: whatever becomes of these, the others get their turn.
    if (waiting.length > 0) setImmediate(turn);
    next.forEach(work);
  };
  return (socket) => {
    if (waiting.push(socket) === 1) setImmediate(turn);
  };
}

/** Looks at the first byte and puts it back. Null when none came. */
function sniff(socket: Socket, limitMs: number, decide: (first: number | null) => void): void {
  let decided = false;
  const once = (first: number | null) => {
    if (decided) return;
    decided = true;
    clearTimeout(timer);
    socket.off('readable', look);
    socket.off('close', gone);
    decide(first);
  };
  const gone = () => once(null);
  const look = () => {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null || chunk.length === 0) return;
    socket.unshift(chunk);
    once(chunk[0] ?? null);
  };
  const timer = setTimeout(() => {
    once(null);
    socket.destroy();
  }, limitMs);
  socket.on('readable', look);
  socket.on('close', gone);
}
