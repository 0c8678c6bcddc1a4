import type { PictureSize } from './protocol/entities.ts';

const [EXTENSION, FRAME] = [0x21, 0x2c];
/** Kinds of extensions. */
const [CONTROL, APPLICATION] = [0xf9, 0xff];
/** More has no program's GIF before its first frame; a longer search would keep everybody waiting. */
const MOST_BLOCKS = 10_000;

/**
 * The size that pages show a GIF with: its screen's, and where its first frame goes beyond that, the frame's. Later ones are
 * cut off at it. Null where the first frame is not in these bytes.
 *
 * @throws RangeError where they end early.
 */
export function gifSize(bytes: DataView): PictureSize | null {
  const at = firstFrame(bytes);
  if (at === null) return null;
  const side = (screenAt: number, offsetAt: number, frameAt: number) => {
    const frame = bytes.getUint16(frameAt, true);
    // Some browsers take the screen's instead.
    if (frame === 0) return 0;
    return Math.max(bytes.getUint16(screenAt, true), bytes.getUint16(offsetAt, true) + frame);
  };
  return { width: side(6, at + 1, at + 5), height: side(8, at + 3, at + 7) };
}

/** Where it begins, behind the colours and extensions. */
function firstFrame(bytes: DataView): number | null {
  const flags = bytes.getUint8(10);
  let at = 13 + ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1));
  let kind: number | null = null;
  for (let blocks = 0; blocks < MOST_BLOCKS; blocks += 1) {
    if (kind === null) {
      if (bytes.getUint8(at) !== EXTENSION) return bytes.getUint8(at) === FRAME ? at : null;
      kind = bytes.getUint8(at + 1);
      at += 2;
      // Browsers read four bytes of it whatever it says, and might find another first frame than this.
      if (kind === CONTROL && bytes.getUint8(at) < 4) return null;
    }
    const length = bytes.getUint8(at);
    // The same, with three.
    if (kind === APPLICATION && (length === 1 || length === 2)) return null;
    if (length === 0) kind = null;
    at += 1 + length;
  }
  return null;
}
