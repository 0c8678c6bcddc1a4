import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Hosting, RecentRoom } from '../../server/protocol/control.ts';
import type { Fingerprint } from '../../server/protocol/entities.ts';
import { walkRows } from '../controllers/walk-rows.ts';
import { EnterHostedEvent, ForgetRoomEvent, JoinRecentEvent, ReopenRoomEvent } from '../events/welcome.ts';
import { LocaleController, relativeDay, t } from '../locales/locale.ts';
import { shortAddress } from '../state/join-text.ts';
import { base } from '../styles/base.ts';
import { buttons } from '../styles/controls.ts';
import { placeRows } from './place-rows.styles.ts';
import './room-wallpaper.ts';
import './salon-icon.ts';

/**
 * The rooms that were visited or hosted from this computer.
 *
 * @fires {JoinRecentEvent} join-recent
 * @fires {ReopenRoomEvent} reopen-room
 * @fires {EnterHostedEvent} enter-hosted
 * @fires {ForgetRoomEvent} forget-room
 */
@customElement('visited-rooms')
export class VisitedRooms extends LitElement {
  @property({ attribute: false }) rooms: readonly RecentRoom[] = [];
  @property({ attribute: false }) hosting: Hosting | null = null;
  /** Some that were visited stand among those open nearby. */
  @property({ type: Boolean }) elsewhere = false;
  @property({ type: Boolean }) busy = false;

  protected readonly locale = new LocaleController(this);

  override render() {
    const { recent, recentNone, recentNearby } = t().welcome;
    return html`<section aria-labelledby="recent">
      <h2 id="recent">${recent}</h2>
      ${
        this.rooms.length === 0
          ? html`<div class="none">
              <i aria-hidden="true"></i><i aria-hidden="true"></i><i aria-hidden="true"></i>
              <p>${this.elsewhere ? recentNearby : recentNone}</p>
            </div>`
          : html`<ul @keydown=${walkRows}>
              ${repeat(
                this.rooms,
                ({ fingerprint }) => fingerprint,
                (room) => this.#row(room),
              )}
            </ul>`
      }
    </section>`;
  }

  #row(room: RecentRoom) {
    const { openRoom, joinRoom, open, join, forget, keptHere, openNow, enterNow, enter } = t().welcome;
    const { name, addresses, hosted, lastAt, fingerprint } = room;
    const here = this.hosting?.fingerprint === fingerprint;
    const action = here ? enter(name) : hosted ? openRoom(name) : joinRoom(name);
    return html`<li>
      <room-wallpaper swatch .seed=${fingerprint} .scale=${0.5}></room-wallpaper>
      <div class="about">
        <b dir="auto" title=${name}>${name}</b>
        <span>
          ${here ? html`<i class="open" aria-hidden="true"></i>${openNow}` : hosted ? keptHere : html`<bdi>${shortAddress(addresses[0] ?? '')}</bdi>`}
          · ${relativeDay(lastAt)}
        </span>
      </div>
      <button
        class="button small"
        type="button"
        aria-label=${action}
        aria-disabled=${this.busy ? 'true' : nothing}
        @click=${() => this.#return(room)}
      >
        ${here ? enterNow : hosted ? open : join}
      </button>
      <button
        class="icon-button"
        type="button"
        aria-label=${forget(name)}
        title=${forget(name)}
        ?hidden=${here || hosted}
        @click=${() => this.#forget(fingerprint)}
      >
        <salon-icon name="x"></salon-icon>
      </button>
    </li>`;
  }

  #return(room: RecentRoom) {
    if (this.busy) return;
    const { fingerprint, hosted } = room;
    if (this.hosting?.fingerprint === fingerprint) this.dispatchEvent(new EnterHostedEvent());
    else this.dispatchEvent(hosted ? new ReopenRoomEvent(room) : new JoinRecentEvent(room));
  }

  #forget(fingerprint: Fingerprint) {
    this.dispatchEvent(new ForgetRoomEvent(fingerprint));
  }

  static override styles = [
    base,
    buttons,
    placeRows,
    css`
      /* The last column is kept free where there is nothing to forget: the buttons stand under each other. */
      li {
        grid-template-columns: auto minmax(0, 1fr) auto var(--target);
        column-gap: 12px;
      }
      ul {
        margin-inline-end: -20px;
      }
      room-wallpaper {
        inline-size: 34px;
        block-size: 40px;
      }
      .about b {
        font-size: var(--t-body);
      }
      .none {
        display: grid;
        grid-template-columns: auto auto auto minmax(0, 1fr);
        gap: var(--s2);
        align-items: center;
        color: var(--ink-2);
      }
      /* Three empty frames on the wall. */
      .none i {
        inline-size: 30px;
        block-size: 36px;
        border: 1.5px dashed var(--line-2);
        border-radius: var(--r-arch);
      }
      .none p {
        padding-inline-start: var(--s2);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'visited-rooms': VisitedRooms;
  }
}
