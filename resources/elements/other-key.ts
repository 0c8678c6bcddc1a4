import { html, LitElement, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Fingerprint } from '../../server/protocol/entities.ts';
import { ModalController } from '../controllers/modal.ts';
import { AcceptKeyEvent, LeaveRoomEvent } from '../events/door.ts';
import { LocaleController, t } from '../locales/locale.ts';
import { base } from '../styles/base.ts';
import { buttons } from '../styles/controls.ts';
import { dialogs } from '../styles/dialog.ts';
import { otherKeyStyles } from './other-key.styles.ts';
import './room-wallpaper.ts';
import './compare-words.ts';

/**
 * Another key answers than the one that is known. Blocks everything; to leave is the way that offers itself, and nobody
 * goes on by one press.
 *
 * @fires {LeaveRoomEvent} leave-room
 * @fires {AcceptKeyEvent} accept-key
 */
@customElement('other-key')
export class OtherKey extends LitElement {
  /** Null: nothing is wrong. */
  @property({ attribute: false }) keys: { known: Fingerprint; found: Fingerprint } | null = null;
  /** As it was known; empty when that is not known. */
  @property() room = '';
  /** Who hosts it; empty when nobody knows. */
  @property() host = '';

  /** The second question is asked. */
  @state() private asked = false;

  protected readonly locale = new LocaleController(this);
  protected readonly modal = new ModalController(this, {
    open: () => this.keys !== null,
    // It is answered by its buttons.
    wantsClose: () => undefined,
    pressBeside: () => false,
  });

  override willUpdate(changed: PropertyValues<this>) {
    if (changed.has('keys')) this.asked = false;
  }

  override updated(changed: PropertyValues<this>) {
    // Each question begins at its safe answer.
    if ((changed as PropertyValues).has('asked') && this.keys !== null) {
      this.renderRoot.querySelector<HTMLElement>('.safe')?.focus();
    }
  }

  override render() {
    return html`<dialog class="dialog" role="alertdialog" aria-labelledby="title" aria-describedby="text">
      ${this.asked ? this.#second() : this.#first()}
    </dialog>`;
  }

  #first() {
    const { otherTitle, otherText, nothingSent, known, found, askHost, leave } = t().trust;
    return html`<div class="content">
        <h2 class="title" id="title">${otherTitle}</h2>
        <div class="pictures">
          <figure class="was">
            <room-wallpaper .seed=${this.keys?.known ?? null} .scale=${1.2}></room-wallpaper>
            <figcaption>
              ${known}${this.room === '' ? '' : html`<br /><b dir="auto">${this.room}</b>`}
            </figcaption>
          </figure>
          <figure>
            <room-wallpaper .seed=${this.keys?.found ?? null} .scale=${1.2}></room-wallpaper>
            <figcaption>${found}</figcaption>
          </figure>
        </div>
        <p id="text" dir="auto">${otherText(this.host)} ${nothingSent}</p>
      </div>
      <div class="foot">
        <button class="button quiet" type="button" @click=${() => (this.asked = true)}>
          ${askHost(this.host)}
        </button>
        <button class="button primary safe" type="button" autofocus @click=${this.#leave}>${leave}</button>
      </div>`;
  }

  #second() {
    const { sureTitle, sureText, accept, notYet } = t().trust;
    return html`<div class="content">
        <h2 class="title" id="title" dir="auto">${sureTitle(this.host)}</h2>
        <p id="text">${sureText}</p>
        <div class="words"><compare-words .fingerprint=${this.keys?.found ?? null}></compare-words></div>
      </div>
      <div class="foot">
        <button class="button danger" type="button" @click=${this.#accept}>${accept}</button>
        <button class="button safe" type="button" @click=${() => (this.asked = false)}>${notYet}</button>
      </div>`;
  }

  #leave() {
    this.dispatchEvent(new LeaveRoomEvent());
  }

  #accept() {
    this.dispatchEvent(new AcceptKeyEvent());
  }

  static override styles = [base, buttons, dialogs, otherKeyStyles];
}

declare global {
  interface HTMLElementTagNameMap {
    'other-key': OtherKey;
  }
}
