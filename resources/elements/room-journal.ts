import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { AuditEntry, Id } from '../../server/protocol/entities.ts';
import { Watch } from '../controllers/watch.ts';
import {
  formatDay,
  formatList,
  formatMoment,
  formatTime,
  LocaleController,
  relativeDay,
  t,
} from '../locales/locale.ts';
import { sentenceOf } from '../sentences.ts';
import { problemOf, type Problem } from '../state/problem.ts';
import type { RoomState } from '../state/room.ts';
import { base } from '../styles/base.ts';
import { buttons, marks } from '../styles/controls.ts';
import { ReadJournalEvent } from './room-events.ts';
import './salon-icon.ts';
import { settingsSections } from './settings-dialog.styles.ts';
import { isolated, nameOf } from './titles.ts';

/** As many as the room's state asks for at once: fewer are the last. */
const PAGE = 100;

/**
 * What was done in the room, for its owner: who made a code, who was asked to leave, and when. Never a code.
 *
 * @fires {ReadJournalEvent} read-journal
 */
@customElement('room-journal')
export class RoomJournal extends LitElement {
  @property({ attribute: false }) room!: RoomState;

  @state() private entries: readonly AuditEntry[] = [];
  @state() private state: 'loading' | 'more' | 'all' = 'loading';
  @state() private problem: Problem | null = null;

  protected readonly locale = new LocaleController(this);
  protected readonly watch = new Watch(this, () => [this.room]);

  override firstUpdated() {
    void this.#load();
  }

  override render() {
    const { journal, journalText, journalEmpty, journalMore, tryAgain } = t().room;
    return html`<section aria-labelledby="journal">
      <h3 id="journal" tabindex="-1">${journal}</h3>
      <p>${journalText}</p>
      <ul>
        ${repeat(
          this.entries,
          ({ id }) => id,
          (entry) => this.#entry(entry),
        )}
      </ul>
      ${
        this.problem === null
          ? nothing
          : html`<p class="note loss" role="alert">
              <salon-icon name="alert"></salon-icon><span>${sentenceOf(this.problem)}</span>
              <span
                ><button class="link-button" type="button" @click=${() => void this.#load()}>
                  ${tryAgain}
                </button></span
              >
            </p>`
      }
      ${this.state === 'loading' && this.problem === null ? html`<div class="progress"></div>` : nothing}
      ${
        this.state === 'more'
          ? html`<button class="button small" type="button" @click=${() => void this.#load()}>
              ${journalMore}
            </button>`
          : nothing
      }
      ${this.state === 'all' && this.entries.length === 0 ? html`<p>${journalEmpty}</p>` : nothing}
    </section>`;
  }

  #entry({ at, action, actorId, targetId, detail }: AuditEntry) {
    const { journalLine, journalRenamed } = t().room;
    const renamed = action === 'member.renamed' ? /^(\S+)\s*(?:→|->)\s*(\S+)$/.exec(detail) : null;
    const told =
      renamed === null
        ? journalLine[action](this.#name(actorId ?? targetId), this.#name(targetId))
        : journalRenamed(isolated(renamed[1] ?? ''), isolated(renamed[2] ?? ''));
    const changes = action === 'room.changed' ? changesOf(detail) : [];
    const line = changes.length === 0 ? told : t().room.journalChanged(told, formatList(changes));
    return html`<li>
      <span>${line}</span>
      <time datetime=${new Date(at).toISOString()} title=${formatMoment(at)}
        >${formatDay(at)}, ${formatTime(at)}</time
      >
    </li>`;
  }

  #name(id: Id | null): string {
    return id === null ? t().room.somebody : nameOf(this.room, id);
  }

  async #load() {
    this.problem = null;
    this.state = 'loading';
    try {
      const page = await new ReadJournalEvent(this.entries.at(-1)?.id).askFrom(this);
      this.entries = [...this.entries, ...page];
      this.state = page.length < PAGE ? 'all' : 'more';
    } catch (error) {
      this.problem = problemOf(error);
    }
  }

  static override styles = [
    base,
    buttons,
    marks,
    settingsSections,
    css`
      section {
        border: 0;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--s4);
        justify-content: space-between;
        padding-block: 8px;
        border-block-end: 1px solid var(--line);
        overflow-wrap: anywhere;
      }
      li:last-child {
        border: 0;
      }
      time {
        color: var(--ink-2);
        font-size: var(--t-small);
      }
    `,
  ];
}

/** `access=invited guestsUntil=2026-11-23T14:00:00.000Z`, as words; what this version does not know is left out. */
function changesOf(detail: string): string[] {
  const { journalChange, journalGuests } = t().room;
  const words: Record<string, string> = journalChange;
  return detail.split(' ').flatMap((change) => {
    const until = /^guestsUntil=(\d{4}-.*)$/.exec(change)?.[1];
    if (until === undefined) return words[change] ?? [];
    const at = Date.parse(until);
    return Number.isNaN(at) ? [] : journalGuests(relativeDay(at), formatTime(at));
  });
}

declare global {
  interface HTMLElementTagNameMap {
    'room-journal': RoomJournal;
  }
}
