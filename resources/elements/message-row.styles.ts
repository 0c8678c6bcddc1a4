import { css } from 'lit';

export const messageRowStyles = css`
  :host {
    position: relative;
    display: grid;
    grid-template-columns: 108px 34px minmax(0, 1fr);
    gap: 0 14px;
    padding-block: 7px 2px;
    padding-inline: 10px var(--s5);
  }
  :host([follows]) {
    padding-block: 1px 2px;
  }
  :host(:hover),
  :host([active]) {
    background: var(--paper-2);
  }
  .who {
    min-inline-size: 0;
    padding-block-start: 1px;
    text-align: end;
  }
  .who b {
    display: block;
    overflow: hidden;
    font: 650 var(--t-body) / 1.35 var(--font-display);
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .who > span {
    display: flex;
    flex-wrap: wrap;
    gap: 0 6px;
    align-items: center;
    justify-content: end;
  }
  time {
    display: block;
    color: var(--ink-3);
    font-size: var(--t-micro);
    line-height: 1.25;
  }
  .when {
    padding-block-start: 4px;
    text-align: end;
  }
  .when time {
    opacity: 0;
  }
  :host(:hover) .when time,
  :host([active]) .when time {
    opacity: 1;
  }
  .body {
    grid-column: 3;
    min-inline-size: 0;
    padding-block-start: 1px;
  }
  .text {
    max-inline-size: 66ch;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
    /* Each line in its own direction. */
    unicode-bidi: plaintext;
  }
  .emoji {
    font-size: calc(var(--t-body) * 1.9);
    line-height: 1.3;
  }
  .gone {
    display: flex;
    gap: 6px;
    align-items: center;
    color: var(--ink-3);
    font-style: italic;
  }
  .gone salon-icon {
    --icon-size: 15px;
  }
  .mark {
    display: inline-flex;
    gap: 4px;
    align-items: center;
    margin-inline-start: var(--s2);
    color: var(--ink-3);
    font-size: var(--t-micro);
    line-height: 1;
    white-space: nowrap;
    vertical-align: -0.15em;
    user-select: none;
    --icon-size: 15px;
  }
  .brought {
    display: flex;
    gap: 6px;
    align-items: end;
    margin-block: 4px 3px;
  }
  .brought .mark {
    margin: 0 0 4px;
  }
  .mark.read {
    color: var(--bottle-text);
  }
  .kept,
  .failed {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--s2);
    align-items: center;
    max-inline-size: 66ch;
    color: var(--ink-2);
    font-size: var(--t-small);
    line-height: 1.4;
    --icon-size: 15px;
  }
  .kept {
    margin-block-start: 2px;
  }
  .failed {
    inline-size: fit-content;
    margin-block: 4px 2px;
    padding: 4px 10px;
    border-radius: 8px;
    background: var(--grenadine-soft);
    color: var(--grenadine);
    font-weight: 600;
  }
  .ways {
    display: inline-flex;
    flex-wrap: wrap;
    gap: 0 var(--s3);
  }
  .failed .link-button {
    color: var(--ink);
  }
  .failed .link-button.loss {
    color: var(--grenadine);
  }
  .tools {
    position: absolute;
    inset-block-start: -14px;
    inset-inline-end: 20px;
    display: flex;
    padding: 2px;
    border: 1px solid var(--line-2);
    border-radius: var(--r-m);
    background: var(--paper);
    box-shadow: var(--shadow-1);
    opacity: 0;
    pointer-events: none;
    transition: opacity var(--quick) var(--ease);
  }
  :host(:hover) .tools,
  :host([active]) .tools,
  .tools:focus-within {
    opacity: 1;
    pointer-events: auto;
  }
  @media (pointer: fine) {
    .tools .icon-button {
      inline-size: 32px;
      block-size: 32px;
    }
  }
  /* No pointer hovers here: a row shows its tools once it is pressed. */
  @media (hover: none) {
    :host(:hover:not([active])) .tools {
      opacity: 0;
      pointer-events: none;
    }
  }
  @media (max-width: 720px) {
    :host {
      grid-template-columns: 34px minmax(0, 1fr);
      gap: 0 10px;
      padding-block: 6px 3px;
      padding-inline: 14px;
    }
    :host(:hover:not([active])) {
      background: none;
    }
    .who {
      display: flex;
      grid-row: 1;
      grid-column: 2;
      gap: var(--s2);
      align-items: baseline;
      padding: 0;
      text-align: start;
    }
    .who > span {
      flex: none;
      align-self: center;
    }
    member-portrait {
      grid-row: 1 / 3;
      grid-column: 1;
    }
    .when {
      display: none;
    }
    .body {
      grid-column: 2;
      padding: 0;
    }
    .tools {
      inset-inline-end: var(--s3);
    }
  }
  @media (forced-colors: active) {
    .failed {
      border: 1px solid;
    }
    :host([active]) {
      outline: 1px dashed;
      outline-offset: -1px;
    }
  }
`;
