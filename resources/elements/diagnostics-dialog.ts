import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Report } from '../../server/protocol/diagnosis.ts';
import { ModalController } from '../controllers/modal.ts';
import { DismissedEvent } from '../events/dialog.ts';
import { ExamineEvent } from '../events/welcome.ts';
import { LocaleController, t } from '../locales/locale.ts';
import { base } from '../styles/base.ts';
import { buttons, fields, marks } from '../styles/controls.ts';
import { dialogs } from '../styles/dialog.ts';
import { copyOrSelect } from './copying.ts';
import { diagnosticsStyles } from './diagnostics-dialog.styles.ts';
import './ability-list.ts';
import './diagnostics-report.ts';
import { dialogHead } from './dialog-head.ts';
import './salon-icon.ts';
import type { TextField } from './text-field.ts';
import './text-field.ts';

/**
 * How this computer stands on its network, and what stands between it and a room. Examines as soon as it opens; to close
 * it is to give up.
 *
 * @fires {ExamineEvent} examine
 * @fires {ShowFolderEvent} show-folder
 * @fires {ReadDesktopEvent} read-desktop
 * @fires {ReadNotifierEvent} read-notifier
 * @fires {DismissedEvent} dismissed
 */
@customElement('diagnostics-dialog')
export class DiagnosticsDialog extends LitElement {
  @property({ type: Boolean }) open = false;
  /** The address or code to begin with; empty for this computer alone. */
  @property() typed = '';
  @property({ type: Boolean }) busy = false;
  /** It takes long enough to say so. */
  @property({ type: Boolean }) slow = false;
  @property({ attribute: false }) report: Report | null = null;
  /** The report in words, to be passed on. */
  @property() text = '';
  /** In a window of its own, whether the tray took its symbol; null in a browser. */
  @property({ attribute: false }) tray: boolean | null = null;
  /** Why there is no report, as a sentence. */
  @property() problem = '';

  @state() private address = '';
  @state() private said: '' | 'copied' | 'selected' = '';

  @query('textarea') private readonly area!: HTMLTextAreaElement | null;

  protected readonly locale = new LocaleController(this);
  protected readonly modal = new ModalController(this, {
    open: () => this.open,
    wantsClose: () => this.#close(),
  });

  override willUpdate(changed: PropertyValues<this>) {
    if (changed.has('report')) this.said = '';
    if (!changed.has('open') || !this.open) return;
    this.address = this.typed;
    this.said = '';
  }

  override updated(changed: PropertyValues<this>) {
    if (changed.has('open') && this.open) this.#examine();
  }

  override render() {
    const { title, text, typed, typedHint, examine } = t().diagnostics;
    return html`<dialog class="dialog" aria-labelledby="title">
      ${dialogHead(title, this.#close)}
      <div class="content">
        <p>${text}</p>
        <form novalidate @submit=${this.#submitted}>
          <text-field
            field-name="typed"
            label=${typed}
            enter-key="go"
            .hint=${typedHint}
            .value=${this.address}
            first
            @input=${this.#typedIn}
          ></text-field>
          <button class="button" aria-disabled=${this.busy ? 'true' : nothing}>
            <salon-icon name="pulse"></salon-icon>${examine}
          </button>
        </form>
        <div class="working" role="status">${this.#progress()}</div>
        <div role="alert">
          ${
            this.problem === ''
              ? nothing
              : html`<p class="note loss">
                  <salon-icon name="alert"></salon-icon><span>${this.problem}</span>
                </p>`
          }
        </div>
        ${
          this.report === null
            ? nothing
            : html`<diagnostics-report
                  class=${this.busy ? 'stale' : nothing}
                  .report=${this.report}
                ></diagnostics-report>
                <ability-list .tray=${this.tray}></ability-list>`
        }
      </div>
      ${this.report === null ? nothing : this.#foot()}
    </dialog>`;
  }

  #progress() {
    const { examining, fresh } = t().diagnostics;
    if (this.slow) {
      return html`<div class="progress"></div>
        <p class="hint">${examining}</p>`;
    }
    return this.report === null || this.busy ? nothing : html`<p class="visually-hidden">${fresh}</p>`;
  }

  #foot() {
    const { copy, copied, selected, report } = t().diagnostics;
    return html`<div class="foot">
      ${
        this.said === 'selected'
          ? html`<textarea rows="6" readonly aria-label=${report} .value=${this.text}></textarea>`
          : nothing
      }
      <p class="said hint" role="status">
        ${this.said === 'copied' ? copied : this.said === 'selected' ? selected : nothing}
      </p>
      <button class="button" type="button" ?disabled=${this.busy || this.text === ''} @click=${this.#copy}>
        <salon-icon name=${this.said === 'copied' ? 'check' : 'copy'}></salon-icon>${copy}
      </button>
    </div>`;
  }

  #typedIn(event: Event & { currentTarget: TextField }) {
    this.address = event.currentTarget.value;
  }

  #submitted(event: Event) {
    event.preventDefault();
    if (!this.busy) this.#examine();
  }

  #examine() {
    this.dispatchEvent(new ExamineEvent(this.address.trim()));
  }

  async #copy() {
    this.said = await copyOrSelect(this.text, null);
    if (this.said !== 'selected') return;
    await this.updateComplete;
    this.area?.focus();
    this.area?.select();
  }

  #close() {
    this.dispatchEvent(new DismissedEvent());
  }

  static override styles = [base, buttons, fields, marks, dialogs, diagnosticsStyles];
}

declare global {
  interface HTMLElementTagNameMap {
    'diagnostics-dialog': DiagnosticsDialog;
  }
}
