import { css, html } from 'lit';
import { lettersOf } from '../letters.ts';

/** Letters that are written from right to left. */
const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/;
/** So much of a name's end is always shown. */
const END_LETTERS = 10;

/** A name in one line. What is too long for its place is cut in the middle, so that the ending stays; it is read out whole. */
export function fileName(name: string) {
  const letters = lettersOf(name);
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
