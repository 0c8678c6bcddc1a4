import { html, LitElement, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { LocaleController, t } from '../locales/locale.ts';
import type { Link } from '../state/ports.ts';
import { base } from '../styles/base.ts';
import { buttons } from '../styles/controls.ts';
import { dialogs } from '../styles/dialog.ts';

/** Stands before everything while the program behind this page is away, or gone, or serves another window. */
@customElement('link-lost')
export class LinkLost extends LitElement {
  @property() link: Exclude<Link, 'up'> = 'down';

  @query('dialog') private readonly dialog!: HTMLDialogElement;

  protected readonly locale = new LocaleController(this);

  override firstUpdated(_changed: PropertyValues) {
    this.dialog.showModal();
  }

  override render() {
    const { app } = t();
    const [title, text] = {
      down: [app.returningTitle, app.returningText],
      gone: [app.unpluggedTitle, app.unpluggedText],
      elsewhere: [app.elsewhereTitle, app.elsewhereText],
    }[this.link];
    return html`<dialog
      class="dialog"
      aria-labelledby="title"
      @cancel=${(event: Event) => event.preventDefault()}
      @close=${() => this.dialog.showModal()}
    >
      <div class="content" role="alert">
        <h2 class="title" id="title">${title}</h2>
        <p>${text}</p>
        ${
          this.link === 'elsewhere'
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
