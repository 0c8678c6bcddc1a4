import { css, html, LitElement } from 'lit';
import { customElement } from 'lit/decorators.js';
import { LookController } from '../controllers/look.ts';
import { ChangeSettingsEvent } from '../events/welcome.ts';
import { language, LocaleController, t } from '../locales/locale.ts';
import { base } from '../styles/base.ts';
import { buttons } from '../styles/controls.ts';
import './salon-icon.ts';

/**
 * Two quiet buttons at the foot of a sheet: the other language, and the other of day and evening.
 *
 * @fires {ChangeSettingsEvent} change-settings
 */
@customElement('look-switch')
export class LookSwitch extends LitElement {
  protected readonly locale = new LocaleController(this);
  readonly #look = new LookController(this);

  override render() {
    const { settings, otherLanguage, otherLanguageTag, evening, day } = t().welcome;
    return html`<div role="group" aria-label=${settings}>
      <button class="button quiet small" type="button" lang=${otherLanguageTag} @click=${this.#otherLanguage}>
        <salon-icon name="globe"></salon-icon>${otherLanguage}
      </button>
      <button class="button quiet small" type="button" @click=${this.#otherLook}>
        <salon-icon name=${this.#look.evening ? 'sun' : 'moon'}></salon-icon
        >${this.#look.evening ? day : evening}
      </button>
    </div>`;
  }

  #otherLanguage() {
    this.dispatchEvent(new ChangeSettingsEvent({ language: language() === 'en' ? 'fr' : 'en' }));
  }

  #otherLook() {
    this.dispatchEvent(new ChangeSettingsEvent({ look: this.#look.evening ? 'day' : 'evening' }));
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: inline-block;
      }
      div {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 6px;
      }
      .button {
        font-weight: 500;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'look-switch': LookSwitch;
  }
}
