import { css } from 'lit';

/** Phones first: everything that a thumb needs is large, and the wallpaper is what one sees before reading. */
export const guestDoorStyles = css`
  :host {
    display: block;
  }
  arch-sheet {
    --sheet-rows: 1fr auto;
    --sheet-top: 112px;
    --arch-height: 120px;
  }
  main {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--s4);
    align-content: start;
  }
  .above {
    margin-block-start: var(--s1);
    color: var(--ink-2);
    text-align: center;
  }
  h1 {
    max-inline-size: 92%;
    margin-block: 0 var(--s3);
    justify-self: center;
    font: 700 calc(var(--t-head) * 33 / 28) / 1.08 var(--font-display);
    letter-spacing: var(--tracking-head);
    text-align: center;
    text-wrap: balance;
    overflow-wrap: anywhere;
  }
  .lead {
    color: var(--ink-2);
    text-align: center;
    text-wrap: balance;
  }
  form {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--s3);
  }
  .box {
    min-block-size: 54px;
    border-radius: var(--r-l);
  }
  .box,
  .button.large {
    font-size: var(--t-lead);
  }
  .button.large {
    min-block-size: 54px;
    border-radius: var(--r-l);
  }
  .stay {
    color: var(--ink-2);
    font-size: calc(var(--t-body) * 14 / 15);
    line-height: 1.45;
  }
  .note {
    border-radius: var(--r-l);
    font-size: calc(var(--t-body) * 14 / 15);
  }
  .note b {
    font-weight: 650;
  }
  .other {
    display: inline-flex;
    align-items: center;
    justify-self: center;
    min-block-size: var(--target);
  }
  [role='alert']:not(:has(*)),
  .strip:not(:has(*)) {
    position: absolute;
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
    margin-inline-end: -12px;
    font-weight: 500;
  }
  look-switch {
    margin-inline-start: -12px;
  }
`;
