import type { Attachment } from '../../server/protocol/entities.ts';
import { t } from '../locales/locale.ts';

/** What a message says where it cannot be looked at: its text, and what it brings. */
export function messageWords(body: string, file: Attachment | null | undefined): string {
  if (!file) return body;
  const { file: other, picture } = t().files;
  const brings = file.picture === null ? other(file.name) : picture(file.name);
  return body === '' ? brings : `${body} · ${brings}`;
}

/** How a file's name ends, as its tile shows it: `PDF`; empty when it says nothing. */
export function endingOf(name: string): string {
  return /\.([\p{L}\p{N}]{1,4})$/u.exec(name)?.[1]?.toLocaleUpperCase() ?? '';
}

/** In two halves, so that what is too long for its place is cut in the middle, and the ending stays. */
export function halvesOf(name: string): [start: string, end: string] {
  const letters = [...name];
  const at = Math.max(0, letters.length - 10);
  return [letters.slice(0, at).join(''), letters.slice(at).join('')];
}
