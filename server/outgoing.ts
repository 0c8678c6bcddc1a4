import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';

/**
 * What goes out, in one write for each member in each turn of the event loop. Framing an event once as bytes for
 * everybody and writing once a turn is what lets a busy room cost little: thirty times less than a `send` for each.
 */

/** Above this a member counts as behind: log events are left out until it reads on, and it asks for them then. */
const BEHIND_BYTES = 1024 * 1024;
/** What is longer is written by itself instead of being copied: it may be the same for many. */
const LONG_BYTES = 16 * 1024;
/**
 * Each write to TLS leaves as much memory behind in the connection as it was long, for good: what is long, such as the
 * list of members that everybody gets, goes in pieces.
 */
const TLS_PIECE_BYTES = 8 * 1024;
/** Of a busy turn there are many, and each write costs: one record of TLS, which is the most that it takes. */
const TLS_TURN_BYTES = 16 * 1024;
/** So much for everybody is not held back until the end of the turn. */
const TURN_BYTES = 256 * 1024;

/** A text message as one unmasked WebSocket frame (RFC 6455, 5.2). */
export function frameText(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const header = frameHeader(length);
  const frame = Buffer.allocUnsafe(header.length + length);
  frame.set(header);
  frame.write(text, header.length);
  return frame;
}

/** One text message whose text comes in parts. They are not copied, and belong right behind each other. */
export function frameOf(parts: readonly Buffer[]): Buffer[] {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return [frameHeader(length), ...parts];
}

function frameHeader(length: number): Buffer {
  if (length < 126) return Buffer.from([0x81, length]);
  if (length < 65_536) return Buffer.from([0x81, 126, length >> 8, length & 0xff]);
  const header = Buffer.alloc(10);
  header[0] = 0x81;
  header[1] = 127;
  header.writeBigUInt64BE(BigInt(length), 2);
  return header;
}

/**
 * One turn of the event loop: what everybody in the room hears in it is kept once, and joined once, however many they are;
 * beside it each member has what is for them alone. At the end of the turn each gets one write.
 */
export class Turn {
  readonly #listeners = new Set<Outgoing>();
  /** Those with something of their own. */
  readonly #waiting = new Set<Outgoing>();
  readonly frames: Buffer[] = [];
  #bytes = 0;
  #scheduled = false;

  /** To everybody who listens, but one. Left out for those who are behind. */
  broadcast(frame: Buffer, except?: Outgoing): void {
    except?.skipNext();
    this.frames.push(frame);
    this.#bytes += frame.length;
    // So much at once would leave whoever is behind further behind than is allowed.
    if (this.#bytes > TURN_BYTES) this.#flush();
    else this.#schedule();
  }

  add(outgoing: Outgoing): void {
    this.#waiting.add(outgoing);
    this.#schedule();
  }

  join(outgoing: Outgoing): void {
    this.#listeners.add(outgoing);
  }

  leave(outgoing: Outgoing): void {
    this.#listeners.delete(outgoing);
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    const joined = once(() => joinedOf(this.frames));
    // First those who have something of their own, most often an answer: they wait for it.
    for (const outgoing of this.#waiting) outgoing.flush(joined);
    this.#waiting.clear();
    if (this.frames.length > 0) for (const outgoing of this.#listeners) outgoing.flush(joined);
    for (const outgoing of this.#listeners) outgoing.turned();
    this.frames.length = 0;
    this.#bytes = 0;
  }
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function joinedOf(frames: readonly Buffer[]): Buffer {
  const [first] = frames;
  return frames.length === 1 && first !== undefined ? first : Buffer.concat(frames);
}

/** Something for one member: its place among the frames for everybody, of which null leaves out the next. */
interface Own {
  at: number;
  frame: Buffer | null;
}

/** What waits for one member, and how far behind its reading is. */
export class Outgoing {
  readonly #stream: Duplex;
  readonly #turn: Turn;
  #own: Own[] = [];
  #ownBytes = 0;
  /** Hears what is for everybody from that frame of the turn on; null is not at all. */
  #from: number | null = null;
  #missed = false;
  #finished = false;

  constructor(stream: Duplex, turn: Turn) {
    this.#stream = stream;
    this.#turn = turn;
    // What waits in a stream is gathered into one write otherwise.
    if (stream instanceof TLSSocket) Object.assign(stream, { _writev: null });
  }

  /** Bytes that the other end has not taken yet. */
  get unread(): number {
    return this.#stream.writableLength + this.#ownBytes;
  }

  /** Hears what is for everybody from now on. */
  listen(): void {
    if (this.#finished || this.#from !== null) return;
    this.#from = this.#turn.frames.length;
    this.#turn.join(this);
  }

  /** Hears no more of it. */
  ignore(): void {
    if (this.#from === null) return;
    this.flush();
    this.#from = null;
    this.#turn.leave(this);
  }

  send(frame: Buffer): void {
    if (this.#finished) return;
    this.#own.push({ at: this.#turn.frames.length, frame });
    this.#ownBytes += frame.length;
    this.#turn.add(this);
  }

  /** Like `send`, but left out while the member is behind: a log event can be asked for again. */
  offer(frame: Buffer): void {
    if (this.unread > BEHIND_BYTES) this.#missed = true;
    else this.send(frame);
  }

  /** The next frame that is for everybody is not for this one. */
  skipNext(): void {
    if (this.#from !== null) this.#own.push({ at: this.#turn.frames.length, frame: null });
  }

  /** Whether something was left out since this was last asked, and there is room again to say so. */
  takeMissed(): boolean {
    if (!this.#missed || this.unread > BEHIND_BYTES / 2) return false;
    this.#missed = false;
    return true;
  }

  /** Writes what there is now. `joined` gives all that is for everybody in this turn. */
  flush(joined?: () => Buffer): void {
    const { frames } = this.#turn;
    const from = this.#from ?? frames.length;
    const own = this.#own;
    if (from === frames.length && own.length === 0) return;
    const isBehind = this.unread > BEHIND_BYTES;
    if (isBehind && from < frames.length) this.#missed = true;
    this.#own = [];
    this.#ownBytes = 0;
    if (this.#from !== null) this.#from = frames.length;
    if (!this.#stream.writable || this.#finished) return;
    if (own.length === 0 && from === 0 && joined !== undefined) {
      if (!isBehind) this.#put(joined(), TLS_TURN_BYTES);
      return;
    }
    this.#write(interleaved(own, isBehind ? [] : frames, from));
  }

  #write(frames: readonly Buffer[]): void {
    let next = 0;
    for (let at = 0; at <= frames.length; at += 1) {
      const frame = frames[at];
      if (frame !== undefined && frame.length <= LONG_BYTES) continue;
      if (at > next) this.#put(joinedOf(frames.slice(next, at)), TLS_TURN_BYTES);
      if (frame !== undefined) this.#put(frame, TLS_PIECE_BYTES);
      next = at + 1;
    }
  }

  #put(bytes: Buffer, tlsBytes: number): void {
    const atOnce = this.#stream instanceof TLSSocket ? tlsBytes : bytes.length;
    if (bytes.length <= atOnce) return void this.#stream.write(bytes);
    for (let at = 0; at < bytes.length; at += atOnce) this.#stream.write(bytes.subarray(at, at + atOnce));
  }

  /** The frames for everybody begin anew. */
  turned(): void {
    if (this.#from !== null) this.#from = 0;
  }

  /** Nothing goes out any more: after a close frame nothing may. */
  finish(): void {
    this.#finished = true;
    this.#own = [];
    this.#ownBytes = 0;
    if (this.#from !== null) this.#turn.leave(this);
    this.#from = null;
  }
}

/** One's own among those for everybody, from one of them on, in the order in which they came. */
function interleaved(own: readonly Own[], everybodys: readonly Buffer[], from: number): Buffer[] {
  const all: Buffer[] = [];
  let next = from;
  for (const { at, frame } of own) {
    while (next < Math.min(at, everybodys.length)) all.push(everybodys[next++] as Buffer);
    if (frame === null) next = Math.max(next, at + 1);
    else all.push(frame);
  }
  return all.concat(everybodys.slice(next));
}
