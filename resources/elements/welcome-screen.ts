import { html, LitElement, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { Hosting, Nearby, RecentRoom } from '../../server/protocol/control.ts';
import type { Diagnosis } from '../../server/protocol/diagnosis.ts';
import { DEFAULT_PORT, type CardAddress } from '../../server/protocol/entities.ts';
import { OpenDiagnosticsEvent } from '../events/dialog.ts';
import { EnterHostedEvent, ExitAppEvent, OpenHostDialogEvent } from '../events/welcome.ts';
import { logo } from '../icons/icons.ts';
import { LocaleController, t } from '../locales/locale.ts';
import { placesOf } from '../state/places.ts';
import { base } from '../styles/base.ts';
import { buttons } from '../styles/controls.ts';
import type { ArchSheet } from './arch-sheet.ts';
import './arch-sheet.ts';
import './join-form.ts';
import './look-switch.ts';
import './nearby-rooms.ts';
import './salon-icon.ts';
import './visited-rooms.ts';
import { welcomeStyles } from './welcome-screen.styles.ts';

/**
 * Where Salon begins: be the host, be a guest, join a room that is open nearby, or go back to one.
 *
 * @fires {OpenHostDialogEvent} open-host-dialog
 * @fires {JoinRoomEvent} join-room
 * @fires {JoinNearbyEvent} join-nearby
 * @fires {JoinRecentEvent} join-recent
 * @fires {JoinAgainEvent} join-again
 * @fires {OpenDiagnosticsEvent} open-diagnostics
 * @fires {ReopenRoomEvent} reopen-room
 * @fires {ForgetRoomEvent} forget-room
 * @fires {EnterHostedEvent} enter-hosted
 * @fires {ChangeSettingsEvent} change-settings
 * @fires {ExitAppEvent} exit-app
 */
@customElement('welcome-screen')
export class WelcomeScreen extends LitElement {
  @property({ attribute: false }) nearby: Nearby = { state: 'looking', rooms: [] };
  @property({ attribute: false }) recent: readonly RecentRoom[] = [];
  /** This computer's, best first. */
  @property({ attribute: false }) addresses: readonly CardAddress[] = [];
  @property({ attribute: false }) hosting: Hosting | null = null;
  /** A room is being joined or opened. */
  @property({ type: Boolean }) busy = false;
  /** What stands in the address field to begin with. */
  @property() typed = '';
  /** Why what was typed led nowhere, as a sentence. What was typed stays. */
  @property() problem = '';
  /** Why nobody came in, where the way was examined. */
  @property({ attribute: false }) diagnosis: Diagnosis | null = null;
  @property() version = '';

  @query('#ways-in .primary') private readonly mainButton!: HTMLButtonElement | null;
  @query('arch-sheet') private readonly sheet!: ArchSheet;

  protected readonly locale = new LocaleController(this);

  override firstUpdated() {
    void this.sheet.updateComplete.then(() => this.mainButton?.focus({ preventScroll: true }));
  }

  override render() {
    const { title, promise } = t().welcome;
    const { open, visited } = placesOf(this.nearby.rooms, this.recent, this.hosting);
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
        <div class="places">
          <nearby-rooms .state=${this.nearby.state} .places=${open} .busy=${this.busy}></nearby-rooms>
          <visited-rooms
            .rooms=${visited}
            .hosting=${this.hosting}
            .elsewhere=${this.recent.length > 0}
            .busy=${this.busy}
          ></visited-rooms>
        </div>
      </main>
      ${this.#foot()}
    </arch-sheet>`;
  }

  #beHost() {
    const { beHost, beHostText, hostRoom } = t().welcome;
    return html`<section class="way" aria-labelledby="be-host">
      <h2 id="be-host">${beHost}</h2>
      <p>${beHostText}</p>
      <button
        class="button primary large"
        type="button"
        aria-disabled=${this.busy ? 'true' : nothing}
        @click=${this.#host}
      >
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
      <button
        class="button primary large"
        type="button"
        aria-disabled=${this.busy ? 'true' : nothing}
        @click=${this.#enter}
      >
        <salon-icon name="door"></salon-icon><span class="cut" dir="auto">${enter(name)}</span>
      </button>
    </section>`;
  }

  #beGuest() {
    const { beGuest, beGuestText } = t().welcome;
    return html`<section class="way" aria-labelledby="be-guest">
      <h2 id="be-guest">${beGuest}</h2>
      <p>${beGuestText}</p>
      <join-form
        .typed=${this.typed}
        .busy=${this.busy}
        .problem=${this.problem}
        .diagnosis=${this.diagnosis}
      ></join-form>
    </section>`;
  }

  #foot() {
    const { version, thisComputer, noNetwork, diagnostics } = t().welcome;
    const best = this.addresses.find(({ loopback }) => !loopback);
    return html`<footer>
      <look-switch></look-switch>
      <button class="button quiet small" type="button" @click=${this.#examine}>
        <salon-icon name="pulse"></salon-icon>${diagnostics}
      </button>
      <button class="button quiet small" type="button" @click=${this.#exit}>
        <salon-icon name="exit"></salon-icon>${t().common.exit}
      </button>
      <p>${version(this.version)} · ${best ? thisComputer(best.address) : noNetwork}</p>
    </footer>`;
  }

  #host() {
    if (!this.busy) this.dispatchEvent(new OpenHostDialogEvent());
  }

  #enter() {
    if (!this.busy) this.dispatchEvent(new EnterHostedEvent());
  }

  #examine() {
    this.dispatchEvent(new OpenDiagnosticsEvent(''));
  }

  #exit() {
    this.dispatchEvent(new ExitAppEvent());
  }

  static override styles = [base, buttons, welcomeStyles];
}

function atPort(address: string, port: number): string {
  return port === DEFAULT_PORT ? address : `${address.includes(':') ? `[${address}]` : address}:${port}`;
}

declare global {
  interface HTMLElementTagNameMap {
    'welcome-screen': WelcomeScreen;
  }
}
