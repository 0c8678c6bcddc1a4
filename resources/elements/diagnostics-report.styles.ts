import { css } from 'lit';

export const reportStyles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--s5);
  }
  .way {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--s2);
  }
  h3 {
    margin: 0;
    font: 650 calc(var(--t-body) * 17 / 15) / 1.2 var(--font-display);
  }
  h4 {
    margin: var(--s2) 0 0;
    color: var(--ink-2);
    font: 600 var(--t-small) / 1.3 var(--font-text);
  }
  .note b {
    font-weight: 650;
    overflow-wrap: anywhere;
  }
  .note.fine {
    background: var(--bottle-soft);
  }
  .note.fine > salon-icon {
    color: var(--bottle);
  }
  dl {
    margin: 0;
    border-block-start: 1px solid var(--line);
  }
  dl > div {
    display: grid;
    grid-template-columns: 172px minmax(0, 1fr);
    gap: var(--s1) var(--s4);
    padding-block: var(--s3);
    border-block-end: 1px solid var(--line);
    font-size: var(--t-small);
    line-height: 1.5;
  }
  dl > div:last-child {
    border-block-end: 0;
  }
  dt {
    display: flex;
    gap: var(--s2);
    align-items: start;
    font-weight: 600;
  }
  dt salon-icon {
    margin-block-start: 1px;
    color: var(--ink-3);
  }
  .good > dt salon-icon,
  li.good salon-icon {
    color: var(--bottle);
  }
  .bad > dt salon-icon {
    color: var(--saffron-text);
  }
  li.bad salon-icon {
    color: var(--grenadine);
  }
  dd {
    display: grid;
    gap: var(--s1);
    overflow-wrap: anywhere;
  }
  .cards li,
  .trials li {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--s3);
    align-items: baseline;
    padding-block: 2px;
  }
  .trials li {
    gap: 0 var(--s2);
    font-size: var(--t-small);
    line-height: 1.5;
  }
  .trials salon-icon {
    --icon-size: 14px;
    align-self: center;
  }
  li > bdi {
    min-inline-size: 10.5em;
    font-family: var(--font-mono);
  }
  li > span {
    color: var(--ink-2);
  }
  details {
    display: grid;
    justify-items: start;
    gap: var(--s1);
  }
  summary {
    font-size: var(--t-small);
  }
  @media (max-width: 560px) {
    dl > div {
      grid-template-columns: minmax(0, 1fr);
    }
    dd {
      padding-inline-start: 26px;
    }
  }
`;
