import { css } from 'lit';

export const messageTimelineStyles = css`
  :host {
    position: relative;
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    min-block-size: 0;
    min-inline-size: 0;
  }
  .scroller {
    position: relative;
    display: flex;
    flex-direction: column;
    overflow: hidden auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    /* The virtualizer anchors; two would fight. */
    overflow-anchor: none;
  }
  .sizer {
    position: relative;
    flex: none;
    /* A short conversation stands at the foot, above the box. */
    margin-block-start: auto;
  }
  .row {
    position: absolute;
    inset-inline: 0;
    inset-block-start: 0;
    outline-offset: -2px;
  }
  .row:focus-visible {
    z-index: 1;
  }
  .day {
    display: flex;
    gap: 14px;
    align-items: center;
    padding: var(--s2) var(--s5) 6px;
    color: var(--ink-3);
    font-size: var(--t-small);
    font-weight: 600;
  }
  .day::before,
  .day::after {
    content: '';
    flex: 1;
    block-size: 1px;
    background: var(--line);
  }
  .new {
    display: flex;
    gap: 10px;
    align-items: center;
    padding: 10px var(--s5) 6px;
    color: var(--saffron-text);
    font-size: var(--t-micro);
    font-weight: 700;
  }
  .new::before,
  .new::after {
    content: '';
    flex: 1;
    block-size: 2px;
    border-radius: 2px;
    background: var(--saffron);
  }
  .new::before {
    flex: 0 0 22px;
  }
  .system {
    display: flex;
    flex-wrap: wrap;
    gap: 0 6px;
    align-items: center;
    padding-block: 6px;
    padding-inline: 180px var(--s5);
    color: var(--ink-2);
    font-size: var(--t-small);
    line-height: 1.4;
    overflow-wrap: anywhere;
  }
  .system salon-icon {
    --icon-size: 16px;
    inline-size: 34px;
    margin-inline: -48px 8px;
    color: var(--ink-3);
  }
  .start {
    display: grid;
    gap: var(--s1);
    justify-items: start;
    max-inline-size: calc(66ch + 180px);
    padding-block: var(--s6) var(--s4);
    padding-inline: 180px var(--s5);
  }
  .start room-wallpaper {
    inline-size: 56px;
    block-size: 64px;
  }
  .start h2 {
    margin-block-start: var(--s2);
    font: 700 var(--t-title) / 1.2 var(--font-display);
    overflow-wrap: anywhere;
  }
  .start p {
    color: var(--ink-2);
    overflow-wrap: anywhere;
  }
  .portraits {
    display: flex;
    gap: var(--s2);
  }
  /* Three rows that say "here is more" and do not move. */
  .skeleton {
    position: absolute;
    inset-inline: 0;
    display: grid;
    align-content: end;
    block-size: 192px;
    padding-inline: 132px var(--s5);
    pointer-events: none;
  }
  .skeleton.before {
    inset-block-start: 0;
  }
  .skeleton.after {
    inset-block-end: 0;
    align-content: start;
  }
  .skeleton i {
    display: flex;
    gap: 14px;
    block-size: 38px;
    margin-block: 13px;
  }
  .skeleton i::before {
    content: '';
    flex: none;
    inline-size: 34px;
    border-radius: var(--r-arch);
    background: var(--paper-3);
  }
  .skeleton i::after {
    content: '';
    flex: 0 1 26em;
    margin-block: 3px;
    background:
      linear-gradient(var(--paper-3) 0 0) 0 0 / 100% 12px no-repeat,
      linear-gradient(var(--paper-3) 0 0) 0 100% / 100% 12px no-repeat;
  }
  .skeleton i:nth-of-type(2)::after {
    flex-basis: 19em;
  }
  .pill {
    position: absolute;
    z-index: 2;
    display: inline-flex;
    gap: 6px;
    align-items: center;
    min-block-size: var(--target);
    min-inline-size: var(--target);
    padding-inline: 14px;
    border: 1px solid var(--line-2);
    border-radius: 999px;
    background: var(--paper);
    color: var(--ink);
    font-size: var(--t-small);
    font-weight: 600;
    box-shadow: var(--shadow-1);
    animation: pill-comes var(--menu) var(--ease);
    --icon-size: 16px;
  }
  .pill:hover {
    background: var(--paper-3);
  }
  .to-unread {
    inset-block-start: var(--strip-room, 12px);
    inset-inline: 0;
    inline-size: fit-content;
    margin-inline: auto;
  }
  .to-end {
    inset-block-end: 10px;
    inset-inline-end: var(--s5);
    justify-content: center;
  }
  .to-end:not(.attention) {
    padding: 0;
  }
  .to-end.attention {
    border-color: var(--saffron-line);
    background: var(--saffron);
    color: var(--on-saffron);
  }
  @keyframes pill-comes {
    from {
      opacity: 0;
      transform: translateY(4px);
    }
  }
  @media (max-width: 720px) {
    .day,
    .new {
      padding-inline: 14px;
    }
    .system {
      padding-inline: 58px 14px;
    }
    .system salon-icon {
      margin-inline: -44px 4px;
    }
    .start {
      padding-inline: 14px;
    }
    .skeleton {
      padding-inline: 14px;
    }
    .to-end {
      inset-inline-end: 14px;
    }
  }
  @media (forced-colors: active) {
    .day::before,
    .day::after,
    .new::before,
    .new::after {
      block-size: 0;
      border-block-start: 1px solid CanvasText;
    }
    .new::before,
    .new::after {
      border-block-start-width: 2px;
    }
    .skeleton i {
      border: 1px dashed;
    }
  }
`;
