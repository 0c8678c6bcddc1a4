import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { Channel } from '../../server/protocol/entities.ts';
import { Watch } from '../controllers/watch.ts';
import { LocaleController, t } from '../locales/locale.ts';
import type { RoomState } from '../state/room.ts';
import { base } from '../styles/base.ts';
import { buttons } from '../styles/controls.ts';
import { copyOrSelect } from './copying.ts';
import { OpenInviteEvent, ShowNoticeEvent } from './room-events.ts';
import './room-wallpaper.ts';
import './salon-icon.ts';

/**
 * Where the room is, beside its wallpaper, and for its owner the way to invite people.
 *
 * @fires {OpenInviteEvent} open-invite
 * @fires {ShowNoticeEvent} show-notice
 */
@customElement('address-card')
export class AddressCard extends LitElement {
  @property({ attribute: false }) room!: RoomState;
  @property() address = '';
  /** How this page came in: a picture in a browser proves nothing, so nothing is promised there. */
  @property() channel: Channel = 'app';

  @query('.address') private readonly shown!: HTMLElement;

  protected readonly locale = new LocaleController(this);
  protected readonly watch = new Watch(this, () => [this.room]);

  override render() {
    const { sameWallpaper, copyAddress, address } = t().room;
    return html`<section aria-label=${address}>
      <room-wallpaper swatch .seed=${this.room.fingerprint} .scale=${0.65}></room-wallpaper>
      <span class="words">
        <b class="address"><bdi>${this.address}</bdi></b>
        ${this.channel === 'app' ? html`<small>${sameWallpaper}</small>` : nothing}
      </span>
      <button
        class="icon-button"
        type="button"
        aria-label=${copyAddress}
        title=${copyAddress}
        @click=${() => void this.#copy()}
      >
        <salon-icon name="copy"></salon-icon>
      </button>
      ${this.room.self.role === 'owner' ? this.#invite() : nothing}
    </section>`;
  }

  #invite() {
    const { title } = t().invite;
    return html`<button
      class="button"
      type="button"
      title="${title} (Alt I)"
      @click=${() => this.dispatchEvent(new OpenInviteEvent())}
    >
      <salon-icon name="qr"></salon-icon>${title}
    </button>`;
  }

  async #copy() {
    const { addressCopied, addressSelected } = t().room;
    const isCopied = (await copyOrSelect(this.address, this.shown)) === 'copied';
    this.dispatchEvent(
      isCopied
        ? new ShowNoticeEvent('address', addressCopied, 'good')
        : new ShowNoticeEvent('address', addressSelected),
    );
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: block;
      }
      section {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        align-items: center;
        padding-block: 10px;
        padding-inline: 10px 4px;
      }
      room-wallpaper {
        inline-size: 34px;
        block-size: 40px;
      }
      .words {
        flex: 1;
        min-inline-size: 0;
      }
      .address {
        display: block;
        font: 650 var(--t-micro) / 1.4 var(--font-mono);
        overflow-wrap: anywhere;
      }
      small {
        display: block;
        color: var(--ink-2);
        font-size: var(--t-micro);
        line-height: 1.3;
      }
      .button {
        flex: 1 0 calc(100% - 6px);
        margin-inline-end: 6px;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'address-card': AddressCard;
  }
}
