import type { PictureSize } from './protocol/entities.ts';

/** More segments has no camera's JPEG before its size is told. */
const MOST_SEGMENTS = 1_000;
/** The kinds of segments that tell the size. Of other ways of coding, browsers read some, and cameras write none. */
const FRAMES: ReadonlySet<number> = new Set([0xc0, 0xc1, 0xc2]);
/** "Exif" */
const EXIF = 0x45786966;
/** How a camera notes the way it was held. */
const ORIENTATION = 0x0112;
/** The ways that lay a picture on its side. */
const LYING: ReadonlySet<number> = new Set([5, 6, 7, 8]);

/**
 * The size of a JPEG as it is looked at. Its segments follow one another up to the one that tells it, as browsers read them;
 * where they do not, it is not searched for, and the answer is null.
 *
 * @throws RangeError where the bytes end early.
 */
export function jpegSize(bytes: DataView): PictureSize | null {
  let exif: DataView | null = null;
  let at = 2;
  for (let segments = 0; segments < MOST_SEGMENTS && bytes.getUint8(at) === 0xff; segments += 1) {
    const kind = bytes.getUint8(at + 1);
    const length = bytes.getUint16(at + 2);
    if (FRAMES.has(kind)) {
      const [height, width] = [bytes.getUint16(at + 5), bytes.getUint16(at + 7)];
      return exif !== null && liesOnItsSide(exif) ? { width: height, height: width } : { width, height };
    }
    if (length < 2 || !isPassed(kind)) return null;
    // Its name, and two zeros.
    if (kind === 0xe1 && length >= 8 && bytes.getUint32(at + 4) === EXIF)
      exif ??= part(bytes, at + 10, length - 8);
    at += 2 + length;
  }
  return null;
}

/** Tables, notes of programs, and remarks. */
function isPassed(kind: number): boolean {
  return [0xc4, 0xcc, 0xdb, 0xdd, 0xfe].includes(kind) || (kind >= 0xe0 && kind <= 0xef);
}

const part = ({ buffer, byteOffset }: DataView, at: number, length: number) =>
  new DataView(buffer, byteOffset + at, length);

/** @param exif - a TIFF in little, from whose beginning its places count. */
function liesOnItsSide(exif: DataView): boolean {
  try {
    const isLittle = exif.getUint16(0) === 0x4949;
    const directory = exif.getUint32(4, isLittle);
    const entries = exif.getUint16(directory, isLittle);
    for (let entry = 0; entry < entries; entry += 1) {
      const at = directory + 2 + 12 * entry;
      if (exif.getUint16(at, isLittle) === ORIENTATION) return LYING.has(exif.getUint16(at + 8, isLittle));
    }
    return false;
  } catch {
    // It ends early: as if it were not there.
    return false;
  }
}
