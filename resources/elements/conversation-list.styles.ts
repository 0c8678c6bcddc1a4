import { css } from 'lit';

export const conversationListStyles = css`
  :host {
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    min-block-size: 0;
    min-inline-size: 0;
    background: var(--paper-2);
    --portrait-ground: var(--paper-2);
  }
  nav {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    min-inline-size: 0;
  }
  .plate {
    flex: none;
    min-block-size: 104px;
    padding: 16px 14px;
  }
  action-menu {
    display: block;
  }
  action-menu::part(button) {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    place-items: stretch;
    inline-size: 100%;
    padding: 11px 14px 12px;
    border-radius: 12px;
    background: var(--paper);
    color: var(--ink);
    box-shadow:
      inset 0 0 0 1px var(--saffron-line),
      var(--shadow-1);
    text-align: start;
  }
  action-menu::part(button):hover {
    background: var(--paper-2);
  }
  .plate-words {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 2px 8px;
    align-items: center;
  }
  .plate-words b {
    display: -webkit-box;
    overflow: hidden;
    font: 700 calc(var(--t-title) * 20 / 21) / 1.15 var(--font-display);
    overflow-wrap: anywhere;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
  .plate-words span {
    grid-column: 1;
    color: var(--ink-2);
    font-size: var(--t-small);
    line-height: 1.35;
  }
  .plate-words span > salon-icon {
    --icon-size: 14px;
    display: inline-block;
    margin-inline-end: 4px;
    vertical-align: -2px;
  }
  .plate-words .down {
    grid-row: 1 / 3;
    grid-column: 2;
    color: var(--ink-2);
  }
  .list {
    flex: 1;
    padding: 12px 8px;
    overflow: auto;
    scrollbar-width: thin;
  }
  h2 {
    display: flex;
    align-items: center;
    padding-block: 10px 3px;
    padding-inline: 8px 2px;
    color: var(--ink-3);
    font: 600 var(--t-small) / 1 var(--font-text);
  }
  h2 .icon-button {
    margin-inline-start: auto;
    color: var(--ink-3);
    --icon-size: 16px;
  }
  @media (pointer: fine) {
    h2 .icon-button {
      inline-size: 28px;
      block-size: 28px;
    }
  }
  .none {
    padding: 2px 8px 4px;
    color: var(--ink-3);
    font-size: var(--t-small);
  }
  .conversation {
    display: flex;
    gap: 10px;
    align-items: center;
    inline-size: 100%;
    min-block-size: var(--control);
    padding: 5px 8px;
    border: 0;
    border-radius: var(--r-m);
    background: none;
    color: var(--ink-2);
    text-align: start;
  }
  .conversation:hover {
    background: var(--paper-3);
    --portrait-ground: var(--paper-3);
  }
  .conversation.unread {
    color: var(--ink);
    font-weight: 700;
  }
  .conversation[aria-current] {
    /* Bottle itself would glare in the evening. */
    background: var(--day, var(--bottle)) var(--evening, var(--bottle-soft));
    color: var(--day, var(--on-bottle)) var(--evening, var(--bottle-text));
    font-weight: 650;
    --portrait-ground: var(--day, var(--bottle)) var(--evening, var(--bottle-soft));
  }
  .name {
    flex: 1;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .icon {
    display: grid;
    flex: none;
    place-items: center;
    inline-size: 26px;
  }
  .draft {
    display: grid;
    color: var(--ink-3);
    --icon-size: 15px;
  }
  .hosting {
    display: flex;
    gap: 10px;
    margin: 0 10px 10px;
    padding: 11px 12px;
    border: 1px solid var(--line-2);
    border-radius: 12px;
    background: var(--paper);
  }
  .hosting > salon-icon {
    place-items: start center;
    padding-block-start: 1px;
    color: var(--bottle);
  }
  .hosting div {
    display: grid;
    gap: 2px;
    min-inline-size: 0;
  }
  .hosting b {
    font: 650 calc(var(--t-body) * 14 / 15) / 1.2 var(--font-display);
  }
  .hosting span {
    color: var(--ink-2);
    font-size: var(--t-micro);
    line-height: 1.35;
  }
  .hosting .address {
    color: var(--ink);
    font-family: var(--font-mono);
    overflow-wrap: anywhere;
    user-select: all;
  }
  .self {
    display: flex;
    gap: 10px;
    align-items: center;
    padding: 9px 14px;
    padding-block-end: max(9px, env(safe-area-inset-bottom));
    border-block-start: 1px solid var(--line);
  }
  .who {
    flex: 1;
    min-inline-size: 0;
  }
  .who b {
    display: block;
    overflow: hidden;
    font-weight: 650;
    line-height: 1.25;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .who span {
    display: block;
    color: var(--ink-2);
    font-size: var(--t-micro);
    line-height: 1.3;
  }
  @media (forced-colors: active) {
    .conversation[aria-current] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }
`;
