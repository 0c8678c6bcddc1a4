import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { InputOf } from '../../server/protocol/commands.ts';
import type { Channel, Member } from '../../server/protocol/entities.ts';
import { Watch } from '../controllers/watch.ts';
import type { DismissedEvent } from '../events/dialog.ts';
import { formatList, LocaleController, t } from '../locales/locale.ts';
import { problemOf, type Problem } from '../state/problem.ts';
import type { RoomState } from '../state/room.ts';
import { base } from '../styles/base.ts';
import { choices } from '../styles/choices.ts';
import { buttons, fields, marks } from '../styles/controls.ts';
import './confirm-dialog.ts';
import {
  browserWarning,
  doorChoice,
  guestsForMs,
  lastingChoice,
  type Lasting,
  type OpenDoor,
} from './door-choice.ts';
import { inviteParts } from './invite-sheet.styles.ts';
import { areGuestsLetIn, momentOf } from './moments.ts';
import { ChangeRoomEvent } from './owner-events.ts';
import { problemAlert } from './problem-alert.ts';
import { guestsOf, nameOf } from './titles.ts';

/**
 * Whether browsers let guests in, by which of two doors, and until when. Nothing opens before its consequence was read
 * and a door chosen.
 *
 * @fires {ChangeRoomEvent} change-room
 */
@customElement('browser-guests')
export class BrowserGuests extends LitElement {
  @property({ attribute: false }) room!: RoomState;
  /** How the owner came in: nobody closes the page that they stand on. */
  @property() channel: Channel = 'app';
  /** SHA-256 of the room's certificate; empty while it is not known. */
  @property() certificate = '';

  /** The switch was turned, the door is not chosen yet. */
  @state() private asking = false;
  /** Guests are let in, and how is being changed. */
  @state() private changing = false;
  @state() private door: OpenDoor = 'encrypted';
  @state() private lasting: Lasting = 'tonight';
  @state() private stopping = false;
  @state() private busy = false;
  @state() private problem: Problem | null = null;
  @state() private said = '';

  protected readonly locale = new LocaleController(this);
  protected readonly watch = new Watch(this, () => [this.room]);

  override render() {
    const { guests, guestsText, stopTitle, stop } = t().invite;
    const isOn = areGuestsLetIn(this.room.settings);
    return html`<div class="line top">
        <span>
          <label for="guests">${guests}</label>
          <span class="hint" id="guests-text">${guestsText}</span>
        </span>
        <input
          class="switch"
          id="guests"
          type="checkbox"
          role="switch"
          aria-describedby="guests-text"
          .checked=${live(isOn || this.asking)}
          @change=${this.#turned}
        />
      </div>
      ${isOn ? this.#open() : this.asking ? this.#question() : this.#idle()}
      <p class="hint" role="status">${this.said}</p>
      ${problemAlert(this.problem)}
      <confirm-dialog
        .open=${this.stopping}
        .heading=${stopTitle}
        .text=${this.#whoLeaves()}
        .confirmLabel=${stop}
        danger
        @confirmed=${this.#stop}
        @dismissed=${this.#keepOn}
      ></confirm-dialog>`;
  }

  #question() {
    const { letIn } = t().invite;
    return html`<form @submit=${this.#letIn} @keydown=${this.#pressed}>
      ${doorChoice(this.door, (door) => (this.door = door))}
      ${this.door === 'encrypted' ? browserWarning(this.room.fingerprint, this.certificate) : nothing}
      ${lastingChoice(this.lasting, this.#chose)}
      <div class="row end">
        <button class="button quiet" type="button" @click=${this.#fold}>${t().common.cancel}</button>
        <button class="button primary" aria-disabled=${this.busy ? 'true' : nothing}>${letIn}</button>
      </div>
    </form>`;
  }

  /** Guests are let in: what is true now, and folded, what of it can be changed. */
  #open() {
    const { guestsUntil, change } = t().invite;
    const { door, guestsUntil: until } = this.room.settings;
    return html`<div class="line now">
        <p>${guestsUntil[door](momentOf(until ?? 0))}</p>
        <button
          class="button small"
          type="button"
          aria-expanded=${this.changing ? 'true' : 'false'}
          @click=${() => (this.changing = !this.changing)}
        >
          ${change}
        </button>
      </div>
      ${this.changing ? this.#changes() : nothing}
      ${door === 'encrypted' ? browserWarning(this.room.fingerprint, this.certificate) : nothing}`;
  }

  #changes() {
    const { changeTime, doorChanged, timeChanged } = t().invite;
    return html`<form @submit=${this.#changeTime(timeChanged)} @keydown=${this.#pressed}>
      ${doorChoice(this.room.settings.door, (door) => void this.#change({ door }, doorChanged))}
      ${lastingChoice(this.lasting, this.#chose)}
      <div class="row end">
        <button class="button" aria-disabled=${this.busy ? 'true' : nothing}>${changeTime}</button>
      </div>
    </form>`;
  }

  /** The door outlives the guests' time: then it is said, and can be closed. */
  #idle() {
    const { idleEncrypted, idleSimple, closeDoor, doorClosed } = t().invite;
    const { door } = this.room.settings;
    if (door === 'none') return nothing;
    return html`<p class="hint">
      ${door === 'simple' ? idleSimple : idleEncrypted}
      ${
        this.channel === 'app'
          ? html`<button
              class="link-button"
              type="button"
              @click=${() => void this.#change({ door: 'none' }, doorClosed)}
            >
              ${closeDoor}
            </button>`
          : nothing
      }
    </p>`;
  }

  #whoLeaves(): string {
    const { stopNobody, stopWho } = t().invite;
    const present = this.#present;
    return present.length === 0
      ? stopNobody
      : stopWho(formatList(present.map(({ id }) => nameOf(this.room, id))), present.length);
  }

  get #present(): Member[] {
    return guestsOf(this.room);
  }

  #turned(event: Event & { currentTarget: HTMLInputElement }) {
    this.said = '';
    this.problem = null;
    if (event.currentTarget.checked) this.#askHow();
    else if (areGuestsLetIn(this.room.settings)) this.stopping = true;
    else this.asking = false;
    // Until it is meant, the switch says what is so.
    this.requestUpdate();
  }

  #askHow() {
    this.asking = true;
    void this.updateComplete.then(() => {
      this.renderRoot.querySelector('form')?.scrollIntoView({ block: 'nearest' });
    });
  }

  readonly #chose = (lasting: Lasting) => {
    this.lasting = lasting;
  };

  readonly #letIn = (event: Event) => {
    event.preventDefault();
    const { door, lasting } = this;
    void this.#change({ door, guestsForMs: guestsForMs(lasting) }, t().invite.letInNow);
  };

  readonly #changeTime = (said: string) => (event: Event) => {
    event.preventDefault();
    void this.#change({ guestsForMs: guestsForMs(this.lasting) }, said);
  };

  #stop(event: Event) {
    event.stopPropagation();
    this.stopping = false;
    // The page stays, and says so to whoever comes by an old link.
    void this.#change({ guestsForMs: null }, t().invite.stopped);
  }

  #keepOn(event: DismissedEvent) {
    // It is the question that is put away, not the sheet around it.
    event.stopPropagation();
    this.stopping = false;
  }

  /** Esc folds the question first; the sheet stays. */
  #pressed(event: KeyboardEvent) {
    if (event.key !== 'Escape' || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    this.#fold();
  }

  #fold() {
    this.asking = this.changing = false;
    this.renderRoot.querySelector<HTMLElement>('#guests')?.focus();
  }

  async #change(change: InputOf<'room.change'>, said: string) {
    if (this.busy) return;
    this.busy = true;
    this.problem = null;
    this.said = '';
    try {
      await new ChangeRoomEvent(change).askFrom(this);
      this.said = said;
      if (this.asking) this.#fold();
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
      .print {
        font: var(--t-small) / 1.5 var(--font-mono);
        overflow-wrap: anywhere;
        user-select: text;
      }
      .top {
        flex-wrap: nowrap;
      }
      .top label {
        display: block;
        cursor: pointer;
      }
      .top .hint {
        display: block;
        font-weight: 400;
      }
      form {
        display: grid;
        gap: var(--s3);
        padding: 14px 16px 16px;
        border: 1px solid var(--line-2);
        border-radius: 12px;
      }
      .now > p:first-child {
        font-weight: 400;
        flex: 1 1 220px;
        min-inline-size: 0;
      }
      h4 {
        margin: 0;
        font: 650 var(--t-small) / 1.45 var(--font-text);
      }
      .note six-words {
        padding-block-start: 2px;
      }
      .end {
        justify-content: end;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'browser-guests': BrowserGuests;
  }
}
