import type { Attachment } from '../../server/protocol/entities.ts';
import { SalonError } from '../../server/protocol/errors.ts';
import { t } from '../locales/locale.ts';
import { sentenceOf } from '../sentences.ts';
import { problemOf } from '../state/problem.ts';

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

/** Why a file could not be fetched, as a sentence. */
export function fetchProblem(error: unknown): string {
  const code = error instanceof SalonError ? error.code : null;
  // Their own sentences are for who sent it.
  if (code === 'FILE_DAMAGED') return t().files.damaged;
  return code === 'STORAGE' ? t().files.unreadable : sentenceOf(problemOf(error));
}
