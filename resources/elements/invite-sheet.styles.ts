import { css } from 'lit';

export const inviteSheetStyles = css`
  :host {
    --dialog-size: 880px;
  }
  .dialog[open] {
    display: grid;
    grid-template: auto minmax(0, 1fr) / 320px minmax(0, 1fr);
    block-size: min(760px, calc(100dvh - 2 * var(--s5)));
    overflow: hidden;
  }
  .wall {
    display: grid;
    grid-area: 1 / 1 / 3 / 2;
    gap: var(--s5);
    align-content: center;
    justify-items: center;
    min-block-size: 0;
    padding: var(--s5) 20px;
    overflow: auto;
    scrollbar-width: thin;
  }
  .purpose {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 3px;
    inline-size: 100%;
    padding: 3px;
    border-radius: 12px;
    background: var(--paper-3);
    box-shadow: var(--shadow-1);
  }
  .purpose label {
    display: grid;
    place-items: center;
    min-block-size: var(--target);
    padding: 4px var(--s2);
    border-radius: 9px;
    color: var(--ink-2);
    font-size: var(--t-small);
    font-weight: 600;
    line-height: 1.2;
    text-align: center;
    cursor: pointer;
  }
  .purpose label:hover {
    color: var(--ink);
  }
  .purpose label:has(:checked) {
    background: var(--raised);
    color: var(--ink);
    box-shadow: var(--shadow-1);
  }
  .purpose label:has(:focus-visible) {
    outline: 2px solid var(--focus);
    outline-offset: 2px;
  }
  .purpose input {
    position: absolute;
    opacity: 0;
    pointer-events: none;
  }
  .same {
    display: grid;
    gap: var(--s2);
    inline-size: 100%;
    padding: 12px 14px;
    border-radius: 12px;
    background: var(--paper);
    box-shadow:
      inset 0 0 0 1px var(--saffron-line),
      var(--shadow-1);
  }
  .same p {
    color: var(--ink-2);
    font-size: var(--t-small);
    line-height: 1.4;
  }
  [role='alert']:not(:has(*)) {
    position: absolute;
  }
  .dialog .head {
    grid-area: 1 / 2;
    padding-block-end: 14px;
    border-block-end: 1px solid var(--line);
  }
  .head > div {
    flex: 1;
    min-inline-size: 0;
  }
  .lead {
    margin-block-start: 2px;
    color: var(--ink-2);
  }
  .scroll {
    /* Holds what is hidden visually inside: outside it would make the dialog scroll. */
    position: relative;
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--s4);
    align-content: start;
    padding: var(--s4) var(--s5) var(--s5);
    overflow: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
  }
  .scroll > .part {
    padding-block-start: var(--s4);
    border-block-start: 1px solid var(--line);
  }
  @media (max-width: 760px) {
    .dialog[open] {
      display: block;
      block-size: auto;
      overflow: auto;
    }
    .dialog .head {
      position: sticky;
      z-index: 2;
      inset-block-start: 0;
      padding-block-start: 14px;
      background: var(--paper);
    }
    .wall,
    .scroll {
      overflow: visible;
    }
    .same,
    .purpose {
      max-inline-size: 420px;
    }
  }
  @media (max-width: 480px) {
    .dialog[open] {
      max-block-size: calc(100dvh - var(--s4));
    }
    .dialog .head,
    .scroll {
      padding-inline: 16px;
    }
  }
  @media (forced-colors: active) {
    .purpose label:has(:checked) {
      outline: 2px solid Highlight;
    }
  }
`;

/** What the parts of the sheet share. */
export const inviteParts = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 10px;
  }
  h3 {
    font: 650 var(--t-body) / 1.3 var(--font-text);
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: var(--s2);
    align-items: center;
  }
  .line {
    display: flex;
    flex-wrap: wrap;
    gap: 6px var(--s3);
    align-items: center;
    justify-content: space-between;
  }
  .line > :first-child {
    flex: 1 1 auto;
    font-weight: 600;
  }
  .line > .select {
    flex: 0 1 auto;
    min-inline-size: 0;
    max-inline-size: 100%;
    text-overflow: ellipsis;
  }
  .choices label {
    align-content: start;
  }
  legend {
    padding: 0 0 6px;
    font-weight: 600;
  }
  summary {
    display: flex;
    gap: var(--s2);
    align-items: center;
    min-block-size: var(--target);
    border-radius: var(--r-s);
    font-weight: 600;
    list-style: none;
    cursor: pointer;
  }
  summary::-webkit-details-marker {
    display: none;
  }
  summary > salon-icon {
    margin-inline-start: auto;
    color: var(--ink-2);
    transition: transform var(--quick) var(--ease);
  }
  details[open] > summary > salon-icon {
    transform: rotate(180deg);
  }
  confirm-dialog {
    --dialog-size: 480px;
  }
  /* Out of the way, but there: a region that comes together with its first text is not read out. */
  [role='status']:empty,
  [role='alert']:not(:has(*)) {
    position: absolute;
  }
`;
