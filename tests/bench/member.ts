import { connect, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { ALPN, APP_HOST, PROTOCOL_VERSION, SUBPROTOCOL } from '../../server/protocol/entities.ts';
import {
  ANSWER,
  authorIn,
  eachFrame,
  frameSize,
  EVENT,
  isMessage,
  KIND_AT,
  maskedText,
  REFUSED,
  seqIn,
  TEXT,
  timeIn,
} from './frames.ts';

/** Where to, and who answers there: the host, a server made with `ws`, or one that only copies bytes. */
export interface Place {
  port: number;
  tls: boolean;
  speaks: 'salon' | 'ws' | 'raw';
}

/** What all members of a crowd count together. */
export class Tally {
  /** Posted messages that arrived, at everybody together. */
  delivered = 0;
  /** Own messages that were answered. */
  acknowledged = 0;
  posted = 0;
  bytes = 0;
  refused = '';
  outOfOrder = 0;
  /** One of so many deliveries is timed; 0 is none. */
  sampleEvery = 0;
  /** In milliseconds. */
  readonly deliveryMs: number[] = [];
  readonly answerMs: number[] = [];
}

/** Of what is longer, only that it came. A room of a thousand is a quarter of a million bytes for each who comes in. */
const READ_BYTES = 64 * 1024;

function readAnswer(data: Buffer, from: number, to: number): Answer {
  if (to - from <= READ_BYTES) return JSON.parse(data.toString('utf8', from, to)) as Answer;
  const [, t = '', id = ''] = /"t":"(\w+)","id":(\d+)/.exec(data.toString('latin1', from, from + 60)) ?? [];
  return { t, id: Number(id) };
}

type Answer = { t: string; id: number; result?: unknown; code?: string };

/** One connection: reads as little as is needed to know that everything arrived, once and in order. */
export class Member {
  readonly author: string;
  /** Own message answered: room for another one. */
  onRoom: () => void = () => undefined;
  readonly #stream: Socket;
  readonly #tally: Tally;
  readonly #speaks: Place['speaks'];
  /** The beginning of a frame that goes on, and how long the whole is. */
  #rest: Buffer[] = [];
  #restBytes = 0;
  #wanted = 0;
  #lastSeq = 0;
  #lastAsk = 0;
  #upgraded: (() => void) | null = null;
  readonly #answers = new Map<number, (answer: Answer) => void>();
  readonly #sentAt = new Map<number, number>();

  private constructor(stream: Socket, place: Place, tally: Tally, author: string) {
    this.#stream = stream;
    this.#tally = tally;
    this.#speaks = place.speaks;
    this.author = author;
    stream.on('data', (chunk: Buffer) => this.take(chunk, chunk.length));
    stream.on('error', () => undefined);
  }

  /** `author` tells own messages from others where nobody answers. */
  static async connect(place: Place, tally: Tally, author: string): Promise<Member> {
    let member: Member | null = null;
    // One buffer for all saves the generator a third of its time. TLS does not have that.
    const onread = {
      buffer: SHARED,
      callback: (n: number, data: Uint8Array) => (member?.take(data as Buffer, n), true),
    };
    const { port } = place;
    const stream = await new Promise<Socket>((resolve, reject) => {
      const made: Socket = place.tls
        ? connectSecurely(
            {
              host: '127.0.0.1',
              port,
              rejectUnauthorized: false,
              ...(place.speaks === 'salon' ? { ALPNProtocols: [ALPN] } : {}),
            },
            () => resolve(made),
          )
        : connect({ host: '127.0.0.1', port, onread }, () => resolve(made));
      made.once('error', reject);
    });
    stream.setNoDelay(true);
    member = new Member(stream, place, tally, author);
    if (place.speaks !== 'raw') await member.#upgrade(place);
    return member;
  }

  /** Hello, in by a token, and the room. */
  async enter(token: string): Promise<void> {
    await this.ask('hello', { protocol: PROTOCOL_VERSION, language: 'en', client: 'bench' });
    await this.ask('session.resume', { token });
    await this.ask('room.enter', {});
  }

  ask(command: string, input: object): Promise<unknown> {
    const id = (this.#lastAsk += 1);
    this.#stream.write(maskedText(JSON.stringify({ t: 'ask', id, command, input })));
    return new Promise((resolve, reject) => {
      const gone = () => reject(new Error(`${command}: the connection is gone`));
      this.#stream.once('close', gone);
      this.#answers.set(id, ({ t, result, code }) => {
        this.#stream.off('close', gone);
        if (t === 'answer') resolve(result);
        else reject(new Error(`${command}: ${code}`));
      });
    });
  }

  /** `input` is JSON. Counted when it is answered. */
  post(input: string): void {
    const id = (this.#lastAsk += 1);
    this.#sentAt.set(id, performance.now());
    this.#tally.posted += 1;
    this.#stream.write(maskedText(`{"t":"ask","id":${id},"command":"message.post","input":${input}}`));
  }

  /** To a reference: the very text that everybody shall receive. */
  say(text: string, frame: (text: string) => Buffer): void {
    this.#tally.posted += 1;
    this.#stream.write(frame(text));
  }

  /** What comes next may begin with any number. */
  startAnew(): void {
    this.#lastSeq = 0;
  }

  get isOpen(): boolean {
    return !this.#stream.destroyed;
  }

  destroy(): void {
    this.#stream.destroy();
  }

  take(chunk: Buffer, length: number): void {
    this.#tally.bytes += length;
    let data = chunk;
    let whole = length;
    if (this.#restBytes > 0) {
      // The buffer is used again: what is left of it must be copied.
      this.#keep(Buffer.from(chunk.subarray(0, length)));
      if (this.#restBytes < this.#wanted) return;
      data = Buffer.concat(this.#rest);
      whole = data.length;
      this.#rest = [];
      this.#restBytes = 0;
    }
    const used =
      this.#upgraded === null
        ? eachFrame(data, whole, (opcode, from, to) => this.#frame(data, opcode, from, to))
        : this.#head(data, whole);
    if (used === whole) return;
    this.#keep(Buffer.from(data.subarray(used, whole)));
    this.#wanted = frameSize(this.#rest[0] ?? data);
  }

  #keep(part: Buffer): void {
    this.#rest.push(part);
    this.#restBytes += part.length;
  }

  #head(data: Buffer, length: number): number {
    const end = data.subarray(0, length).indexOf('\r\n\r\n');
    if (end < 0) return 0;
    if (!data.toString('latin1', 0, 12).endsWith('101')) throw new Error(data.toString('latin1', 0, length));
    this.#upgraded?.();
    this.#upgraded = null;
    return end + 4;
  }

  #frame(data: Buffer, opcode: number, from: number, to: number): void {
    // A pong with nothing in it.
    if (opcode === 9) this.#stream.write(Buffer.from([0x8a, 0x80, 0, 0, 0, 0]));
    if (opcode !== TEXT) return;
    const kind = data[from + KIND_AT];
    if (kind === EVENT && isMessage(data, from)) this.#message(data, from);
    else if (kind === ANSWER || kind === REFUSED) this.#answered(data, from, to);
  }

  #message(data: Buffer, from: number): void {
    const tally = this.#tally;
    tally.delivered += 1;
    const { seq, end } = seqIn(data, from);
    if (this.#speaks === 'salon') {
      if (this.#lastSeq !== 0 && seq !== this.#lastSeq + 1) tally.outOfOrder += 1;
      this.#lastSeq = seq;
    } else if (authorIn(data, end) === this.author) {
      tally.acknowledged += 1;
      this.onRoom();
    }
    if (tally.sampleEvery !== 0 && tally.delivered % tally.sampleEvery === 0) {
      tally.deliveryMs.push(performance.now() - timeIn(data, end));
    }
  }

  #answered(data: Buffer, from: number, to: number): void {
    const answer = readAnswer(data, from, to);
    const sentAt = this.#sentAt.get(answer.id);
    if (sentAt === undefined) {
      this.#answers.get(answer.id)?.(answer);
      this.#answers.delete(answer.id);
      return;
    }
    this.#sentAt.delete(answer.id);
    if (answer.t === 'refused') this.#tally.refused ||= answer.code ?? 'refused';
    else this.#tally.acknowledged += 1;
    if (this.#tally.sampleEvery !== 0) this.#tally.answerMs.push(performance.now() - sentAt);
    this.onRoom();
  }

  async #upgrade({ port, tls, speaks }: Place): Promise<void> {
    const upgraded = new Promise<void>((resolve, reject) => {
      this.#upgraded = resolve;
      this.#stream.once('close', () => reject(new Error('closed at the door')));
    });
    const address = `127.0.0.1:${port}`;
    const lines = [
      'GET /socket HTTP/1.1',
      `Host: ${tls ? APP_HOST : address}`,
      ...(tls ? [] : [`Origin: http://${address}`]),
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      ...(speaks === 'salon' ? [`Sec-WebSocket-Protocol: ${SUBPROTOCOL}`] : []),
    ];
    this.#stream.write(`${lines.join('\r\n')}\r\n\r\n`);
    await upgraded;
  }
}

const SHARED = Buffer.allocUnsafe(1024 * 1024);
