import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { LIMITS, type Channel, type Fingerprint } from '../../server/protocol/entities.ts';
import { normalisePersonName } from '../../server/protocol/names.ts';
import { capabilities } from '../capabilities.ts';
import { EnterAsGuestEvent, LeaveRoomEvent, RetryNowEvent, SwitchDoorEvent } from '../events/door.ts';
import { LocaleController, t } from '../locales/locale.ts';
import { base } from '../styles/base.ts';
import { buttons, fields, marks } from '../styles/controls.ts';
import type { ArchSheet } from './arch-sheet.ts';
import './arch-sheet.ts';
import './browser-note.ts';
import type { CodeForm } from './code-form.ts';
import './code-form.ts';
import { guestDoorStyles } from './guest-door.styles.ts';
import { inviteProblemNote } from './invite-note.ts';
import './look-switch.ts';
import { momentOf } from './moments.ts';
import './salon-icon.ts';
import type { TextField } from './text-field.ts';
import './text-field.ts';

/**
 * The door for guests: one name, and in. Behind the simple door there is no password field anywhere, because whatever
 * is typed there can be overheard.
 *
 * @fires {EnterAsGuestEvent} enter-as-guest
 * @fires {UseCodeEvent} use-code
 * @fires {SwitchDoorEvent} switch-door - To the door for members.
 * @fires {RetryNowEvent} retry-now
 * @fires {LeaveRoomEvent} leave-room
 * @fires {ChangeSettingsEvent} change-settings
 */
@customElement('guest-door')
export class GuestDoor extends LitElement {
  @property() room = '';
  @property() fingerprint: Fingerprint = '';
  @property() channel: Channel = 'simple';
  @property({ type: Boolean }) lost = false;
  /** `name`: come in. `code`: guests are let in who have one. `off`: none are let in now. */
  @property() ask: 'name' | 'code' | 'off' = 'name';
  /** When the stay ends. */
  @property({ attribute: false }) until: number | null = null;
  /** What is wrong with the code that they came with, as a sentence. Told where it would be needed. */
  @property() inviteProblem = '';
  @property({ type: Boolean }) busy = false;
  /** Why the host refused, as a sentence; `field` when it is about the name. */
  @property({ attribute: false }) refusal: { sentence: string; field: boolean } | null = null;
  @property({ attribute: false }) canLeave = false;

  @state() private name = '';
  @state() private problem = '';
  @state() private changedSince = false;

  @query('arch-sheet') private readonly sheet!: ArchSheet;
  @query('text-field, code-form') private readonly field!: TextField | CodeForm | null;

  protected readonly locale = new LocaleController(this);

  override willUpdate(changed: PropertyValues<this>) {
    if (changed.has('refusal')) this.changedSince = false;
  }

  override updated(changed: PropertyValues<this>) {
    const isNew = changed.has('ask') || (changed.has('refusal') && this.refusal !== null);
    if (!isNew || this.field === null) return;
    const { field } = this;
    void Promise.all([this.sheet.updateComplete, field.updateComplete]).then(() => field.focus());
  }

  override render() {
    const { guestInvites } = t().door;
    return html`<arch-sheet size="narrow" .seed=${this.fingerprint}>
      <main aria-labelledby="title">
        <p class="above">${guestInvites}</p>
        <h1 id="title" dir="auto">${this.room}</h1>
        <div role="status" class="strip">${this.lost ? this.#lost() : nothing}</div>
        ${this.inviteProblem === '' || this.ask === 'name' ? nothing : inviteProblemNote(this.inviteProblem)}
        ${this.#body()} ${this.#channelNote()}
      </main>
      <footer>
        <look-switch></look-switch>
        ${
          this.canLeave
            ? html`<button class="button quiet small" type="button" @click=${this.#leave}>
                <salon-icon name="exit"></salon-icon>${t().common.leave}
              </button>`
            : nothing
        }
      </footer>
    </arch-sheet>`;
  }

  #body() {
    const { byInvitation, haveAccount } = t().door;
    return html`${
      this.ask === 'name'
        ? this.#nameForm()
        : this.ask === 'code'
          ? html`<p class="lead">${byInvitation}</p>
              <code-form .fingerprint=${this.fingerprint} .busy=${this.busy}></code-form>`
          : this.#off()
    }
    ${
      this.channel === 'simple'
        ? nothing
        : html`<button class="link-button other" type="button" @click=${this.#switch}>${haveAccount}</button>`
    }`;
  }

  #nameForm() {
    const { guestName, guestEnter, guestStay, guestEntering } = t().door;
    const { refusal } = this;
    const shown = refusal !== null && !this.changedSince && !this.busy ? refusal : null;
    const stay = this.until === null ? '' : guestStay(t().invite.until(momentOf(this.until)));
    return html`<form novalidate @submit=${this.#submit}>
      <text-field
        field-name="guest-name"
        label=${guestName}
        autofill="nickname"
        enter-key="go"
        needed
        .longest=${LIMITS.usernameCharacters}
        .value=${this.name}
        .problem=${this.problem || (shown?.field === true ? shown.sentence : '')}
        ?locked=${this.busy}
        @input=${this.#typedIn}
      ></text-field>
      <div role="alert">
        ${
          shown?.field === false
            ? html`<p class="problem">
                <salon-icon name="alert"></salon-icon><span>${shown.sentence}</span>
              </p>`
            : nothing
        }
      </div>
      <button class="button primary large" aria-disabled=${this.busy || this.lost ? 'true' : nothing}>
        ${this.busy ? html`<span class="spinner" aria-hidden="true"></span>` : html`<salon-icon name="door"></salon-icon>`}
        ${guestEnter}
      </button>
      <p class="visually-hidden" role="status">${this.busy ? guestEntering : nothing}</p>
      ${stay === '' ? nothing : html`<p class="stay">${stay}</p>`}
    </form>`;
  }

  #off() {
    const { guestsOffTitle, guestsOffText, guestsOffApp } = t().door;
    return html`<div class="note">
        <salon-icon name="clock"></salon-icon><b>${guestsOffTitle}</b>
        <span>${guestsOffText} ${this.channel === 'simple' ? guestsOffApp : nothing}</span>
      </div>
      <button class="button large" type="button" @click=${this.#retry}>
        <salon-icon name="retry"></salon-icon>${t().common.tryNow}
      </button>`;
  }

  #lost() {
    return html`<p class="note attention">
      <salon-icon name="offline"></salon-icon>
      <span
        >${t().door.lost}
        <button class="link-button" type="button" @click=${this.#retry}>${t().common.tryNow}</button></span
      >
    </p>`;
  }

  /** What this page can keep to itself, and what it cannot do. */
  #channelNote() {
    if (this.channel === 'app') return nothing;
    if (this.channel === 'encrypted')
      return html`<browser-note .fingerprint=${this.fingerprint}></browser-note>`;
    const { plain, plainLacks } = t().door;
    return html`<p class="note attention">
      <salon-icon name="alert"></salon-icon><span>${plain}</span>
      ${capabilities.clipboard === null || capabilities.notifications === null ? html`<span>${plainLacks}</span>` : nothing}
    </p>`;
  }

  #typedIn(event: Event & { currentTarget: TextField }) {
    this.name = event.currentTarget.value;
    this.problem = '';
    this.changedSince = true;
  }

  #submit(event: Event) {
    event.preventDefault();
    if (this.busy || this.lost) return;
    const name = normalisePersonName(this.name);
    this.problem = name === '' ? t().door.guestNameEmpty : '';
    if (this.problem === '') this.dispatchEvent(new EnterAsGuestEvent(name));
    else this.field?.focus();
  }

  #switch() {
    this.dispatchEvent(new SwitchDoorEvent());
  }

  #retry() {
    this.dispatchEvent(new RetryNowEvent());
  }

  #leave() {
    this.dispatchEvent(new LeaveRoomEvent());
  }

  static override styles = [base, buttons, fields, marks, guestDoorStyles];
}

declare global {
  interface HTMLElementTagNameMap {
    'guest-door': GuestDoor;
  }
}
