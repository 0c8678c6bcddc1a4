import type { IncomingMessage } from 'node:http';
import { APP_HOST, type BrowserDoor, type Channel } from './protocol/entities.ts';

/**
 * Whether a request was meant for this computer. A web page elsewhere can make a browser connect to any address on the
 * network, and can give this one a name of its own (DNS rebinding); it cannot choose the Host and Origin headers.
 */
export interface Doorkeeper {
  /** Names and bracketed addresses, lower case, without a port. */
  names: () => Set<string>;
  port: () => number;
}

/** The Host header names this computer and this port. */
export function hostIsOurs(
  request: IncomingMessage,
  { names, port }: Doorkeeper,
  encrypted = false,
): boolean {
  const match = /^(\[[0-9a-f:.]+\]|[^:]+)(?::(\d+))?$/i.exec(request.headers.host ?? '');
  if (match === null) return false;
  // A browser leaves out the port that its scheme implies.
  const given = Number(match[2] ?? (encrypted ? 443 : 80));
  return names().has((match[1] ?? '').toLowerCase()) && given === port();
}

/**
 * The Origin header is the very page that this computer serves. Programs send none, and may come in; browsers always do
 * for a WebSocket, so a missing one is refused where only a page may come (`required`).
 */
export function originIsOurs(request: IncomingMessage, required: boolean, encrypted = false): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return !required;
  return origin.toLowerCase() === `http${encrypted ? 's' : ''}://${(host ?? '').toLowerCase()}`;
}

/**
 * By which channel a WebSocket may come in; null when by none. An app comes encrypted and without an Origin, and names no
 * host, because it knows the room by its key: it may have come by a name or a port that this computer does not know of.
 */
export function channelOf(
  request: IncomingMessage,
  doorkeeper: Doorkeeper,
  encrypted: boolean,
  door: BrowserDoor,
): Channel | null {
  if (request.headers.origin === undefined) {
    const isMeant = request.headers.host === APP_HOST || hostIsOurs(request, doorkeeper, encrypted);
    return encrypted && isMeant ? 'app' : null;
  }
  if (!hostIsOurs(request, doorkeeper, encrypted) || !originIsOurs(request, true, encrypted)) return null;
  if (encrypted) return door === 'none' ? null : 'encrypted';
  return door === 'simple' ? 'simple' : null;
}
