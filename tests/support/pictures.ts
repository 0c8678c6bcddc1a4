import { deflateSync, crc32 } from 'node:zlib';

/** Small pictures of each kind that pages show, three pixels wide and two high, and what makes others. */

/** As Chromium wrote it. */
export const JPEG = Buffer.from(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCAACAAMDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAAAwX/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCYACs//9k=',
  'base64',
);
/** Lossy with an extended header, as Chromium writes it, but for the profile of colours. */
const WEBP_VP8 = Buffer.from('KAAAAHABAJ0BKgMAAgAEAGgloAJ0AUAAAP7kAXXFzZEUf/EOfy5fxBX8AAA=', 'base64');
export const GIF = Buffer.from('R0lGODlhAwACAIAAAMwzM////ywAAAAAAwACAAACAoRRADs=', 'base64');

export function png(width: number, height: number, pixels = Buffer.alloc(0)): Buffer {
  const size = Buffer.alloc(8);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  const chunk = (kind: string, data: Buffer) => {
    const named = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
    const ends = [Buffer.alloc(4), Buffer.alloc(4)] as const;
    ends[0].writeUInt32BE(data.length);
    ends[1].writeUInt32BE(crc32(named));
    return Buffer.concat([ends[0], named, ends[1]]);
  };
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', Buffer.concat([size, Buffer.from([8, 2, 0, 0, 0])])),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
/** A GIF by its parts: a screen of so much, then what is given. */
export function gif(width: number, height: number, ...parts: readonly (string | Buffer)[]): Buffer {
  const screen = Buffer.from('GIF89a\0\0\0\0\x80\0\0', 'latin1');
  screen.writeUInt16LE(width, 6);
  screen.writeUInt16LE(height, 8);
  const all = parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'hex') : part));
  return Buffer.concat([screen, Buffer.alloc(6), ...all, Buffer.from(';')]);
}

export function frame(left: number, top: number, width: number, height: number): Buffer {
  const bytes = Buffer.from(',');
  const numbers = new Uint16Array([left, top, width, height]);
  return Buffer.concat([bytes, Buffer.from(numbers.buffer), Buffer.from('000202440100', 'hex')]);
}
export const PNG = png(3, 2, Buffer.alloc(2 * (1 + 3 * 3)));

function webp(chunks: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(chunks.length + 4);
  return Buffer.concat([Buffer.from('RIFF'), length, Buffer.from('WEBP'), chunks]);
}
const extended = Buffer.from('VP8X\x0a\0\0\0\x10\0\0\0\x02\0\0\x01\0\0', 'latin1');
export const WEBP = webp(Buffer.concat([extended, Buffer.from('VP8 '), WEBP_VP8]));
export const LOSSY_WEBP = webp(Buffer.concat([Buffer.from('VP8 '), WEBP_VP8]));

/** With what a camera notes of how it was held. */
export function held(orientation: number): Buffer {
  const directory = Buffer.from('4d4d002a00000008000101120003000000010000000000000000', 'hex');
  directory.writeUInt16BE(orientation, 18);
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), directory]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(body.length + 2);
  return Buffer.concat([JPEG.subarray(0, 2), Buffer.from([0xff, 0xe1]), length, body, JPEG.subarray(2)]);
}
