import { css } from 'lit';

export const roomScreenStyles = css`
  :host {
    display: block;
  }
  .screen {
    display: grid;
    grid-template: minmax(0, 1fr) / 268px minmax(0, 1fr) auto;
    block-size: 100vh;
    block-size: 100dvh;
    overflow: hidden;
    background: var(--paper);
  }
  conversation-list {
    border-inline-end: 1px solid var(--line);
  }
  people-panel {
    inline-size: 264px;
    border-inline-start: 1px solid var(--line);
  }
  [data-people='hidden'] people-panel {
    display: none;
  }
  .veil {
    display: none;
  }
  .skip {
    position: fixed;
    z-index: 30;
    inset-block-start: 8px;
    inset-inline-start: 8px;
    padding: 10px 16px;
    border-radius: var(--r-m);
    background: var(--bottle);
    color: var(--on-bottle);
    font-weight: 600;
  }
  .skip:not(:focus) {
    inline-size: 1px;
    block-size: 1px;
    padding: 0;
    overflow: hidden;
    clip-path: inset(50%);
  }
  @media (max-width: 1080px) {
    .screen {
      grid-template-columns: 248px minmax(0, 1fr);
    }
    people-panel {
      position: fixed;
      z-index: 6;
      inset-block: 0;
      inset-inline-end: 0;
      inline-size: min(300px, 100vw);
      box-shadow: var(--shadow-2);
      animation: people-come var(--slide) var(--ease);
    }
    .veil {
      display: block;
      position: fixed;
      z-index: 5;
      inset: 0;
      background: var(--scrim);
      opacity: 0.45;
    }
  }
  @media (max-width: 720px) {
    .screen {
      grid-template-columns: minmax(0, 1fr);
    }
    conversation-list,
    people-panel {
      border: 0;
    }
    people-panel {
      position: static;
      inline-size: auto;
      box-shadow: none;
      animation: none;
    }
    .veil {
      display: none;
    }
    [data-place='list'] conversation-view,
    [data-place='people'] conversation-view,
    [data-place='conversation'] conversation-list,
    [data-place='people'] conversation-list {
      display: none;
    }
  }
  @keyframes people-come {
    from {
      opacity: 0;
      transform: translateX(12px);
    }
  }
`;
