import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { LocaleController, t } from '../locales/locale.ts';
import './salon-icon.ts';
import { TextField } from './text-field.ts';

/** A `<text-field>` whose text can be shown, and that can say how strong it is. Pasting is welcome. */
@customElement('password-field')
export class PasswordField extends TextField {
  /** Null shows no bar. */
  @property({ attribute: false }) strength: 0 | 1 | 2 | 3 | null = null;

  @state() private shown = false;

  protected readonly locale = new LocaleController(this);

  constructor() {
    super();
    this.kind = 'password';
  }

  protected override renderEnd() {
    const { showPassword, hidePassword } = t().common;
    return html`<button
      class="icon-button"
      type="button"
      aria-label=${this.shown ? hidePassword : showPassword}
      aria-controls=${this.fieldName}
      @click=${this.#toggle}
    >
      <salon-icon name=${this.shown ? 'eye-off' : 'eye'}></salon-icon>
    </button>`;
  }

  protected override renderBelow() {
    if (this.strength === null || this.value === '') return nothing;
    const { strength, strengthLabel } = t().door;
    return html`<p class="strength of-${this.strength}">
      <span class="visually-hidden">${strengthLabel}</span>
      <i aria-hidden="true"></i><i aria-hidden="true"></i><i aria-hidden="true"></i>
      <span>${strength[this.strength]}</span>
    </p>`;
  }

  #toggle() {
    this.shown = !this.shown;
    this.kind = this.shown ? 'text' : 'password';
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'password-field': PasswordField;
  }
}
