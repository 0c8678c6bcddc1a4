import { css, html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';

export interface SwitchLine {
  id: string;
  label: string;
  hint: string;
  on: boolean;
  switched(on: boolean): void;
}

/** A switch with what it does beside it. Needs `switchLines` and `fields` among its element's styles. */
export function switchLine({ id, label, hint, on, switched }: SwitchLine): TemplateResult {
  return html`<div class="switch-line">
    <input
      class="switch"
      id=${id}
      type="checkbox"
      role="switch"
      aria-describedby="${id}-hint"
      .checked=${live(on)}
      @change=${(event: Event & { currentTarget: HTMLInputElement }) => switched(event.currentTarget.checked)}
    />
    <span>
      <label for=${id}>${label}</label>
      <span class="quiet-text" id="${id}-hint">${hint}</span>
    </span>
  </div>`;
}

export const switchLines = css`
  .switch-line {
    display: flex;
    gap: var(--s3);
    align-items: start;
  }
  .switch-line label {
    font-weight: 600;
  }
  .switch-line label,
  .switch-line .quiet-text {
    display: block;
  }
  .switch-line .quiet-text {
    font-size: var(--t-small);
  }
`;
