import { LIMITS } from './entities.ts';

/** What no system lets a file be called, and what would hide how a name ends or where it leads. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const FORBIDDEN = /[\u0000-\u001F\u007F-\u009F<>:"|?*\p{Cf}\p{Zl}\p{Zp}]/gu;
/** Nothing a reader could see: spaces, and letters that draw nothing. */
const INVISIBLE = /^[\s\u115F\u1160\u3164\uFFA0\u2800]*$/u;
/** No system of Microsoft's keeps them at an end. */
const LAST = /[. ]+$/u;
/** Windows takes these for devices, whatever their ending. */
const RESERVED = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[\d¹²³]) *(\.|$)/i;
/** Endings such as `.tar.gz` are kept whole. */
const ENDING = /(\.[^.\s]{1,10}){1,2}$/u;
const NAMELESS = 'file';

/**
 * A file's name as it is kept and shown: the last part of a path, without what could mislead a reader or a system. Never
 * empty, never longer than `LIMITS` say in characters and in bytes, its ending kept.
 */
export function cleanFileName(typed: string): string {
  const last = typed.toWellFormed().split(/[/\\]/).at(-1) ?? '';
  const name = last.replace(FORBIDDEN, '').replace(/\s+/gu, ' ').trim().replace(LAST, '');
  if (INVISIBLE.test(name)) return NAMELESS;
  return shortened(RESERVED.test(name) ? `_${name}` : name);
}

function shortened(name: string): string {
  if (fits(name)) return name;
  const ending = ENDING.exec(name)?.[0] ?? '';
  const letters = [...name.slice(0, name.length - ending.length)];
  letters.length = Math.min(letters.length, LIMITS.fileNameCharacters);
  while (!fits(letters.join('') + ending)) letters.pop();
  return letters.join('').replace(LAST, '') + ending;
}

function fits(name: string): boolean {
  const bytes = new TextEncoder().encode(name).length;
  return bytes <= LIMITS.fileNameBytes && [...name].length <= LIMITS.fileNameCharacters;
}
