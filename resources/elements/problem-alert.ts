import { html, nothing } from 'lit';
import { sentenceOf } from '../sentences.ts';
import type { Problem } from '../state/problem.ts';
import './salon-icon.ts';

/** Where a problem is told as soon as there is one. Needs `marks`. */
export function problemAlert(problem: Problem | null) {
  return html`<div role="alert">
    ${
      problem === null
        ? nothing
        : html`<p class="note loss">
            <salon-icon name="alert"></salon-icon><span>${sentenceOf(problem)}</span>
          </p>`
    }
  </div>`;
}
