import { disableTypes, imageSize, types } from 'image-size';
import { gifSize } from './gif.ts';
import { jpegSize } from './jpeg.ts';
import { LIMITS, type Picture, type PictureSize, type PictureType } from './protocol/entities.ts';

/** As much of a file as tells what picture it is, in bytes. */
export const PICTURE_HEAD_BYTES = 512 * 1024;

// Of the others it takes another size than browsers do, or searches for it byte by byte while everybody waits.
disableTypes(types.filter((type) => type !== 'png' && type !== 'webp'));

interface Kind {
  type: PictureType;
  begins: RegExp;
  /** Throws where there is none. */
  sizeOf: (head: Uint8Array) => PictureSize | null;
}

const KINDS: readonly Kind[] = [
  { type: 'image/png', begins: /^\x89PNG\r\n/, sizeOf: imageSize },
  { type: 'image/jpeg', begins: /^\xff\xd8/, sizeOf: (head) => jpegSize(viewOf(head)) },
  { type: 'image/gif', begins: /^GIF8[79]a/, sizeOf: (head) => gifSize(viewOf(head)) },
  { type: 'image/webp', begins: /^RIFF.{4}WEBPVP8/s, sizeOf: imageSize },
];

const viewOf = ({ buffer, byteOffset, length }: Uint8Array) => new DataView(buffer, byteOffset, length);

/** What picture begins with these bytes; null for what pages do not show. Its name has no say. */
export function pictureOf(head: Uint8Array): Picture | null {
  const beginning = Buffer.from(head.subarray(0, 16)).toString('latin1');
  const kind = KINDS.find(({ begins }) => begins.test(beginning));
  try {
    const { width = 0, height = 0 } = kind?.sizeOf(head) ?? {};
    const isShown = width > 0 && height > 0 && width * height <= LIMITS.picturePixels;
    return kind === undefined || !isShown ? null : { type: kind.type, width, height };
  } catch {
    return null;
  }
}
