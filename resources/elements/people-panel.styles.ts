import { css } from 'lit';

export const peoplePanelStyles = css`
  :host {
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    min-block-size: 0;
    min-inline-size: 0;
    background: var(--paper-2);
    --portrait-ground: var(--paper-2);
  }
  aside {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    min-inline-size: 0;
  }
  header {
    display: flex;
    flex: none;
    align-items: center;
    min-block-size: 60px;
    padding-inline: 12px 10px;
    border-block-end: 1px solid var(--line);
  }
  .tabs {
    display: flex;
    flex: 1;
    gap: 2px;
    align-self: stretch;
    min-inline-size: 0;
  }
  .tabs button {
    position: relative;
    min-inline-size: 0;
    padding-inline: 6px;
    overflow: hidden;
    border: 0;
    border-radius: var(--r-s);
    background: none;
    color: var(--ink-2);
    font: 650 calc(var(--t-body) * 14 / 15) / 1.2 var(--font-display);
    text-overflow: ellipsis;
    white-space: nowrap;
    outline-offset: -4px;
  }
  .tabs button span {
    margin-inline-start: 4px;
    color: var(--ink-3);
    font-weight: 400;
  }
  .tabs button:hover,
  .tabs [aria-selected='true'] {
    color: var(--ink);
  }
  .tabs [aria-selected='true']::after {
    content: '';
    position: absolute;
    inset-block-end: 0;
    inset-inline: 6px;
    block-size: 3px;
    border-radius: 3px 3px 0 0;
    background: var(--saffron-line);
  }
  .panel {
    flex: 1;
    padding: 8px 10px 12px;
    overflow: auto;
    scrollbar-width: thin;
  }
  text-field {
    display: block;
    padding: 4px 2px 8px;
  }
  .several {
    margin-block-end: 2px;
    padding-inline: 8px;
    color: var(--ink-2);
    font-weight: 500;
  }
  h2 {
    padding: 14px 8px 6px;
    color: var(--ink-3);
    font: 600 var(--t-small) / 1 var(--font-text);
  }
  .none {
    padding: 8px;
    color: var(--ink-2);
    font-size: var(--t-small);
  }
  li {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    align-items: center;
    border-radius: var(--r-m);
  }
  li:hover,
  li:focus-within {
    background: var(--paper-3);
    --portrait-ground: var(--paper-3);
  }
  .person {
    display: flex;
    grid-area: 1 / 1;
    gap: 12px;
    align-items: center;
    min-block-size: 46px;
    min-inline-size: 0;
    padding: 4px 8px;
    border: 0;
    border-radius: var(--r-m);
    background: none;
    text-align: start;
  }
  button.person,
  label.person {
    cursor: pointer;
  }
  .words {
    flex: 1;
    min-inline-size: 0;
  }
  .words b,
  .words > span:not(.visually-hidden) {
    display: block;
    overflow: hidden;
    line-height: 1.3;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .words b {
    font-weight: 600;
  }
  .words > span {
    color: var(--ink-2);
    font-size: calc(var(--t-small) * 12.5 / 13);
  }
  .off b {
    color: var(--ink-2);
    font-weight: 500;
  }
  .off .seen {
    color: var(--ink-3);
    font-size: var(--t-micro);
  }
  .off member-portrait {
    opacity: 0.5;
    filter: saturate(0.3);
  }
  .key {
    display: grid;
    grid-area: 1 / 2;
    place-items: center;
    color: var(--saffron-line);
    pointer-events: none;
  }
  .key.guest {
    color: var(--ink-2);
  }
  li:hover .key,
  li:focus-within .key {
    opacity: 0;
  }
  /* The menu is for those who look for it; the row itself does what one mostly wants. */
  action-menu {
    grid-area: 1 / 2;
    opacity: 0;
  }
  li:hover action-menu,
  li:focus-within action-menu {
    opacity: 1;
  }
  @media (hover: none) {
    action-menu {
      opacity: 1;
    }
    .key,
    li:hover .key,
    li:focus-within .key {
      grid-column: 1;
      justify-self: end;
      padding-inline-end: 6px;
      opacity: 1;
    }
  }
  input[type='checkbox'] {
    flex: none;
    inline-size: 20px;
    block-size: 20px;
    accent-color: var(--bottle);
  }
  address-card,
  .selection {
    flex: none;
    margin: 0 12px 12px;
    margin-block-end: max(12px, env(safe-area-inset-bottom));
    border: 1px solid var(--line-2);
    border-radius: 12px;
    background: var(--paper);
  }
  .selection {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    padding: 10px;
  }
  .selection .button {
    flex: 1 1 auto;
    padding-inline: 12px;
  }
  @media (max-width: 720px) {
    header {
      min-block-size: 56px;
    }
  }
  @media (forced-colors: active) {
    .tabs [aria-selected='true'] {
      outline: 2px solid Highlight;
      outline-offset: -4px;
    }
  }
`;
