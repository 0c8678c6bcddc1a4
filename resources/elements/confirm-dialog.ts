import { html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { ModalController } from '../controllers/modal.ts';
import { ConfirmedEvent, DismissedEvent } from '../events/dialog.ts';
import { LocaleController, t } from '../locales/locale.ts';
import { base } from '../styles/base.ts';
import { buttons } from '../styles/controls.ts';
import { dialogs } from '../styles/dialog.ts';

/**
 * A question before something that cannot be taken back. The safe answer has the focus. Its children stand below the
 * question.
 *
 * @fires {ConfirmedEvent} confirmed
 * @fires {DismissedEvent} dismissed
 */
@customElement('confirm-dialog')
export class ConfirmDialog extends LitElement {
  @property({ type: Boolean }) open = false;
  @property() heading = '';
  @property() text = '';
  @property({ attribute: 'confirm-label' }) confirmLabel = '';
  /** Empty for "Cancel". */
  @property({ attribute: 'cancel-label' }) cancelLabel = '';
  /** Something is lost: the button says so by its colour. */
  @property({ type: Boolean }) danger = false;

  protected readonly locale = new LocaleController(this);
  protected readonly modal = new ModalController(this, {
    open: () => this.open,
    wantsClose: () => this.#dismiss(),
  });

  override render() {
    return html`<dialog class="dialog" aria-labelledby="heading" aria-describedby="text">
      <div class="head"><h2 class="title" id="heading">${this.heading}</h2></div>
      <div class="content">
        ${this.text === '' ? nothing : html`<p id="text">${this.text}</p>`}
        <slot></slot>
      </div>
      <div class="foot">
        <button class="button" type="button" autofocus @click=${this.#dismiss}>
          ${this.cancelLabel || t().common.cancel}
        </button>
        <button class="button ${this.danger ? 'danger' : 'primary'}" type="button" @click=${this.#confirm}>
          ${this.confirmLabel}
        </button>
      </div>
    </dialog>`;
  }

  #confirm() {
    this.dispatchEvent(new ConfirmedEvent());
  }

  #dismiss() {
    this.dispatchEvent(new DismissedEvent());
  }

  static override styles = [base, buttons, dialogs];
}

declare global {
  interface HTMLElementTagNameMap {
    'confirm-dialog': ConfirmDialog;
  }
}
