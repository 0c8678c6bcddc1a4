import { css } from 'lit';

/**
 * Buttons: `.button` with `.primary`, `.danger`, `.quiet` or `.soft`, and `.large` where it leads a sheet.
 * `.icon-button` is a square with one icon and needs an `aria-label`.
 */
export const buttons = css`
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: var(--s2);
    min-block-size: var(--control);
    padding: var(--s1) var(--s4);
    border: 1px solid var(--line-2);
    border-radius: var(--r-m);
    background: var(--paper);
    color: var(--ink);
    font-weight: 600;
    line-height: 1.25;
    text-align: center;
    text-decoration: none;
    transition:
      background-color var(--quick) var(--ease),
      border-color var(--quick) var(--ease);
  }
  .button:hover:not(:disabled, [aria-disabled='true']) {
    background: var(--paper-3);
  }
  .button.primary {
    border-color: var(--bottle);
    background: var(--bottle);
    color: var(--on-bottle);
  }
  .button.primary:hover:not(:disabled, [aria-disabled='true']) {
    border-color: var(--bottle-hover);
    background: var(--bottle-hover);
  }
  .button.danger {
    border-color: var(--grenadine);
    background: var(--grenadine);
    color: var(--on-grenadine);
  }
  .button.danger:hover:not(:disabled, [aria-disabled='true']) {
    border-color: var(--grenadine-hover);
    background: var(--grenadine-hover);
  }
  .button.soft {
    border-color: transparent;
    background: var(--bottle-soft);
    color: var(--bottle-text);
  }
  .button.soft:hover:not(:disabled, [aria-disabled='true']) {
    border-color: var(--bottle);
    background: var(--bottle-soft);
  }
  .button.quiet {
    border-color: transparent;
    background: transparent;
  }
  .button.loss {
    color: var(--grenadine);
  }
  .button.large {
    min-block-size: 48px;
    font-size: calc(var(--t-body) * 16 / 15);
  }
  .button.small {
    min-block-size: var(--target);
    padding-inline: var(--s3);
    font-size: var(--t-small);
  }
  /* Still readable and still to be found by the keyboard, but nothing happens. */
  .button:disabled,
  .button[aria-disabled='true'] {
    border-color: var(--line-2);
    background: var(--paper-3);
    color: var(--ink-2);
    cursor: default;
  }
  .icon-button {
    display: inline-grid;
    flex: none;
    place-items: center;
    inline-size: var(--target);
    block-size: var(--target);
    padding: 0;
    border: 0;
    border-radius: var(--r-m);
    background: none;
    color: var(--ink-2);
    transition: background-color var(--quick) var(--ease);
  }
  .icon-button:hover:not(:disabled),
  .icon-button[aria-pressed='true'],
  .icon-button[aria-expanded='true'] {
    background: var(--paper-3);
    color: var(--ink);
  }
  .link-button {
    display: inline;
    padding: 0;
    border: 0;
    border-radius: var(--r-s);
    background: none;
    color: var(--bottle-text);
    font: inherit;
    font-weight: 600;
    text-align: start;
    text-decoration: underline;
    text-underline-offset: 0.15em;
    cursor: pointer;
  }
  .link-button:hover {
    text-decoration-thickness: 2px;
  }
  @media (pointer: coarse) {
    .link-button {
      min-block-size: var(--target);
    }
  }
  @media (forced-colors: active) {
    .button,
    .icon-button {
      border: 1px solid ButtonText;
    }
  }
`;

/**
 * A field: `.field` holds its `<label>`, the `.box` with icon, `<input>` and buttons, then `.hint` and `.problem`.
 * The elements `<text-field>` and `<password-field>` render this in the shadow root where they stand.
 */
export const fields = css`
  .field {
    display: grid;
    gap: var(--s1);
    min-inline-size: 0;
  }
  .field > label,
  .label {
    font-weight: 600;
    line-height: 1.35;
  }
  .box {
    display: flex;
    align-items: center;
    gap: var(--s2);
    min-block-size: 44px;
    padding-inline: var(--s3);
    border: 1px solid var(--edge);
    border-radius: var(--r-m);
    background: var(--paper);
  }
  .box > salon-icon {
    color: var(--ink-2);
  }
  .box input {
    flex: 1;
    inline-size: 100%;
    min-inline-size: 0;
    /* The whole box answers a click, not a line in its middle. */
    align-self: stretch;
    padding: 0;
    border: 0;
    outline: 0;
    background: none;
    text-overflow: ellipsis;
  }
  .box > .icon-button {
    margin-inline-end: calc(-1 * var(--s2));
  }
  .box:focus-within {
    outline: 2px solid var(--focus);
    outline-offset: 1px;
  }
  /* A button inside shows its own ring. */
  .box:has(> button:focus-visible) {
    outline: none;
  }
  .box:has(> input[aria-invalid='true']) {
    border-color: var(--grenadine);
    box-shadow: inset 0 0 0 1px var(--grenadine);
  }
  .hint {
    color: var(--ink-2);
    font-size: var(--t-small);
    line-height: 1.4;
  }
  .problem {
    display: flex;
    gap: 6px;
    align-items: start;
    color: var(--grenadine);
    font-size: var(--t-small);
    font-weight: 600;
    line-height: 1.4;
  }
  .problem > salon-icon {
    --icon-size: 1.2em;
    margin-block-start: 0.1em;
  }
  .fine {
    display: flex;
    gap: 6px;
    align-items: start;
    color: var(--bottle-text);
    font-size: var(--t-small);
    line-height: 1.4;
  }
  .fine > salon-icon {
    --icon-size: 1.2em;
    margin-block-start: 0.1em;
  }
  .strength {
    display: grid;
    grid-template-columns: repeat(3, 1fr) auto;
    gap: var(--s1);
    align-items: center;
    padding-block-start: 2px;
    color: var(--ink-2);
    font-size: var(--t-small);
    line-height: 1.4;
  }
  .strength i {
    block-size: 4px;
    border-radius: 2px;
    background: var(--line-2);
  }
  .strength span:last-child {
    min-inline-size: 5.5em;
    text-align: end;
  }
  .strength.of-1 i:nth-of-type(1),
  .strength.of-2 i:nth-of-type(-n + 2),
  .strength.of-3 i {
    background: var(--bottle);
  }
  .strength.of-1 i:nth-of-type(1) {
    background: var(--saffron-line);
  }
  .select {
    min-block-size: var(--control);
    padding-inline: var(--s3);
    border: 1px solid var(--edge);
    border-radius: var(--r-m);
    background: var(--paper);
    color: inherit;
  }
  /* A checkbox with role=switch. */
  .switch {
    appearance: none;
    position: relative;
    flex: none;
    inline-size: 44px;
    block-size: 26px;
    margin: 0;
    border: 1px solid var(--edge);
    border-radius: 13px;
    background: var(--paper-3);
    cursor: pointer;
    transition: background-color var(--quick) var(--ease);
  }
  .switch::after {
    content: '';
    position: absolute;
    inset-block: 2px;
    inset-inline-start: 2px;
    inline-size: 20px;
    border-radius: 50%;
    background: var(--paper);
    box-shadow: 0 0 0 1px var(--edge);
    transition: transform var(--quick) var(--ease);
  }
  .switch:checked {
    border-color: var(--bottle);
    background: var(--bottle);
  }
  .switch:checked::after {
    box-shadow: none;
    transform: translateX(18px);
  }
  .switch:checked:dir(rtl)::after {
    transform: translateX(-18px);
  }
  @media (forced-colors: active) {
    .box,
    .switch {
      border: 1px solid ButtonText;
    }
    .strength i {
      border: 1px solid;
    }
    .switch::after {
      background: ButtonText;
    }
    .switch:checked {
      background: Highlight;
      forced-color-adjust: none;
    }
  }
`;

/** Small things that stand inside text: `.tag`, `.count` (`.count.attention`), `kbd`, `.note` (`.note.attention`, `.note.loss`). */
export const marks = css`
  kbd {
    padding: 3px 6px;
    border: 1px solid var(--line-2);
    border-block-end-width: 2px;
    border-radius: 5px;
    background: var(--paper);
    color: var(--ink-2);
    font: 600 var(--t-tiny) / 1 var(--font-text);
  }
  .tag {
    display: inline-block;
    padding: 2px 4px;
    border: 1px solid var(--line-2);
    border-radius: 4px;
    color: var(--ink-2);
    font: 600 var(--t-tiny) / 1 var(--font-text);
  }
  .count {
    min-inline-size: 22px;
    padding-inline: 6px;
    border-radius: 999px;
    background: var(--paper-3);
    color: var(--ink);
    font: 700 var(--t-micro) / 20px var(--font-text);
    text-align: center;
  }
  .count.attention {
    background: var(--saffron);
    color: var(--on-saffron);
  }
  .note {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: var(--s1) var(--s3);
    align-items: start;
    padding: var(--s3) var(--s4);
    border-radius: var(--r-m);
    background: var(--paper-2);
    font-size: var(--t-small);
    line-height: 1.45;
    text-align: start;
  }
  .note > salon-icon {
    --icon-size: 20px;
    color: var(--ink-2);
  }
  .note > :not(salon-icon) {
    grid-column: 2;
  }
  .note.attention {
    background: var(--saffron-soft);
  }
  .note.attention > salon-icon {
    color: var(--saffron-text);
  }
  .note.loss {
    background: var(--grenadine-soft);
  }
  .note.loss > salon-icon {
    color: var(--grenadine);
  }
  /* How long is not known. */
  .progress {
    position: relative;
    block-size: 4px;
    overflow: hidden;
    border-radius: 2px;
    background: var(--line);
  }
  .progress::after {
    content: '';
    position: absolute;
    inset: 0;
    inline-size: 40%;
    border-radius: inherit;
    background: var(--bottle);
    animation: progress-runs 1.4s var(--ease) infinite;
  }
  @keyframes progress-runs {
    from {
      transform: translateX(-100%);
    }
    to {
      transform: translateX(260%);
    }
  }
  .spinner {
    display: inline-block;
    flex: none;
    inline-size: 1em;
    block-size: 1em;
    border: 2px solid currentColor;
    border-inline-end-color: transparent;
    border-radius: 50%;
    animation: spinner-turns 1s linear infinite;
  }
  @keyframes spinner-turns {
    to {
      transform: rotate(1turn);
    }
  }
  /* Motion is off: a full, quiet bar says that work goes on. */
  @media (prefers-reduced-motion: reduce) {
    .progress::after {
      inline-size: 100%;
      opacity: 0.6;
    }
  }
  @media (forced-colors: active) {
    .note,
    .count,
    .progress {
      border: 1px solid;
    }
    .progress::after {
      background: Highlight;
    }
  }
`;
