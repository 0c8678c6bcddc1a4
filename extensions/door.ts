import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { WebSocketServer, type WebSocket } from 'ws';
import { hostIsOurs, originIsOurs } from '../server/origin.ts';
import { plain, securityHeaders, servePage, type Page } from '../server/page.ts';
import { CONTROL_SUBPROTOCOL, CONTROL_TOKEN_PREFIX, REPLACED } from '../server/protocol/control.ts';
import { isAnotherUsers } from './other-user.ts';

/** The loopback door between a page and this extension, open to nobody else on this computer or in its browsers. */
export interface Door {
  port: number;
  close(): void;
}

export interface DoorOptions {
  /** Served here too when there is no shell to do it; null otherwise. */
  page: Page | null;
  /** The shell's page, whose sockets may come in; null means our own page. */
  origin: string | null;
  /** Where the door was before; 0 for wherever there is room. */
  port: number;
  /** Whoever brings it is our own page. 256 random bits, never in a URL that leaves this computer. */
  token: string;
}

const NAMES = new Set(['127.0.0.1']);
/** A page's frame: a message of the longest kind, kept under its id. */
const MOST_BYTES = 2 * 1024 * 1024;
/** How often a port that is taken is tried again, and the pause before, in milliseconds: its former owner may be ending. */
const LISTEN_TRIES = 20;
const LISTEN_PAUSE_MS = 100;

/** @param arrived - the one page that speaks; a new one, after a reload, takes the place of the former. */
export async function openDoor(
  { page, origin, port: former, token }: DoorOptions,
  arrived: (page: WebSocket) => void,
): Promise<Door> {
  const server = createServer({ maxHeaderSize: 8 * 1024 });
  const port = () => (server.address() as AddressInfo).port;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MOST_BYTES,
    perMessageDeflate: false,
    handleProtocols: () => CONTROL_SUBPROTOCOL,
  });
  let current: WebSocket | null = null;

  server.on('request', (request, response) => {
    if (!hostIsOurs(request, { names: () => NAMES, port })) return plain(response, 403, 'Not for you.');
    for (const [name, value] of Object.entries(securityHeaders(request.headers.host ?? '')))
      response.setHeader(name, value);
    if (page === null || (request.method !== 'GET' && request.method !== 'HEAD'))
      return plain(response, 404, 'Not found.');
    servePage(page, request, response);
  });
  server.on('upgrade', (request, stream, head) => {
    // Whoever knocks may be gone before we answer; unheard, that error would end this process and the room with it.
    stream.on('error', () => stream.destroy());
    const welcome =
      hostIsOurs(request, { names: () => NAMES, port }) &&
      (origin === null ? originIsOurs(request, true) : request.headers.origin === origin) &&
      bringsToken(request, token) &&
      !isOthers(request);
    if (!welcome) {
      stream.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      current?.close(REPLACED, 'another window');
      current = socket;
      request.socket.setNoDelay(true);
      arrived(socket);
    });
  });
  // A page that the shell serves asks where the door is; one that came from the door itself knows no other place.
  await listen(server, former, origin !== null);
  return {
    port: port(),
    close: () => {
      current?.terminate();
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Said, because whoever has the token is hardly a stranger by chance. */
function isOthers({ socket }: IncomingMessage): boolean {
  if (!isAnotherUsers(socket)) return false;
  process.stderr.write('Another user of this computer asked for the page of Salon, and was refused.\n');
  return true;
}

async function listen(server: Server, port: number, elsewhereToo: boolean): Promise<void> {
  for (let left = LISTEN_TRIES; ; left -= 1) {
    try {
      return await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(left === 0 && elsewhereToo ? 0 : port, '127.0.0.1', () => {
          server.off('error', reject);
          resolve();
        });
      });
    } catch (error) {
      if (left === 0) throw error;
      await wait(LISTEN_PAUSE_MS);
    }
  }
}

function bringsToken(request: IncomingMessage, token: string): boolean {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  const brought =
    offered.find((name) => name.startsWith(CONTROL_TOKEN_PREFIX))?.slice(CONTROL_TOKEN_PREFIX.length) ?? '';
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return offered.includes(CONTROL_SUBPROTOCOL) && timingSafeEqual(digest(brought), digest(token));
}
