import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { WebSocket } from 'ws';
import type { Clock } from './clock.ts';
import { HANDLERS, type HostContext } from './commands/index.ts';
import type { Knock } from './knocks.ts';
import { ALLOWANCES, Bucket, times } from './limits.ts';
import { frameOf, frameText, Outgoing, type Turn } from './outgoing.ts';
import { Written } from './people.ts';
import type { ProofState, Proven } from './proofs.ts';
import {
  COMMANDS,
  isCommandName,
  type Allowance,
  type Audience,
  type CommandName,
} from './protocol/commands.ts';
import type { Channel, Id, Language, Role } from './protocol/entities.ts';
import { REFUSALS, refusalSentence, SalonError } from './protocol/errors.ts';
import { check, CLOSE, decodeAsk, type Ask, type GoodbyeReason, type HostFrame } from './protocol/frames.ts';

/** Nothing said at all. In milliseconds. */
const HELLO_MS = 5_000;
/** Said hello, but neither signed in nor asked anything for so long. In milliseconds. */
const IDLE_AT_THE_DOOR_MS = 120_000;
/** No frame, not even a pong. In milliseconds. */
const DEAD_MS = 35_000;
const PING_MS = 15_000;
/** A member that reads nothing is let go when this many bytes wait for it, or after so long behind. */
const UNREAD_LIMIT_BYTES = 8 * 1024 * 1024;
const BEHIND_LIMIT_MS = 30_000;
/** Refusals for haste before it counts as abuse, in one minute. */
const HASTE_LIMIT = 200;
/**
 * Who is told to slow down waits at least so long, in which several asks are saved up. Otherwise one who has much to send
 * and waits each time as told would be refused for every ask, and be taken for abusive. In milliseconds.
 */
const SLOW_DOWN_MS = 500;
const UNREADABLE_LIMIT = 3;

/** Their own allowance is the wider one: they draw on no other. */
const WIDER: ReadonlySet<Allowance> = new Set(['history', 'file']);

/** What leads to a password or comes from one. Nothing of it goes through a page that is not encrypted. */
const ENCRYPTED_ONLY: ReadonlySet<CommandName> = new Set([
  'account.signUp',
  'proof.start',
  'proof.finish',
  'password.change',
  'password.reset',
]);

/** A connection as it came in. */
export interface Arrival {
  socket: WebSocket;
  /** The connection under the socket, decrypted. */
  stream: Duplex;
  /** The network address of the other end. */
  address: string;
  channel: Channel;
  knock: Knock;
}

const GOODBYE_CODES: Record<GoodbyeReason, number> = {
  closing: CLOSE.goingAway,
  reopening: CLOSE.reopening,
  sessionEnded: CLOSE.sessionEnded,
  removed: CLOSE.removed,
  banned: CLOSE.removed,
  guestEnded: CLOSE.removed,
};

/** One connection: decode, check, handle, answer. Signed in or not. */
export class Session {
  readonly address: string;
  /** The address of ours that it came by. */
  readonly localAddress: string;
  readonly channel: Channel;
  /** The TLS exporter (RFC 9266), 32 bytes that only the two ends know. Empty for a page, which cannot see its channel. */
  readonly binding: Uint8Array;
  readonly outgoing: Outgoing;
  /** Set by `hello`. */
  greeted = false;
  language: Language = 'en';
  memberId: Id | null = null;
  sessionId: Id | null = null;
  /** Of the member: it never changes. */
  role: Role | null = null;
  presence: 'here' | 'away' = 'here';
  /** The first half of a proof, waiting for the second. */
  proof: ProofState | null = null;
  /** What was proven lately on this connection, and allows a change of password. */
  proven: Proven | null = null;
  entered = false;
  /** An invite that is alive was shown on this connection, whoever speaks on it now. */
  invited = false;

  readonly #socket: WebSocket;
  readonly #knock: Knock;
  readonly #context: HostContext;
  readonly #clock: Clock;
  readonly #allowances = new Map<Allowance, Bucket>();
  readonly #openedAt: number;
  #heardAt: number;
  #askedAt: number;
  #behindSince: number | null = null;
  #haste: number[] = [];
  #unreadable: number[] = [];
  /** Nothing more is asked here, though answers may still go out. */
  #ended = false;
  #closed = false;

  constructor({ socket, stream, address, channel, knock }: Arrival, turn: Turn, context: HostContext) {
    this.#socket = socket;
    this.#knock = knock;
    this.#context = context;
    this.#clock = context.clock;
    this.address = address;
    this.localAddress = (stream as Partial<Socket>).localAddress ?? '';
    this.channel = channel;
    this.binding = channel === 'app' ? bindingOf(stream) : new Uint8Array(0);
    this.outgoing = new Outgoing(stream, turn);
    this.#openedAt = this.#heardAt = this.#askedAt = this.#clock.monotonic();
    socket.on('message', (data, isBinary) => {
      this.#heardAt = this.#clock.monotonic();
      if (isBinary) return this.#close(CLOSE.binary, 'text only');
      void this.#receive((data as Buffer).toString());
    });
    socket.on('pong', () => {
      this.#heardAt = this.#clock.monotonic();
      // We ask for one now and then; whoever sends more wastes our time as with pings.
      this.#counted(this.#haste, HASTE_LIMIT);
    });
    socket.on('ping', () => this.#counted(this.#haste, HASTE_LIMIT));
    // The library closes by itself then, and says why: 1002, 1007, 1008 or 1009.
    socket.on('error', () => this.#close(CLOSE.notUnderstood, ''));
    socket.on('close', () => this.#gone());
    stream.on('drain', () => this.#caughtUp());
  }

  send(frame: HostFrame): void {
    this.#say([frameText(JSON.stringify(frame))]);
  }

  #say(parts: readonly Buffer[]): void {
    for (const part of parts) this.outgoing.send(part);
    if (this.outgoing.unread > UNREAD_LIMIT_BYTES) this.#close(CLOSE.notReading, 'not reading');
  }

  /** Says why, then closes. Nothing is asked or heard here from now on. */
  end(reason: GoodbyeReason): void {
    if (this.#ended) return;
    this.#ended = true;
    if (reason !== 'closing' && reason !== 'reopening') this.forget();
    // In a moment, after the answer to whatever led to this.
    setImmediate(() => {
      this.send({ t: 'goodbye', reason });
      this.#close(GOODBYE_CODES[reason], reason);
    });
  }

  /** Signed out, or in as somebody else: hears nothing until it enters again. */
  forget(): void {
    if (this.entered && this.memberId !== null) {
      this.#context.hub.leave(this, this.memberId, true);
      this.#saw();
    }
    this.entered = false;
    this.presence = 'here';
    this.memberId = null;
    this.sessionId = null;
    this.role = null;
    this.proof = null;
    this.proven = null;
  }

  /** Cuts at once, without a word. */
  terminate(): void {
    this.#socket.terminate();
  }

  async #receive(text: string): Promise<void> {
    if (this.#ended) return;
    let ask: Ask;
    try {
      ask = decodeAsk(text);
    } catch (error) {
      return this.#misread(error);
    }
    this.#askedAt = this.#clock.monotonic();
    this.#context.handling.begin();
    try {
      const result = await this.#handle(ask);
      if (ask.command === 'hello') this.#knock.reached('hello');
      if (ask.command === 'room.enter') this.#knock.reached('in');
      this.#say(answerOf(ask.id, result));
    } catch (error) {
      this.#refuse(ask.id, error);
    } finally {
      this.#context.handling.end();
    }
  }

  #handle(ask: Ask): Promise<unknown> {
    const name = ask.command;
    if (this.#context.isClosing()) throw new SalonError('CLOSING');
    this.#spend(isCommandName(name) ? COMMANDS[name].allowance : 'general');
    if (!isCommandName(name)) throw new SalonError('UNKNOWN_COMMAND');
    if (!this.greeted && name !== 'hello') throw new SalonError('HELLO_FIRST');
    if (this.channel === 'simple' && ENCRYPTED_ONLY.has(name)) throw new SalonError('ENCRYPTED_ONLY');
    this.#mustBe(COMMANDS[name].who);
    return this.#dispatch(name, ask.input);
  }

  #mustBe(who: Audience): void {
    if (who === 'anyone') return;
    if (this.memberId === null) throw new SalonError('NOT_SIGNED_IN');
    if (who === 'owner' && this.role !== 'owner') throw new SalonError('NOT_ALLOWED');
    if (who === 'member' && this.role === 'guest') throw new SalonError('NOT_FOR_GUESTS');
  }

  #dispatch<C extends CommandName>(name: C, raw: Record<string, unknown>): Promise<unknown> {
    const input = check(COMMANDS[name].input, raw);
    const { memberId, sessionId } = this;
    // Behind it, not copied: the host's context has thirty parts, and a handler takes three.
    const context = Object.assign(Object.create(this.#context) as object, {
      session: this,
      memberId,
      sessionId,
    });
    return HANDLERS[name](context as never, input);
  }

  /** No ask at all. It costs as much as one: nobody is answered for nothing. */
  #misread(error: unknown): void {
    try {
      this.#spend('general');
      this.#refuse(null, error);
    } catch (haste) {
      this.#refuse(null, haste);
    }
    if (error instanceof SalonError && error.code === 'BAD_JSON')
      this.#counted(this.#unreadable, UNREADABLE_LIMIT - 1);
  }

  #spend(own: Allowance): void {
    for (const allowance of own === 'general' ? [own] : (['general', own] as const)) {
      if (allowance === 'general' && WIDER.has(own)) continue;
      let bucket = this.#allowances.get(allowance);
      if (bucket === undefined) {
        bucket = new Bucket(times(ALLOWANCES[allowance], this.#context.limits.allowance), this.#clock);
        this.#allowances.set(allowance, bucket);
      }
      const retryMs = bucket.take();
      if (retryMs > 0) {
        this.#counted(this.#haste, HASTE_LIMIT);
        throw new SalonError('SLOW_DOWN', { retryMs: Math.max(retryMs, SLOW_DOWN_MS) });
      }
    }
  }

  #refuse(id: number | null, error: unknown): void {
    const refusal = this.#context.report(error);
    this.#knock.ended(refusal.code);
    this.send({
      t: 'refused',
      id,
      code: refusal.code,
      retry: REFUSALS[refusal.code].retry,
      ...refusal.detail,
      text: refusalSentence(refusal.code, this.language),
    });
    if (refusal.code === 'VERSION') this.#close(CLOSE.version, 'version');
  }

  /** Notes one more of something that is rude when repeated, and ends the connection when it was too often in a minute. */
  #counted(times: number[], limit: number): void {
    const now = this.#clock.monotonic();
    times.push(now);
    while (times[0] !== undefined && times[0] < now - 60_000) times.shift();
    if (times.length > limit) {
      this.#close(times === this.#unreadable ? CLOSE.notUnderstood : CLOSE.abuse, 'too often');
    }
  }

  /** Once a second: silence, idling, and reading too slowly. */
  watch(): void {
    const now = this.#clock.monotonic();
    if (now - this.#heardAt > DEAD_MS) return this.terminate();
    if (!this.greeted && now - this.#openedAt > HELLO_MS)
      return this.#close(CLOSE.tooSlowToSpeak, 'say hello');
    if (this.memberId === null && now - this.#askedAt > IDLE_AT_THE_DOOR_MS) {
      return this.#close(CLOSE.tooSlowToSpeak, 'nobody signed in');
    }
    if (now - this.#heardAt > PING_MS && this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
    this.#watchReading(now);
  }

  #watchReading(now: number): void {
    const { unread } = this.outgoing;
    if (unread === 0) this.#behindSince = null;
    else this.#behindSince ??= now;
    const tooLong = this.#behindSince !== null && now - this.#behindSince > BEHIND_LIMIT_MS;
    if (tooLong || unread > UNREAD_LIMIT_BYTES) {
      this.#close(CLOSE.notReading, 'not reading');
    }
  }

  #caughtUp(): void {
    this.#behindSince = null;
    if (this.outgoing.takeMissed()) this.#context.hub.catchUp(this);
  }

  #close(code: number, reason: string): void {
    if (this.#closed) return;
    this.#ended = this.#closed = true;
    if (this.#socket.readyState === this.#socket.OPEN) this.outgoing.flush();
    this.outgoing.finish();
    this.#socket.close(code, reason);
    // Whoever does not answer the close is cut.
    this.#clock.after(2_000, () => this.terminate());
  }

  #gone(): void {
    this.#ended = this.#closed = true;
    this.outgoing.finish();
    if (this.entered && this.memberId !== null) {
      this.#context.hub.leave(this, this.memberId, false);
      this.#saw();
    }
    this.#context.left(this);
  }

  #saw(): void {
    if (this.memberId === null || this.sessionId === null) return;
    this.#context.store
      .sawMember(this.memberId, this.sessionId, this.#clock.now())
      .catch((error: unknown) => {
        this.#context.report(error);
      });
  }
}

/** In parts that make one frame together. */
function answerOf(id: number, result: unknown): Buffer[] {
  if (!(result instanceof Written))
    return [frameText(JSON.stringify({ t: 'answer', id, result } satisfies HostFrame))];
  const beginning = Buffer.from(`{"t":"answer","id":${id},"result":${result.beginning}`);
  return frameOf([beginning, result.ending, CLOSING_BRACKET]);
}

const CLOSING_BRACKET = Buffer.from('}');

function bindingOf(stream: Duplex): Uint8Array {
  if (!(stream instanceof TLSSocket)) throw new Error('an app without TLS');
  return stream.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0));
}
