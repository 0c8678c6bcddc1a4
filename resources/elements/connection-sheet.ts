import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { ModalController } from '../controllers/modal.ts';
import { DismissedEvent } from '../events/dialog.ts';
import { LeaveRoomEvent } from '../events/door.ts';
import { formatTime, LocaleController, t } from '../locales/locale.ts';
import { base } from '../styles/base.ts';
import { buttons } from '../styles/controls.ts';
import { dialogs } from '../styles/dialog.ts';
import './room-wallpaper.ts';
import './salon-icon.ts';

/** The room was closed, or the two speak different versions. */
export type SheetReason = 'closed' | 'version';

/**
 * Why the room is not to be had just now, on a sheet over what can still be read.
 *
 * @fires {DismissedEvent} dismissed - Read on.
 * @fires {LeaveRoomEvent} leave-room
 */
@customElement('connection-sheet')
export class ConnectionSheet extends LitElement {
  /** Null: there is nothing in the way. */
  @property({ attribute: false }) reason: SheetReason | null = null;
  @property({ attribute: false }) room: { id: string; name: string } | null = null;
  /** Who hosts; empty when nobody knows. */
  @property() host = '';
  /** Since when. */
  @property({ attribute: false }) at: number | null = null;
  @property() version = '';
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
      <room-wallpaper .seed=${this.room?.id ?? null} .scale=${1.5}></room-wallpaper>
      <div class="content">
        <h2 class="title" id="title" dir="auto">${title}</h2>
        <p id="text" dir="auto">${text}</p>
        ${this.reason === 'version' && this.version !== '' ? html`<p>${t().room.versionMine(this.version)}</p>` : nothing}
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
        <button class="button primary" type="button" autofocus @click=${this.#dismiss}>
          ${this.room === null ? t().common.close : keepReading}
        </button>
      </div>
    </dialog>`;
  }

  #words(): { title: string; text: string } {
    const { closedTitle, closedText, versionTitle, versionText } = t().room;
    if (this.reason === 'version') return { title: versionTitle, text: versionText };
    const time = formatTime(this.at ?? Date.now());
    return { title: closedTitle(this.room?.name ?? ''), text: closedText(this.host, time) };
  }

  readonly #dismiss = () => {
    this.dispatchEvent(new DismissedEvent());
  };

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
      .content {
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
