import { css, html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { language } from '../locales/locale.ts';

export interface ChoiceRow<Value extends string> {
  name: string;
  label: string;
  now: Value;
  choices: Record<Value, string>;
  /** Of each choice's own text; the page's when there is none. */
  langOf?: (value: Value) => string;
  chosen(value: Value): void;
}

/** One of a few, side by side. Needs `choiceRows` among its element's styles. */
export function choiceRow<Value extends string>(row: ChoiceRow<Value>): TemplateResult {
  const { name, label, now, choices, langOf, chosen } = row;
  const values = Object.keys(choices).filter((value): value is Value => value in choices);
  return html`<fieldset class="choice">
    <legend class="visually-hidden">${label}</legend>
    ${values.map(
      (value) =>
        html`<label lang=${langOf?.(value) ?? language()}>
          <input type="radio" name=${name} .checked=${live(value === now)} @change=${() => chosen(value)} />
          <span>${choices[value]}</span>
        </label>`,
    )}
  </fieldset>`;
}

export const choiceRows = css`
  .choice {
    display: flex;
    flex-wrap: wrap;
    gap: var(--s2);
  }
  .choice label {
    display: inline-flex;
    gap: var(--s2);
    align-items: center;
    min-block-size: var(--control);
    padding-inline: 12px 16px;
    border: 1px solid var(--line-2);
    border-radius: var(--r-m);
    cursor: pointer;
  }
  .choice label:hover {
    background: var(--paper-2);
  }
  .choice label:has(:checked) {
    border-color: var(--bottle);
    background: var(--bottle-soft);
    color: var(--bottle-text);
    font-weight: 600;
  }
  .choice label:has(:focus-visible) {
    outline: 2px solid var(--focus);
    outline-offset: 2px;
  }
  .choice input {
    margin: 0;
    inline-size: 18px;
    block-size: 18px;
    outline: none;
    accent-color: var(--bottle);
  }
`;
