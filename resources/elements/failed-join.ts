import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { diagnosisWords, type Diagnosis } from '../../server/protocol/diagnosis.ts';
import { OpenDiagnosticsEvent } from '../events/dialog.ts';
import { JoinAgainEvent } from '../events/welcome.ts';
import { language, LocaleController, t } from '../locales/locale.ts';
import { base } from '../styles/base.ts';
import { buttons, marks } from '../styles/controls.ts';
import './salon-icon.ts';

/**
 * Why somebody did not come in: what happened, and the one thing to do. Stands in a live region of its user's.
 *
 * @fires {JoinAgainEvent} join-again
 * @fires {OpenDiagnosticsEvent} open-diagnostics
 */
@customElement('failed-join')
export class FailedJoin extends LitElement {
  @property({ attribute: false }) diagnosis!: Diagnosis;

  protected readonly locale = new LocaleController(this);

  override render() {
    const { what, advice } = diagnosisWords(this.diagnosis, language());
    const { tryAgain, examine } = t().welcome;
    return html`<div class="note loss">
      <salon-icon name="alert"></salon-icon>
      <b dir="auto">${what}</b>
      <span>${advice}</span>
      <p class="ways">
        <button class="button small" type="button" @click=${this.#again}>
          <salon-icon name="retry"></salon-icon>${tryAgain}
        </button>
        <button class="button quiet small" type="button" @click=${this.#examine}>
          <salon-icon name="pulse"></salon-icon>${examine}
        </button>
      </p>
    </div>`;
  }

  #again() {
    this.dispatchEvent(new JoinAgainEvent());
  }

  #examine() {
    this.dispatchEvent(new OpenDiagnosticsEvent());
  }

  static override styles = [
    base,
    buttons,
    marks,
    css`
      :host {
        display: block;
      }
      b {
        font-weight: 650;
        overflow-wrap: anywhere;
      }
      .ways {
        display: flex;
        flex-wrap: wrap;
        gap: var(--s1) var(--s2);
        margin-block-start: var(--s1);
      }
      .quiet:hover {
        background: var(--paper);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'failed-join': FailedJoin;
  }
}
