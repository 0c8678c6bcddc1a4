import { css, html } from 'lit';
import { lettersOf } from '../letters.ts';

/** Letters that are written from right to left. */
const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/;
/** A short ending after one of them. */
const ENDING = new RegExp(`(?<=${RIGHT_TO_LEFT.source})\\.\\w{1,9}$`);
/** So much of a name's end is always shown. */
const END_LETTERS = 10;

/** A name in one line. What is too long for its place is cut in the middle, so that the ending stays; it is read out whole. */
export function fileName(name: string) {
  const hasBoth = RIGHT_TO_LEFT.test(name);
  const halves = hasBoth ? beforeEnding(name) : beforeLast(name);
  return html`<p class="file-name" title=${name} dir=${hasBoth ? 'auto' : 'ltr'}>
    <span class="visually-hidden">${name}</span>
    ${halves.map((half) => html`<span aria-hidden="true">${half}</span>`)}
  </p>`;
}

function beforeLast(name: string): [string, string] {
  const letters = lettersOf(name);
  const at = Math.max(0, letters.length - END_LETTERS);
  return [letters.slice(0, at).join(''), letters.slice(at).join('')];
}

/** Cut elsewhere, halves in two directions would change places, and Arabic letters their shape. */
function beforeEnding(name: string): [string, string] {
  const at = ENDING.exec(name)?.index ?? name.length;
  return [name.slice(0, at), name.slice(at)];
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
