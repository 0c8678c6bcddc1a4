import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Nearby } from '../../server/protocol/control.ts';
import { PROTOCOL_VERSION } from '../../server/protocol/entities.ts';
import { walkRows } from '../controllers/walk-rows.ts';
import { JoinNearbyEvent } from '../events/welcome.ts';
import { formatNumber, LocaleController, plural, relativeDay, t } from '../locales/locale.ts';
import { shortAddress } from '../state/join-text.ts';
import type { OpenPlace } from '../state/places.ts';
import { base } from '../styles/base.ts';
import { buttons, fields, marks } from '../styles/controls.ts';
import { seedOfPrefix } from '../wallpaper.ts';
import { placeRows } from './place-rows.styles.ts';
import './room-wallpaper.ts';
import './salon-icon.ts';

/** So long nobody is told that there is nothing. */
const PATIENCE_MS = 6_000;

/**
 * The rooms that announce themselves on this network, as they appear.
 *
 * @fires {JoinNearbyEvent} join-nearby
 */
@customElement('nearby-rooms')
export class NearbyRooms extends LitElement {
  @property({ attribute: false }) state: Nearby['state'] = 'looking';
  @property({ attribute: false }) places: readonly OpenPlace[] = [];
  @property({ type: Boolean }) busy = false;

  /** Looked for long enough to say that there is none. */
  @state() private settled = false;

  protected readonly locale = new LocaleController(this);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.addController({
      hostConnected: () => {
        this.settled = false;
        this.#timer = setTimeout(() => (this.settled = true), PATIENCE_MS);
      },
      hostDisconnected: () => clearTimeout(this.#timer),
    });
  }

  override render() {
    const { nearby, nearbyHint } = t().welcome;
    const { places } = this;
    return html`<section aria-labelledby="nearby">
      <h2 id="nearby">
        ${nearby}
        ${places.length === 0 ? nothing : html`<span class="how-many" aria-hidden="true">${formatNumber(places.length)}</span>`}
        ${this.#isLooking ? html`<span class="spinner" aria-hidden="true"></span>` : nothing}
      </h2>
      <div role="status">${this.#status()}</div>
      ${
        places.length === 0
          ? nothing
          : html`<ul @keydown=${walkRows}>
              ${repeat(
                places,
                ({ room }) => `${room.prefix}/${room.addresses[0] ?? ''}`,
                (place) => this.#row(place),
              )}
            </ul>`
      }
      ${this.state === 'noNetwork' || this.state === 'silent' ? nothing : html`<p class="hint">${nearbyHint}</p>`}
    </section>`;
  }

  get #isLooking(): boolean {
    return this.state === 'looking' && !this.settled;
  }

  /** Said when it changes; what can be seen in the list is said for those who listen only. */
  #status() {
    const { nearbyLooking, nearbyFound, nearbyNone, nearbySilent, nearbyNoNetwork } = t().welcome;
    const found = this.places.length;
    if (found > 0) return html`<p class="visually-hidden">${plural(found, nearbyFound)}</p>`;
    if (this.state === 'noNetwork') return html`<p class="none">${nearbyNoNetwork}</p>`;
    if (this.state === 'silent') return html`<p class="none">${nearbySilent}</p>`;
    return html`<p class="none">${this.#isLooking ? nearbyLooking : nearbyNone}</p>`;
  }

  #row(place: OpenPlace) {
    const { join, joinRoom } = t().welcome;
    const { name, prefix } = place.room;
    const seed = seedOfPrefix(prefix);
    return html`<li>
      ${
        seed === null
          ? html`<i class="frame" aria-hidden="true"></i>`
          : html`<room-wallpaper swatch .seed=${seed} .scale=${0.65}></room-wallpaper>`
      }
      <div class="about">
        <b dir="auto" title=${name}>${name}</b>
        <span>${this.#below(place)}</span>
      </div>
      <button
        class="button small"
        type="button"
        aria-label=${joinRoom(name)}
        aria-disabled=${this.busy ? 'true' : nothing}
        @click=${() => this.#join(place)}
      >
        ${join}
      </button>
    </li>`;
  }

  #below({ room, known }: OpenPlace) {
    const { knownRoom, otherVersion } = t().welcome;
    if (known !== null) {
      return html`<salon-icon name="key"></salon-icon>${knownRoom} · ${relativeDay(known.lastAt)}`;
    }
    const address = html`<bdi>${shortAddress(room.addresses[0] ?? '')}</bdi>`;
    return room.version === PROTOCOL_VERSION ? address : html`${otherVersion} · ${address}`;
  }

  #join({ room }: OpenPlace) {
    if (!this.busy) this.dispatchEvent(new JoinNearbyEvent(room));
  }

  static override styles = [
    base,
    buttons,
    fields,
    marks,
    placeRows,
    css`
      .how-many {
        color: var(--ink-3);
        font-weight: 500;
      }
      .spinner {
        color: var(--bottle);
      }
      .none {
        color: var(--ink-2);
        text-wrap: pretty;
      }
      .frame {
        inline-size: 44px;
        block-size: 52px;
        border: 1.5px dashed var(--line-2);
        border-radius: var(--r-arch);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'nearby-rooms': NearbyRooms;
  }
}
