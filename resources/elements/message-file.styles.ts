import { css } from 'lit';

export const messageFileStyles = css`
  :host {
    display: block;
    flex: 0 1 var(--file-size, 430px);
    min-inline-size: 0;
  }
  .card {
    position: relative;
    display: grid;
    grid-template-columns: 40px minmax(0, 1fr) auto;
    gap: var(--s3);
    align-items: center;
    padding: 9px 8px 9px 10px;
    overflow: hidden;
    border: 1px solid var(--line-2);
    border-radius: 12px;
    background: var(--paper);
  }
  .tile {
    display: grid;
    place-items: center;
    inline-size: 40px;
    block-size: 44px;
    border-radius: 6px 14px 6px 6px;
    background: var(--bottle-soft);
    color: var(--bottle-text);
    font: 700 var(--t-micro) / 1 var(--font-display);
  }
  .about {
    color: var(--ink-2);
    font-size: var(--t-small);
    line-height: 1.35;
    font-variant-numeric: tabular-nums;
  }
  .about.loss {
    color: var(--grenadine);
    font-weight: 600;
  }
  progress {
    position: absolute;
    inset-inline: 0;
    inset-block-end: 0;
    inline-size: 100%;
    block-size: 4px;
    border: 0;
    background: var(--paper-3);
    appearance: none;
  }
  progress::-webkit-progress-bar {
    background: var(--paper-3);
  }
  progress::-webkit-progress-value {
    background: var(--bottle);
  }
  progress::-moz-progress-bar {
    background: var(--bottle);
  }
  .frame {
    position: relative;
    display: grid;
    /* As large as the frame, and not as what it holds: a tall picture is shown whole. */
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    place-items: center;
    inline-size: 100%;
    aspect-ratio: var(--picture-ratio);
    padding: 0;
    overflow: hidden;
    border: 0;
    border-radius: 12px;
    outline: 1px solid var(--line-2);
    outline-offset: -1px;
    background: var(--paper-2);
    color: var(--ink-2);
    font-size: var(--t-small);
    text-align: center;
  }
  button.frame {
    cursor: zoom-in;
  }
  button.frame.asks {
    cursor: pointer;
    font-weight: 600;
  }
  .frame img {
    display: block;
    inline-size: 100%;
    block-size: 100%;
    /* A small one is not blown up. */
    object-fit: scale-down;
  }
  .frame.dim img {
    opacity: 0.55;
  }
  .frame .cancel {
    position: absolute;
    inset-block-start: 4px;
    inset-inline-end: 4px;
    background: var(--paper);
    box-shadow: var(--shadow-1);
  }
  .words {
    display: grid;
    gap: 4px;
    justify-items: center;
    padding: 6px 10px;
  }
  @media (forced-colors: active) {
    progress {
      border-block-start: 1px solid CanvasText;
    }
  }
`;
