import { css } from 'lit';

export const kitStyles = css`
  .kit {
    --dialog-size: 720px;
  }
  .kit[open] {
    display: grid;
    grid-template-columns: 272px minmax(0, 1fr);
  }
  room-wallpaper {
    display: grid;
    place-items: center;
    padding: var(--s6) var(--s5);
  }
  .plate {
    padding: 58px 30px 26px;
    border-radius: 110px 110px 12px 12px;
    background: var(--plate);
    color: var(--on-plate);
    box-shadow:
      0 0 0 2px var(--brass),
      0 0 0 7px var(--plate-gap),
      0 0 0 8.5px var(--brass);
  }
  .code {
    display: grid;
    gap: 3px;
    font: 600 calc(var(--t-body) * 24 / 15) / 1.35 var(--font-mono);
    letter-spacing: 0.09em;
    text-align: center;
    user-select: all;
  }
  .words {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--s3);
    align-content: center;
    padding: var(--s6) var(--s5) var(--s5);
  }
  .words > p {
    color: var(--ink-2);
  }
  .for {
    font-size: var(--t-small);
    overflow-wrap: anywhere;
  }
  .ways {
    display: flex;
    flex-wrap: wrap;
    gap: var(--s2);
    margin-block-start: var(--s1);
  }
  .said {
    min-block-size: 1.5em;
    font-size: var(--t-small);
  }
  @media (max-width: 640px) {
    .kit[open] {
      grid-template-columns: minmax(0, 1fr);
    }
    .words {
      padding-block-start: var(--s5);
    }
    .plate {
      padding-block-start: 48px;
    }
    .ways > .button {
      flex: 1 1 auto;
    }
  }
  @media (forced-colors: active) {
    .plate {
      border: 2px solid CanvasText;
    }
  }
`;
