import { css } from 'lit';

/** One of a few, each with a sentence: a `fieldset.choices` of labels with a radio button, a `<b>` and a `<span>`. */
export const choices = css`
  .choices {
    display: grid;
    gap: var(--s2);
  }
  .choices label {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 2px var(--s3);
    padding: var(--s3) var(--s4);
    border: 1px solid var(--line-2);
    border-radius: var(--r-l);
    cursor: pointer;
  }
  .choices label:hover {
    background: var(--paper-2);
  }
  .choices label:has(:checked) {
    border-color: var(--bottle);
    background: var(--bottle-soft);
    box-shadow: inset 0 0 0 1px var(--bottle);
  }
  .choices label:has(:focus-visible) {
    outline: 2px solid var(--focus);
    outline-offset: 2px;
  }
  .choices input {
    inline-size: 18px;
    block-size: 18px;
    margin-block-start: 2px;
    outline: none;
    accent-color: var(--bottle);
  }
  .choices b {
    font-weight: 650;
  }
  .choices span {
    grid-column: 2;
    color: var(--ink-2);
    font-size: var(--t-small);
    line-height: 1.4;
  }
  .choices label:has(:checked) span {
    color: var(--ink);
  }
`;
