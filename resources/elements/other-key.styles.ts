import { css } from 'lit';

export const otherKeyStyles = css`
  :host {
    --dialog-size: 560px;
    /* Here the pictures are what is said: drawn for those who like plain walls too. */
    --wallpaper-image: initial;
  }
  .dialog .content {
    padding-block-start: var(--s5);
  }
  .pictures {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: var(--s4);
  }
  figure {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--s2);
    align-content: start;
  }
  room-wallpaper {
    position: relative;
    block-size: 190px;
    overflow: hidden;
    border-radius: 110px 110px 10px 10px;
    box-shadow: inset 0 0 0 2px var(--swatch-rim);
  }
  /* Struck through: the one that is not there. */
  .was room-wallpaper::after {
    content: '';
    position: absolute;
    inset: 0;
    background: linear-gradient(
      to top right,
      transparent calc(50% - 4px),
      var(--plate) calc(50% - 4px) calc(50% - 2px),
      var(--strike) calc(50% - 2px) calc(50% + 2px),
      var(--plate) calc(50% + 2px) calc(50% + 4px),
      transparent calc(50% + 4px)
    );
  }
  .was {
    --strike: var(--grenadine);
  }
  figcaption {
    color: var(--ink-2);
    font-size: var(--t-small);
    line-height: 1.4;
    text-align: center;
    overflow-wrap: anywhere;
  }
  figcaption b {
    color: var(--ink);
    font: 650 var(--t-body) / 1.3 var(--font-display);
  }
  .words {
    padding: var(--s4);
    border: 1px solid var(--line);
    border-radius: var(--r-l);
    background: var(--paper-2);
  }
  @media (max-width: 480px) {
    room-wallpaper {
      block-size: 140px;
    }
  }
`;
