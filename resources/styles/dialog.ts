import { css } from 'lit';

/**
 * A modal `<dialog class="dialog">`: `.head` (`.title` and close button), `.content`, and `.foot` with the buttons. No
 * `<header>` and `<footer>`, which would be landmarks of the whole page. Goes with `ModalController`, which opens, closes
 * and asks.
 */
export const dialogs = css`
  .dialog {
    inline-size: min(var(--dialog-size, 520px), calc(100vw - 2 * var(--s4)));
    max-inline-size: none;
    max-block-size: calc(100dvh - 2 * var(--s5));
    margin: auto;
    padding: 0;
    overflow: auto;
    overscroll-behavior: contain;
    border: 0;
    border-radius: 18px;
    background: var(--paper);
    color: var(--ink);
    box-shadow: var(--shadow-2);
    font: var(--t-body) / 1.5 var(--font-text);
  }
  .dialog[open] {
    animation: dialog-comes var(--slide) var(--ease);
  }
  .dialog::backdrop {
    background: var(--scrim);
    animation: backdrop-comes var(--menu) var(--ease);
  }
  .dialog .head {
    display: flex;
    gap: var(--s3);
    align-items: start;
    padding: 22px var(--s5) 0;
  }
  .dialog :is(h1, h2).title {
    flex: 1;
    padding-block-start: 2px;
    font: 700 calc(var(--t-title) * 23 / 21) / 1.2 var(--font-display);
  }
  .dialog .head > .icon-button {
    margin-block-start: -4px;
    margin-inline-end: -8px;
  }
  .dialog .content {
    display: grid;
    gap: var(--s4);
    padding: var(--s3) var(--s5) var(--s5);
  }
  .dialog .content > p {
    color: var(--ink-2);
  }
  .dialog .foot {
    display: flex;
    flex-wrap: wrap;
    gap: var(--s2);
    justify-content: end;
    padding: var(--s4) var(--s5);
    border-block-start: 1px solid var(--line);
    background: var(--paper-2);
  }
  @media (max-width: 480px) {
    .dialog {
      inline-size: 100vw;
      max-block-size: calc(100dvh - var(--s5));
      margin-block-end: 0;
      border-end-start-radius: 0;
      border-end-end-radius: 0;
    }
    .dialog .foot > .button {
      flex: 1 1 auto;
    }
  }
  @keyframes dialog-comes {
    from {
      opacity: 0;
      transform: translateY(8px);
    }
  }
  @keyframes backdrop-comes {
    from {
      opacity: 0;
    }
  }
  @media (forced-colors: active) {
    .dialog {
      border: 2px solid CanvasText;
    }
  }
`;
