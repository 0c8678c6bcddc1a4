import type { LogEvent, Signal } from '../../server/protocol/events.ts';

/** A frame that a host wrote, as a test reads it: loosely, because it may be what is wrong. */
export interface Told {
  t: string;
  id?: number | null;
  event?: LogEvent;
  signal?: Signal;
  result?: Record<string, unknown>;
}

export interface Frame {
  text: string;
  bytes: number;
  told: Told;
}

/** Everybody who hears the same is written the same bytes: they are read once. */
const known = new WeakMap<Buffer, readonly Frame[]>();

/** The text messages in a host's bytes: unmasked WebSocket frames (RFC 6455, 5.2), each of them whole. */
export function framesIn(bytes: Buffer): readonly Frame[] {
  let frames = known.get(bytes);
  if (frames === undefined) {
    frames = read(bytes);
    known.set(bytes, frames);
  }
  return frames;
}

function read(bytes: Buffer): Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length;) {
    const short = (bytes[at + 1] ?? 0) & 0x7f;
    const header = short < 126 ? 2 : short === 126 ? 4 : 10;
    const length =
      short < 126
        ? short
        : short === 126
          ? bytes.readUInt16BE(at + 2)
          : Number(bytes.readBigUInt64BE(at + 2));
    const text = bytes.toString('utf8', at + header, at + header + length);
    frames.push({ text, bytes: header + length, told: JSON.parse(text) as Told });
    at += header + length;
  }
  return frames;
}
