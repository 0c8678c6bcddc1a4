import { css } from 'lit';

/** A list of rooms, each with its swatch, two lines and what can be done. */
export const placeRows = css`
  :host {
    display: block;
    min-inline-size: 0;
  }
  h2 {
    display: flex;
    gap: var(--s2);
    align-items: center;
    min-block-size: 22px;
    margin-block-end: 10px;
    font: 650 var(--t-body) / 1.2 var(--font-text);
  }
  ul {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 2px;
    margin-inline: -10px;
  }
  li {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto;
    gap: 14px;
    align-items: center;
    padding: 7px 10px;
    border-radius: var(--r-m);
  }
  li:hover,
  li:focus-within {
    background: var(--paper-2);
  }
  li:is(:hover, :focus-within) .button:not([aria-disabled='true']) {
    border-color: transparent;
    background: var(--bottle-soft);
    color: var(--bottle-text);
  }
  li .button:not([aria-disabled='true']):hover {
    border-color: var(--bottle);
  }
  li .icon-button {
    margin-inline-start: -10px;
    color: var(--ink-3);
  }
  .about {
    min-inline-size: 0;
  }
  .about b {
    display: block;
    overflow: hidden;
    font: 650 calc(var(--t-body) * 16 / 15) / 1.25 var(--font-display);
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .about span {
    display: block;
    overflow: hidden;
    color: var(--ink-2);
    font-size: var(--t-small);
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .about salon-icon {
    --icon-size: 13px;
    margin-inline-end: 4px;
    vertical-align: -2px;
  }
  .open {
    display: inline-block;
    inline-size: 8px;
    block-size: 8px;
    margin-inline-end: 6px;
    border-radius: 50%;
    background: var(--here);
  }
  .hint {
    margin-block-start: var(--s2);
    text-wrap: pretty;
  }
  @media (max-width: 760px) {
    .about b {
      display: -webkit-box;
      -webkit-box-orient: vertical;
      -webkit-line-clamp: 2;
      white-space: normal;
    }
    .about span {
      white-space: normal;
    }
  }
`;
