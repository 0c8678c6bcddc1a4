import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { ifDefined } from 'lit/directives/if-defined.js';
import { live } from 'lit/directives/live.js';
import type { IconName } from '../icons/icons.ts';
import './salon-icon.ts';

/**
 * A labelled field with its hint and its problem. It renders where it stands, without a shadow root of its own, so that
 * form, label and input share one root: Enter submits, password keepers see a real form. Needs `fields` from
 * `styles/controls.ts` there. The input's own `input`, `change` and `blur` events pass through.
 */
@customElement('text-field')
export class TextField extends LitElement {
  @property() label = '';
  @property() value = '';
  /** Of the input, and the start of the ids around it: unique in its root. */
  @property({ attribute: 'field-name' }) fieldName = '';
  @property() kind: 'text' | 'password' | 'url' = 'text';
  /** For the browser and password keepers: `username`, `given-name`, `off` … */
  @property() autofill = 'off';
  @property() hint = '';
  /** What is wrong, as a sentence. Takes the hint's place. */
  @property() problem = '';
  /** What is right, as a sentence. Takes the hint's place too. */
  @property() fine = '';
  @property() example = '';
  @property() icon: IconName | null = null;
  @property({ attribute: 'label-hidden', type: Boolean }) labelHidden = false;
  @property({ type: Boolean }) needed = false;
  @property({ type: Boolean }) locked = false;
  @property({ type: Number }) longest: number | null = null;
  @property({ attribute: 'input-kind' }) inputKind: 'text' | 'numeric' | 'url' = 'text';
  @property({ attribute: 'enter-key' }) enterKey: 'next' | 'go' | 'done' | null = null;
  /** Takes the focus when its dialog opens; what is proposed there is selected, to be typed over. */
  @property({ type: Boolean }) first = false;

  @query('input') protected readonly input!: HTMLInputElement | null;

  protected override createRenderRoot() {
    return this;
  }

  /** Puts the cursor into the input. */
  override focus(options?: FocusOptions): void {
    this.input?.focus(options);
  }

  select(): void {
    this.input?.select();
  }

  override render() {
    const id = this.fieldName;
    const wrong = this.problem !== '';
    const note = wrong || this.hint !== '' || this.fine !== '';
    return html`<div class="field">
      <label for=${id} class=${this.labelHidden ? 'visually-hidden' : nothing}>${this.label}</label>
      <div class="box">
        ${this.icon === null ? nothing : html`<salon-icon name=${this.icon}></salon-icon>`}
        <input
          id=${id}
          name=${id}
          type=${this.kind}
          .value=${live(this.value)}
          autocomplete=${this.autofill}
          placeholder=${this.example || nothing}
          inputmode=${this.inputKind === 'text' ? nothing : this.inputKind}
          enterkeyhint=${this.enterKey ?? nothing}
          maxlength=${ifDefined(this.longest ?? undefined)}
          spellcheck="false"
          autocapitalize="none"
          autocorrect="off"
          dir="auto"
          ?autofocus=${this.first}
          ?readonly=${this.locked}
          aria-required=${this.needed ? 'true' : nothing}
          aria-invalid=${wrong ? 'true' : nothing}
          aria-describedby=${note ? `${id}-note` : nothing}
          @input=${this.#typed}
          @focus=${this.#focused}
        />
        ${this.renderEnd()}
      </div>
      ${this.renderBelow()}
      <div id="${id}-note" ?hidden=${!note}>${this.#note()}</div>
    </div>`;
  }

  /** At the end of the box. */
  protected renderEnd(): TemplateResult | typeof nothing {
    return nothing;
  }

  /** Between the box and the note. */
  protected renderBelow(): TemplateResult | typeof nothing {
    return nothing;
  }

  #note() {
    if (this.problem !== '') {
      return html`<p class="problem"><salon-icon name="alert"></salon-icon><span>${this.problem}</span></p>`;
    }
    if (this.fine !== '') {
      return html`<p class="fine"><salon-icon name="check"></salon-icon><span>${this.fine}</span></p>`;
    }
    return html`<p class="hint">${this.hint}</p>`;
  }

  #focused() {
    if (this.first) this.select();
  }

  #typed(event: InputEvent & { currentTarget: HTMLInputElement }) {
    this.value = event.currentTarget.value;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'text-field': TextField;
  }
}
