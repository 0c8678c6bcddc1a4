import { css } from 'lit';

export const messageComposerStyles = css`
  :host {
    display: block;
    padding-inline: 20px;
    padding-block-end: max(12px, env(safe-area-inset-bottom));
  }
  form {
    position: relative;
  }
  .field {
    position: relative;
  }
  .box {
    display: grid;
    border: 1px solid var(--edge);
    border-radius: 14px;
    background: var(--paper);
    box-shadow: var(--shadow-1);
  }
  .box:has(textarea:focus) {
    border-color: var(--bottle);
    outline: 2px solid var(--bottle);
    outline-offset: -1px;
  }
  textarea {
    display: block;
    inline-size: 100%;
    min-block-size: 36px;
    max-block-size: 40vh;
    padding: 11px 14px 2px;
    overflow-y: auto;
    border: 0;
    outline: 0;
    background: none;
    line-height: 1.5;
    resize: none;
    scrollbar-width: thin;
    unicode-bidi: plaintext;
  }
  textarea:focus-visible {
    outline: none;
  }
  .bar {
    display: flex;
    gap: var(--s3);
    align-items: center;
    justify-content: end;
    padding: 0 6px 6px;
  }
  .bar > .icon-button {
    margin-inline-end: auto;
  }
  .hint,
  .count {
    color: var(--ink-3);
    font-size: var(--t-micro);
  }
  .count {
    flex: 1;
    font-weight: 600;
  }
  .count.over {
    color: var(--grenadine);
  }
  .send {
    display: grid;
    place-items: center;
    inline-size: max(40px, var(--target));
    block-size: var(--target);
    border: 0;
    border-radius: var(--r-m);
    background: var(--bottle);
    color: var(--on-bottle);
    transition: background-color var(--quick) var(--ease);
  }
  .send:hover {
    background: var(--bottle-hover);
  }
  .send[aria-disabled='true'] {
    background: var(--paper-3);
    color: var(--ink-3);
    cursor: default;
  }
  /* Above the box and over the messages: nothing moves when it comes. */
  .above {
    position: absolute;
    z-index: 3;
    inset-block-end: calc(100% + 6px);
    inset-inline: 0;
    display: grid;
    gap: 6px;
    justify-items: start;
    pointer-events: none;
  }
  .above > :not(:has(*)) {
    position: absolute;
  }
  .note {
    display: flex;
    gap: 10px;
    align-items: center;
    inline-size: fit-content;
    max-inline-size: 100%;
    min-block-size: 40px;
    padding: 5px 14px;
    border: 1px solid var(--line-2);
    border-radius: 12px;
    background: var(--paper);
    box-shadow: var(--shadow-1);
    font-size: var(--t-small);
    line-height: 1.4;
    overflow-wrap: anywhere;
    pointer-events: auto;
  }
  .note > span:not(.portraits) {
    flex: 0 1 auto;
    min-inline-size: 0;
  }
  .note .link-button {
    margin-inline-start: 4px;
  }
  .portraits {
    flex: none;
  }
  .note.private {
    border-color: var(--bottle);
    background: var(--bottle-soft);
    padding-inline-start: 8px;
    --portrait-ground: var(--bottle-soft);
  }
  .note.attention {
    border-color: var(--saffron-line);
    background: var(--saffron-soft);
  }
  .note.attention salon-icon {
    color: var(--saffron-text);
  }
  .note.loss {
    border-color: var(--grenadine);
    background: var(--grenadine-soft);
    color: var(--grenadine);
    font-weight: 600;
  }
  .portraits {
    display: flex;
  }
  .portraits > * + * {
    margin-inline-start: -6px;
  }
  .names {
    pointer-events: auto;
    inline-size: min(400px, 100%);
    max-block-size: min(320px, 40vh);
    padding: 5px;
    overflow: auto;
    border: 1px solid var(--line-2);
    border-radius: 12px;
    background: var(--paper);
    box-shadow: var(--shadow-2);
    animation: names-come var(--menu) var(--ease);
  }
  .names li {
    display: grid;
    grid-template-columns: 26px auto minmax(0, 1fr);
    gap: 10px;
    align-items: center;
    min-block-size: var(--control);
    padding: 4px 10px;
    border-radius: 8px;
    cursor: pointer;
  }
  .names b {
    max-inline-size: 12em;
    overflow: hidden;
    font-weight: 600;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .names span {
    overflow: hidden;
    color: var(--ink-2);
    font-size: var(--t-small);
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .names li:hover {
    background: var(--paper-3);
  }
  .names li[aria-selected='true'] {
    background: var(--bottle-soft);
    color: var(--bottle-text);
  }
  @keyframes names-come {
    from {
      opacity: 0;
      transform: translateY(4px);
    }
  }
  @media (max-width: 720px) {
    :host {
      padding-inline: 8px;
      padding-block-end: max(8px, env(safe-area-inset-bottom));
    }
    .box {
      grid-template-columns: minmax(0, 1fr) auto;
      align-items: end;
      border-radius: 18px;
    }
    staged-files {
      grid-column: 1 / -1;
    }
    textarea {
      padding-block: 11px 10px;
    }
    .bar {
      gap: 2px;
      padding: 4px;
    }
    .hint {
      display: none;
    }
    .count:empty {
      display: none;
    }
  }
  @media (forced-colors: active) {
    .send {
      border: 2px solid ButtonText;
    }
    .names li[aria-selected='true'] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }
`;
