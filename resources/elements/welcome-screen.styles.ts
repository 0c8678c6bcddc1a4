import { css } from 'lit';

export const welcomeStyles = css`
  :host {
    display: block;
  }
  main {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    align-content: start;
  }
  arch-sheet {
    --sheet-rows: 1fr auto;
  }
  .brand {
    display: grid;
    justify-items: center;
    gap: 6px;
    font: 700 var(--t-lead) / 1 var(--font-display);
  }
  .brand svg {
    inline-size: 40px;
    block-size: 46px;
    color: var(--bottle);
  }
  h1 {
    margin-block-start: 14px;
    font: 650 var(--t-hero) / 1.04 var(--font-display);
    letter-spacing: var(--tracking-hero);
    text-align: center;
    text-wrap: balance;
  }
  .promise {
    margin-block-start: 10px;
    color: var(--ink-2);
    font-size: var(--t-lead);
    text-align: center;
    text-wrap: balance;
  }
  .ways {
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(0, 1.25fr);
    /* Heading, sentence and control of both ways stand on the same lines; a problem only grows downwards. */
    grid-template-rows: auto auto auto;
    margin-block-start: 28px;
    border: 1px solid var(--line);
    border-radius: 16px;
    background: var(--paper);
  }
  .way {
    display: grid;
    grid-row: span 3;
    grid-template-rows: subgrid;
    align-content: start;
    padding: 20px 24px 22px;
  }
  .way + .way {
    border-inline-start: 1px solid var(--line);
  }
  .way h2 {
    font: 650 var(--t-title) / 1.2 var(--font-display);
  }
  .way > p:not(.visually-hidden) {
    margin-block: 4px 14px;
    color: var(--ink-2);
  }
  .way > .button {
    inline-size: 100%;
    align-self: start;
  }
  .cut {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .open {
    display: inline-block;
    inline-size: 8px;
    block-size: 8px;
    margin-inline-end: 6px;
    border-radius: 50%;
    background: var(--here);
  }
  .places {
    display: grid;
    grid-template-columns: minmax(0, 1.25fr) minmax(0, 1fr);
    gap: 26px 44px;
    align-items: start;
    margin-block-start: 24px;
  }
  footer {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 18px;
    align-items: center;
    align-self: end;
    margin-block-start: 22px;
    padding-block-start: 10px;
    border-block-start: 1px solid var(--line);
    color: var(--ink-2);
    font-size: var(--t-small);
  }
  footer .button {
    font-weight: 500;
  }
  /* Whatever begins a line, its icon stands under the text above. */
  footer > :not(p) {
    margin-inline-start: -12px;
  }
  footer p {
    flex: 1;
    text-align: end;
    overflow-wrap: anywhere;
  }
  @media (max-width: 760px) {
    h1 {
      font-size: calc(var(--t-hero) * 34 / 46);
    }
    .promise {
      font-size: calc(var(--t-body) * 16 / 15);
    }
    .ways,
    .places {
      grid-template-columns: minmax(0, 1fr);
      grid-template-rows: none;
    }
    .way + .way {
      border-block-start: 1px solid var(--line);
      border-inline-start: 0;
    }
    footer p {
      flex: 1 0 100%;
      text-align: start;
    }
  }
  @media (max-width: 380px) {
    .way {
      padding-inline: 16px;
    }
    h1 {
      font-size: calc(var(--t-hero) * 29 / 46);
    }
  }
`;
