import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * Somebody in between: a TCP relay that passes everything on, and can change it, keep a copy of it, swallow it or answer
 * in its place.
 */
export class TcpRelay {
  /** Everything that went through, both ways, in order of arrival. */
  readonly heard: Buffer[] = [];
  connections = 0;
  /** What becomes of bytes; null cuts the connection. By default they go on as they are. */
  change: (bytes: Buffer, from: 'client' | 'host') => Buffer | null = (bytes) => bytes;
  /** Connections are taken, and nothing ever comes back. */
  mute = false;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(to: number, port = 0): Promise<TcpRelay> {
    const server = createServer();
    const relay = new TcpRelay(server);
    server.on('connection', (client) => relay.#pass(client, to));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    return relay;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.heard);
  }

  /** Every connection breaks; new ones are taken. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #pass(client: Socket, to: number): void {
    this.connections += 1;
    this.#keep(client);
    if (this.mute) {
      client.resume();
      return;
    }
    const host = connect(to, '127.0.0.1');
    this.#keep(host);
    const carry = (from: Socket, into: Socket, who: 'client' | 'host') => {
      from.on('data', (bytes: Buffer) => {
        this.heard.push(bytes);
        const changed = this.change(bytes, who);
        if (changed === null) into.destroy();
        else into.write(changed);
      });
      from.on('close', () => into.destroy());
    };
    carry(client, host, 'client');
    carry(host, client, 'host');
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
  }
}
