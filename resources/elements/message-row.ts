import { html, LitElement, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { Member } from '../../server/protocol/entities.ts';
import type { IconName } from '../icons/icons.ts';
import { formatMoment, formatTime, language, LocaleController, t } from '../locales/locale.ts';
import { refusalSentence } from '../../server/protocol/errors.ts';
import type { Downloads, FileSource } from '../state/downloads.ts';
import type { MessageRow as Row } from '../state/rows.ts';
import { base } from '../styles/base.ts';
import { buttons, marks } from '../styles/controls.ts';
import { copyOrSelect } from './copying.ts';
import './member-portrait.ts';
import type { MessageFile } from './message-file.ts';
import './message-file.ts';
import { messageRowStyles } from './message-row.styles.ts';
import { isOnlyEmoji, messageText } from './message-text.ts';
import {
  DiscardMessageEvent,
  EditMessageEvent,
  OpenLinkEvent,
  RetryMessageEvent,
  ShowNoticeEvent,
} from './room-events.ts';
import './salon-icon.ts';
import { fullNameOf } from './titles.ts';

/** How far a message of one's own has come; null for those of others. */
export type MessageMark = 'waiting' | 'failed' | 'host' | 'delivered' | 'read';

const MARK_ICONS: Record<Exclude<MessageMark, 'failed'>, IconName> = {
  waiting: 'clock',
  host: 'check',
  delivered: 'seen',
  read: 'seen',
};

/** Press on "Don't keep it". The timeline knows the conversation and asks. */
export class DontKeepEvent extends Event {
  constructor() {
    super('dont-keep');
  }
}

/**
 * One message, as in a printed play: the name in the gutter, a portrait, then the line.
 *
 * @fires {RetryMessageEvent} retry-message
 * @fires {EditMessageEvent} edit-message
 * @fires {DiscardMessageEvent} discard-message
 * @fires {OpenLinkEvent} open-link - Unless prevented, the browser opens it.
 * @fires {ShowNoticeEvent} show-notice
 * @fires {DontKeepEvent} dont-keep
 */
@customElement('message-row')
export class MessageRow extends LitElement {
  @property({ attribute: false }) row!: Row;
  @property({ attribute: false }) author: Member | null = null;
  /** How its author is called. */
  @property() name = '';
  @property({ attribute: false }) mark: MessageMark | null = null;
  /** The mark's words; empty shows the mark alone. */
  @property() markText = '';
  @property({ type: Boolean }) markShown = false;
  /** Who was not there to receive it, as a sentence; empty when it arrived. */
  @property() kept = '';
  /** Nobody has received it: it can be taken back. */
  @property({ type: Boolean }) withdrawable = false;
  @property({ attribute: false }) downloads!: Downloads;
  /** Where its file is fetched from; null while the host does not have it. */
  @property({ attribute: false }) source: FileSource | null = null;
  /** Its file, when it was chosen here and is on its way. */
  @property({ attribute: false }) own: Blob | null = null;
  /** The row has the focus, or something in it. */
  @property({ type: Boolean, reflect: true }) active = false;
  @property({ type: Boolean, reflect: true }) follows = false;

  @query('.text') private readonly text!: HTMLElement | null;
  @query('message-file') private readonly brought!: MessageFile | null;

  protected readonly locale = new LocaleController(this);

  /** Draws at once, so that a virtual list can measure it in the turn in which it was made. */
  settle(): void {
    if (this.isUpdatePending) this.performUpdate();
  }

  /** What can be reached inside with the keyboard, in order. */
  get stops(): HTMLElement[] {
    const all = this.renderRoot.querySelectorAll<HTMLElement>('a, button, message-file');
    return [...all].flatMap((each) => (each === this.brought ? this.brought.stops : [each]));
  }

  async copy(): Promise<void> {
    const { body } = this.row;
    if (body === null || body === '') return;
    const { copied, selected } = t().room;
    const isCopied = (await copyOrSelect(body, this.text)) === 'copied';
    this.dispatchEvent(
      isCopied ? new ShowNoticeEvent('copied', copied, 'good') : new ShowNoticeEvent('copied', selected),
    );
  }

  override render() {
    const { row } = this;
    return html`${row.follows ? this.#shortTime() : this.#author()}
      <div class="body">
        ${this.#text()} ${this.#file()} ${this.#keptLine()}
        ${row.pending?.state === 'failed' ? this.#failedLine() : nothing}
      </div>
      ${row.body === null ? nothing : this.#tools()}`;
  }

  #author() {
    const { author, row } = this;
    const { name } = this;
    const isGuest = author?.role === 'guest';
    return html`<div class="who">
        <b title=${author === null ? nothing : fullNameOf(author)}><bdi>${name}</bdi></b>
        <span>${isGuest ? html`<span class="tag">${t().room.guest}</span>` : nothing}${this.#time()}</span>
      </div>
      <member-portrait name=${name} member-id=${row.authorId} ?guest=${isGuest}></member-portrait>`;
  }

  #shortTime() {
    return html`<div class="when">${this.#time()}</div>`;
  }

  #time() {
    const { at } = this.row;
    return html`<time datetime=${new Date(at).toISOString()} title=${formatMoment(at)}
      >${formatTime(at)}</time
    >`;
  }

  #text() {
    const { body } = this.row;
    if (body === null) {
      return html`<p class="text gone"><salon-icon name="ban"></salon-icon>${t().room.withdrawn}</p>`;
    }
    if (body === '') return nothing;
    const big = isOnlyEmoji(body) ? 'emoji' : '';
    return html`<p class="text ${big}" dir="auto">${messageText(body, this.#follow)}${this.#mark()}</p>`;
  }

  #file() {
    const { file, key, pending, body } = this.row;
    if (file === null || body === null) return nothing;
    return html`<div class="brought">
      <message-file
        key=${key}
        .file=${file}
        .downloads=${this.downloads}
        .source=${this.source}
        .own=${this.own}
        .arrived=${pending?.arrived ?? null}
        ?failed=${pending?.state === 'failed'}
      ></message-file>
      ${body === '' ? this.#mark() : nothing}
    </div>`;
  }

  #mark() {
    const { mark } = this;
    if (mark === null || mark === 'failed') return nothing;
    return html`<span class="mark ${mark}"
      ><salon-icon name=${MARK_ICONS[mark]}></salon-icon
      ><span class=${this.markShown ? nothing : 'visually-hidden'}>${this.markText}</span></span
    >`;
  }

  #keptLine() {
    if (this.kept === '' && !this.withdrawable) return nothing;
    return html`<p class="kept">
      ${this.kept === '' ? nothing : html`<salon-icon name="clock"></salon-icon><span>${this.kept}</span>`}
      ${
        this.withdrawable
          ? html`<button class="link-button" type="button" tabindex="-1" @click=${this.#dontKeep}>
              ${t().room.dontKeep}
            </button>`
          : nothing
      }
    </p>`;
  }

  #failedLine() {
    const { notSent, notSentWhy, sendAgain, edit, delete: remove } = t().room;
    const refusal = this.row.pending?.refusal ?? null;
    return html`<div class="failed">
      <salon-icon name="alert"></salon-icon>
      <span>${refusal === null ? notSent : notSentWhy(refusalSentence(refusal, language()))}</span>
      <span class="ways">
        <button class="link-button" type="button" tabindex="-1" @click=${this.#retry}>${sendAgain}</button>
        ${
          this.row.file === null
            ? html`<button class="link-button" type="button" tabindex="-1" @click=${this.#edit}>
                ${edit}
              </button>`
            : nothing
        }
        <button class="link-button loss" type="button" tabindex="-1" @click=${this.#discard}>
          ${remove}
        </button>
      </span>
    </div>`;
  }

  #tools() {
    const { actions, copyText } = t().room;
    const { body, file } = this.row;
    const isPicture = file !== null && file.picture !== null && this.source !== null;
    if (body === '' && !isPicture) return nothing;
    return html`<div class="tools" role="toolbar" aria-label=${actions}>
      ${isPicture ? this.#tool('download', t().files.savePicture, '', () => this.brought?.save()) : nothing}
      ${body === '' ? nothing : this.#tool('copy', copyText, ' (C)', () => void this.copy())}
    </div>`;
  }

  #tool(icon: IconName, label: string, keys: string, press: () => void) {
    return html`<button
      class="icon-button"
      type="button"
      tabindex="-1"
      aria-label=${label}
      title="${label}${keys}"
      @click=${press}
    >
      <salon-icon name=${icon}></salon-icon>
    </button>`;
  }

  readonly #follow = (event: Event) => {
    const { href } = event.currentTarget as HTMLAnchorElement;
    if (!this.dispatchEvent(new OpenLinkEvent(href))) event.preventDefault();
  };

  #dontKeep() {
    this.dispatchEvent(new DontKeepEvent());
  }

  #retry() {
    this.dispatchEvent(new RetryMessageEvent(this.row.key));
  }

  #edit() {
    this.dispatchEvent(new EditMessageEvent(this.row.key, this.row.body ?? ''));
  }

  #discard() {
    this.dispatchEvent(new DiscardMessageEvent(this.row.key));
  }

  static override styles = [base, buttons, marks, messageRowStyles];
}

declare global {
  interface HTMLElementTagNameMap {
    'message-row': MessageRow;
  }
  interface HTMLElementEventMap {
    'dont-keep': DontKeepEvent;
  }
}
