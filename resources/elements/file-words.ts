import { css, html } from 'lit';
import type { Attachment } from '../../server/protocol/entities.ts';
import { refusalSentence, SalonError } from '../../server/protocol/errors.ts';
import { language, t } from '../locales/locale.ts';

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

/** Letters that are written from right to left. */
const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/;
/** So much of a name's end is always shown. */
const END_LETTERS = 10;

/** A name in one line. What is too long for its place is cut in the middle, so that the ending stays; it is read out whole. */
export function fileName(name: string) {
  const letters = [...new Intl.Segmenter().segment(name)].map(({ segment }) => segment);
  // In two directions at once, two halves would change places.
  const at = RIGHT_TO_LEFT.test(name) ? letters.length : Math.max(0, letters.length - END_LETTERS);
  const halves = [letters.slice(0, at).join(''), letters.slice(at).join('')];
  return html`<p class="file-name" title=${name} dir=${halves[1] === '' ? 'auto' : 'ltr'}>
    <span class="visually-hidden">${name}</span>
    ${halves.map((half) => html`<span aria-hidden="true">${half}</span>`)}
  </p>`;
}

export const fileNameStyles = css`
  .file-name {
    position: relative;
    display: flex;
    font-weight: 650;
    line-height: 1.35;
    white-space: pre;
  }
  .file-name > [aria-hidden] {
    flex: none;
  }
  .visually-hidden + [aria-hidden] {
    flex: 0 1 auto;
    overflow: hidden;
    text-overflow: ellipsis;
  }
`;

/** Why a file could not be fetched, as a sentence. */
export function fetchProblem(error: unknown): string {
  const code = error instanceof SalonError ? error.code : 'INTERNAL';
  return code === 'FILE_DAMAGED' ? t().files.damaged : refusalSentence(code, language());
}
