import { EventEmitter } from 'node:events';
import type { ChannelSocket } from '../../resources/state/ports.ts';
import type { Program, VirtualClock } from './clock.ts';
import { Flow, type Pace } from './flow.ts';
import { framesIn, type Frame } from './frames.ts';

/** Who is told what went over a connection. */
export interface Listener {
  /** The host wrote it; whether it arrives is another matter. */
  wrote(line: Line, frame: Frame): void;
  asked(line: Line, text: string): void;
}

export interface LineOptions {
  pace: Pace;
  /** How many bytes each byte counts for at the host: what waits for a slow reader is megabytes without being any. */
  weight: number;
  /** Whose it is, for those who listen. */
  memberId: string;
}

/** Whose end learns that a connection is gone, how long after; null for never. In milliseconds. */
export interface Cut {
  clientMs: number | null;
  hostMs: number | null;
}

/** One connection between a page and the host. Either end may go on believing in it for a long time after its end. */
export class Line {
  readonly clock: VirtualClock;
  readonly page: Program;
  readonly options: LineOptions;
  readonly listener: Listener;
  readonly client: PageSocket;
  readonly socket: HostSocket;
  readonly stream: HostStream;
  readonly up: Flow;
  readonly down: Flow;
  host: Program;
  opened = false;

  constructor(clock: VirtualClock, page: Program, host: Program, listener: Listener, options: LineOptions) {
    this.clock = clock;
    this.page = page;
    this.host = host;
    this.listener = listener;
    this.options = options;
    this.up = new Flow(clock, options.pace, host);
    this.down = new Flow(clock, options.pace, page);
    this.client = new PageSocket(this);
    this.socket = new HostSocket(this);
    this.stream = new HostStream(this);
  }

  cut({ clientMs, hostMs }: Cut): void {
    this.up.cut();
    this.down.cut();
    if (clientMs !== null) this.clock.after(clientMs, () => this.client.ended(1006), this.page);
    if (hostMs !== null) this.clock.after(hostMs, () => this.socket.ended(), this.host);
  }

  stall(until: number): void {
    this.up.stall(until);
    this.down.stall(until);
  }

  resume(): void {
    this.up.resume();
    this.down.resume();
  }
}

/** The page's end. */
export class PageSocket implements ChannelSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  /** A page sees no key. */
  readonly channel = null;
  readonly diagnosis = null;
  readonly #line: Line;
  #closing = false;
  #closed = false;

  constructor(line: Line) {
    this.#line = line;
  }

  send(text: string): void {
    if (this.#closing) return;
    const line = this.#line;
    line.up.push(() => {
      line.listener.asked(line, text);
      line.socket.emit('message', text, false);
    });
    // Whoever writes to somebody who is gone is told so.
    if (line.socket.gone && line.host.alive) line.clock.after(50, () => this.ended(1006), line.page);
  }

  close(code = 1000): void {
    if (this.#closing) return;
    this.#closing = true;
    const line = this.#line;
    line.up.push(() => line.socket.ended());
    line.clock.after(1, () => this.ended(code), line.page);
  }

  ended(code: number): void {
    if (this.#closed) return;
    this.#closing = this.#closed = true;
    this.onclose?.({ code, reason: '' });
  }
}

/** As much of the library's socket as a session uses. */
export class HostSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  gone = false;
  readonly #line: Line;

  constructor(line: Line) {
    super();
    this.#line = line;
  }

  /** The page's own program answers it, without asking anybody. */
  ping(): void {
    const { down, up } = this.#line;
    down.push(() => up.push(() => this.emit('pong')));
  }

  close(code: number): void {
    if (this.readyState !== this.OPEN) return;
    this.readyState = 2;
    const { down, up, client } = this.#line;
    down.push(() => {
      up.push(() => this.ended());
      client.ended(code);
    });
  }

  terminate(): void {
    if (this.gone) return;
    this.#line.down.push(() => this.#line.client.ended(1006));
    this.ended();
  }

  ended(): void {
    if (this.gone) return;
    this.gone = true;
    this.readyState = 3;
    this.#line.stream.writable = false;
    this.#line.up.cut();
    this.emit('close');
  }
}

/** More than this waiting, and whoever writes should wait too. In bytes. */
const HIGH_WATER = 16 * 1024;

/** As much of the stream under a socket as a session uses. */
export class HostStream extends EventEmitter {
  readonly localAddress = '192.168.1.10';
  writable = true;
  readonly #line: Line;
  #unread = 0;
  #needDrain = false;

  constructor(line: Line) {
    super();
    this.#line = line;
  }

  get writableLength(): number {
    return this.#unread * this.#line.options.weight;
  }

  write(bytes: Buffer): boolean {
    const line = this.#line;
    for (const frame of framesIn(bytes)) {
      line.listener.wrote(line, frame);
      this.#unread += frame.bytes;
      line.down.push(() => {
        this.#taken(frame.bytes);
        line.client.onmessage?.({ data: frame.text });
      });
    }
    if (this.writableLength < HIGH_WATER) return true;
    this.#needDrain = true;
    return false;
  }

  #taken(bytes: number): void {
    this.#unread -= bytes;
    if (this.#unread > 0 || !this.#needDrain) return;
    this.#needDrain = false;
    const { clock, host } = this.#line;
    clock.after(0, () => this.emit('drain'), host);
  }
}
