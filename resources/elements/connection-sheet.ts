import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { diagnosisWords, type Diagnosis } from '../../server/protocol/diagnosis.ts';
import type { Fingerprint } from '../../server/protocol/entities.ts';
import { ModalController } from '../controllers/modal.ts';
import { DismissedEvent, OpenDiagnosticsEvent } from '../events/dialog.ts';
import { LeaveRoomEvent } from '../events/door.ts';
import { formatTime, language, LocaleController, t } from '../locales/locale.ts';
import { base } from '../styles/base.ts';
import { buttons, marks } from '../styles/controls.ts';
import { dialogs } from '../styles/dialog.ts';
import './room-wallpaper.ts';
import './salon-icon.ts';

/** The room was closed, or does not answer and somebody asked why. */
export type SheetReason = 'closed' | 'unreachable';

/**
 * Why the room is not to be had just now, on a sheet over what can still be read.
 *
 * @fires {DismissedEvent} dismissed - Read on.
 * @fires {LeaveRoomEvent} leave-room
 * @fires {OpenDiagnosticsEvent} open-diagnostics
 */
@customElement('connection-sheet')
export class ConnectionSheet extends LitElement {
  /** Null: there is nothing in the way. */
  @property({ attribute: false }) reason: SheetReason | null = null;
  @property({ attribute: false }) room: { name: string } | null = null;
  @property({ attribute: false }) fingerprint: Fingerprint | null = null;
  /** Why the last attempt to come back failed. */
  @property({ attribute: false }) diagnosis: Diagnosis | null = null;
  /** Who hosts; empty when nobody knows. */
  @property() host = '';
  /** Since when. */
  @property({ attribute: false }) at: number | null = null;
  /** There is somewhere to go. */
  @property({ attribute: false }) canLeave = true;

  protected readonly locale = new LocaleController(this);
  protected readonly modal = new ModalController(this, {
    open: () => this.reason !== null,
    wantsClose: () => this.#dismiss(),
    pressBeside: () => false,
  });

  override render() {
    const { keepReading } = t().room;
    const { title, text } = this.#words();
    return html`<dialog class="dialog" aria-labelledby="title" aria-describedby="text">
      <room-wallpaper .seed=${this.fingerprint} .scale=${1.5}></room-wallpaper>
      <div class="content">
        <h2 class="title" id="title" dir="auto">${title}</h2>
        <p id="text" dir="auto">${text}</p>
        ${this.reason === 'unreachable' && this.diagnosis !== null ? this.#advice(this.diagnosis) : nothing}
      </div>
      <div class="foot">
        ${
          this.canLeave
            ? html`<button
                class="button"
                type="button"
                @click=${() => this.dispatchEvent(new LeaveRoomEvent())}
              >
                <salon-icon name="back"></salon-icon>${t().common.leave}
              </button>`
            : nothing
        }
        <button class="button primary" type="button" autofocus @click=${this.#dismiss}>${keepReading}</button>
      </div>
    </dialog>`;
  }

  #words(): { title: string; text: string } {
    const { closedTitle, closedText, lostTitle, lostText } = t().room;
    if (this.reason === 'unreachable') return { title: lostTitle, text: lostText };
    const time = formatTime(this.at ?? Date.now());
    return { title: closedTitle(this.room?.name ?? ''), text: closedText(this.host, time) };
  }

  #advice(diagnosis: Diagnosis) {
    const { what, advice } = diagnosisWords(diagnosis, language());
    return html`<p class="note attention">
        <salon-icon name="offline"></salon-icon>
        <span><strong>${what}</strong> ${advice}</span>
      </p>
      <p>
        <button
          class="button small"
          type="button"
          @click=${() => this.dispatchEvent(new OpenDiagnosticsEvent(diagnosis.address))}
        >
          <salon-icon name="search"></salon-icon>${t().room.diagnostics}
        </button>
      </p>`;
  }

  readonly #dismiss = () => {
    this.dispatchEvent(new DismissedEvent());
  };

  static override styles = [
    base,
    buttons,
    marks,
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
    'connection-sheet': ConnectionSheet;
  }
}
