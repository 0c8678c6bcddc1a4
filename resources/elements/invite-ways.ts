import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { DEFAULT_PORT, type CardAddress } from '../../server/protocol/entities.ts';
import { formatAddress } from '../../server/protocol/address.ts';
import { LocaleController, t } from '../locales/locale.ts';
import { base } from '../styles/base.ts';
import { buttons, fields, marks } from '../styles/controls.ts';
import { copyOrSelect, saveText } from './copying.ts';
import { inviteParts } from './invite-sheet.styles.ts';
import './salon-icon.ts';

/** Another of the host's addresses stands first in the code. */
export class ChooseAddressEvent extends Event {
  readonly address: string;
  constructor(address: string) {
    super('choose-address');
    this.address = address;
  }
}

/**
 * The ways in which a code is passed on: as a link, as a file, read aloud; and by which of the host's addresses.
 *
 * @fires {ChooseAddressEvent} choose-address
 * @fires {SaveTextEvent} save-text - Unless prevented, the browser downloads it.
 */
@customElement('invite-ways')
export class InviteWays extends LitElement {
  /** What is copied; empty while there is none. */
  @property() link = '';
  /** What is saved: the link that the app opens. */
  @property({ attribute: 'app-link' }) appLink = '';
  @property() spoken = '';
  @property({ attribute: false }) addresses: readonly CardAddress[] = [];
  @property({ type: Number }) port = DEFAULT_PORT;
  /** The address that is in front. */
  @property({ attribute: false }) chosen: CardAddress | null = null;
  @property({ attribute: 'room-name' }) roomName = '';

  @state() private said:
    | 'nothing'
    | 'linkCopied'
    | 'linkSelected'
    | 'aloudCopied'
    | 'aloudSelected'
    | 'saved' = 'nothing';

  @query('#link') private readonly linkField!: HTMLInputElement;
  @query('.aloud') private readonly aloud!: HTMLElement | null;

  protected readonly locale = new LocaleController(this);

  /** To the button that copies the link. */
  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('.copy')?.focus();
  }

  override willUpdate(changed: PropertyValues<this>) {
    if (changed.has('link') && changed.get('link') !== '') this.said = 'nothing';
  }

  override render() {
    const { link, copyLink, save } = t().invite;
    const none = this.link === '' ? 'true' : nothing;
    return html`<div class="field">
        <label for="link">${link}</label>
        <div class="box"><input id="link" type="text" readonly dir="ltr" .value=${this.link} /></div>
      </div>
      <div class="row">
        <button
          class="button primary copy"
          type="button"
          autofocus
          aria-disabled=${none}
          @click=${() => void this.#copyLink()}
        >
          <salon-icon name=${this.said === 'linkCopied' ? 'check' : 'copy'}></salon-icon>${copyLink}
        </button>
        <button class="button" type="button" aria-disabled=${none} @click=${this.#save}>
          <salon-icon name="download"></salon-icon>${save}
        </button>
      </div>
      <p class="hint" role="status">${this.said === 'nothing' ? nothing : t().invite[this.said]}</p>
      ${this.#aloud()} ${this.#address()}`;
  }

  #aloud() {
    const { aloud, andThen, copyAloud } = t().invite;
    const { chosen } = this;
    if (this.spoken === '' || chosen === null) return nothing;
    return html`<section class="well" aria-labelledby="aloud">
      <h3 id="aloud">${aloud}</h3>
      <p class="aloud">
        <span><bdi>${this.#where(chosen)}</bdi><span class="then">, ${andThen}</span></span>
        <strong
          >${this.spoken.split('-').map((group, at) => html`${at > 0 ? '-' : nothing}<span>${group}</span>`)}</strong
        >
      </p>
      <button
        class="icon-button"
        type="button"
        aria-label=${copyAloud}
        title=${copyAloud}
        @click=${() => void this.#copyAloud(chosen)}
      >
        <salon-icon name=${this.said === 'aloudCopied' ? 'check' : 'copy'}></salon-icon>
      </button>
    </section>`;
  }

  #address() {
    const { address, addressText, otherCards, unreachable, noNetwork } = t().invite;
    const { addresses, chosen } = this;
    if (chosen === null) return nothing;
    const isOther = ({ kind }: CardAddress) => kind === 'virtual' || kind === 'loopback';
    const others = addresses.filter(isOther);
    return html`<div class="line">
        <label for="address">${address}</label>
        <select
          class="select"
          id="address"
          aria-describedby="reach"
          .value=${live(chosen.address)}
          @change=${this.#chose}
        >
          ${addresses.filter((each) => !isOther(each)).map((each) => this.#option(each))}
          ${
            others.length === 0
              ? nothing
              : html`<optgroup label=${otherCards}>${others.map((each) => this.#option(each))}</optgroup>`
          }
        </select>
      </div>
      <div id="reach">
        ${
          chosen.loopback
            ? html`<p class="note attention">
                <salon-icon name="alert"></salon-icon
                ><span>${others.length === addresses.length ? noNetwork : unreachable}</span>
              </p>`
            : html`<p class="hint">${addresses.length > 1 ? addressText : nothing}</p>`
        }
      </div>`;
  }

  #option({ address, card, kind }: CardAddress) {
    const words = t().invite;
    return html`<option value=${address} ?selected=${address === this.chosen?.address}>
      ${words.kind[kind]} · ${address}${kind === 'loopback' ? nothing : ` · ${card}`}
    </option>`;
  }

  /** As it is typed in the app: the usual port goes without saying. */
  #where({ address }: CardAddress): string {
    return this.port === DEFAULT_PORT && !address.includes(':')
      ? address
      : formatAddress({ host: address, port: this.port });
  }

  #chose(event: Event & { currentTarget: HTMLSelectElement }) {
    this.dispatchEvent(new ChooseAddressEvent(event.currentTarget.value));
  }

  async #copyLink() {
    if (this.link === '') return;
    this.said = (await copyOrSelect(this.link, this.linkField)) === 'copied' ? 'linkCopied' : 'linkSelected';
  }

  async #copyAloud(chosen: CardAddress) {
    const text = `${this.#where(chosen)}, ${this.spoken}`;
    this.said = (await copyOrSelect(text, this.aloud)) === 'copied' ? 'aloudCopied' : 'aloudSelected';
  }

  #save() {
    if (this.appLink === '') return;
    const { fileName, fileText } = t().invite;
    if (saveText(this, fileName(this.roomName), fileText(this.roomName, this.appLink))) this.said = 'saved';
  }

  static override styles = [
    base,
    buttons,
    fields,
    marks,
    inviteParts,
    css`
      .box input {
        font: var(--t-small) / 1 var(--font-mono);
      }
      .row > .button {
        flex: 1 1 auto;
      }
      .well {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 2px var(--s2);
        align-items: center;
        padding: 10px 8px 12px 14px;
        border-radius: 12px;
        background: var(--paper-2);
      }
      .aloud {
        grid-column: 1;
        font: var(--t-body) / 1.45 var(--font-mono);
        user-select: text;
      }
      .aloud > span {
        color: var(--ink-2);
        font-family: var(--font-text);
      }
      /* What is copied can be pasted into the field of whoever joins. */
      .then {
        user-select: none;
      }
      .aloud bdi {
        color: var(--ink);
        font: 650 var(--t-body) / 1.45 var(--font-mono);
      }
      .aloud strong {
        display: block;
        font-size: calc(var(--t-title) * 20 / 21);
        letter-spacing: 0.02em;
      }
      .aloud strong span {
        white-space: nowrap;
      }
      .well .icon-button {
        grid-row: 1 / 3;
        grid-column: 2;
      }
      #reach:not(:has(.note, .hint:not(:empty))) {
        display: none;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'invite-ways': InviteWays;
  }
}
