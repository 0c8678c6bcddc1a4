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
const LYING = 5;

/** As much of a file as tells what picture it is, in bytes. */
export const PICTURE_HEAD_BYTES = 512 * 1024;

/** What picture begins with these bytes; null for what pages do not show. Its name has no say. */
export function pictureOf(head: Uint8Array): Picture | null {
  try {
    const { type = '', width, height, orientation = 1 } = imageSize(head);
    const shown = TYPES.get(type);
    const isWhole = Number.isSafeInteger(width) && Number.isSafeInteger(height) && width > 0 && height > 0;
    if (shown === undefined || !isWhole || width * height > LIMITS.picturePixels) return null;
    return orientation >= LYING
      ? { type: shown, width: height, height: width }
      : { type: shown, width, height };
  } catch {
    return null;
  }
}
