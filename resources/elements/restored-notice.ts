import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Hosting } from '../../server/protocol/control.ts';
import { Watch } from '../controllers/watch.ts';
import { LocaleController, plural, t } from '../locales/locale.ts';
import type { RoomState } from '../state/room.ts';
import { base } from '../styles/base.ts';
import { buttons, marks } from '../styles/controls.ts';
import './lost-messages.ts';
import { momentPast } from './moments.ts';
import { GoToEvent, ShowNoticeEvent } from './room-events.ts';
import './salon-icon.ts';

/**
 * Says that a copy took the room's place, and what this page still has of what is not in it.
 *
 * @fires {ShowNoticeEvent} show-notice
 * @fires {GoToEvent} go-to
 */
@customElement('restored-notice')
export class RestoredNotice extends LitElement {
  @property({ attribute: false }) room!: RoomState;
  /** This room's, when this computer hosts it. */
  @property({ attribute: false }) hosting: Hosting | null = null;

  @state() private isShowing = false;

  protected readonly locale = new LocaleController(this);
  protected readonly watch = new Watch(this, () => [this.room, this.room.lost]);

  override render() {
    const { lost } = this.room;
    const { notice } = lost;
    const isShown = notice !== null && this.room.connected;
    // The region is always there: one that comes together with its text is not read out.
    return html`<div role="status">${isShown ? this.#note(notice.restored?.from ?? null) : nothing}</div>
      <lost-messages
        .room=${this.room}
        .open=${this.isShowing && lost.items.length > 0}
        @dismissed=${this.#hide}
        @post-lost=${this.#post}
        @let-go-lost=${this.#letGo}
      ></lost-messages>`;
  }

  #note(from: number | null) {
    const { restored, behind, asideOf, stillHere, show, understood } = t().restored;
    const { lost, self } = this.room;
    const aside = self.role === 'owner' ? (this.hosting?.restored?.aside ?? null) : null;
    return html`<div class="note attention">
      <salon-icon name="clock"></salon-icon>
      <p>
        ${from === null ? behind : restored(momentPast(from))}
        ${lost.items.length === 0 ? nothing : plural(lost.items.length, stillHere)}
        ${aside === null ? nothing : html`${asideOf} <bdi class="path">${aside}</bdi>`}
      </p>
      <p class="ways">
        ${
          lost.items.length === 0
            ? nothing
            : html`<button class="link-button" type="button" @click=${() => (this.isShowing = true)}>
                ${show}
              </button>`
        }
        ${this.#again()}
        ${
          lost.mine.length > 0
            ? nothing
            : html`<button class="link-button" type="button" @click=${this.#dismiss}>${understood}</button>`
        }
      </p>
    </div>`;
  }

  /** Whoever has words of their own that are lost decides about them first. */
  #again() {
    const { mine } = this.room.lost;
    if (mine.length === 0) return nothing;
    return html`<button class="link-button" type="button" @click=${this.#post}>
      ${plural(mine.length, t().restored.sendAgain)}
    </button>`;
  }

  readonly #hide = () => {
    this.isShowing = false;
  };

  readonly #dismiss = () => {
    void this.room.lost.dismiss();
    this.#goOn();
  };

  readonly #letGo = () => {
    const { lost } = this.room;
    const count = lost.mine.length;
    void lost.letGo();
    this.dispatchEvent(new ShowNoticeEvent('lost', plural(count, t().restored.gone), 'good'));
    if (lost.items.length === 0) this.#goOn();
  };

  /** What had the focus goes away with the notice. */
  #goOn() {
    this.isShowing = false;
    this.dispatchEvent(new GoToEvent('conversation'));
  }

  readonly #post = () => {
    const count = this.room.lost.mine.length;
    void this.room.postLost();
    this.dispatchEvent(new ShowNoticeEvent('lost', plural(count, t().restored.goingAgain), 'good'));
    this.#goOn();
  };

  static override styles = [
    base,
    buttons,
    marks,
    css`
      .note {
        margin: 6px 20px 0;
        border: 1px solid var(--saffron-line);
      }
      .ways {
        display: flex;
        flex-wrap: wrap;
        gap: 2px var(--s4);
      }
      .path {
        overflow-wrap: anywhere;
        color: var(--ink-2);
      }
      @media (max-width: 720px) {
        .note {
          margin-inline: 8px;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'restored-notice': RestoredNotice;
  }
}
