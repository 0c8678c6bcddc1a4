import { html } from 'lit';
import { t } from '../locales/locale.ts';
import './salon-icon.ts';

/** Its host's own method is enough: events are given to it as to any other of the template. */
type Close = (event: Event) => void;

/** The top of a dialog that is named by its title: `aria-labelledby="title"`. @param isFirst - of what the keyboard reaches. */
export function dialogHead(title: string, close: Close, isFirst = false) {
  return html`<div class="head">
    <h2 class="title" id="title" dir="auto">${title}</h2>
    ${closeButton(close, isFirst)}
  </div>`;
}

export function closeButton(close: Close, isFirst = false) {
  const { close: label } = t().common;
  return html`<button
    class="icon-button"
    type="button"
    ?autofocus=${isFirst}
    aria-label=${label}
    title="${label} (Esc)"
    @click=${close}
  >
    <salon-icon name="x"></salon-icon>
  </button>`;
}
