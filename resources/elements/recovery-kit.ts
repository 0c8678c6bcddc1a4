import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Fingerprint } from '../../server/protocol/entities.ts';
import { ModalController } from '../controllers/modal.ts';
import { KitKeptEvent } from '../events/door.ts';
import { LocaleController, t } from '../locales/locale.ts';
import { base } from '../styles/base.ts';
import { buttons } from '../styles/controls.ts';
import { dialogs } from '../styles/dialog.ts';
import { copyOrSelect, saveText } from './copying.ts';
import { kitStyles } from './recovery-kit.styles.ts';
import './room-wallpaper.ts';
import './salon-icon.ts';

/**
 * Shows a recovery code, once: copied, saved or printed, and then kept. It closes by its button only.
 *
 * @fires {KitKeptEvent} kit-kept
 * @fires {SaveTextEvent} save-text - Unless prevented, the browser downloads it.
 */
@customElement('recovery-kit')
export class RecoveryKit extends LitElement {
  @property({ type: Boolean }) open = false;
  /** 25 letters and digits; spaces and dashes in it are left out. */
  @property() code = '';
  @property() username = '';
  @property({ attribute: false }) room: { name: string } | null = null;
  /** Of the room's key. */
  @property({ attribute: false }) fingerprint: Fingerprint | null = null;

  @state() private said: 'nothing' | 'copied' | 'selected' | 'saved' = 'nothing';

  @query('.code') private readonly shown!: HTMLElement;

  protected readonly locale = new LocaleController(this);
  protected readonly modal = new ModalController(this, {
    open: () => this.open,
    // The code is shown once: a key pressed by mistake must not lose it.
    wantsClose: () => undefined,
  });

  override willUpdate(changed: PropertyValues<this>) {
    if (changed.has('open')) this.said = 'nothing';
  }

  get #groups(): string[] {
    return this.code.replace(/[^A-Za-z0-9]/g, '').match(/.{1,5}/g) ?? [];
  }

  override render() {
    const { kitTitle, kitText, kitCode, kitFor, kitSave, kitPrint, kitKept } = t().door;
    const { copy, copied } = t().common;
    return html`<dialog class="dialog kit" aria-labelledby="title" aria-describedby="why">
      <room-wallpaper .seed=${this.fingerprint} .scale=${1.5}>
        <div class="plate">
          <p class="code" role="group" aria-label=${kitCode}>
            ${this.#groups.map((group, at) => html`<span>${group}</span>${at < this.#groups.length - 1 ? ' ' : nothing}`)}
          </p>
        </div>
      </room-wallpaper>
      <div class="words">
        <h2 class="title" id="title">${kitTitle}</h2>
        <p id="why">${kitText}</p>
        <p class="for"><bdi>${kitFor(this.username, this.room?.name ?? '')}</bdi></p>
        <div class="ways">
          <button class="button" type="button" autofocus @click=${this.#copy}>
            <salon-icon name=${this.said === 'copied' ? 'check' : 'copy'}></salon-icon
            >${this.said === 'copied' ? copied : copy}
          </button>
          <button class="button" type="button" @click=${this.#save}>
            <salon-icon name="download"></salon-icon>${kitSave}
          </button>
          <button class="button" type="button" @click=${this.#print}>
            <salon-icon name="print"></salon-icon>${kitPrint}
          </button>
        </div>
        <p class="said" role="status">${this.#saying()}</p>
        <button class="button primary large" type="button" @click=${this.#kept}>${kitKept}</button>
      </div>
    </dialog>`;
  }

  #saying() {
    const { kitSelected, kitSaved } = t().door;
    if (this.said === 'selected') return kitSelected;
    if (this.said === 'saved') return kitSaved;
    return this.said === 'copied' ? html`<span class="visually-hidden">${t().common.copied}</span>` : nothing;
  }

  get #text() {
    return t().door.kitFileText(this.username, this.room?.name ?? '', this.#groups.join('-'));
  }

  async #copy() {
    this.said = await copyOrSelect(this.#groups.join('-'), this.shown);
  }

  #save() {
    if (saveText(this, t().door.kitFile(this.room?.name ?? ''), this.#text)) this.said = 'saved';
  }

  /** The page's style sheet prints this sheet alone: the program around it would fill pages. */
  #print() {
    const sheet = document.createElement('section');
    sheet.className = 'print-sheet';
    const title = document.createElement('h1');
    title.textContent = `Salon · ${t().door.kitCode}`;
    const text = document.createElement('pre');
    text.textContent = this.#text;
    sheet.append(title, text);
    document.body.append(sheet);
    addEventListener('afterprint', () => sheet.remove(), { once: true });
    print();
  }

  #kept() {
    this.dispatchEvent(new KitKeptEvent());
  }

  static override styles = [base, buttons, dialogs, kitStyles];
}

declare global {
  interface HTMLElementTagNameMap {
    'recovery-kit': RecoveryKit;
  }
}
