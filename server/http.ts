import {
  createServer,
  STATUS_CODES,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Server as PortServer, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { WebSocketServer, type WebSocket } from 'ws';
import { networkOf } from './addresses.ts';
import type { Clock } from './clock.ts';
import type { Identity } from './identity.ts';
import type { Knock, Knocks } from './knocks.ts';
import { Buckets } from './limits.ts';
import { createOnePort } from './one-port.ts';
import { channelOf, hostIsOurs, type Doorkeeper } from './origin.ts';
import { plain, securityHeaders, servePage, type Page } from './page.ts';
import { ALPN, LIMITS, SUBPROTOCOL, type Channel, type RoomSettings } from './protocol/entities.ts';

/**
 * The host's one port. Apps speak TLS 1.3 to it and get the WebSocket; browsers get the interface by the door that the
 * owner opened, HTTPS or plain HTTP, and `/health` from this computer itself; everything else gets nothing.
 */

export interface ConnectionLimits {
  /** TCP connections in all. */
  connections: number;
  /** TCP connections from one address, whatever comes of them. */
  connectionsPerAddress: number;
  /** WebSockets from one address. */
  perAddress: number;
  /** New ones from one address, for each second and at once. */
  newPerAddress: { perSecond: number; burst: number };
  /** WebSockets on which nobody has signed in yet. */
  unsigned: number;
  /** How long the TLS handshake, and then the head of a request, may take. In milliseconds. */
  headersMs: number;
  /** How long a connection that is no WebSocket may say nothing. In milliseconds. */
  silentMs: number;
  /** How long a connection that is no WebSocket may last in all: a page on a slow network is loaded by then. In milliseconds. */
  visitMs: number;
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  connections: 1_000,
  connectionsPerAddress: 50,
  perAddress: 20,
  newPerAddress: { perSecond: 1, burst: 30 },
  unsigned: 200,
  headersMs: 5_000,
  silentMs: 10_000,
  visitMs: 120_000,
};

export interface DoorOptions {
  identity: Identity;
  doorkeeper: Doorkeeper;
  page: Page;
  limits: ConnectionLimits;
  clock: Clock;
  knocks: Knocks;
  settings: () => RoomSettings;
  /** WebSockets on which nobody has signed in yet. */
  unsigned: () => number;
  /** For `/health`. */
  health: () => Record<string, unknown>;
  /** Somebody is at the door. `stream` is the connection under the socket, decrypted. */
  arrived: (socket: WebSocket, stream: Duplex, address: string, channel: Channel, knock: Knock) => void;
}

export interface Door {
  /** Listens for nobody yet. */
  port: PortServer;
  /** Ends connections on which nothing is going on. */
  closeIdle(): void;
  closeAll(): void;
}

/** Its limits cut who is slow, who sends too much and who opens too many. */
export function createDoor(door: DoorOptions): Door {
  const { headersMs, silentMs, visitMs } = door.limits;
  const options = {
    headersTimeout: headersMs,
    requestTimeout: 2 * headersMs,
    connectionsCheckingInterval: headersMs / 5,
    keepAliveTimeout: silentMs,
    maxHeaderSize: 8 * 1024,
  };
  const simple = createServer(options);
  const secure = createSecureServer({
    ...options,
    key: door.identity.key,
    cert: door.identity.certificate,
    minVersion: 'TLSv1.3',
    handshakeTimeout: headersMs,
    ALPNProtocols: [ALPN, 'http/1.1'],
  });
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
  // Not written where it is used: what is kept as long as a connection lasts must not hold the request that opened it.
  const countIn = (from: string, socket: WebSocket) => {
    open.set(from, (open.get(from) ?? 0) + 1);
    socket.on('close', () => {
      const left = (open.get(from) ?? 1) - 1;
      if (left === 0) open.delete(from);
      else open.set(from, left);
    });
  };
  const visits = new WeakMap<Socket, NodeJS.Timeout>();
  const fresh = new Buckets(door.limits.newPerAddress, door.clock);

  secure.on('secureConnection', (socket: TLSSocket) => door.knocks.of(socket).reached('encrypted'));
  secure.on('tlsClientError', (_error, socket: TLSSocket) => door.knocks.of(socket).ended('notSalon'));
  for (const server of [simple, secure] as Server[]) {
    server.maxHeadersCount = 60;
    // Node's own limits for a connection that says nothing at all are longer than a flood needs.
    server.setTimeout(silentMs, (socket) => socket.destroy());
    server.on(server === secure ? 'secureConnection' : 'connection', (socket: Socket) => {
      // Whoever sends an empty line now and then is never silent, and would hold its place for ever.
      const visit = setTimeout(() => socket.destroy(), visitMs);
      visits.set(socket, visit);
      socket.once('close', () => clearTimeout(visit));
    });
    // Node counts a server's connections, and cuts the slow ones, only once it listens; these two never do.
    server.emit('listening');
    server.on('clientError', (error: NodeJS.ErrnoException, stream) => misunderstood(error, stream));
    server.on('request', (request: IncomingMessage, response: ServerResponse) =>
      answer(door, server === secure, request, response),
    );
    server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
      stream.on('error', destroyIt);
      const address = request.socket.remoteAddress ?? '';
      const from = networkOf(address);
      const knock = door.knocks.of(request.socket);
      const verdict = judge(door, server === secure, request, open.get(from) ?? 0, () => fresh.take(from));
      if (typeof verdict !== 'string') {
        knock.ended(verdict.knock);
        return refuse(stream, verdict);
      }
      sockets.handleUpgrade(request, stream, head, (socket) => {
        request.socket.setTimeout(0);
        clearTimeout(visits.get(request.socket));
        request.socket.setNoDelay(true);
        countIn(from, socket);
        knock.reached('socket');
        door.arrived(socket, stream, address, verdict, knock);
      });
    });
  }
  const { server: port, destroyAll } = createOnePort(
    secure,
    simple,
    {
      connections: door.limits.connections,
      connectionsPerAddress: door.limits.connectionsPerAddress,
      firstByteMs: headersMs,
    },
    {
      knocked: (socket: Socket, refused) => door.knocks.arrived(socket, refused),
      silent: (socket: Socket) => door.knocks.of(socket).ended('silent'),
    },
  );
  const both = [simple, secure] as Server[];
  return {
    port,
    closeIdle: () => both.forEach((server) => server.closeIdleConnections()),
    closeAll: () => {
      destroyAll();
      // Nobody listens any more; what is left is the clock that looks for slow ones.
      both.forEach((server) => server.close(() => undefined));
    },
  };
}

function destroyIt(this: Duplex): void {
  this.destroy();
}

const NO_BROWSERS = 'This room does not let browsers in. Join it in Salon, with a code from its host.';
const USE_ENCRYPTION = 'Use https: or Salon. This room takes no unencrypted connections.';

function answer(
  door: DoorOptions,
  encrypted: boolean,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const knock = door.knocks.of(request.socket);
  if (!hostIsOurs(request, door.doorkeeper, encrypted)) {
    knock.ended('BAD_ORIGIN');
    return plain(response, 403, 'BAD_ORIGIN: open Salon by the address of its host.');
  }
  const headers = securityHeaders(request.headers.host ?? '', encrypted);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return plain(response, 405, 'Only GET and HEAD are answered here.');
  }
  if (request.url === '/health' && isLoopback(request.socket.remoteAddress)) {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
    response.end(`${JSON.stringify(door.health())}\n`);
    return;
  }
  const { door: opened } = door.settings();
  if (!encrypted && opened !== 'simple') {
    knock.ended('plain');
    response.setHeader('Connection', 'close');
    return plain(response, 400, USE_ENCRYPTION);
  }
  if (opened === 'none') {
    knock.ended('noBrowsers');
    return plain(response, 403, NO_BROWSERS);
  }
  knock.reached('page');
  servePage(door.page, request, response);
}

interface Refusal {
  status: number;
  text: string;
  headers?: Record<string, string>;
  /** For the host's list of knocks. */
  knock: string;
}

/** By which channel somebody may come in, or why not. */
function judge(
  door: DoorOptions,
  encrypted: boolean,
  request: IncomingMessage,
  open: number,
  takeFresh: () => number,
): Channel | Refusal {
  const channel = channelOf(request, door.doorkeeper, encrypted, door.settings().door);
  if (channel === null)
    return { status: 403, text: 'BAD_ORIGIN: open Salon by the address of its host.', knock: 'BAD_ORIGIN' };
  if (request.url !== '/socket') return { status: 404, text: 'Not found.', knock: 'notSalon' };
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  if (!offered.includes(SUBPROTOCOL)) {
    const text = `This host speaks ${SUBPROTOCOL}.`;
    return { status: 426, text, headers: { Upgrade: SUBPROTOCOL }, knock: 'VERSION' };
  }
  if (open >= door.limits.perAddress) {
    const text = 'Too many connections from this computer.';
    return { status: 429, text, headers: { 'Retry-After': '30' }, knock: 'tooMany' };
  }
  const waitMs = takeFresh();
  if (waitMs > 0) {
    const headers = { 'Retry-After': String(Math.ceil(waitMs / 1000)) };
    return { status: 429, text: 'Too fast.', headers, knock: 'tooMany' };
  }
  if (door.unsigned() >= door.limits.unsigned) {
    const text = 'Too many people are at the door.';
    return { status: 503, text, headers: { 'Retry-After': '5' }, knock: 'ROOM_FULL' };
  }
  return channel;
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
  cutSoon(stream);
}

/** After an upgrade nobody else looks after a connection: one whose other end stays open would hold its place for ever. */
function cutSoon(stream: Duplex): void {
  setTimeout(() => stream.destroy(), 1_000).unref();
}

/** Node's own answer is lost over TLS: it cuts the connection in the same breath. */
function misunderstood({ code }: NodeJS.ErrnoException, stream: Duplex): void {
  const status = code === 'HPE_HEADER_OVERFLOW' ? 431 : code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  if (!stream.writable) return void stream.destroy();
  stream.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\n\r\n`);
  cutSoon(stream);
}

function isLoopback(address = ''): boolean {
  return address === '::1' || address.startsWith('127.') || address.startsWith('::ffff:127.');
}
