import type { IncomingMessage } from 'node:http';

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
export function hostIsOurs(request: IncomingMessage, { names, port }: Doorkeeper): boolean {
  const match = /^(\[[0-9a-f:.]+\]|[^:]+)(?::(\d+))?$/i.exec(request.headers.host ?? '');
  if (match === null) return false;
  // A browser leaves out the port that its scheme implies.
  return names().has((match[1] ?? '').toLowerCase()) && Number(match[2] ?? 80) === port();
}

/**
 * The Origin header is the very page that this computer serves. Programs send none, and may come in; browsers always do
 * for a WebSocket, so a missing one is refused where only a page may come (`required`).
 */
export function originIsOurs(request: IncomingMessage, required: boolean): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return !required;
  return origin.toLowerCase() === `http://${(host ?? '').toLowerCase()}`;
}
