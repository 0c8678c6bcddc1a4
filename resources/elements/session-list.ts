import { css, html, LitElement, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { SessionInfo } from '../../server/protocol/entities.ts';
import { formatTime, LocaleController, relativeDay, t } from '../locales/locale.ts';
import { sentenceOf } from '../sentences.ts';
import { problemOf, type Problem } from '../state/problem.ts';
import { base } from '../styles/base.ts';
import { buttons, marks } from '../styles/controls.ts';
import { EndSessionEvent, ListSessionsEvent, ShowNoticeEvent } from './room-events.ts';
import './salon-icon.ts';
import { settingsSections } from './settings-dialog.styles.ts';

/**
 * Where one is signed in, and the way to end that elsewhere.
 *
 * @fires {ListSessionsEvent} list-sessions
 * @fires {EndSessionEvent} end-session
 * @fires {ShowNoticeEvent} show-notice
 */
@customElement('session-list')
export class SessionList extends LitElement {
  @state() private sessions: readonly SessionInfo[] | null = null;
  @state() private problem: Problem | null = null;
  @state() private ending: string | null = null;

  protected readonly locale = new LocaleController(this);

  override firstUpdated() {
    void this.#load();
  }

  override render() {
    const { sessions, sessionsText, noOtherSessions, tryAgain } = t().room;
    return html`<section aria-labelledby="sessions">
      <h3 id="sessions" tabindex="-1">${sessions}</h3>
      <p>${this.sessions?.length === 1 ? noOtherSessions : sessionsText}</p>
      ${this.sessions === null && this.problem === null ? html`<div class="progress"></div>` : nothing}
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
      <ul>
        ${repeat(
          this.sessions ?? [],
          ({ id }) => id,
          (session) => this.#session(session),
        )}
      </ul>
    </section>`;
  }

  #session({ id, device, lastSeenAt, current, online }: SessionInfo) {
    const { thisSession, sessionOnline, sessionSeen, endSession, endSessionOf, unknownDevice } = t().room;
    const name = device === '' ? unknownDevice : device;
    const seen = current
      ? thisSession
      : online
        ? sessionOnline
        : sessionSeen(relativeDay(lastSeenAt), formatTime(lastSeenAt));
    return html`<li>
      <salon-icon name="computer"></salon-icon>
      <span><b dir="auto">${name}</b><span>${seen}</span></span>
      ${
        current
          ? nothing
          : html`<button
              class="button small"
              type="button"
              aria-label=${endSessionOf(name)}
              aria-disabled=${this.ending === id ? 'true' : nothing}
              @click=${() => void this.#end(id)}
            >
              ${endSession}
            </button>`
      }
    </li>`;
  }

  async #load() {
    this.problem = null;
    try {
      this.sessions = await new ListSessionsEvent().askFrom(this);
    } catch (error) {
      this.problem = problemOf(error);
    }
  }

  async #end(id: string) {
    this.ending = id;
    try {
      await new EndSessionEvent(id).askFrom(this);
      this.sessions = (this.sessions ?? []).filter((session) => session.id !== id);
      this.dispatchEvent(new ShowNoticeEvent('session', t().room.sessionEnded, 'good'));
      this.renderRoot.querySelector<HTMLElement>('#sessions')?.focus();
    } catch (error) {
      this.problem = problemOf(error);
    } finally {
      this.ending = null;
    }
  }

  static override styles = [
    base,
    buttons,
    marks,
    settingsSections,
    css`
      li {
        display: flex;
        gap: var(--s3);
        align-items: center;
        padding-block: 10px;
        border-block-end: 1px solid var(--line);
      }
      li:last-child {
        border: 0;
      }
      li > salon-icon {
        color: var(--ink-2);
      }
      li > span {
        flex: 1;
        min-inline-size: 0;
      }
      li b {
        display: block;
        font-weight: 600;
        line-height: 1.3;
        overflow-wrap: anywhere;
      }
      li span span {
        color: var(--ink-2);
        font-size: var(--t-small);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'session-list': SessionList;
  }
}
