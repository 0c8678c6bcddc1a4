import { css } from 'lit';

export const conversationViewStyles = css`
  :host {
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    min-block-size: 0;
    min-inline-size: 0;
    background: var(--paper);
  }
  main {
    display: grid;
    grid-template: auto minmax(0, 1fr) auto auto auto auto auto / minmax(0, 1fr);
    min-block-size: 0;
    min-inline-size: 0;
  }
  header {
    border-block-end: 1px solid var(--line);
  }
  .bar {
    display: flex;
    gap: var(--s1);
    align-items: center;
    min-block-size: 60px;
    padding-block: 6px;
    padding-inline: var(--s5) 14px;
  }
  .invite {
    margin-inline-start: auto;
    --icon-size: 17px;
  }
  .readable {
    display: flex;
    gap: 8px;
    align-items: start;
    padding: 5px var(--s5) 6px;
    border-block-start: 1px solid var(--line);
    background: var(--paper-2);
    color: var(--ink-2);
    font-size: var(--t-small);
    line-height: 1.35;
  }
  .readable salon-icon {
    flex: none;
    --icon-size: 17px;
  }
  .warning:has(p) {
    padding: 6px 20px 0;
  }
  .warning .note {
    border: 1px solid var(--saffron-line);
  }
  .bar member-portrait {
    margin-inline-end: var(--s2);
  }
  .titles {
    display: flex;
    flex: 1;
    align-items: center;
    min-inline-size: 0;
  }
  h1 {
    flex: none;
    max-inline-size: 60%;
    overflow: hidden;
    font: 700 var(--t-title) / 1.2 var(--font-display);
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .about {
    flex: 1;
    min-inline-size: 0;
    margin-inline: 12px var(--s2);
    padding-inline-start: 12px;
    border-inline-start: 1px solid var(--line-2);
    overflow: hidden;
    color: var(--ink-2);
    font-size: var(--t-small);
    line-height: 1.35;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .back {
    display: none;
  }
  .people {
    margin-inline-start: auto;
  }
  .stage {
    position: relative;
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    min-block-size: 0;
    min-inline-size: 0;
  }
  .strip {
    display: none;
  }
  .strip.shown {
    position: absolute;
    z-index: 3;
    inset-block-start: 0;
    inset-inline: 0;
    display: flex;
    gap: 10px;
    align-items: center;
    justify-content: center;
    min-block-size: 28px;
    padding: 4px var(--s4);
    border-block-end: 1px solid var(--saffron-line);
    background: var(--saffron-soft);
    color: var(--ink);
    font-size: var(--t-small);
    line-height: 1.4;
    animation: strip-comes var(--menu) var(--ease);
  }
  .strip salon-icon {
    --icon-size: 16px;
    color: var(--saffron-text);
  }
  .strip .link-button {
    flex: none;
  }
  .strip .link-button:disabled {
    color: var(--ink-2);
    text-decoration: none;
  }
  .under-strip {
    --strip-room: 44px;
  }
  .typing {
    display: flex;
    gap: var(--s2);
    align-items: center;
    block-size: 22px;
    padding-inline: 26px;
    overflow: hidden;
    color: var(--ink-2);
    font-size: var(--t-small);
    line-height: 22px;
    white-space: nowrap;
  }
  .typing span {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .typing i {
    display: flex;
    flex: none;
    gap: 3px;
  }
  .typing i::before,
  .typing i::after,
  .typing i span {
    content: '';
    inline-size: 5px;
    block-size: 5px;
    border-radius: 50%;
    background: var(--ink-3);
    animation: dot-breathes 1.2s infinite;
  }
  .typing i span {
    animation-delay: 0.15s;
  }
  .typing i::after {
    animation-delay: 0.3s;
  }
  @keyframes dot-breathes {
    0%,
    60%,
    100% {
      opacity: 0.35;
    }
    30% {
      opacity: 1;
    }
  }
  @keyframes strip-comes {
    from {
      opacity: 0;
      transform: translateY(-100%);
    }
  }
  /* One target, as large as the window. */
  .drop {
    position: fixed;
    z-index: 20;
    inset: 0;
    display: grid;
    place-items: center;
    padding: var(--s4);
    background: var(--scrim);
    pointer-events: none;
    animation: drop-comes var(--menu) var(--ease);
  }
  .drop p {
    display: flex;
    gap: var(--s3);
    align-items: center;
    max-inline-size: 100%;
    padding: var(--s5);
    overflow-wrap: anywhere;
    border: 2px dashed var(--bottle);
    border-radius: 18px;
    background: var(--paper);
    box-shadow: var(--shadow-2);
    font: 650 var(--t-lead) / 1.35 var(--font-display);
    --icon-size: 26px;
  }
  .drop salon-icon {
    color: var(--bottle-text);
  }
  @keyframes drop-comes {
    from {
      opacity: 0;
    }
  }
  @media (max-width: 720px) {
    .bar {
      min-block-size: 56px;
      padding-inline: 6px 8px;
    }
    .readable {
      padding-inline: 14px;
    }
    .warning:has(p) {
      padding-inline: 8px;
    }
    .invite {
      padding-inline: 10px;
    }
    .back {
      display: inline-grid;
    }
    .titles {
      display: block;
      margin-inline-start: 4px;
    }
    h1 {
      max-inline-size: none;
      font-size: var(--t-lead);
    }
    .about {
      margin: 0;
      padding: 0;
      border: 0;
      font-size: var(--t-micro);
      line-height: 1.25;
      white-space: normal;
      display: -webkit-box;
      -webkit-box-orient: vertical;
      -webkit-line-clamp: 2;
    }
    .typing {
      padding-inline: 16px;
    }
    .under-strip {
      --strip-room: 66px;
    }
  }
  /* The sign alone: the title needs the room. */
  @media (max-width: 480px) {
    .invite {
      min-inline-size: var(--target);
      padding: 0;
    }
    .invite span {
      position: absolute;
      inline-size: 1px;
      block-size: 1px;
      overflow: hidden;
      clip-path: inset(50%);
      white-space: nowrap;
    }
  }
  @media (forced-colors: active) {
    .people[aria-pressed='true'] {
      outline: 2px solid Highlight;
    }
  }
`;
