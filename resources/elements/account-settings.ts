import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { refusalSentence } from '../../server/protocol/errors.ts';
import { normaliseUsername, usernameProblem } from '../../server/protocol/names.ts';
import { passwordProblem, passwordStrength } from '../../server/protocol/passwords.ts';
import { Watch } from '../controllers/watch.ts';
import { language, LocaleController, t } from '../locales/locale.ts';
import { sentenceOf } from '../sentences.ts';
import { problemOf } from '../state/problem.ts';
import type { RoomState } from '../state/room.ts';
import { base } from '../styles/base.ts';
import { buttons, fields, marks } from '../styles/controls.ts';
import './member-portrait.ts';
import './password-field.ts';
import './recovery-kit.ts';
import {
  ChangePasswordEvent,
  CheckNewUsernameEvent,
  RenameEvent,
  RenewRecoveryEvent,
  ShowNoticeEvent,
} from './room-events.ts';
import { settingsSections } from './settings-dialog.styles.ts';
import type { TextField } from './text-field.ts';
import './text-field.ts';
import { fullNameOf } from './titles.ts';

/** How long the fingers rest before the host is asked about a name. */
const CHECK_AFTER_MS = 400;

type Field = 'username' | 'present' | 'next' | 'presentForCode';
type Task = 'rename' | 'password' | 'recovery';

/**
 * One's own names, password and recovery code. What was typed stays when the host refuses.
 *
 * @fires {RenameEvent} rename
 * @fires {CheckNewUsernameEvent} check-new-username
 * @fires {ChangePasswordEvent} change-password
 * @fires {RenewRecoveryEvent} renew-recovery
 * @fires {ShowNoticeEvent} show-notice
 */
@customElement('account-settings')
export class AccountSettings extends LitElement {
  @property({ attribute: false }) room!: RoomState;

  @state() private typed: Record<Field, string> = { username: '', present: '', next: '', presentForCode: '' };
  @state() private problems: Partial<Record<Field, string>> = {};
  @state() private busy: Task | null = null;
  /** What the host said about the name as it is typed; undefined while it is asked. */
  @state() private answer: { name: string; problem: string | null | undefined } | null = null;
  @state() private code: string | null = null;

  protected readonly locale = new LocaleController(this);
  protected readonly watch = new Watch(this, () => [this.room]);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.addController({ hostDisconnected: () => clearTimeout(this.#timer) });
  }

  override render() {
    return html`${this.#you()} ${this.#password()} ${this.#recovery()}
      <recovery-kit
        .open=${this.code !== null}
        .code=${this.code ?? ''}
        .username=${this.room.self.username}
        .room=${this.room.room}
        @kit-kept=${this.#keptCode}
      ></recovery-kit>`;
  }

  #you() {
    const { you_, yourNamesText, newUsername, usernameText, changeUsername } = t().room;
    const { self } = this.room;
    return html`<section aria-labelledby="you">
      <h3 id="you" tabindex="-1">${you_}</h3>
      <div class="me">
        <member-portrait size="large" name=${self.username} member-id=${self.id}></member-portrait>
        <div>
          <b><bdi>${self.username}</bdi></b>
          <p dir="auto">${fullNameOf(self)}</p>
          <p class="hint">${yourNamesText}</p>
        </div>
      </div>
      <form novalidate @submit=${this.#rename}>
        <text-field
          label=${newUsername}
          field-name="new-username"
          .value=${this.typed.username}
          .problem=${this.problems.username ?? this.#answerProblem()}
          .fine=${this.answer?.problem === null ? t().room.usernameFree : ''}
          ?locked=${this.busy === 'rename'}
          @input=${this.#typing('username')}
        ></text-field>
        <p class="hint">${usernameText}</p>
        <button class="button" aria-disabled=${this.busy === 'rename' ? 'true' : nothing}>
          ${changeUsername}
        </button>
      </form>
    </section>`;
  }

  #password() {
    const { password, presentPassword, newPassword, changePassword, passwordText } = t().room;
    const { next, present } = this.typed;
    return html`<section aria-labelledby="password">
      <h3 id="password" tabindex="-1">${password}</h3>
      <p>${passwordText}</p>
      <form novalidate @submit=${this.#changePassword}>
        ${this.#usernameForKeepers()}
        <password-field
          label=${presentPassword}
          field-name="present"
          autofill="current-password"
          .value=${present}
          .problem=${this.problems.present ?? ''}
          ?locked=${this.busy === 'password'}
          @input=${this.#typing('present')}
        ></password-field>
        <password-field
          label=${newPassword}
          field-name="next"
          autofill="new-password"
          .hint=${t().door.passwordHint}
          .value=${next}
          .problem=${this.problems.next ?? ''}
          .strength=${next === '' ? null : this.#passwordProblem() === '' ? passwordStrength(next) : 0}
          ?locked=${this.busy === 'password'}
          @input=${this.#typing('next')}
        ></password-field>
        <button class="button" aria-disabled=${this.busy === 'password' ? 'true' : nothing}>
          ${changePassword}
        </button>
        ${this.#progress('password')}
      </form>
    </section>`;
  }

  #recovery() {
    const { recovery, recoveryText, presentPassword, renewRecovery } = t().room;
    return html`<section aria-labelledby="recovery">
      <h3 id="recovery" tabindex="-1">${recovery}</h3>
      <p>${recoveryText}</p>
      <form novalidate @submit=${this.#renewRecovery}>
        ${this.#usernameForKeepers()}
        <password-field
          label=${presentPassword}
          field-name="present-for-code"
          autofill="current-password"
          .value=${this.typed.presentForCode}
          .problem=${this.problems.presentForCode ?? ''}
          ?locked=${this.busy === 'recovery'}
          @input=${this.#typing('presentForCode')}
        ></password-field>
        <button class="button" aria-disabled=${this.busy === 'recovery' ? 'true' : nothing}>
          ${renewRecovery}
        </button>
        ${this.#progress('recovery')}
      </form>
    </section>`;
  }

  /** Password keepers look for the name beside the password. */
  #usernameForKeepers() {
    return html`<input
      class="visually-hidden"
      type="text"
      autocomplete="username"
      tabindex="-1"
      aria-hidden="true"
      readonly
      .value=${this.room.self.username}
    />`;
  }

  #progress(task: Task) {
    return html`<div class="busy" role="status">
      ${
        this.busy === task
          ? html`<div class="progress"></div>
              <p class="hint">${t().room.working}</p>`
          : nothing
      }
    </div>`;
  }

  readonly #typing = (field: Field) => (event: Event & { currentTarget: TextField }) => {
    this.typed = { ...this.typed, [field]: event.currentTarget.value };
    this.problems = { ...this.problems, [field]: undefined };
    if (field === 'username') this.#checkSoon();
  };

  #checkSoon() {
    clearTimeout(this.#timer);
    this.answer = null;
    const name = normaliseUsername(this.typed.username);
    if (name === '' || this.#usernameProblem(name) !== '') return;
    this.#timer = setTimeout(() => void this.#check(name), CHECK_AFTER_MS);
  }

  async #check(name: string) {
    try {
      const { problem } = await new CheckNewUsernameEvent(name).askFrom(this);
      if (name === normaliseUsername(this.typed.username)) this.answer = { name, problem };
    } catch {
      // It only helps while typing; the host is asked again when the name is changed.
    }
  }

  #answerProblem(): string {
    const problem = this.answer?.problem ?? null;
    if (problem === null) return '';
    const rules: Record<string, string> = t().errors.username;
    return rules[problem] ?? refusalSentence('NAME_TAKEN', language());
  }

  #usernameProblem(name: string): string {
    if (name === this.room.self.username) return t().room.usernameSame;
    const problem = usernameProblem(name);
    return problem === null ? '' : t().errors.username[problem];
  }

  #passwordProblem(): string {
    const { self, room } = this.room;
    const problem = passwordProblem(this.typed.next, { ...self, roomName: room.name });
    return problem === null ? '' : t().errors.password[problem];
  }

  readonly #rename = (event: Event) => {
    event.preventDefault();
    const name = normaliseUsername(this.typed.username);
    const problem = this.#usernameProblem(name);
    if (problem !== '') return this.#refuse('username', problem);
    void this.#do('rename', 'username', async () => {
      await new RenameEvent(name).askFrom(this);
      this.typed = { ...this.typed, username: '' };
      this.answer = null;
      this.#notice(t().room.usernameChanged(name));
    });
  };

  readonly #changePassword = (event: Event) => {
    event.preventDefault();
    const { present, next } = this.typed;
    if (present === '') return this.#refuse('present', t().errors.passwordEmpty);
    const problem = this.#passwordProblem();
    if (problem !== '') return this.#refuse('next', problem);
    void this.#do('password', 'present', async () => {
      await new ChangePasswordEvent(present, next).askFrom(this);
      this.typed = { ...this.typed, present: '', next: '' };
      this.#notice(t().room.passwordChanged);
    });
  };

  readonly #renewRecovery = (event: Event) => {
    event.preventDefault();
    const { presentForCode } = this.typed;
    if (presentForCode === '') return this.#refuse('presentForCode', t().errors.passwordEmpty);
    void this.#do('recovery', 'presentForCode', async () => {
      this.code = await new RenewRecoveryEvent(presentForCode).askFrom(this);
      this.typed = { ...this.typed, presentForCode: '' };
    });
  };

  /** `field` is the one that a refusal is shown at. */
  async #do(task: Task, field: Field, work: () => Promise<void>) {
    if (this.busy !== null) return;
    this.busy = task;
    this.problems = {};
    try {
      await work();
    } catch (error) {
      const problem = problemOf(error);
      this.#refuse(field, problem.code === 'BAD_LOGIN' ? t().room.wrongPassword : sentenceOf(problem));
    } finally {
      this.busy = null;
    }
  }

  #refuse(field: Field, sentence: string) {
    this.problems = { ...this.problems, [field]: sentence };
    const name = {
      username: 'new-username',
      present: 'present',
      next: 'next',
      presentForCode: 'present-for-code',
    };
    const element = this.renderRoot.querySelector<TextField>(`[field-name='${name[field]}']`);
    void this.updateComplete.then(() => element?.focus());
  }

  #keptCode(event: Event) {
    // It is this one that was kept, not the one from the door.
    event.stopPropagation();
    this.code = null;
    this.#notice(t().room.recoveryChanged);
  }

  #notice(text: string) {
    this.dispatchEvent(new ShowNoticeEvent('account', text, 'good'));
  }

  static override styles = [
    base,
    buttons,
    fields,
    marks,
    settingsSections,
    css`
      .me {
        display: flex;
        gap: var(--s4);
        align-items: center;
        min-inline-size: 0;
        overflow-wrap: anywhere;
      }
      .me b {
        font: 700 var(--t-title) / 1.2 var(--font-display);
      }
      .me p {
        line-height: 1.35;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'account-settings': AccountSettings;
  }
}
