import { css } from 'lit';

/** A `<details>` whose summary is a quiet line with an arrow, and `.fold` for what it hides. */
export const folds = css`
  summary {
    display: inline-flex;
    gap: var(--s1);
    align-items: center;
    justify-self: start;
    min-block-size: var(--target);
    margin-inline-start: -4px;
    padding-inline-end: var(--s2);
    border-radius: var(--r-s);
    color: var(--ink-2);
    font-weight: 600;
    list-style: none;
    cursor: pointer;
  }
  summary::-webkit-details-marker {
    display: none;
  }
  summary:hover {
    color: var(--ink);
  }
  summary salon-icon {
    transition: transform var(--quick) var(--ease);
  }
  details[open] > summary salon-icon {
    transform: rotate(90deg);
  }
  .fold {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--s3);
    padding: var(--s3) var(--s4) var(--s4);
    border: 1px solid var(--line);
    border-radius: var(--r-l);
    background: var(--paper-2);
  }
  .fold > p {
    color: var(--ink-2);
    font-size: var(--t-small);
    line-height: 1.45;
  }
`;
