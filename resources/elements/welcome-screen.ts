import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { parseAddress } from '../../server/protocol/address.ts';
import type { CardAddress, Hosting, RecentRoom } from '../../server/protocol/control.ts';
import { DEFAULT_PORT } from '../../server/protocol/entities.ts';
import {
  EnterHostedEvent,
  ExitAppEvent,
  ForgetRoomEvent,
  JoinRoomEvent,
  OpenHostDialogEvent,
  ReopenRoomEvent,
} from '../events/welcome.ts';
import { logo } from '../icons/icons.ts';
import { LocaleController, relativeDay, t } from '../locales/locale.ts';
import { base } from '../styles/base.ts';
import { buttons, fields, marks } from '../styles/controls.ts';
import type { ArchSheet } from './arch-sheet.ts';
import './arch-sheet.ts';
import './look-switch.ts';
import './room-wallpaper.ts';
import './salon-icon.ts';
import type { TextField } from './text-field.ts';
import './text-field.ts';
import { welcomeStyles } from './welcome-screen.styles.ts';

/**
 * Where Salon begins: be the host, be a guest, or go back to a room.
 *
 * @fires {OpenHostDialogEvent} open-host-dialog
 * @fires {JoinRoomEvent} join-room
 * @fires {ReopenRoomEvent} reopen-room
 * @fires {ForgetRoomEvent} forget-room
 * @fires {EnterHostedEvent} enter-hosted
 * @fires {ChangeSettingsEvent} change-settings
 * @fires {ExitAppEvent} exit-app
 */
@customElement('welcome-screen')
export class WelcomeScreen extends LitElement {
  @property({ attribute: false }) recent: readonly RecentRoom[] = [];
  /** This computer's, best first. */
  @property({ attribute: false }) addresses: readonly CardAddress[] = [];
  @property({ attribute: false }) hosting: Hosting | null = null;
  @property() computer = '';
  /** A room is being joined or opened. */
  @property({ type: Boolean }) busy = false;
  /** Why the address led nowhere, as a sentence. What was typed stays. */
  @property() problem = '';
  @property() version = '';

  @state() private address = '';
  /** What was typed has changed since the problem was told. */
  @state() private changedSince = false;
  @state() private unreadable = false;
  /** What a screen reader is told about a link that was pasted anywhere. */
  @state() private announcement = '';

  @query('#ways-in .primary') private readonly mainButton!: HTMLButtonElement | null;
  @query('arch-sheet') private readonly sheet!: ArchSheet;
  @query('text-field') private readonly addressField!: TextField;

  protected readonly locale = new LocaleController(this);

  constructor() {
    super();
    this.addController({
      hostConnected: () => addEventListener('paste', this.#pastedAnywhere),
      hostDisconnected: () => removeEventListener('paste', this.#pastedAnywhere),
    });
  }

  override firstUpdated() {
    void this.sheet.updateComplete.then(() => this.mainButton?.focus({ preventScroll: true }));
  }

  override willUpdate(changed: PropertyValues<this>) {
    if (changed.has('problem')) this.changedSince = false;
  }

  override updated(changed: PropertyValues<this>) {
    if ((changed.has('problem') || changed.has('busy')) && this.#shownProblem() !== '') {
      void this.addressField.updateComplete.then(() => {
        this.addressField.focus();
      });
    }
  }

  override render() {
    const { title, promise } = t().welcome;
    return html`<arch-sheet>
      <main aria-labelledby="title">
        <div class="brand">
          <svg viewBox="0 0 40 46" aria-hidden="true">${logo}</svg>
          <span>Salon</span>
        </div>
        <h1 id="title">${title[0]}<br />${title[1]}</h1>
        <p class="promise">${promise}</p>
        <div class="ways" id="ways-in">
          ${this.hosting ? this.#hosted(this.hosting) : this.#beHost()} ${this.#beGuest()}
        </div>
        ${this.#recent()}
      </main>
      ${this.#foot()}
    </arch-sheet>`;
  }

  #beHost() {
    const { beHost, beHostText, hostRoom } = t().welcome;
    return html`<section class="way" aria-labelledby="be-host">
      <h2 id="be-host">${beHost}</h2>
      <p>${beHostText}</p>
      <button class="button primary large" type="button" ?disabled=${this.busy} @click=${this.#host}>
        <salon-icon name="door"></salon-icon>${hostRoom}
      </button>
    </section>`;
  }

  #hosted({ name, port, addresses }: Hosting) {
    const { hosting, hostingAt, enter } = t().welcome;
    const best = addresses.find(({ loopback }) => !loopback) ?? addresses[0];
    return html`<section class="way" aria-labelledby="be-host">
      <h2 id="be-host">${hosting}</h2>
      <p><i class="open" aria-hidden="true"></i>${hostingAt(atPort(best?.address ?? 'localhost', port))}</p>
      <button class="button primary large" type="button" ?disabled=${this.busy} @click=${this.#enter}>
        <salon-icon name="door"></salon-icon><span class="cut" dir="auto">${enter(name)}</span>
      </button>
    </section>`;
  }

  #beGuest() {
    const { beGuest, beGuestText, address, addressExample, join, joining } = t().welcome;
    return html`<section class="way" aria-labelledby="be-guest">
      <h2 id="be-guest">${beGuest}</h2>
      <p>${beGuestText}</p>
      <form novalidate @submit=${this.#join}>
        <text-field
          field-name="address"
          label=${address}
          label-hidden
          icon="link"
          example=${addressExample}
          input-kind="url"
          enter-key="go"
          .value=${this.address}
          .problem=${this.#shownProblem()}
          ?locked=${this.busy}
          @input=${this.#typed}
        ></text-field>
        <button class="button large" ?disabled=${this.busy}>
          ${this.busy ? html`<span class="spinner" aria-hidden="true"></span>` : nothing}${join}
        </button>
      </form>
      <p class="visually-hidden" role="status">${this.busy ? joining : this.announcement}</p>
    </section>`;
  }

  #recent() {
    const { recent, recentNone, recentNoneHelp } = t().welcome;
    return html`<section class="recent" aria-labelledby="recent">
      <h2 id="recent">${recent}</h2>
      ${
        this.recent.length === 0
          ? html`<div class="none">
              <i aria-hidden="true"></i><i aria-hidden="true"></i><i aria-hidden="true"></i>
              <p>${recentNone}<br />${recentNoneHelp}</p>
            </div>`
          : html`<ul @keydown=${this.#arrows}>
              ${repeat(
                this.recent,
                ({ roomId }) => roomId,
                (room) => this.#visited(room),
              )}
            </ul>`
      }
    </section>`;
  }

  #visited(room: RecentRoom) {
    const { openRoom, joinRoom, open, join, forget, keptHere, openNow, enterNow, enter } = t().welcome;
    const { roomId, name, address, hosted, lastAt } = room;
    const here = this.hosting?.roomId === roomId;
    const action = here ? enter(name) : hosted ? openRoom(name) : joinRoom(name);
    return html`<li>
      <room-wallpaper swatch .seed=${roomId} .scale=${0.65}></room-wallpaper>
      <div class="about">
        <b dir="auto">${name}</b>
        <span>
          ${here ? html`<i class="open" aria-hidden="true"></i>${openNow}` : hosted ? keptHere : html`<bdi>${shortAddress(address)}</bdi>`}
          · ${relativeDay(lastAt)}
        </span>
      </div>
      <button
        class="button small ${here ? 'soft' : ''}"
        type="button"
        aria-label=${action}
        ?disabled=${this.busy}
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
        @click=${() => this.#forget(roomId)}
      >
        <salon-icon name="x"></salon-icon>
      </button>
    </li>`;
  }

  #foot() {
    const { version, thisComputer, noNetwork } = t().welcome;
    const best = this.addresses.find(({ loopback }) => !loopback);
    return html`<footer>
      <look-switch></look-switch>
      <button class="button quiet small" type="button" @click=${this.#exit}>
        <salon-icon name="exit"></salon-icon>${t().common.exit}
      </button>
      <p>${version(this.version)} · ${best ? thisComputer(best.address) : noNetwork}</p>
    </footer>`;
  }

  #host() {
    this.dispatchEvent(new OpenHostDialogEvent());
  }

  #enter() {
    this.dispatchEvent(new EnterHostedEvent());
  }

  #typed(event: Event & { currentTarget: TextField }) {
    this.#fill(event.currentTarget.value);
  }

  #fill(address: string) {
    this.address = address;
    // It was about another address.
    this.changedSince = true;
    this.unreadable = false;
  }

  #shownProblem(): string {
    if (this.unreadable) return t().welcome.badAddress;
    return this.busy || this.changedSince ? '' : this.problem;
  }

  #join(event: Event) {
    event.preventDefault();
    if (this.busy) return;
    this.unreadable = parseAddress(this.address) === null;
    if (this.unreadable) {
      this.addressField.focus();
      return;
    }
    this.changedSince = false;
    this.dispatchEvent(new JoinRoomEvent(this.address.trim()));
  }

  #return({ roomId, hosted, address }: RecentRoom) {
    if (this.hosting?.roomId === roomId) this.#enter();
    else this.dispatchEvent(hosted ? new ReopenRoomEvent(roomId) : new JoinRoomEvent(address));
  }

  #forget(roomId: string) {
    this.dispatchEvent(new ForgetRoomEvent(roomId));
  }

  #exit() {
    this.dispatchEvent(new ExitAppEvent());
  }

  /** ↑ and ↓ go from room to room. */
  #arrows(event: KeyboardEvent) {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    const rooms = [...this.renderRoot.querySelectorAll<HTMLElement>('.recent li > .button')];
    const row = event.target instanceof Element ? event.target.closest('li') : null;
    const from = rooms.findIndex((button) => button.parentElement === row);
    event.preventDefault();
    rooms[from + step]?.focus();
  }

  /** An invite link may be pasted without finding the field first. */
  readonly #pastedAnywhere = (event: ClipboardEvent) => {
    if (event.composedPath()[0] instanceof HTMLInputElement) return;
    const text = event.clipboardData?.getData('text/plain').trim() ?? '';
    if (!/^(https?|salon):\/\/\S+$|^[\w.:[\]-]+$/i.test(text) || text.length > 300) return;
    event.preventDefault();
    this.#fill(text);
    this.announcement = t().welcome.linkPasted;
    this.addressField.focus();
  };

  static override styles = [base, buttons, fields, marks, welcomeStyles];
}

/** The usual port goes without saying. */
function shortAddress(address: string): string {
  return address.endsWith(`:${DEFAULT_PORT}`) ? address.slice(0, -`:${DEFAULT_PORT}`.length) : address;
}

function atPort(address: string, port: number): string {
  return port === DEFAULT_PORT ? address : `${address.includes(':') ? `[${address}]` : address}:${port}`;
}

declare global {
  interface HTMLElementTagNameMap {
    'welcome-screen': WelcomeScreen;
  }
}
