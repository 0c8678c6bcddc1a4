import { disableTypes, imageSize, types } from 'image-size';
import { LIMITS, type Picture, type PictureType } from './protocol/entities.ts';

/** By the names of the library that reads them. */
const TYPES = new Map<string, PictureType>([
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
]);

disableTypes(types.filter((type) => !TYPES.has(type)));

/** The EXIF orientations that lay a picture on its side. */
const LYING = new Set([5, 6, 7, 8]);

/** As much of a file as tells what picture it is, in bytes. */
export const PICTURE_HEAD_BYTES = 512 * 1024;

/** More segments has no camera's JPEG before its size is told. */
const MOST_SEGMENTS = 1_000;

/** What picture begins with these bytes; null for what pages do not show. Its name has no say. */
export function pictureOf(head: Uint8Array): Picture | null {
  try {
    if (isJpeg(head) && !isInOrder(head)) return null;
    const { type = '', width, height, orientation = 1 } = imageSize(head);
    const shown = TYPES.get(type);
    const isWhole = Number.isSafeInteger(width) && Number.isSafeInteger(height) && width > 0 && height > 0;
    if (shown === undefined || !isWhole || width * height > LIMITS.picturePixels) return null;
    return LYING.has(orientation)
      ? { type: shown, width: height, height: width }
      : { type: shown, width, height };
  } catch {
    return null;
  }
}

const isJpeg = (head: Uint8Array) => head[0] === 0xff && head[1] === 0xd8;

/**
 * Whether one segment of a JPEG follows the other up to the one that tells its size. Where they do not, the library looks
 * for it byte by byte, and everybody waits.
 */
function isInOrder(head: Uint8Array): boolean {
  const { buffer, byteOffset, length } = head;
  const view = new DataView(buffer, byteOffset, length);
  let at = 2;
  for (let segments = 0; segments < MOST_SEGMENTS && at + 4 <= length; segments += 1) {
    const [mark, kind] = [view.getUint8(at), view.getUint8(at + 1)];
    const bytes = view.getUint16(at + 2);
    if (mark !== 0xff || bytes < 2) return false;
    if (kind >= 0xc0 && kind <= 0xc2) return true;
    at += 2 + bytes;
  }
  return false;
}
