import { html, LitElement, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { LocaleController, t } from '../locales/locale.ts';
import { base } from '../styles/base.ts';
import { buttons } from '../styles/controls.ts';
import { dialogs } from '../styles/dialog.ts';

/** Stands before everything when the program behind this page is gone, or serves another window. */
@customElement('link-lost')
export class LinkLost extends LitElement {
  /** Another window took this one's place. */
  @property({ type: Boolean }) elsewhere = false;

  @query('dialog') private readonly dialog!: HTMLDialogElement;

  protected readonly locale = new LocaleController(this);

  override firstUpdated(_changed: PropertyValues) {
    this.dialog.showModal();
  }

  override render() {
    const { app } = t();
    return html`<dialog
      class="dialog"
      aria-labelledby="title"
      @cancel=${(event: Event) => event.preventDefault()}
    >
      <div class="content">
        <h2 class="title" id="title">${this.elsewhere ? app.elsewhereTitle : app.unpluggedTitle}</h2>
        <p>${this.elsewhere ? app.elsewhereText : app.unpluggedText}</p>
        ${
          this.elsewhere
            ? html`<p>
                <button class="button primary" @click=${() => location.reload()}>${app.useHere}</button>
              </p>`
            : ''
        }
      </div>
    </dialog>`;
  }

  static override styles = [base, buttons, dialogs];
}

declare global {
  interface HTMLElementTagNameMap {
    'link-lost': LinkLost;
  }
}
