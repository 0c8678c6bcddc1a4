import { css } from 'lit';

export const settingsDialogStyles = css`
  :host {
    --dialog-size: 840px;
  }
  .dialog[open] {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    block-size: min(760px, calc(100dvh - 2 * var(--s5)));
    overflow: hidden;
  }
  .dialog .head {
    align-items: center;
    padding: 14px 24px 10px var(--s5);
    border-block-end: 1px solid var(--line);
  }
  .body {
    display: grid;
    grid-template: minmax(0, 1fr) / 200px minmax(0, 1fr);
    min-block-size: 0;
  }
  nav {
    display: flex;
    flex-direction: column;
    justify-content: space-between;
    padding: 12px;
    overflow: auto;
    border-inline-end: 1px solid var(--line);
    background: var(--paper-2);
  }
  nav button {
    inline-size: 100%;
    min-block-size: var(--target);
    padding: 4px 12px;
    border: 0;
    border-radius: var(--r-m);
    background: none;
    color: var(--ink-2);
    text-align: start;
  }
  nav button:hover {
    background: var(--paper-3);
    color: var(--ink);
  }
  nav p {
    padding: 12px;
    color: var(--ink-3);
    font-size: var(--t-micro);
  }
  .section {
    padding-block: var(--s5);
    border-block-end: 1px solid var(--line);
  }
  .page {
    /* Holds what is hidden visually inside: outside it would make the dialog scroll. */
    position: relative;
    padding: 0 var(--s5) var(--s6);
    overflow: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
  }
  @media (max-width: 720px) {
    .dialog[open] {
      inline-size: 100vw;
      block-size: calc(100dvh - var(--s5));
      margin-block-end: 0;
      border-end-start-radius: 0;
      border-end-end-radius: 0;
    }
    .body {
      grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    }
    nav {
      display: none;
    }
    .page {
      padding-inline: 16px;
    }
  }
`;

/** One section of the settings, in the elements that make them. */
export const settingsSections = css`
  :host {
    display: block;
  }
  section {
    display: grid;
    gap: var(--s3);
    padding-block: var(--s5);
    border-block-end: 1px solid var(--line);
  }
  h3 {
    font: 700 var(--t-lead) / 1.25 var(--font-display);
    scroll-margin-block-start: var(--s5);
  }
  h3:focus {
    outline: none;
  }
  h4 {
    margin: 0;
    font-weight: 600;
  }
  section > p,
  .quiet-text {
    max-inline-size: 62ch;
    color: var(--ink-2);
  }
  form {
    display: grid;
    gap: var(--s3);
    max-inline-size: 440px;
  }
  form > .button,
  section > .button {
    justify-self: start;
  }
  .busy {
    display: grid;
    gap: var(--s1);
  }
  [role='alert']:empty,
  [role='status']:empty {
    display: none;
  }
`;
