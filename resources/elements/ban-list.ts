import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Ban, Id } from '../../server/protocol/entities.ts';
import { Watch } from '../controllers/watch.ts';
import { LocaleController, relativeDay, t } from '../locales/locale.ts';
import { problemOf, type Problem } from '../state/problem.ts';
import type { RoomState } from '../state/room.ts';
import { base } from '../styles/base.ts';
import { buttons, marks } from '../styles/controls.ts';
import { momentOf } from './moments.ts';
import { LiftBanEvent, ListBansEvent } from './owner-events.ts';
import { ShowNoticeEvent } from './room-events.ts';
import { problemAlert } from './problem-alert.ts';
import { nameOf } from './titles.ts';

/**
 * Who may not come back, and the way to let them.
 *
 * @fires {ListBansEvent} list-bans
 * @fires {LiftBanEvent} lift-ban
 * @fires {ShowNoticeEvent} show-notice
 */
@customElement('ban-list')
export class BanList extends LitElement {
  @property({ attribute: false }) room!: RoomState;

  @state() private bans: readonly Ban[] | null = null;
  @state() private problem: Problem | null = null;

  protected readonly locale = new LocaleController(this);
  protected readonly watch = new Watch(this, () => [this.room]);

  override firstUpdated() {
    void this.#load();
  }

  override render() {
    const { bans, bansEmpty } = t().invite;
    return html`<h4 id="bans" tabindex="-1">${bans}</h4>
      ${this.bans === null && this.problem === null ? html`<div class="progress"></div>` : nothing}
      ${this.bans?.length === 0 ? html`<p>${bansEmpty}</p>` : nothing}
      <ul>
        ${repeat(
          this.bans ?? [],
          ({ id }) => id,
          (ban) => this.#ban(ban),
        )}
      </ul>
      ${problemAlert(this.problem)}`;
  }

  #ban({ id, memberId, at, until }: Ban) {
    const { bannedOn, bannedUntil, letBack, letBackOf } = t().invite;
    const day = relativeDay(at);
    const name = nameOf(this.room, memberId);
    return html`<li>
      <span
        ><b>${name}</b>
        <span>${until === null ? bannedOn(day) : bannedUntil(day, momentOf(until))}</span></span
      >
      <button
        class="button small"
        type="button"
        aria-label=${letBackOf(name)}
        @click=${() => void this.#lift(id, name)}
      >
        ${letBack}
      </button>
    </li>`;
  }

  async #load() {
    this.problem = null;
    try {
      this.bans = await new ListBansEvent().askFrom(this);
    } catch (error) {
      this.problem = problemOf(error);
    }
  }

  async #lift(id: Id, name: string) {
    this.problem = null;
    try {
      await new LiftBanEvent(id).askFrom(this);
      this.bans = (this.bans ?? []).filter((ban) => ban.id !== id);
      this.dispatchEvent(new ShowNoticeEvent('ban', t().invite.isBack(name), 'good'));
      this.renderRoot.querySelector<HTMLElement>('#bans')?.focus();
    } catch (error) {
      this.problem = problemOf(error);
    }
  }

  static override styles = [
    base,
    buttons,
    marks,
    css`
      :host {
        display: grid;
        gap: var(--s2);
      }
      h4 {
        margin: 0;
        font-weight: 600;
      }
      h4:focus {
        outline: none;
      }
      p {
        color: var(--ink-2);
      }
      li {
        display: flex;
        flex-wrap: wrap;
        gap: 4px var(--s3);
        align-items: center;
        justify-content: space-between;
        padding-block: 8px;
        border-block-end: 1px solid var(--line);
        overflow-wrap: anywhere;
      }
      li:last-child {
        border: 0;
      }
      b {
        font-weight: 600;
      }
      li span span {
        color: var(--ink-2);
        font-size: var(--t-small);
      }
      [role='alert']:not(:has(*)) {
        position: absolute;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'ban-list': BanList;
  }
}
