import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Fingerprint } from '../../server/protocol/entities.ts';
import { LocaleController, t } from '../locales/locale.ts';
import { base } from '../styles/base.ts';
import { marks } from '../styles/controls.ts';
import './compare-words.ts';
import { folds } from './folds.styles.ts';
import './salon-icon.ts';

/** On a page behind the room's own certificate: what the browser warned about, and how people can tell by themselves. */
@customElement('browser-note')
export class BrowserNote extends LitElement {
  /** As the host says: a page cannot see the key. */
  @property() fingerprint: Fingerprint = '';

  protected readonly locale = new LocaleController(this);

  override render() {
    const { browserWarned, browserCompare, browserCompareText } = t().door;
    return html`<div class="note attention">
      <salon-icon name="lock"></salon-icon>
      <span>${browserWarned}</span>
      <details>
        <summary><salon-icon name="forward"></salon-icon>${browserCompare}</summary>
        <p>${browserCompareText}</p>
        <compare-words .fingerprint=${this.fingerprint}></compare-words>
      </details>
    </div>`;
  }

  static override styles = [
    base,
    marks,
    folds,
    css`
      :host {
        display: block;
      }
      summary {
        min-block-size: 28px;
        color: inherit;
      }
      details > p {
        margin-block-end: var(--s2);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'browser-note': BrowserNote;
  }
}
