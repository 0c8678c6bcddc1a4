import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type TLSSocket } from 'node:tls';
import { openIdentity } from '../../server/identity.ts';
import { ALPN, type Fingerprint } from '../../server/protocol/entities.ts';
import { scratch } from './processes.ts';

/**
 * Somebody in between with a key of their own: takes connections as if they were the room, and says everything on to the
 * real one, in the clear as far as they are concerned.
 */
export class Impersonator {
  readonly fingerprint: Fingerprint;
  /** Handshakes that were begun. */
  handshakes = 0;
  /** What clients said after it: what they would have lost. */
  readonly overheard: Buffer[] = [];
  /** What goes on to the host instead of what a client said. */
  change: (bytes: Buffer) => Buffer = (bytes) => bytes;
  readonly #server: Server;
  readonly #sockets = new Set<TLSSocket>();

  private constructor(server: Server, fingerprint: Fingerprint) {
    this.#server = server;
    this.fingerprint = fingerprint;
  }

  static async open(realPort: number): Promise<Impersonator> {
    const { key, certificate, fingerprint } = await openIdentity(await scratch(), Date.now());
    const server = createServer({
      key,
      cert: certificate,
      minVersion: 'TLSv1.3',
      ALPNProtocols: [ALPN, 'http/1.1'],
    });
    const impersonator = new Impersonator(server, fingerprint);
    server.on('connection', () => (impersonator.handshakes += 1));
    server.on('secureConnection', (client) => impersonator.#pass(client, realPort));
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return impersonator;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.overheard);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #pass(client: TLSSocket, realPort: number): void {
    this.handshakes += 1;
    const host = connect({
      host: '127.0.0.1',
      port: realPort,
      rejectUnauthorized: false,
      ALPNProtocols: [ALPN],
    });
    for (const socket of [client, host]) {
      this.#sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => this.#sockets.delete(socket));
    }
    client.on('data', (bytes: Buffer) => {
      this.overheard.push(bytes);
      host.write(this.change(bytes));
    });
    host.on('data', (bytes: Buffer) => client.write(bytes));
    client.on('close', () => host.destroy());
    host.on('close', () => client.destroy());
  }
}
