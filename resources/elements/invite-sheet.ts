import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { ResultOf } from '../../server/protocol/commands.ts';
import {
  DEFAULT_PORT,
  type CardAddress,
  type Channel,
  type Invite,
  type InviteRole,
} from '../../server/protocol/entities.ts';
import { readJoinCode, salonLink, webLink, writeJoinCode } from '../../server/protocol/invite.ts';
import { ModalController } from '../controllers/modal.ts';
import { Poll } from '../controllers/poll.ts';
import { Watch } from '../controllers/watch.ts';
import { DismissedEvent } from '../events/dialog.ts';
import { LocaleController, t } from '../locales/locale.ts';
import { sentenceOf } from '../sentences.ts';
import { problemOf, type Problem } from '../state/problem.ts';
import type { RoomState } from '../state/room.ts';
import { base } from '../styles/base.ts';
import { buttons, marks } from '../styles/controls.ts';
import { dialogs } from '../styles/dialog.ts';
import './browser-guests.ts';
import './invite-list.ts';
import { closeButton } from './dialog-head.ts';
import type { ShowInviteEvent } from './invite-list.ts';
import './invite-qr.ts';
import { inviteSheetStyles } from './invite-sheet.styles.ts';
import { firstInvite, type InviteMadeEvent } from './invite-terms.ts';
import './invite-terms.ts';
import type { ChooseAddressEvent } from './invite-ways.ts';
import './invite-ways.ts';
import './knock-list.ts';
import { areGuestsLetIn } from './moments.ts';
import { ListAddressesEvent, ListInvitesEvent, MakeInviteEvent } from './owner-events.ts';
import './room-access.ts';
import './room-wallpaper.ts';
import './salon-icon.ts';
import './six-words.ts';

/** How often codes are looked at again: they are used up and expire while they are shown. */
const EVERY_MS = 5_000;

/** Who reads the QR code: a browser, or the app. */
type Purpose = 'phone' | 'app';

/**
 * How people come in: a code as QR, link, file and words, by which address; what codes there are; whether browsers let
 * guests in; and who knocked. A code that works is there at once.
 *
 * @fires {ListAddressesEvent} list-addresses
 * @fires {ListInvitesEvent} list-invites
 * @fires {MakeInviteEvent} make-invite
 * @fires {DismissedEvent} dismissed
 */
@customElement('invite-sheet')
export class InviteSheet extends LitElement {
  @property({ type: Boolean }) open = false;
  @property({ attribute: false }) room!: RoomState;
  @property() channel: Channel = 'app';

  @state() private hosts: ResultOf<'room.addresses'> | null = null;
  @state() private invites: readonly Invite[] | null = null;
  /** The code that was asked for; otherwise the first that does. */
  @state() private wanted: string | null = null;
  @state() private address: string | null = null;
  @state() private purpose: Purpose = 'phone';
  @state() private problem: Problem | null = null;

  @query('.scroll') private readonly scroller!: HTMLElement;

  protected readonly locale = new LocaleController(this);
  protected readonly watch = new Watch(this, () => [this.room]);
  protected readonly modal = new ModalController(this, {
    open: () => this.open,
    wantsClose: () => this.#close(),
  });
  protected readonly poll = new Poll(this, {
    wanted: () => this.open,
    ask: () => this.#load(),
    everyMs: EVERY_MS,
  });
  /** For whom a first code was made: once for each, since whoever ends the last one wants none. */
  readonly #firstMade = new Set<InviteRole>();
  #shownRole: InviteRole = 'member';

  override willUpdate(changed: PropertyValues<this>) {
    if (!changed.has('open') || !this.open) return;
    this.#firstMade.clear();
    this.problem = null;
    this.wanted = this.address = null;
  }

  override updated() {
    // Guests are let in, or no more: another code is the one to show.
    if (!this.open || this.invites === null || this.#role === this.#shownRole) return;
    this.#shownRole = this.#role;
    void this.#load();
  }

  override render() {
    const { title } = t().invite;
    return html`<dialog class="dialog" aria-labelledby="title" aria-describedby="lead">
      <div class="head">
        <div>
          <h2 class="title" id="title">${title}</h2>
          <p class="lead" id="lead">${this.#lead()}</p>
        </div>
        ${closeButton(this.#close)}
      </div>
      <room-wallpaper class="wall" .seed=${this.room.fingerprint} .scale=${1.5}>
        ${this.open ? this.#wall() : nothing}
      </room-wallpaper>
      <div class="scroll">${this.open ? this.#side() : nothing}</div>
    </dialog>`;
  }

  #lead(): string {
    const { anybody, onlyInvited, guestCode } = t().invite;
    if (this.#invite?.role === 'guest') return guestCode;
    return this.room.settings.access === 'open' ? anybody : onlyInvited;
  }

  #wall() {
    const { sameWallpaper, making, noCode } = t().invite;
    const without = this.invites === null ? making : noCode;
    return html`<invite-qr .link=${this.#link} .without=${without}></invite-qr>
      ${this.#canBrowse ? this.#purposes() : nothing}
      <div class="same">
        <p>${sameWallpaper}</p>
        <six-words .fingerprint=${this.room.fingerprint}></six-words>
      </div>`;
  }

  #purposes() {
    const { qrFor, forPhone, forApp } = t().invite;
    const words = { phone: forPhone, app: forApp };
    return html`<fieldset class="purpose">
      <legend class="visually-hidden">${qrFor}</legend>
      ${(['phone', 'app'] as const).map(
        (each) =>
          html`<label>
            <input
              type="radio"
              name="purpose"
              .checked=${live(each === this.purpose)}
              @change=${() => this.#choosePurpose(each)}
            />
            ${words[each]}
          </label>`,
      )}
    </fieldset>`;
  }

  #side() {
    const { room } = this;
    return html`${this.#trouble()}
      <invite-ways
        .link=${this.#link}
        .appLink=${this.#code === '' ? '' : salonLink(this.#code)}
        .spoken=${this.#invite?.spoken ?? ''}
        .addresses=${this.hosts?.addresses ?? []}
        .port=${this.hosts?.port ?? DEFAULT_PORT}
        .chosen=${this.#chosen}
        .roomName=${room.room.name}
        @choose-address=${({ address }: ChooseAddressEvent) => (this.address = address)}
      ></invite-ways>
      <invite-terms .invite=${this.#invite} @invite-made=${this.#made}></invite-terms>
      ${this.#guestsOff()}
      <browser-guests
        class="part"
        .room=${room}
        .channel=${this.channel}
        .certificate=${this.hosts?.certificate ?? ''}
      ></browser-guests>
      <room-access class="part" .room=${room}></room-access>
      <invite-list
        class="part"
        .invites=${this.invites ?? []}
        .shown=${this.#invite?.id ?? null}
        @show-invite=${this.#show}
        @invites-changed=${() => void this.#load()}
      ></invite-list>
      <knock-list class="part"></knock-list>`;
  }

  /** A guest's code and a door that lets no guests in. */
  #guestsOff() {
    if (this.#invite?.role !== 'guest' || areGuestsLetIn(this.room.settings)) return nothing;
    return html`<p class="note attention">
      <salon-icon name="alert"></salon-icon><span>${t().invite.guestsOff}</span>
    </p>`;
  }

  #trouble() {
    return html`<div role="alert">
      ${
        this.problem === null
          ? nothing
          : html`<p class="note loss">
              <salon-icon name="alert"></salon-icon><span>${sentenceOf(this.problem)}</span>
              <span
                ><button class="link-button" type="button" @click=${() => void this.#load()}>
                  ${t().room.tryAgain}
                </button></span
              >
            </p>`
      }
    </div>`;
  }

  /** Who is meant, when nobody said: with a phone one comes as a guest, while they are let in. */
  get #role(): InviteRole {
    return this.#canBrowse && this.purpose === 'phone' && areGuestsLetIn(this.room.settings)
      ? 'guest'
      : 'member';
  }

  /** The code that is shown: the one asked for while it works, or the latest for those who are meant. */
  get #invite(): Invite | null {
    const works = (this.invites ?? []).filter(({ state, code }) => state === 'live' && code !== '');
    return (
      works.find(({ id }) => id === this.wanted) ?? works.find(({ role }) => role === this.#role) ?? null
    );
  }

  get #chosen(): CardAddress | null {
    const addresses = this.hosts?.addresses ?? [];
    return addresses.find(({ address }) => address === this.address) ?? addresses[0] ?? null;
  }

  /** The code with the chosen address in front; empty while there is none. */
  get #code(): string {
    const chosen = this.#chosen;
    const text = this.#invite?.code ?? '';
    if (chosen === null || text === '' || this.hosts === null) return text;
    const code = readJoinCode(text);
    const others = code.addresses.filter(({ host }) => host !== chosen.address);
    return writeJoinCode({
      ...code,
      addresses: [{ host: chosen.address, port: this.hosts.port }, ...others],
    });
  }

  /** A browser gets somewhere: members by the encrypted door, guests by either while they are let in. */
  get #canBrowse(): boolean {
    const { settings } = this.room;
    return settings.door === 'encrypted' || (settings.door === 'simple' && areGuestsLetIn(settings));
  }

  get #link(): string {
    const { door } = this.room.settings;
    const chosen = this.#chosen;
    const code = this.#code;
    if (code === '') return '';
    if (!this.#canBrowse || door === 'none' || this.purpose === 'app' || chosen === null)
      return salonLink(code);
    // Whoever listens on the simple page would have a member's code as well.
    if (door === 'simple' && this.#invite?.role === 'member') return salonLink(code);
    return webLink(code, door, { host: chosen.address, port: this.hosts?.port ?? DEFAULT_PORT });
  }

  async #load() {
    try {
      [this.hosts, this.invites] = await Promise.all([
        new ListAddressesEvent().askFrom(this),
        new ListInvitesEvent().askFrom(this),
      ]);
      if (this.#invite === null && !this.#firstMade.has(this.#role)) await this.#makeFirst(this.#role);
      this.problem = null;
    } catch (error) {
      this.problem = problemOf(error);
    }
  }

  async #makeFirst(role: InviteRole) {
    this.#firstMade.add(role);
    const { guestsUntil } = this.room.settings;
    const invite = await new MakeInviteEvent(firstInvite(role, guestsUntil)).askFrom(this);
    this.invites = [invite, ...(this.invites ?? [])];
  }

  #choosePurpose(purpose: Purpose) {
    this.purpose = purpose;
    // Another reader, another code.
    this.wanted = null;
    void this.#load();
  }

  #made({ invite }: InviteMadeEvent) {
    this.invites = [invite, ...(this.invites ?? []).filter(({ id }) => id !== invite.id)];
    this.#show(invite);
  }

  #show({ id }: Pick<ShowInviteEvent, 'id'>) {
    this.wanted = id;
    this.scroller.scrollTop = 0;
    this.renderRoot.querySelector('dialog')?.scrollTo({ top: 0 });
  }

  readonly #close = () => {
    this.dispatchEvent(new DismissedEvent());
  };

  static override styles = [base, buttons, marks, dialogs, inviteSheetStyles];
}

declare global {
  interface HTMLElementTagNameMap {
    'invite-sheet': InviteSheet;
  }
}
