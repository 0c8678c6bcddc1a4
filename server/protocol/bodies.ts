import { LIMITS } from './entities.ts';
import { SalonError } from './errors.ts';

/** Nothing a reader could see: spaces, format and control characters, and the letters that draw nothing. */
const INVISIBLE = /^[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0\u2800]*$/u;
/** Control characters other than line feed and tab, and those that turn the direction of what follows. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const CONTROLS = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** A text without what no message keeps. A client does it too: escaped in JSON, such characters could burst the frame. */
export function cleanBody(typed: string): string {
  return typed.toWellFormed().replace(/\r\n?/g, '\n').replace(CONTROLS, '');
}

/** A body as it is kept. @throws SalonError `BODY_EMPTY`, `BODY_TOO_LONG`. */
export function readBody(typed: string): string {
  const body = cleanBody(typed);
  if (INVISIBLE.test(body)) throw new SalonError('BODY_EMPTY');
  if (isTooLong(body)) throw new SalonError('BODY_TOO_LONG');
  return body;
}

/** The same beside a file, which needs no words. @throws SalonError `BODY_TOO_LONG`. */
export function readCaption(typed: string): string {
  const body = cleanBody(typed);
  return INVISIBLE.test(body) ? '' : readBody(body);
}

function isTooLong(body: string): boolean {
  // Of UTF-16 there are never fewer than of characters, and each is three bytes at most: nearly always there is nothing to count.
  if (body.length <= LIMITS.bodyCharacters && body.length * 3 <= LIMITS.bodyBytes) return false;
  return [...body].length > LIMITS.bodyCharacters || new TextEncoder().encode(body).length > LIMITS.bodyBytes;
}
