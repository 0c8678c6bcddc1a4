import { css } from 'lit';

export const diagnosticsStyles = css`
  :host {
    --dialog-size: 680px;
  }
  form {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: var(--s2);
    align-items: start;
  }
  form .box {
    min-block-size: 44px;
  }
  form > .button {
    min-block-size: 44px;
    /* Beside the box, not the label above it. */
    margin-block-start: calc(var(--t-body) * 1.35 + var(--s1));
  }
  .working {
    display: grid;
    gap: var(--s1);
  }
  .working:not(:has(.progress)),
  [role='alert']:not(:has(*)) {
    position: absolute;
  }
  .stale {
    opacity: 0.55;
  }
  .foot {
    position: sticky;
    inset-block-end: 0;
    align-items: center;
  }
  .said {
    flex: 1 1 12em;
  }
  textarea {
    flex: 1 0 100%;
    min-inline-size: 0;
    padding: var(--s2) var(--s3);
    border: 1px solid var(--edge);
    border-radius: var(--r-m);
    background: var(--paper);
    font: var(--t-micro) / 1.4 var(--font-mono);
    resize: vertical;
  }
  @media (max-width: 480px) {
    form {
      grid-template-columns: minmax(0, 1fr);
    }
    form > .button {
      margin-block-start: 0;
    }
  }
`;
