import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Fingerprint } from '../../server/protocol/entities.ts';
import { ModalController } from '../controllers/modal.ts';
import { DismissedEvent } from '../events/dialog.ts';
import { LeaveRoomEvent, RetryNowEvent } from '../events/door.ts';
import { LocaleController, t } from '../locales/locale.ts';
import type { Visit } from '../state/visit.ts';
import { base } from '../styles/base.ts';
import { buttons } from '../styles/controls.ts';
import { dialogs } from '../styles/dialog.ts';
import './room-wallpaper.ts';
import './salon-icon.ts';

/**
 * Why a visit is over, on a sheet over what can still be read.
 *
 * @fires {DismissedEvent} dismissed - Read on.
 * @fires {LeaveRoomEvent} leave-room
 * @fires {RetryNowEvent} retry-now - A page that has nowhere else to go loads anew.
 */
@customElement('end-sheet')
export class EndSheet extends LitElement {
  /** Null: the visit is not over, or the sheet was put away. */
  @property({ attribute: false }) reason: Visit['ending'] = null;
  /** Of the room; null for none. */
  @property({ attribute: false }) fingerprint: Fingerprint | null = null;
  /** Who hosts; empty when nobody knows. */
  @property() host = '';
  @property() version = '';
  /** There is something to read on. */
  @property({ type: Boolean }) history = false;
  /** There is somewhere to go: an app's first screen. */
  @property({ attribute: false }) canLeave = true;

  protected readonly locale = new LocaleController(this);
  protected readonly modal = new ModalController(this, {
    open: () => this.reason !== null,
    wantsClose: () => this.#close(),
    pressBeside: () => false,
  });

  override render() {
    const { stillThere, keepReading, leave, reload } = t().ending;
    const { title, text } = this.#words();
    const onward = this.canLeave ? leave : reload;
    return html`<dialog class="dialog" aria-labelledby="title" aria-describedby="text">
      <room-wallpaper .seed=${this.fingerprint} .scale=${1.5}></room-wallpaper>
      <div class="content">
        <h2 class="title" id="title" dir="auto">${title}</h2>
        <p id="text" dir="auto">${text}${this.history ? html` ${stillThere}` : nothing}</p>
        ${this.#versionLine()}
      </div>
      <div class="foot">
        <button
          class="button ${this.history ? '' : 'primary'}"
          type="button"
          ?autofocus=${!this.history}
          @click=${this.#onward}
        >
          <salon-icon name=${this.canLeave ? 'back' : 'retry'}></salon-icon>${onward}
        </button>
        ${
          this.history
            ? html`<button class="button primary" type="button" autofocus @click=${this.#dismiss}>
                ${keepReading}
              </button>`
            : nothing
        }
      </div>
    </dialog>`;
  }

  #words(): { title: string; text: string } {
    const words = t().ending;
    switch (this.reason) {
      case 'removed':
        return { title: words.removed(this.host), text: words.removedText };
      case 'banned':
        return { title: words.banned, text: words.bannedText(this.host) };
      case 'guestEnded':
        return { title: words.guestEnded, text: words.guestEndedText };
      case 'version':
      case null:
        return { title: words.version, text: this.canLeave ? words.versionText : words.versionPage };
    }
  }

  #versionLine() {
    if (this.reason !== 'version' || this.version === '') return nothing;
    return html`<p>${t().ending.versionMine(this.version)}</p>`;
  }

  #onward() {
    this.dispatchEvent(this.canLeave ? new LeaveRoomEvent() : new RetryNowEvent());
  }

  #close() {
    if (this.history) this.#dismiss();
    else this.#onward();
  }

  #dismiss() {
    this.dispatchEvent(new DismissedEvent());
  }

  static override styles = [
    base,
    buttons,
    dialogs,
    css`
      :host {
        --dialog-size: 460px;
      }
      room-wallpaper {
        block-size: 92px;
        border-block-end: 2px solid var(--saffron-line);
      }
      .dialog .content {
        padding-block-start: var(--s5);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'end-sheet': EndSheet;
  }
}
