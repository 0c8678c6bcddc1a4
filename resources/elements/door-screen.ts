import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { normaliseUsername } from '../../server/protocol/names.ts';
import { passwordStrength } from '../../server/protocol/passwords.ts';
import type { Access, Channel, Fingerprint } from '../../server/protocol/entities.ts';
import { Countdown } from '../controllers/countdown.ts';
import { bareCode, DoorFields, FIELDS, type DoorField, type DoorMode } from '../controllers/door-fields.ts';
import {
  CheckUsernameEvent,
  LeaveRoomEvent,
  RecoverEvent,
  RetryNowEvent,
  SignInEvent,
  SignUpEvent,
  SwitchDoorEvent,
  type CodeKind,
} from '../events/door.ts';
import { logo } from '../icons/icons.ts';
import { LocaleController, t } from '../locales/locale.ts';
import type { InviteTerms } from '../state/invitation.ts';
import { base } from '../styles/base.ts';
import { choices } from '../styles/choices.ts';
import { buttons, fields, marks } from '../styles/controls.ts';
import type { ArchSheet } from './arch-sheet.ts';
import './arch-sheet.ts';
import './browser-note.ts';
import type { CodeForm } from './code-form.ts';
import './code-form.ts';
import { doorStyles } from './door-screen.styles.ts';
import { inviteNote, inviteProblemNote } from './invite-note.ts';
import './look-switch.ts';
import './member-portrait.ts';
import './password-field.ts';
import './salon-icon.ts';
import type { TextField } from './text-field.ts';
import './text-field.ts';

/** Why the host refused. */
export interface DoorRefusal {
  code: string;
  /** A word for the broken rule, such as a `NameProblem`. */
  why?: string;
  sentence: string;
  field?: DoorField;
}

/** How long the fingers rest before the host is asked about a name. */
const CHECK_AFTER_MS = 400;

/**
 * The door of a room: sign up, sign in, or get back in with a code. What was typed is kept between these, and through
 * every refusal.
 *
 * @fires {SignUpEvent} sign-up
 * @fires {SignInEvent} sign-in
 * @fires {RecoverEvent} recover
 * @fires {CheckUsernameEvent} check-username
 * @fires {UseCodeEvent} use-code
 * @fires {SwitchDoorEvent} switch-door - To the door for guests.
 * @fires {LeaveRoomEvent} leave-room
 * @fires {RetryNowEvent} retry-now
 * @fires {ChangeSettingsEvent} change-settings
 */
@customElement('door-screen')
export class DoorScreen extends LitElement {
  @property({ attribute: false }) room: { id: string; name: string } | null = null;
  @property() status: 'connecting' | 'ready' | 'lost' = 'connecting';
  /** Nobody has signed up yet; only whoever has the owner's code can. */
  @property({ type: Boolean, attribute: 'needs-owner' }) needsOwner = false;
  /** With it, this sign-up makes the owner. */
  @property({ attribute: false }) ownerCode: string | null = null;
  /** Changed here too, by the person. */
  @property() mode: DoorMode = 'signIn';
  /** The password is being stretched, or the host being asked. */
  @property() busy: '' | 'locking' | 'asking' = '';
  @property({ attribute: false, hasChanged: refusalChanged }) refusal: DoorRefusal | null = null;
  /** Too many tries: nothing is sent before this moment. */
  @property({ attribute: false }) waitUntil: number | null = null;
  /** The host's answer to `check-username`: a sentence, null when the name is free, undefined until it is known. */
  @property({ attribute: false }) usernameProblem: string | null | undefined = undefined;
  /** Who signed in from this computer before. */
  @property({ attribute: false }) people: readonly { username: string; name: string }[] = [];
  /** Where the room is, or what it is called, until it has answered. */
  @property() address = '';
  /** Why it does not answer, as a sentence; empty when nobody knows. */
  @property() silence = '';
  /** Of the key that answered; in a browser, as the host says. */
  @property({ attribute: false }) fingerprint: Fingerprint | null = null;
  @property() channel: Channel = 'app';
  @property() access: Access = 'open';
  /** What the code that they came with allows. */
  @property({ attribute: false }) invite: InviteTerms | null = null;
  /** What is wrong with that code instead, as a sentence. */
  @property() inviteProblem = '';
  /** One may come in without an account as well. */
  @property({ type: Boolean }) guests = false;
  /** There is somewhere to go back to. A browser's page has nothing but the door. */
  @property({ attribute: false }) canLeave = true;

  @state() private kind: CodeKind = 'recovery';
  /** Something was typed since the refusal: it was about what stood there before. */
  @state() private changedSince = false;

  @query('arch-sheet') private readonly sheet!: ArchSheet;
  @query('form') private readonly form!: HTMLFormElement | null;
  @query('code-form') private readonly codeForm!: CodeForm | null;

  protected readonly locale = new LocaleController(this);
  readonly #fields = new DoorFields(this);
  readonly #wait = new Countdown(this, () => this.waitUntil);
  #checkTimer: ReturnType<typeof setTimeout> | undefined;
  #checked = '';
  #walking = false;
  #waitFrom = 0;

  constructor() {
    super();
    this.addController({ hostDisconnected: () => clearTimeout(this.#checkTimer) });
  }

  override willUpdate(changed: PropertyValues<this>) {
    if (this.needsOwner && this.ownerCode !== null) this.mode = 'signUp';
    this.#fields.mode = this.mode;
    this.#fields.kind = this.kind;
    this.#fields.roomName = this.room?.name ?? '';
    if (changed.has('waitUntil')) this.#waitFrom = this.#wait.seconds;
    if (changed.has('mode')) this.#fields.forgive();
    const refusal = this.#newRefusal(changed);
    if (refusal !== null) this.#placeRefusal(refusal);
  }

  override updated(changed: PropertyValues<this>) {
    const refusal = this.#newRefusal(changed);
    if (refusal !== null) this.#focusRefused(refusal);
    else if (this.#walking) this.#focusTab();
    else if (changed.has('mode') || (changed.has('status') && changed.get('status') === 'connecting')) {
      this.#focusEmpty();
    }
  }

  override render() {
    return html`<arch-sheet size="narrow" .seed=${this.fingerprint}>
      <main aria-labelledby="title">
        <svg class="logo" viewBox="0 0 40 46" aria-hidden="true">${logo}</svg>
        <h1 id="title" dir="auto">${this.#title()}</h1>
        ${this.#body()}
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

  #title() {
    const { connectingTitle, noAnswerTitle, createPlace, recoverTitle, welcome } = t().door;
    if (this.room === null) return this.status === 'lost' ? noAnswerTitle : connectingTitle;
    if (this.mode === 'forgot') return recoverTitle;
    return this.mode === 'signUp' ? createPlace(this.room.name) : welcome(this.room.name);
  }

  #body() {
    if (this.room === null) return this.status === 'lost' ? this.#unreachable() : this.#connecting();
    if (this.needsOwner && this.ownerCode === null) return html`${this.#ownerWaits()} ${this.#lost()}`;
    return html`
      ${this.mode === 'forgot' ? html`<p class="lead">${t().door.recoverText}</p>` : this.#tabs()}
      ${this.#lost()} ${this.#invitation(this.room.name)} ${this.#needsCode ? this.#codeForm() : this.#form()}
      ${
        this.guests && this.mode !== 'forgot'
          ? html`<button class="link-button other" type="button" @click=${this.#switch}>
              ${t().door.asGuest}
            </button>`
          : nothing
      }
      ${this.channel === 'encrypted' ? html`<browser-note .fingerprint=${this.fingerprint ?? ''}></browser-note>` : nothing}
    `;
  }

  #invitation(room: string) {
    if (this.inviteProblem !== '') {
      const { openAnyway, canStillSignIn } = t().door;
      const without = this.access === 'open' ? openAnyway : canStillSignIn;
      return inviteProblemNote(this.inviteProblem, this.mode === 'signUp' ? without : '');
    }
    if (this.mode !== 'signUp' || this.needsOwner || this.invite === null) return nothing;
    return inviteNote(room, this.invite);
  }

  /** By invitation only, and there is none that makes a member. */
  get #needsCode(): boolean {
    if (this.mode !== 'signUp' || this.needsOwner || this.access === 'open') return false;
    return this.invite === null || this.invite.role === 'guest';
  }

  #codeForm() {
    return html`<div id="way-in" role="tabpanel" aria-labelledby="tab-signUp" class="by-code">
      <p class="lead">${t().door.byInvitation}</p>
      <code-form .fingerprint=${this.fingerprint ?? ''} .busy=${this.status !== 'ready'}></code-form>
    </div>`;
  }

  #connecting() {
    return html`<div class="waiting" role="status">
      <p><bdi>${t().door.connecting(this.address)}</bdi></p>
      <div class="progress"></div>
    </div>`;
  }

  #unreachable() {
    const silence = this.silence || t().welcome.nobodyAnswers(this.address);
    return html`<div class="waiting" role="status"><p>${silence}</p></div>
      <button class="button large" type="button" @click=${this.#retry}>
        <salon-icon name="retry"></salon-icon>${t().common.tryNow}
      </button>`;
  }

  /** The strip is always there, so that it is read out when it fills. */
  #lost() {
    const lost = this.status === 'lost';
    return html`<div role="status" class="strip">
      ${
        lost
          ? html`<p class="note attention">
              <salon-icon name="offline"></salon-icon>
              <span
                >${t().door.lost}
                <button class="link-button" type="button" @click=${this.#retry}>
                  ${t().common.tryNow}
                </button></span
              >
            </p>`
          : nothing
      }
    </div>`;
  }

  #ownerWaits() {
    const { ownerWaits, ownerWaitsHelp } = t().door;
    return html`<p class="note attention">
        <salon-icon name="key"></salon-icon><span>${ownerWaits}</span><span>${ownerWaitsHelp}</span>
      </p>
      <button class="button large" type="button" @click=${this.#retry}>${t().common.tryNow}</button>`;
  }

  #tabs() {
    if (this.needsOwner) {
      const { ownerTitle, ownerText } = t().door;
      return html`<p class="note attention">
        <salon-icon name="key"></salon-icon><b>${ownerTitle}</b><span>${ownerText}</span>
      </p>`;
    }
    const { modes, signIn, signUp } = t().door;
    const tab = (mode: DoorMode, label: string) =>
      html`<button
        role="tab"
        type="button"
        id="tab-${mode}"
        aria-controls="way-in"
        aria-selected=${this.mode === mode ? 'true' : 'false'}
        tabindex=${this.mode === mode ? 0 : -1}
        @click=${() => this.#choose(mode)}
      >
        ${label}
      </button>`;
    return html`<div class="tabs" role="tablist" aria-label=${modes} @keydown=${this.#arrows}>
      ${tab('signIn', signIn)}${tab('signUp', signUp)}
    </div>`;
  }

  #form() {
    const tabbed = this.mode !== 'forgot' && !this.needsOwner;
    return html`<div
      id="way-in"
      role=${tabbed ? 'tabpanel' : nothing}
      aria-labelledby=${tabbed ? `tab-${this.mode}` : nothing}
    >
      <form novalidate aria-labelledby="title" @submit=${this.#submit}>
        ${this.mode === 'signUp' ? this.#signUp() : this.mode === 'signIn' ? this.#signIn() : this.#forgot()}
        ${this.#formProblem()} ${this.#submitButton()}
      </form>
    </div>`;
  }

  #signUp() {
    const { lastName, firstName, username, usernameHint, password, passwordHint, passwordStays } = t().door;
    return html`<div class="names">
        ${this.#text('lastName', lastName, 'family-name')} ${this.#text('firstName', firstName, 'given-name')}
      </div>
      ${this.#text('username', username, 'username', usernameHint)}
      ${this.#secret(password, 'new-password', passwordHint)}
      <p class="stays"><salon-icon name="lock"></salon-icon><span>${passwordStays}</span></p>`;
  }

  #signIn() {
    const { username, password, forgot } = t().door;
    return html`${this.#people()} ${this.#text('username', username, 'username')}
      ${this.#secret(password, 'current-password')}
      <button class="link-button forgot" type="button" @click=${() => this.#choose('forgot')}>
        ${forgot}
      </button>`;
  }

  #people() {
    if (this.people.length === 0) return nothing;
    const { people } = t().door;
    const chosen = normaliseUsername(this.#fields.value('username'));
    return html`<div class="people" role="group" aria-label=${people}>
      ${this.people.map(
        ({ username, name }) =>
          html`<button
            type="button"
            aria-pressed=${chosen === username ? 'true' : 'false'}
            @click=${() => this.#choosePerson(username)}
          >
            <member-portrait .name=${name} .memberId=${username}></member-portrait
            ><span dir="auto">${name}</span>
          </button>`,
      )}
    </div>`;
  }

  #forgot() {
    const words = t().door;
    const { username, recoveryCode, resetCode, codeHint, newPassword, passwordHint, backToSignIn } = words;
    return html`<fieldset class="choices">
        <legend class="visually-hidden">${words.whichCode}</legend>
        ${this.#codeKind('recovery', words.withRecovery, words.withRecoveryText)}
        ${this.#codeKind('reset', words.withReset, words.withResetText)}
      </fieldset>
      ${this.#text('username', username, 'username')}
      ${this.#text('code', this.kind === 'recovery' ? recoveryCode : resetCode, 'off', codeHint)}
      ${this.#secret(newPassword, 'new-password', passwordHint)}
      <button class="link-button forgot" type="button" @click=${() => this.#choose('signIn')}>
        ${backToSignIn}
      </button>`;
  }

  #codeKind(kind: CodeKind, label: string, text: string) {
    return html`<label>
      <input
        type="radio"
        name="kind"
        .checked=${this.kind === kind}
        aria-labelledby="${kind}-label"
        aria-describedby="${kind}-text"
        @change=${() => this.#chooseKind(kind)}
      />
      <b id="${kind}-label">${label}</b><span id="${kind}-text">${text}</span>
    </label>`;
  }

  #text(field: DoorField, label: string, autofill: string, hint = '') {
    const check = field === 'username' && this.mode === 'signUp' ? this.#usernameAnswer() : null;
    return html`<text-field
      class=${field}
      field-name=${field}
      label=${label}
      autofill=${autofill}
      needed
      .value=${this.#fields.value(field)}
      .hint=${check?.hint ?? hint}
      .fine=${check?.fine ?? ''}
      .problem=${this.#fields.problem(field) || (check?.problem ?? '')}
      @input=${(event: Event & { currentTarget: TextField }) => this.#type(field, event.currentTarget.value)}
      @focusout=${() => this.#fields.leave(field)}
    ></text-field>`;
  }

  #secret(label: string, autofill: string, hint = '') {
    const value = this.#fields.value('password');
    const isNew = autofill === 'new-password';
    return html`<password-field
      class="password"
      field-name="password"
      label=${label}
      autofill=${autofill}
      needed
      .value=${value}
      .hint=${hint}
      .problem=${this.#fields.problem('password')}
      .strength=${isNew && value !== '' ? (this.#fields.verdict('password') === '' ? passwordStrength(value) : 0) : null}
      @input=${(event: Event & { currentTarget: TextField }) => this.#type('password', event.currentTarget.value)}
      @focusout=${this.#leavePassword}
    ></password-field>`;
  }

  /** What the host said about the name as it stands now; nothing about a name that it was not asked about. */
  #usernameAnswer() {
    const name = normaliseUsername(this.#fields.value('username'));
    if (name === '' || name !== this.#checked) return null;
    const { usernameChecking, usernameFree } = t().door;
    if (this.usernameProblem === undefined) return { hint: usernameChecking };
    return this.usernameProblem === null ? { fine: usernameFree } : { problem: this.usernameProblem };
  }

  #formProblem() {
    const seconds = this.#wait.seconds;
    if (seconds > 0) {
      // Read out once, with the time it began with; the seconds that pass are for eyes.
      return html`<p class="visually-hidden" role="alert">${t().door.tooMany(this.#waitFrom)}</p>
        <p class="problem" role="timer">
          <salon-icon name="clock"></salon-icon><span>${t().door.tooMany(seconds)}</span>
        </p>`;
    }
    const { refusal } = this;
    const shown =
      refusal !== null && !this.changedSince && this.busy === '' && this.#fieldOf(refusal) === null;
    return html`<div role="alert">
      ${
        shown
          ? html`<p class="problem">
              <salon-icon name="alert"></salon-icon><span>${refusal.sentence}</span>
            </p>`
          : nothing
      }
    </div>`;
  }

  #submitButton() {
    const { signUp, signIn, recover, locking, asking } = t().door;
    const label = this.mode === 'signUp' ? signUp : this.mode === 'signIn' ? signIn : recover;
    const still = this.busy !== '' || this.#wait.seconds > 0 || this.status !== 'ready';
    return html`<button class="button primary large" aria-disabled=${still ? 'true' : nothing}>
        <salon-icon name="door"></salon-icon>${label}
      </button>
      <div class="working" role="status">
        ${
          this.busy === ''
            ? nothing
            : html`<div class="progress"></div>
                <p class="hint">${this.busy === 'locking' ? locking : asking}</p>`
        }
      </div>`;
  }

  #type(field: DoorField, value: string) {
    this.#fields.type(field, value);
    this.changedSince = true;
    if (field === 'username' && this.mode === 'signUp') this.#checkSoon(value);
  }

  #checkSoon(typed: string) {
    clearTimeout(this.#checkTimer);
    this.#checked = '';
    if (this.#fields.verdict('username') !== '') return;
    this.#checkTimer = setTimeout(() => {
      this.#checked = normaliseUsername(typed);
      this.dispatchEvent(new CheckUsernameEvent(this.#checked));
      this.requestUpdate();
    }, CHECK_AFTER_MS);
  }

  #leavePassword(event: FocusEvent & { currentTarget: TextField }) {
    // From the field to its own "show" button is not leaving.
    const to = event.relatedTarget;
    if (to instanceof Node && event.currentTarget.contains(to)) return;
    this.#fields.leave('password');
  }

  #submit(event: Event) {
    event.preventDefault();
    if (this.busy !== '' || this.#wait.seconds > 0 || this.status !== 'ready') return;
    const wrong = this.#fields.firstWrong();
    if (wrong !== null) {
      this.#focus(wrong);
      return;
    }
    this.changedSince = true;
    this.dispatchEvent(this.#wish());
  }

  #wish() {
    const value = (field: DoorField) => this.#fields.value(field);
    const username = normaliseUsername(value('username'));
    const password = value('password');
    if (this.mode === 'signIn') return new SignInEvent(username, password);
    if (this.mode === 'forgot')
      return new RecoverEvent(username, bareCode(value('code')), password, this.kind);
    return new SignUpEvent({
      lastName: value('lastName'),
      firstName: value('firstName'),
      username,
      password,
    });
  }

  #choose(mode: DoorMode) {
    this.changedSince = true;
    this.mode = mode;
  }

  #arrows(event: KeyboardEvent) {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    this.#walking = true;
    this.#choose(this.mode === 'signIn' ? 'signUp' : 'signIn');
  }

  /** Arrows walk along the tabs; only a press goes on into the form. */
  #focusTab() {
    this.#walking = false;
    this.renderRoot.querySelector<HTMLElement>('[role=tab][aria-selected=true]')?.focus();
  }

  #chooseKind(kind: CodeKind) {
    this.kind = kind;
  }

  #choosePerson(username: string) {
    this.#type('username', username);
    this.#focus('password');
  }

  #switch() {
    this.dispatchEvent(new SwitchDoorEvent());
  }

  #leave() {
    this.dispatchEvent(new LeaveRoomEvent());
  }

  #retry() {
    this.dispatchEvent(new RetryNowEvent());
  }

  /** Which field a refusal is about; null when it is about all of them. */
  #fieldOf({ code, field }: DoorRefusal): DoorField | null {
    const meant = field ?? (code.startsWith('NAME_') ? 'username' : code === 'BAD_CODE' ? 'code' : null);
    return meant !== null && FIELDS[this.mode].includes(meant) ? meant : null;
  }

  /** A refusal that has just come, even if it is the same as last time: then the end of the asking tells. */
  #newRefusal(changed: PropertyValues<this>): DoorRefusal | null {
    const asked = changed.get('busy') !== undefined && changed.get('busy') !== '' && this.busy === '';
    return asked || changed.has('refusal') ? this.refusal : null;
  }

  #placeRefusal(refusal: DoorRefusal) {
    this.changedSince = false;
    const field = this.#fieldOf(refusal);
    if (field !== null) this.#fields.refuse(field, this.#sentence(refusal, field));
  }

  #sentence({ why, sentence }: DoorRefusal, field: DoorField): string {
    const { username, personName } = t().errors;
    const rules: Record<string, string> = field === 'username' ? username : personName;
    return why === undefined ? sentence : (rules[why] ?? sentence);
  }

  #focusRefused(refusal: DoorRefusal) {
    // After a wrong password it is the password that is typed again.
    this.#focus(this.#fieldOf(refusal) ?? 'password');
  }

  #focusEmpty() {
    const { codeForm } = this;
    if (codeForm !== null) {
      void Promise.all([this.sheet.updateComplete, codeForm.updateComplete]).then(() => codeForm.focus());
      return;
    }
    const empty = FIELDS[this.mode].find((field) => this.#fields.value(field) === '');
    this.#focus(empty ?? 'password');
  }

  #focus(field: DoorField) {
    const element = this.form?.querySelector<TextField>(`.${field}`);
    if (!element) return;
    void Promise.all([this.sheet.updateComplete, element.updateComplete]).then(() => {
      element.focus();
      // Nobody mends a password that cannot be seen.
      if (field === 'password') element.select();
    });
  }

  static override styles = [base, buttons, fields, marks, choices, doorStyles];
}

/** Whoever shows this element may make the same refusal anew each time it draws. */
function refusalChanged(next: DoorRefusal | null, last: DoorRefusal | null | undefined): boolean {
  return (
    next?.code !== last?.code ||
    next?.why !== last?.why ||
    next?.field !== last?.field ||
    next?.sentence !== last?.sentence
  );
}

declare global {
  interface HTMLElementTagNameMap {
    'door-screen': DoorScreen;
  }
}
