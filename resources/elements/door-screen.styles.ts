import { css } from 'lit';

export const doorStyles = css`
  :host {
    display: block;
  }
  arch-sheet {
    --sheet-rows: 1fr auto;
  }
  main {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--s4);
    align-content: start;
  }
  .logo {
    justify-self: center;
    inline-size: 34px;
    block-size: 39px;
    color: var(--bottle);
  }
  h1 {
    max-inline-size: 92%;
    margin-block-end: var(--s1);
    justify-self: center;
    font: 700 var(--t-head) / 1.14 var(--font-display);
    letter-spacing: var(--tracking-head);
    text-align: center;
    text-wrap: balance;
    overflow-wrap: anywhere;
  }
  .lead {
    margin-block-start: calc(-1 * var(--s2));
    color: var(--ink-2);
    text-align: center;
    text-wrap: balance;
  }
  .tabs {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 3px;
    padding: 3px;
    border-radius: 12px;
    background: var(--paper-3);
  }
  .tabs button {
    min-block-size: var(--control);
    padding-inline: var(--s2);
    border: 0;
    border-radius: 9px;
    background: none;
    color: var(--ink-2);
    font-weight: 600;
    transition: background-color var(--quick) var(--ease);
  }
  .tabs button:hover {
    color: var(--ink);
  }
  .tabs button[aria-selected='true'] {
    background: var(--raised);
    color: var(--ink);
    box-shadow: var(--shadow-1);
  }
  form {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--s4);
  }
  .names {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: var(--s4) var(--s3);
    align-items: start;
  }
  text-field,
  password-field {
    display: block;
    min-inline-size: 0;
  }
  form .box {
    min-block-size: 48px;
  }
  .code input {
    font-family: var(--font-mono);
    text-transform: uppercase;
    letter-spacing: 0.04em;
  }
  .forgot {
    justify-self: start;
    margin-block-start: calc(-1 * var(--s2));
  }
  .by-code {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--s5);
    padding-block: var(--s3);
  }
  .note b {
    font-weight: 650;
  }
  .note.welcome {
    background: var(--bottle-soft);
  }
  .note.welcome > salon-icon {
    color: var(--bottle);
  }
  .other {
    display: inline-flex;
    align-items: center;
    justify-self: center;
    min-block-size: var(--target);
  }
  .stays {
    display: flex;
    gap: var(--s2);
    align-items: start;
    color: var(--ink-2);
    font-size: var(--t-small);
    line-height: 1.45;
  }
  form > .button {
    margin-block-start: var(--s1);
  }
  /* An empty live region is there for those who listen, and takes no gap. */
  [role='alert']:not(:has(*)),
  .strip:not(:has(*)) {
    position: absolute;
  }
  /* Kept free, so that the sheet does not move while the password is locked. */
  .working {
    display: grid;
    gap: var(--s1);
    align-content: start;
    min-block-size: calc(var(--t-small) * 1.4 + 4px + var(--s1));
    margin-block-start: calc(-1 * var(--s1));
    text-align: center;
  }
  .waiting {
    display: grid;
    gap: var(--s4);
    padding-block: var(--s3) var(--s4);
    color: var(--ink-2);
    text-align: center;
    overflow-wrap: anywhere;
  }
  .people {
    display: flex;
    flex-wrap: wrap;
    gap: var(--s1);
    justify-content: center;
  }
  .people button {
    display: grid;
    gap: 6px;
    justify-items: center;
    inline-size: 88px;
    padding: var(--s2) 6px;
    border: 1px solid transparent;
    border-radius: var(--r-m);
    background: none;
    font-size: var(--t-small);
    line-height: 1.25;
  }
  .people button > span {
    max-inline-size: 100%;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .people button:hover {
    background: var(--paper-2);
  }
  .people button[aria-pressed='true'] {
    border-color: var(--bottle);
    background: var(--bottle-soft);
    color: var(--bottle-text);
  }
  footer {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 6px;
    justify-content: space-between;
    margin-block-start: var(--s5);
    padding-block-start: 10px;
    border-block-start: 1px solid var(--line);
  }
  footer > .button {
    font-weight: 500;
    margin-inline-end: -12px;
  }
  look-switch {
    margin-inline-start: -12px;
  }
  @media (max-width: 420px) {
    .names {
      grid-template-columns: minmax(0, 1fr);
    }
    h1 {
      max-inline-size: 86%;
    }
  }
  @media (max-width: 380px) {
    footer > .button {
      margin-inline: -12px;
    }
  }
  @media (forced-colors: active) {
    .tabs button[aria-selected='true'],
    .people button[aria-pressed='true'] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }
`;
