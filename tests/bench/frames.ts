import { ulid } from 'ulid';
import { OPCODE } from '../support/raw-socket.ts';

/** Frames as the load generator sends and reads them: by hand, because a library would be what is measured. */

/** Any but zero, which a host need not undo. */
const MASK = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

/** A text message as a client sends it. */
export function maskedText(text: string): Buffer {
  const payload = Buffer.from(text);
  const { length } = payload;
  const head =
    length < 126 ? Buffer.from([0x81, 128 | length]) : Buffer.from([0x81, 254, length >> 8, length & 255]);
  for (let i = 0; i < length; i += 1) payload[i] = (payload[i] ?? 0) ^ (MASK[i & 3] ?? 0);
  return Buffer.concat([head, MASK, payload]);
}

/** Calls back with where each whole frame's payload begins and ends. How many bytes were used up. */
export function eachFrame(
  data: Buffer,
  length: number,
  call: (opcode: number, from: number, to: number) => void,
): number {
  let at = 0;
  while (at + 10 <= length || (at + 2 <= length && ((data[at + 1] ?? 0) & 127) < 126)) {
    const short = (data[at + 1] ?? 0) & 127;
    const from = at + (short < 126 ? 2 : short === 126 ? 4 : 10);
    const to =
      from +
      (short < 126
        ? short
        : short === 126
          ? data.readUInt16BE(at + 2)
          : Number(data.readBigUInt64BE(at + 2)));
    if (to > length) break;
    call((data[at] ?? 0) & 15, from, to);
    at = to;
  }
  return at;
}

/** Of a frame that has only begun, as far as that can be told. */
export function frameSize(data: Buffer): number {
  const short = (data[1] ?? 0) & 127;
  if (data.length < 10 || short < 126) return 10;
  return short === 126 ? 4 + data.readUInt16BE(2) : 10 + Number(data.readBigUInt64BE(2));
}

export const TEXT = OPCODE.text;

const ID = ulid();
const BEGINNING = '{"t":"event","event":{"type":"message.posted","conversationId":"';
/** Where the number of a posted message begins in its frame. */
export const SEQ_AT = BEGINNING.length + ID.length + '","seq":'.length;
/** From behind the number to the author's id. */
const AUTHOR_AFTER = ',"at":1700000000000,"authorId":"'.length;
/** From behind the number to the text. */
const BODY_AFTER = AUTHOR_AFTER + ID.length + '","id":"'.length + ID.length + '","body":"'.length;

/** What tells an event from an answer, a signal and a refusal, which differ in the seventh byte of the payload. */
export const KIND_AT = 6;
export const [EVENT, ANSWER, REFUSED] = [...Buffer.from('ear')] as [number, number, number];
/** Of an event's type, in `message.posted` alone an `m` and then an `e` and an `s`. */
const TYPE_AT = '{"t":"event","event":{"type":"'.length;
const TYPE = Buffer.from('mess');

export function isMessage(data: Buffer, from: number): boolean {
  return data[from + TYPE_AT] === TYPE[0] && data[from + TYPE_AT + 2] === TYPE[2];
}

/** The number of a posted message, and where it ends. */
export function seqIn(data: Buffer, from: number): { seq: number; end: number } {
  let end = from + SEQ_AT;
  let seq = 0;
  for (let digit = (data[end] ?? 0) - 48; digit >= 0 && digit <= 9; digit = (data[end] ?? 0) - 48) {
    seq = seq * 10 + digit;
    end += 1;
  }
  return { seq, end };
}

/** What `nowText` wrote at the beginning of the body. `end` is where the number ends. */
export function timeIn(data: Buffer, end: number): number {
  return Number(data.toString('latin1', end + BODY_AFTER, end + BODY_AFTER + NOW_LENGTH)) / 1000;
}

const NOW_LENGTH = 12;

/** The monotonic time in microseconds, always as long. */
export function nowText(): string {
  return String(Math.round(performance.now() * 1000)).padStart(NOW_LENGTH, '0');
}

/** What a posted message looks like when everybody hears of it: what the references send. */
export function eventText(seq: number, author: string, body: string): string {
  return `${BEGINNING}${ID}","seq":${seq},"at":1700000000000,"authorId":"${author}","id":"${ID}","body":"${body}"}}`;
}

export function authorIn(data: Buffer, end: number): string {
  return data.toString('latin1', end + AUTHOR_AFTER, end + AUTHOR_AFTER + ID.length);
}

const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const FIRST = ulid().slice(0, 18);
let lastId = 0;

/** An id that nobody else makes, at a price that does not count. */
export function quickId(): string {
  let rest = (lastId += 1);
  let text = '';
  for (let i = 0; i < 8; i += 1) {
    text = (LETTERS[rest & 31] ?? '') + text;
    rest >>>= 5;
  }
  return FIRST + text;
}
