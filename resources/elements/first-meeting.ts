import { css, html, LitElement } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { Fingerprint } from '../../server/protocol/entities.ts';
import { LeaveRoomEvent, TrustKeyEvent } from '../events/door.ts';
import { LocaleController, t } from '../locales/locale.ts';
import { base } from '../styles/base.ts';
import { buttons } from '../styles/controls.ts';
import type { ArchSheet } from './arch-sheet.ts';
import './arch-sheet.ts';
import { folds } from './folds.styles.ts';
import './salon-icon.ts';
import './compare-words.ts';

/**
 * The first time that this computer meets a room's key: its wallpaper all around, to be compared with the host's. No
 * alarm; nothing was said to the room yet.
 *
 * @fires {TrustKeyEvent} trust-key
 * @fires {LeaveRoomEvent} leave-room
 */
@customElement('first-meeting')
export class FirstMeeting extends LitElement {
  /** Of the key that answered. */
  @property() fingerprint: Fingerprint = '';
  /** As the room calls itself; empty while that is not known. */
  @property() room = '';

  @query('.primary') private readonly same!: HTMLButtonElement;
  @query('arch-sheet') private readonly sheet!: ArchSheet;

  protected readonly locale = new LocaleController(this);

  override firstUpdated() {
    void this.sheet.updateComplete.then(() => this.same.focus({ preventScroll: true }));
  }

  override render() {
    const { meetTitle, meetText, meetLater, cannotCompare, wordsText, same, leave } = t().trust;
    return html`<arch-sheet size="narrow" .seed=${this.fingerprint}>
      <main aria-labelledby="title">
        <h1 id="title" dir="auto">${meetTitle(this.room)}</h1>
        <p class="lead" id="text">${meetText}</p>
        <details>
          <summary><salon-icon name="forward"></salon-icon>${cannotCompare}</summary>
          <div class="fold">
            <p>${wordsText}</p>
            <compare-words .fingerprint=${this.fingerprint}></compare-words>
          </div>
        </details>
        <div class="ways">
          <button class="button primary large" type="button" aria-describedby="text" @click=${this.#trust}>
            <salon-icon name="check"></salon-icon>${same}
          </button>
          <button class="button large" type="button" @click=${this.#leave}>${leave}</button>
        </div>
        <p class="later">${meetLater}</p>
      </main>
    </arch-sheet>`;
  }

  #trust() {
    this.dispatchEvent(new TrustKeyEvent());
  }

  #leave() {
    this.dispatchEvent(new LeaveRoomEvent());
  }

  static override styles = [
    base,
    buttons,
    folds,
    css`
      :host {
        display: block;
      }
      arch-sheet {
        --sheet-top: max(96px, 40vh);
        /* The picture is what is asked about: drawn for those who like plain walls too, and as bright as the host's. */
        --wallpaper-image: initial;
        --wall-veil: transparent;
      }
      main {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--s4);
        align-content: start;
        padding-block: var(--s4) var(--s3);
      }
      h1 {
        max-inline-size: 88%;
        justify-self: center;
        font: 700 var(--t-head) / 1.14 var(--font-display);
        letter-spacing: var(--tracking-head);
        text-align: center;
        text-wrap: balance;
        overflow-wrap: anywhere;
      }
      .lead {
        color: var(--ink-2);
        font-size: var(--t-lead);
        text-align: center;
        text-wrap: balance;
      }
      details {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
      }
      summary {
        justify-self: center;
      }
      .ways {
        display: flex;
        flex-wrap: wrap;
        gap: var(--s2);
      }
      .ways > .primary {
        flex: 3 1 12em;
      }
      .ways > .button:not(.primary) {
        flex: 1 1 6em;
      }
      .later {
        color: var(--ink-2);
        font-size: var(--t-small);
        text-align: center;
        text-wrap: balance;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'first-meeting': FirstMeeting;
  }
}
