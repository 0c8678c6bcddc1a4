import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server as HttpsServer } from 'node:https';
import { createServer as createTlsServer, type Server as TlsServer, type TLSSocket } from 'node:tls';
import { WebSocketServer, type WebSocket } from 'ws';
import { openIdentity } from '../../server/identity.ts';
import { ALPN, SUBPROTOCOL, type Fingerprint } from '../../server/protocol/entities.ts';
import type { RefusalCode } from '../../server/protocol/errors.ts';

/** Whatever answers with a key, where a whole room is more than is needed. */

export interface KeyHolder {
  address: string;
  fingerprint: Fingerprint;
  /** WebSockets now. */
  open(): number;
  close(): Promise<void>;
}

export interface KeyHolderOptions {
  /** The same folder is the same key. */
  directory?: string;
  host?: string;
  port?: number;
  /** Answers so instead of letting anybody in. */
  status?: number;
  /** Refuses so whatever it is asked. */
  refusal?: RefusalCode;
  /** Told to whoever comes in. */
  greeting?: string[];
  /** How long it thinks before it answers at all. */
  delayMs?: number;
}

export async function holdKey(options: KeyHolderOptions = {}): Promise<KeyHolder> {
  const { directory = scratch(), greeting = [], delayMs = 0 } = options;
  const { key, certificate, fingerprint } = await openIdentity(directory, Date.now());
  const server = createServer({ key, cert: certificate, ALPNProtocols: [ALPN], minVersion: 'TLSv1.3' });
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => SUBPROTOCOL });
  server.on('upgrade', (request, stream, head) => {
    stream.on('error', () => undefined);
    if (options.status !== undefined) {
      stream.end(`HTTP/1.1 ${options.status} No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    setTimeout(() => {
      sockets.handleUpgrade(request, stream, head, (socket) => {
        greeting.forEach((text) => socket.send(text));
        if (options.refusal !== undefined) refuseAll(socket, options.refusal);
      });
    }, delayMs);
  });
  await listen(server, options);
  return {
    address: addressOf(server),
    fingerprint,
    open: () => sockets.clients.size,
    close: async () => {
      for (const client of sockets.clients) client.terminate();
      await shut(server);
    },
  };
}

function refuseAll(socket: WebSocket, code: RefusalCode): void {
  socket.on('message', (data: Buffer) => {
    const { id } = JSON.parse(data.toString()) as { id: number };
    socket.send(JSON.stringify({ t: 'refused', id, code, retry: false, text: '' }));
  });
}

/** Says nothing but its key, and counts what it is told. */
export async function countBytes(
  directory = scratch(),
): Promise<{ address: string; bytes: () => number; connections: () => number; close: () => Promise<void> }> {
  const { key, certificate } = await openIdentity(directory, Date.now());
  let bytes = 0;
  let connections = 0;
  const server = createTlsServer(
    { key, cert: certificate, ALPNProtocols: [ALPN], minVersion: 'TLSv1.3' },
    (socket: TLSSocket) => {
      socket.on('error', () => undefined);
      socket.on('data', (data: Buffer) => {
        bytes += data.length;
      });
    },
  );
  // Whoever sees the wrong key leaves before the handshake is over.
  server.on('connection', () => (connections += 1));
  server.on('tlsClientError', () => undefined);
  await listen(server, {});
  return {
    address: addressOf(server),
    bytes: () => bytes,
    connections: () => connections,
    close: () => shut(server),
  };
}

function listen(
  server: HttpsServer | TlsServer,
  { host = '127.0.0.1', port = 0 }: KeyHolderOptions,
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}

function shut(server: HttpsServer | TlsServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
}

function addressOf(server: HttpsServer | TlsServer): string {
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function scratch(): string {
  process.setMaxListeners(0);
  const folder = mkdtempSync(join(tmpdir(), 'salon-key-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
