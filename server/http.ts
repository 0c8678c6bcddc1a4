import {
  createServer,
  STATUS_CODES,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Clock } from './clock.ts';
import { Buckets } from './limits.ts';
import { hostIsOurs, originIsOurs, type Doorkeeper } from './origin.ts';
import { plain, securityHeaders, servePage, type Page } from './page.ts';
import { LIMITS, SUBPROTOCOL } from './protocol/entities.ts';

/** The host's one port: the interface for browsers, `/health`, and the WebSocket. */

export interface ConnectionLimits {
  /** TCP connections in all. */
  connections: number;
  /** WebSockets from one address. */
  perAddress: number;
  /** New ones from one address, for each second and at once. */
  newPerAddress: { perSecond: number; burst: number };
  /** WebSockets on which nobody has signed in yet. */
  unsigned: number;
  /** How long the head of a request may take. In milliseconds. */
  headersMs: number;
  /** How long a connection that is no WebSocket may say nothing. In milliseconds. */
  silentMs: number;
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  connections: 1_000,
  perAddress: 20,
  newPerAddress: { perSecond: 1, burst: 30 },
  unsigned: 200,
  headersMs: 5_000,
  silentMs: 10_000,
};

export interface Door {
  doorkeeper: Doorkeeper;
  page: Page;
  limits: ConnectionLimits;
  clock: Clock;
  /** WebSockets on which nobody has signed in yet. */
  unsigned: () => number;
  /** For `/health`. */
  health: () => Record<string, unknown>;
  /** Somebody is at the door. `stream` is the raw connection under the socket. */
  arrived: (socket: WebSocket, stream: Duplex, address: string) => void;
}

/** A server that listens for nobody yet. Its limits cut who is slow, who sends too much and who opens too many. */
export function createDoor(door: Door): Server {
  const { headersMs, silentMs } = door.limits;
  const server = createServer({
    headersTimeout: headersMs,
    requestTimeout: 2 * headersMs,
    connectionsCheckingInterval: headersMs / 5,
    keepAliveTimeout: silentMs,
    maxHeaderSize: 8 * 1024,
  });
  server.maxHeadersCount = 60;
  server.maxConnections = door.limits.connections;
  // Node's own limits for a connection that says nothing at all are longer than a flood needs.
  server.setTimeout(silentMs, (socket) => socket.destroy());

  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: LIMITS.frameBytes,
    perMessageDeflate: false,
    // An attack by tiny fragments; ws allows 131,072 of them by default.
    ...{ maxFragments: 16, maxBufferedChunks: 256 },
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  const open = new Map<string, number>();
  const knocks = new Buckets(door.limits.newPerAddress, door.clock);

  server.on('request', (request: IncomingMessage, response: ServerResponse) =>
    answer(door, request, response),
  );
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => stream.destroy());
    const address = request.socket.remoteAddress ?? '';
    const refusal = refusalOf(door, request, open.get(address) ?? 0, () => knocks.take(address));
    if (refusal !== null) return refuse(stream, refusal);
    sockets.handleUpgrade(request, stream, head, (socket) => {
      request.socket.setTimeout(0);
      request.socket.setNoDelay(true);
      open.set(address, (open.get(address) ?? 0) + 1);
      socket.on('close', () => {
        const left = (open.get(address) ?? 1) - 1;
        if (left === 0) open.delete(address);
        else open.set(address, left);
      });
      door.arrived(socket, stream, address);
    });
  });
  return server;
}

function answer(door: Door, request: IncomingMessage, response: ServerResponse): void {
  if (!hostIsOurs(request, door.doorkeeper))
    return plain(response, 403, 'BAD_ORIGIN: open Salon by the address of its host.');
  for (const [name, value] of Object.entries(securityHeaders(request.headers.host ?? '')))
    response.setHeader(name, value);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return plain(response, 405, 'Only GET and HEAD are answered here.');
  }
  if (request.url === '/health') {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
    response.end(`${JSON.stringify(door.health())}\n`);
    return;
  }
  servePage(door.page, request, response);
}

interface Refusal {
  status: number;
  text: string;
  headers?: Record<string, string>;
}

function refusalOf(door: Door, request: IncomingMessage, open: number, knock: () => number): Refusal | null {
  if (!hostIsOurs(request, door.doorkeeper) || !originIsOurs(request, false)) {
    return { status: 403, text: 'BAD_ORIGIN: open Salon by the address of its host.' };
  }
  if (request.url !== '/socket') return { status: 404, text: 'Not found.' };
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  if (!offered.includes(SUBPROTOCOL)) {
    return { status: 426, text: `This host speaks ${SUBPROTOCOL}.`, headers: { Upgrade: SUBPROTOCOL } };
  }
  if (open >= door.limits.perAddress) {
    return {
      status: 429,
      text: 'Too many connections from this computer.',
      headers: { 'Retry-After': '30' },
    };
  }
  const waitMs = knock();
  if (waitMs > 0) {
    return { status: 429, text: 'Too fast.', headers: { 'Retry-After': String(Math.ceil(waitMs / 1000)) } };
  }
  if (door.unsigned() >= door.limits.unsigned) {
    return { status: 503, text: 'Too many people are at the door.', headers: { 'Retry-After': '5' } };
  }
  return null;
}

function refuse(stream: Duplex, { status, text, headers = {} }: Refusal): void {
  const lines = Object.entries({
    Connection: 'close',
    'Content-Type': 'text/plain; charset=utf-8',
    ...headers,
  });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  stream.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${head}Content-Length: ${text.length + 1}\r\n\r\n${text}\n`,
  );
}
