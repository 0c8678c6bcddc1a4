import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { ModalController } from '../controllers/modal.ts';
import { Watch } from '../controllers/watch.ts';
import { DismissedEvent } from '../events/dialog.ts';
import { LocaleController, plural, t } from '../locales/locale.ts';
import type { LostMessage } from '../state/lost.ts';
import type { RoomState } from '../state/room.ts';
import { base } from '../styles/base.ts';
import { buttons } from '../styles/controls.ts';
import { dialogs } from '../styles/dialog.ts';
import './confirm-dialog.ts';
import { copyOrSelect } from './copying.ts';
import { dialogHead } from './dialog-head.ts';
import { messageWords } from './file-words.ts';
import { momentPast } from './moments.ts';
import { LetGoLostEvent, PostLostEvent, ShowNoticeEvent } from './room-events.ts';
import './salon-icon.ts';
import { nameOf } from './titles.ts';

/**
 * The messages that this page has and the host has no more: to read, to copy, and one's own to send again or to
 * let go.
 *
 * @fires {DismissedEvent} dismissed
 * @fires {PostLostEvent} post-lost
 * @fires {LetGoLostEvent} let-go-lost
 * @fires {ShowNoticeEvent} show-notice
 */
@customElement('lost-messages')
export class LostMessagesDialog extends LitElement {
  @property({ type: Boolean }) open = false;
  @property({ attribute: false }) room!: RoomState;

  /** Whether to let one's own words go: that cannot be taken back. */
  @state() private asking = false;

  @query('ol') private readonly list!: HTMLElement | null;

  protected readonly locale = new LocaleController(this);
  protected readonly watch = new Watch(this, () => [this.room.lost]);
  protected readonly modal = new ModalController(this, {
    open: () => this.open,
    wantsClose: () => this.#close(),
  });

  override render() {
    const { title, text, copyAll, letGo, sendAgain } = t().restored;
    const { items, mine } = this.room.lost;
    return html`<dialog
        class="dialog"
        aria-labelledby="title"
        aria-describedby="text"
        @keydown=${this.#pressed}
      >
        ${dialogHead(title, this.#close)}
        <div class="content">
          <p id="text">${text}</p>
          <ol tabindex="0" aria-labelledby="title">
            ${repeat(
              items,
              ({ id }) => id,
              (item) =>
                html`<li>
                  <p class="who"><b dir="auto">${this.#name(item)}</b> <span>${momentPast(item.at)}</span></p>
                  <p class="body" dir="auto">${messageWords(item.body, item.file)}</p>
                </li>`,
            )}
          </ol>
        </div>
        <div class="foot">
          <button class="button" type="button" @click=${this.#copy}>
            <salon-icon name="copy"></salon-icon>${copyAll}
          </button>
          ${
            mine.length === 0
              ? nothing
              : html`<button class="button" type="button" @click=${this.#ask}>
                    ${plural(mine.length, letGo)}
                  </button>
                  <button class="button primary" type="button" autofocus @click=${this.#post}>
                    ${plural(mine.length, sendAgain)}
                  </button>`
          }
        </div>
      </dialog>
      ${this.#question(mine.length)}`;
  }

  #question(count: number) {
    const { letGoTitle, letGoText, letGo, keepThem } = t().restored;
    return html`<confirm-dialog
      .open=${this.asking && this.open && count > 0}
      heading=${plural(count, letGoTitle)}
      text=${plural(count, letGoText)}
      confirm-label=${plural(count, letGo)}
      cancel-label=${plural(count, keepThem)}
      danger
      @keydown=${this.#pressed}
      @confirmed=${this.#letGo}
      @dismissed=${this.#keep}
    ></confirm-dialog>`;
  }

  #name({ authorId, memberIds }: LostMessage): string {
    const name = nameOf(this.room, authorId);
    const others = memberIds.filter((id) => id !== authorId).map((id) => nameOf(this.room, id));
    return others.length === 0 ? name : `${name} → ${others.join(', ')}`;
  }

  async #copy() {
    const lines = this.room.lost.items.map(
      (item) => `${this.#name(item)}, ${momentPast(item.at)}\n${messageWords(item.body, item.file)}`,
    );
    const done = await copyOrSelect(lines.join('\n\n'), this.list);
    const { copied, selected } = t().room;
    this.dispatchEvent(new ShowNoticeEvent('copied', done === 'copied' ? copied : selected, 'good'));
  }

  #post() {
    this.dispatchEvent(new PostLostEvent());
  }

  #ask() {
    this.asking = true;
  }

  #keep(event: Event) {
    event.stopPropagation();
    this.asking = false;
  }

  async #letGo(event: Event) {
    event.stopPropagation();
    this.asking = false;
    this.dispatchEvent(new LetGoLostEvent());
    await this.updateComplete;
    // The button that had the focus is gone.
    if (this.open) this.list?.focus();
  }

  /** The conversation around takes Escape for itself, and the dialog would never hear of it. */
  #pressed(event: KeyboardEvent) {
    if (event.key === 'Escape') event.stopPropagation();
  }

  #close() {
    this.dispatchEvent(new DismissedEvent());
  }

  static override styles = [
    base,
    buttons,
    dialogs,
    css`
      ol {
        display: grid;
        gap: var(--s3);
        max-block-size: 46dvh;
        margin: 0;
        padding: var(--s4);
        overflow: auto;
        border: 1px solid var(--line);
        border-radius: var(--r-m);
        background: var(--paper-2);
        list-style: none;
      }
      /* On a phone all ways out are in sight. */
      @media (max-width: 480px) {
        ol {
          max-block-size: 34dvh;
        }
      }
      .who {
        color: var(--ink-2);
        font-size: var(--t-small);
      }
      .who b {
        color: var(--ink);
      }
      .body {
        overflow-wrap: anywhere;
        white-space: pre-wrap;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'lost-messages': LostMessagesDialog;
  }
}
