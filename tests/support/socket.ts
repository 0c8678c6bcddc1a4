import { TLSSocket } from 'node:tls';
import { WebSocket, type ClientOptions } from 'ws';
import { SUBPROTOCOL, type Channel } from '../../server/protocol/entities.ts';

/** A WebSocket to a room as an app opens it, or a page by one of the two doors; the key is whatever it is. */
export function openWebSocket(
  address: string,
  channel: Channel = 'app',
  options: ClientOptions = {},
): WebSocket {
  const scheme = channel === 'simple' ? 'ws' : 'wss';
  return new WebSocket(`${scheme}://${address}/socket`, [SUBPROTOCOL], {
    perMessageDeflate: false,
    rejectUnauthorized: false,
    ...(channel === 'app' ? {} : { origin: `${scheme.replace('ws', 'http')}://${address}` }),
    ...options,
  });
}

/** What ties a proof to this channel: the TLS exporter; null before it is open, and where nothing is encrypted. */
export function bindingOf(socket: WebSocket): Uint8Array | null {
  const stream = (socket as unknown as { _socket: unknown })._socket;
  if (!(stream instanceof TLSSocket)) return null;
  return stream.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0));
}
