import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Id, Invite } from '../../server/protocol/entities.ts';
import type { DismissedEvent } from '../events/dialog.ts';
import { formatNumber, LocaleController, plural, t } from '../locales/locale.ts';
import { problemOf, type Problem } from '../state/problem.ts';
import { base } from '../styles/base.ts';
import { buttons, marks } from '../styles/controls.ts';
import './confirm-dialog.ts';
import { inviteParts } from './invite-sheet.styles.ts';
import { termsOf } from './invite-terms.ts';
import { RevokeInviteEvent } from './owner-events.ts';
import { problemAlert } from './problem-alert.ts';
import './salon-icon.ts';

/** This code is the one to show. */
export class ShowInviteEvent extends Event {
  readonly id: Id;
  constructor(id: Id) {
    super('show-invite');
    this.id = id;
  }
}

/** A code was ended: the list is another one now. */
export class InvitesChangedEvent extends Event {
  constructor() {
    super('invites-changed');
  }
}

/**
 * Every code of the room, what is left of it, and its end.
 *
 * @fires {ShowInviteEvent} show-invite
 * @fires {RevokeInviteEvent} revoke-invite
 * @fires {InvitesChangedEvent} invites-changed
 */
@customElement('invite-list')
export class InviteList extends LitElement {
  /** The latest first. */
  @property({ attribute: false }) invites: readonly Invite[] = [];
  /** The one that is shown. */
  @property({ attribute: false }) shown: Id | null = null;

  @state() private toEnd: Id | null = null;
  @state() private problem: Problem | null = null;
  @state() private said = '';

  protected readonly locale = new LocaleController(this);

  override render() {
    const { codes, codesEmpty, endTitle, endText, end } = t().invite;
    const live = this.invites.filter(({ state }) => state === 'live');
    const over = this.invites.filter(({ state }) => state !== 'live');
    return html`<details>
        <summary>
          ${codes}<span class="count">${formatNumber(live.length)}</span><salon-icon name="down"></salon-icon>
        </summary>
        ${this.invites.length === 0 ? html`<p class="hint">${codesEmpty}</p>` : nothing}
        <ul>
          ${repeat(
            [...live, ...over],
            ({ id }) => id,
            (invite) => this.#invite(invite),
          )}
        </ul>
        <p class="hint" role="status">${this.said}</p>
        ${problemAlert(this.problem)}
      </details>
      <confirm-dialog
        .open=${this.toEnd !== null}
        .heading=${endTitle}
        .text=${endText}
        .confirmLabel=${end}
        danger
        @confirmed=${this.#confirmed}
        @dismissed=${this.#dismissed}
      ></confirm-dialog>`;
  }

  #invite(invite: Invite) {
    const { state, shown, show, showOf, end, endOf, usedTimes, neverUsed } = t().invite;
    const { forMembers, forGuests } = t().invite;
    const isLive = invite.state === 'live';
    const terms = isLive ? termsOf(invite) : invite.role === 'guest' ? forGuests : forMembers;
    const isShown = invite.id === this.shown;
    const used = invite.used === 0 ? neverUsed : plural(invite.used, usedTimes);
    return html`<li class=${isLive ? nothing : 'over'}>
      <span class="what">
        <b>${terms}</b>
        <span>${isLive ? used : `${state[invite.state]}, ${used}`}${isShown ? ` · ${shown}` : nothing}</span>
      </span>
      ${
        isLive
          ? html`<span class="ways">
              ${
                isShown
                  ? nothing
                  : html`<button
                      class="button small"
                      type="button"
                      aria-label=${showOf(terms)}
                      @click=${() => this.dispatchEvent(new ShowInviteEvent(invite.id))}
                    >
                      ${show}
                    </button>`
              }
              <button
                class="button small quiet loss"
                type="button"
                aria-label=${endOf(terms)}
                @click=${() => (this.toEnd = invite.id)}
              >
                ${end}
              </button>
            </span>`
          : nothing
      }
    </li>`;
  }

  #confirmed(event: Event) {
    event.stopPropagation();
    const id = this.toEnd;
    this.toEnd = null;
    if (id !== null) void this.#end(id);
  }

  #dismissed(event: DismissedEvent) {
    // It is the question that is put away, not the sheet around it.
    event.stopPropagation();
    this.toEnd = null;
  }

  async #end(id: Id) {
    this.problem = null;
    try {
      await new RevokeInviteEvent(id).askFrom(this);
      this.said = t().invite.ended;
      this.dispatchEvent(new InvitesChangedEvent());
      this.renderRoot.querySelector('summary')?.focus();
    } catch (error) {
      this.problem = problemOf(error);
    }
  }

  static override styles = [
    base,
    buttons,
    marks,
    inviteParts,
    css`
      li {
        display: flex;
        flex-wrap: wrap;
        gap: 4px var(--s3);
        align-items: center;
        padding-block: 10px;
        border-block-end: 1px solid var(--line);
      }
      li:last-child {
        border: 0;
      }
      .what {
        flex: 1 1 220px;
        min-inline-size: 0;
        line-height: 1.35;
      }
      .what b {
        display: block;
        font-weight: 600;
      }
      .what span {
        color: var(--ink-2);
        font-size: var(--t-small);
      }
      .over b {
        color: var(--ink-2);
        font-weight: 500;
      }
      .ways {
        display: flex;
        flex-wrap: wrap;
        gap: var(--s1);
        margin-inline-start: auto;
      }
      .hint {
        color: var(--ink-2);
        font-size: var(--t-small);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'invite-list': InviteList;
  }
}
