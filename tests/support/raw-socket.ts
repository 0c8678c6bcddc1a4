import { createHash, randomBytes } from 'node:crypto';
import { connect, type TLSSocket } from 'node:tls';

/** A WebSocket by hand (RFC 6455) over a TLS connection: it can say what no library would. */

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface RawFrame {
  opcode: number;
  payload: Buffer;
}

export interface FrameOptions {
  opcode?: number;
  fin?: boolean;
  masked?: boolean;
  /** The three reserved bits, 0 to 7. */
  reserved?: number;
}

export class RawSocket {
  readonly stream: TLSSocket;
  #received = Buffer.alloc(0);
  #ended = false;
  #wake: () => void = () => undefined;

  private constructor(stream: TLSSocket) {
    this.stream = stream;
    stream.on('data', (data: Buffer) => {
      this.#received = Buffer.concat([this.#received, data]);
      this.#wake();
    });
    stream.on('close', () => {
      this.#ended = true;
      this.#wake();
    });
    // A close follows.
    stream.on('error', () => undefined);
  }

  /** A TLS connection that has said nothing yet. @param localAddress - of this computer, which the host knows it by. */
  static open(address: string, localAddress?: string): Promise<RawSocket> {
    const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(address) ?? [];
    const stream = connect({
      ...{ host, port: Number(port), rejectUnauthorized: false },
      ...(localAddress === undefined ? {} : { localAddress }),
    });
    stream.setNoDelay(true);
    return new Promise((resolve, reject) => {
      stream.once('error', reject);
      stream.once('secureConnect', () => resolve(new RawSocket(stream)));
    });
  }

  /** Through the handshake. @throws Error with the host's status line when it refuses. */
  static async connect(
    address: string,
    headers: Record<string, string> = {},
    localAddress?: string,
  ): Promise<RawSocket> {
    const socket = await RawSocket.open(address, localAddress);
    const key = randomBytes(16).toString('base64');
    const status = await socket.upgrade(address, { 'Sec-WebSocket-Key': key, ...headers });
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    if (!status.includes(accept)) throw new Error(status.split('\r\n')[0]);
    return socket;
  }

  /** Asks to become a WebSocket. The whole head of the answer. */
  async upgrade(address: string, headers: Record<string, string>): Promise<string> {
    const all = {
      Host: address,
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Protocol': 'salon.v1',
      ...headers,
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    this.stream.write(`GET /socket HTTP/1.1\r\n${lines.join('')}\r\n`);
    await this.#until(() => this.#received.includes('\r\n\r\n'));
    const end = this.#received.indexOf('\r\n\r\n') + 4;
    return this.#take(end).toString();
  }

  send(payload: string | Buffer, options: FrameOptions = {}): void {
    this.stream.write(frameOf(Buffer.from(payload), options));
  }

  /** The next frame from the host, or null when it has closed the connection. */
  async next(): Promise<RawFrame | null> {
    await this.#until(() => this.#length() !== null);
    const length = this.#length();
    if (length === null) return null;
    const frame = this.#take(length.head + length.payload);
    return { opcode: (frame[0] ?? 0) & 15, payload: frame.subarray(length.head) };
  }

  /** The next text that `wanted` accepts; everything before it is dropped. @throws Error when none comes. */
  async json<T>(wanted: (frame: Record<string, unknown>) => boolean = () => true): Promise<T> {
    for (let frame = await this.next(); frame !== null; frame = await this.next()) {
      if (frame.opcode !== OPCODE.text) continue;
      const said = JSON.parse(frame.payload.toString()) as Record<string, unknown>;
      // Whoever asks knows what was asked.
      if (wanted(said)) return said as T;
    }
    throw new Error('the host closed the connection');
  }

  /** With which code the host ends the connection; 1006 when it says none. */
  async closeCode(): Promise<number> {
    for (let frame = await this.next(); frame !== null; frame = await this.next()) {
      if (frame.opcode === OPCODE.close)
        return frame.payload.length >= 2 ? frame.payload.readUInt16BE() : 1005;
    }
    return 1006;
  }

  destroy(): void {
    this.stream.destroy();
  }

  /** Of the frame that is there as a whole; null while it is not. */
  #length(): { head: number; payload: number } | null {
    const data = this.#received;
    const short = (data[1] ?? 0) & 127;
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (data.length < head) return null;
    const payload =
      short < 126 ? short : short === 126 ? data.readUInt16BE(2) : Number(data.readBigUInt64BE(2));
    return data.length < head + payload ? null : { head, payload };
  }

  #take(length: number): Buffer {
    const taken = this.#received.subarray(0, length);
    this.#received = this.#received.subarray(length);
    return taken;
  }

  async #until(isThere: () => boolean): Promise<void> {
    while (!isThere() && !this.#ended) await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}

/** One frame as a client sends it; or as none may, by the options. */
export function frameOf(payload: Buffer, options: FrameOptions = {}): Buffer {
  const { opcode = OPCODE.text, fin = true, masked = true, reserved = 0 } = options;
  const first = (fin ? 128 : 0) | (reserved << 4) | opcode;
  const bit = masked ? 128 : 0;
  const { length } = payload;
  const head =
    length < 126
      ? Buffer.from([first, bit | length])
      : length < 65_536
        ? Buffer.from([first, bit | 126, length >> 8, length & 255])
        : Buffer.from([first, bit | 127, 0, 0, 0, 0, ...bigEndian(length)]);
  if (!masked) return Buffer.concat([head, payload]);
  const mask = randomBytes(4);
  return Buffer.concat([head, mask, payload.map((byte, i) => byte ^ (mask[i % 4] ?? 0))]);
}

function bigEndian(length: number): Buffer {
  const field = Buffer.alloc(4);
  field.writeUInt32BE(length);
  return field;
}
