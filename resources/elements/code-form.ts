import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Fingerprint } from '../../server/protocol/entities.ts';
import { findJoin, spokenMeans } from '../../server/protocol/invite.ts';
import { UseCodeEvent } from '../events/door.ts';
import { LocaleController, t } from '../locales/locale.ts';
import { base } from '../styles/base.ts';
import { buttons, fields } from '../styles/controls.ts';
import type { TextField } from './text-field.ts';
import './text-field.ts';

/**
 * Where a room by invitation asks for its code, as a link or in the short form.
 *
 * @fires {UseCodeEvent} use-code - What was typed; only if it can be a code of this room.
 */
@customElement('code-form')
export class CodeForm extends LitElement {
  /** Of the room at whose door this is. */
  @property() fingerprint: Fingerprint = '';
  @property({ type: Boolean }) busy = false;

  @state() private typed = '';
  @state() private problem = '';

  @query('text-field') private readonly field!: TextField;

  protected readonly locale = new LocaleController(this);

  override focus() {
    this.field.focus();
  }

  override render() {
    const { code, codeExample, useCode } = t().door;
    return html`<form novalidate @submit=${this.#submit}>
      <text-field
        field-name="code"
        label=${code}
        example=${codeExample}
        icon="key"
        enter-key="go"
        .value=${this.typed}
        .problem=${this.problem}
        ?locked=${this.busy}
        @input=${this.#typedIn}
      ></text-field>
      <button class="button primary large" aria-disabled=${this.busy ? 'true' : nothing}>${useCode}</button>
    </form>`;
  }

  #typedIn(event: Event & { currentTarget: TextField }) {
    this.typed = event.currentTarget.value;
    this.problem = '';
  }

  #submit(event: Event) {
    event.preventDefault();
    if (this.busy) return;
    this.problem = this.#verdict();
    if (this.problem === '') this.dispatchEvent(new UseCodeEvent(this.typed.trim()));
    else this.field.focus();
  }

  #verdict(): string {
    const { codeUnreadable, codeOther } = t().door;
    const found = findJoin(this.typed);
    if (found === null || found.kind === 'unreadable' || found.kind === 'address') return codeUnreadable;
    const fits =
      found.kind === 'code'
        ? found.code.fingerprint === this.fingerprint
        : spokenMeans(found.spoken, this.fingerprint);
    return fits ? '' : codeOther;
  }

  static override styles = [
    base,
    buttons,
    fields,
    css`
      :host {
        display: block;
      }
      form {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--s3);
      }
      .box {
        min-block-size: 48px;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'code-form': CodeForm;
  }
}
