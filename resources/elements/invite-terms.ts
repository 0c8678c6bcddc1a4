import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { InputOf } from '../../server/protocol/commands.ts';
import type { Invite, InviteRole, Timestamp } from '../../server/protocol/entities.ts';
import { LocaleController, plural, t } from '../locales/locale.ts';
import { problemOf, type Problem } from '../state/problem.ts';
import { base } from '../styles/base.ts';
import { choices } from '../styles/choices.ts';
import { buttons, fields, marks } from '../styles/controls.ts';
import { inviteParts } from './invite-sheet.styles.ts';
import { momentOf, tonight } from './moments.ts';
import { MakeInviteEvent } from './owner-events.ts';
import { problemAlert } from './problem-alert.ts';

const HOUR_MS = 3_600_000;
/** A host refuses codes for less. In milliseconds. */
const LEAST_MS = 1_000;

type Lasting = 'hour' | 'today' | 'week' | 'noEnd';
type Uses = 'once' | 'tenTimes' | 'anyTimes';

const LASTING: Record<Lasting, () => number | null> = {
  hour: () => HOUR_MS,
  today: () => Math.max(LEAST_MS, tonight() - Date.now()),
  week: () => 7 * 24 * HOUR_MS,
  noEnd: () => null,
};
const USES: Record<Uses, number | null> = { once: 1, tenTimes: 10, anyTimes: null };

/** What a room's owner is given without being asked: for a week, as often as one likes. */
export function firstInvite(role: InviteRole, guestsUntil: Timestamp | null): InputOf<'invite.create'> {
  const stay = Math.max(60_000, (guestsUntil ?? 0) - Date.now());
  return { role, expiresInMs: role === 'guest' ? stay : LASTING.week(), uses: null };
}

/** Whom a code lets in, until when, how often, as one line. */
export function termsOf({ role, expiresAt, uses, used }: Invite): string {
  const { forMembers, forGuests, until, always, anyUses, usesLeft } = t().invite;
  return [
    role === 'guest' ? forGuests : forMembers,
    expiresAt === null ? always : until(momentOf(expiresAt)),
    uses === null ? anyUses : plural(Math.max(0, uses - used), usesLeft),
  ].join(', ');
}

/** A code was made: it is the one to show. */
export class InviteMadeEvent extends Event {
  readonly invite: Invite;
  constructor(invite: Invite) {
    super('invite-made');
    this.invite = invite;
  }
}

/**
 * What the code that is shown allows, and the way to another one: codes are not changed, they are made anew.
 *
 * @fires {MakeInviteEvent} make-invite
 * @fires {InviteMadeEvent} invite-made
 */
@customElement('invite-terms')
export class InviteTerms extends LitElement {
  @property({ attribute: false }) invite: Invite | null = null;

  @state() private open = false;
  @state() private forWhom: InviteRole = 'member';
  @state() private lasting: Lasting = 'week';
  @state() private uses: Uses = 'anyTimes';
  @state() private busy = false;
  @state() private problem: Problem | null = null;
  @state() private said = '';

  @query('.another') private readonly opener!: HTMLElement | null;

  protected readonly locale = new LocaleController(this);

  override render() {
    const { allows, another, noCode } = t().invite;
    return html`<div class="line">
        <p>
          <span class="visually-hidden">${allows}: </span
          >${this.invite === null ? noCode : termsOf(this.invite)}
        </p>
        <button
          class="button small another"
          type="button"
          aria-expanded=${this.open ? 'true' : 'false'}
          @click=${this.#toggle}
        >
          ${another}
        </button>
      </div>
      <p class="hint" role="status">${this.said}</p>
      ${this.open ? this.#form() : nothing}`;
  }

  #form() {
    const { newCode, forWhom, member, guest, memberText, guestText, expires, uses, make } = t().invite;
    const { hour, today, week, noEnd, once, tenTimes, anyTimes } = t().invite;
    const roles = { member: [member, memberText], guest: [guest, guestText] } as const;
    return html`<form aria-label=${newCode} @submit=${this.#make} @keydown=${this.#pressed}>
      <fieldset class="choices">
        <legend>${forWhom}</legend>
        ${(['member', 'guest'] as const).map(
          (role) =>
            html`<label>
              <input
                type="radio"
                name="role"
                .checked=${live(role === this.forWhom)}
                aria-describedby="${role}-text"
                @change=${() => (this.forWhom = role)}
              />
              <b>${roles[role][0]}</b>
              <span id="${role}-text">${roles[role][1]}</span>
            </label>`,
        )}
      </fieldset>
      ${this.#select('lasting', expires, { hour, today, week, noEnd })}
      ${this.#select('uses', uses, { once, tenTimes, anyTimes })}
      <div class="row end">
        <button class="button quiet" type="button" @click=${this.#fold}>${t().common.cancel}</button>
        <button class="button primary" aria-disabled=${this.busy ? 'true' : nothing}>${make}</button>
      </div>
      ${problemAlert(this.problem)}
    </form>`;
  }

  #select(name: 'lasting' | 'uses', label: string, options: Record<string, string>) {
    return html`<div class="line">
      <label for=${name}>${label}</label>
      <select class="select" id=${name} .value=${live(this[name])} @change=${this.#chose}>
        ${Object.entries(options).map(
          ([value, text]) => html`<option value=${value} ?selected=${value === this[name]}>${text}</option>`,
        )}
      </select>
    </div>`;
  }

  #chose(event: Event & { currentTarget: HTMLSelectElement }) {
    const { id, value } = event.currentTarget;
    if (id === 'lasting') this.lasting = value as Lasting;
    else this.uses = value as Uses;
  }

  #toggle() {
    this.open = !this.open;
    void this.updateComplete.then(() => {
      this.renderRoot.querySelector('form')?.scrollIntoView({ block: 'nearest' });
    });
  }

  /** Esc folds the form first; the sheet stays. */
  #pressed(event: KeyboardEvent) {
    if (event.key !== 'Escape' || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    this.#fold();
  }

  #fold() {
    this.open = false;
    this.problem = null;
    this.opener?.focus();
  }

  readonly #make = (event: Event) => {
    event.preventDefault();
    if (!this.busy) void this.#ask();
  };

  async #ask() {
    this.busy = true;
    this.problem = null;
    this.said = '';
    const { forWhom: role, lasting, uses } = this;
    try {
      const wanted = { role, expiresInMs: LASTING[lasting](), uses: USES[uses] };
      const invite = await new MakeInviteEvent(wanted).askFrom(this);
      this.#fold();
      this.said = t().invite.made;
      this.dispatchEvent(new InviteMadeEvent(invite));
    } catch (error) {
      this.problem = problemOf(error);
    } finally {
      this.busy = false;
    }
  }

  static override styles = [
    base,
    buttons,
    fields,
    marks,
    choices,
    inviteParts,
    css`
      .line > p:first-child {
        flex: 1 1 220px;
        min-inline-size: 0;
        font-weight: 400;
      }
      form {
        display: grid;
        gap: var(--s3);
        padding: 14px 16px 16px;
        border: 1px solid var(--line-2);
        border-radius: 12px;
      }
      .choices {
        grid-template-columns: repeat(auto-fit, minmax(180px, 1fr));
      }
      .choices legend {
        grid-column: 1 / -1;
      }
      .end {
        justify-content: end;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'invite-terms': InviteTerms;
  }
}
