import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Attachment } from '../../server/protocol/entities.ts';
import { ObjectUrls } from '../controllers/object-urls.ts';
import { Watch } from '../controllers/watch.ts';
import { formatBytes, LocaleController, t } from '../locales/locale.ts';
import { AT_ONCE_BYTES, type Downloads, type FileSource } from '../state/downloads.ts';
import { base } from '../styles/base.ts';
import { buttons } from '../styles/controls.ts';
import { fileName, fileNameStyles } from './file-name.ts';
import { endingOf, fetchProblem } from './file-words.ts';
import { messageFileStyles } from './message-file.styles.ts';
import { DiscardMessageEvent, LookAtPictureEvent, SaveFileEvent } from './room-events.ts';
import './salon-icon.ts';

/** The most that a picture takes of the page, in CSS pixels. */
const WIDEST = 360;
const HIGHEST = 280;
/** The least: a sentence and a button have room in it. */
const NARROWEST = 176;
const LOWEST = 96;

/** How large a picture's place is, known before the picture: nothing moves when it comes. In CSS pixels. */
export function placeOf({ width, height }: { width: number; height: number }): {
  width: number;
  height: number;
} {
  const scale = Math.min(1, WIDEST / width, HIGHEST / height);
  return {
    width: Math.max(NARROWEST, Math.round(width * scale)),
    height: Math.max(LOWEST, Math.round(height * scale)),
  };
}

/** How high a file that is no picture stands, with what is around it. In CSS pixels. */
export const CARD_HEIGHT = 71;

/**
 * What a message brings: a picture, or a card with the file's name. While it is on its way to the host, how far it has
 * come.
 *
 * @fires {SaveFileEvent} save-file
 * @fires {LookAtPictureEvent} look-at-picture
 * @fires {DiscardMessageEvent} discard-message
 */
@customElement('message-file')
export class MessageFile extends LitElement {
  @property({ attribute: false }) file!: Attachment;
  @property({ attribute: false }) downloads!: Downloads;
  /** Null while it is on its way to the host. */
  @property({ attribute: false }) source: FileSource | null = null;
  /** Of the message, to give it up. */
  @property() key = '';
  /** How much of it the host has, while it is on its way. In bytes. */
  @property({ attribute: false }) arrived: number | null = null;
  /** It was chosen here, and need not be fetched. */
  @property({ attribute: false }) own: Blob | null = null;
  /** It will not be sent: the row says why. */
  @property({ type: Boolean }) failed = false;

  /** Why it could not be fetched, as a sentence. */
  @state() private problem: string | null = null;

  protected readonly locale = new LocaleController(this);
  protected readonly watch = new Watch(this, () => [this.downloads]);
  readonly #urls = new ObjectUrls(this);
  #shown: Blob | null = null;
  /** What was held could not be shown, and is fetched once more. */
  #isFetchedAnew = false;
  #hadFocus = false;

  /** What can be reached inside with the keyboard, in order. */
  get stops(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('button')];
  }

  override willUpdate(changed: PropertyValues<this>) {
    const { picture } = this.file;
    this.#hadFocus = this.#hasFocus;
    if (picture === null) this.style.removeProperty('--file-size');
    else if (changed.has('file')) {
      const { width, height } = placeOf(picture);
      this.style.setProperty('--file-size', `${width}px`);
      this.style.setProperty('--picture-ratio', `${width} / ${height}`);
    }
    this.#shown = picture === null ? null : (this.own ?? this.downloads.held(this.file.hash));
  }

  override updated() {
    const { picture, size } = this.file;
    const isWanted = picture !== null && size <= AT_ONCE_BYTES && this.source !== null;
    if (isWanted && this.isConnected && this.#shown === null && this.problem === null) void this.#fetch();
    // What had it may have gone, as the button that gives up a file does when it has arrived.
    if (this.#hadFocus && !this.#hasFocus) this.#leaveFocus();
  }

  override render() {
    const hasPlace = this.#shown !== null || this.source !== null;
    return this.file.picture === null || !hasPlace ? this.#card() : this.#picture();
  }

  save(): void {
    if (this.source !== null) this.dispatchEvent(new SaveFileEvent(this.file, this.source));
  }

  get #hasFocus(): boolean {
    return (this.shadowRoot?.activeElement ?? null) !== null;
  }

  #leaveFocus() {
    const root = this.getRootNode();
    const row = root instanceof ShadowRoot ? root.host.closest<HTMLElement>('.row') : null;
    (this.stops[0] ?? row)?.focus();
  }

  #card() {
    const { name } = this.file;
    const ending = endingOf(name);
    return html`<div class="card">
      <span class="tile" aria-hidden="true">
        ${ending === '' ? html`<salon-icon name="clip"></salon-icon>` : ending}
      </span>
      <div>
        ${fileName(name)}
        <p class="about ${this.problem === null ? '' : 'loss'}">${this.problem ?? this.#about()}</p>
      </div>
      ${this.arrived === null ? this.#saveButton() : this.#cancelButton()} ${this.#progress()}
    </div>`;
  }

  #about(): string {
    const { size } = this.file;
    const bytes = this.failed ? null : this.#underWay();
    if (bytes === null || bytes === 0) return formatBytes(size);
    return t().files.progress(percentOf(bytes, size), formatBytes(size));
  }

  #underWay(): number | null {
    return this.arrived ?? this.downloads.arrived(this.file.hash);
  }

  #progress() {
    const bytes = this.#underWay();
    if (bytes === null || this.failed) return nothing;
    const { uploading, downloading } = t().files;
    const { name, size } = this.file;
    return html`<progress
      max="100"
      value=${percentOf(bytes, size)}
      aria-label=${this.arrived === null ? downloading(name) : uploading(name)}
    ></progress>`;
  }

  #saveButton() {
    if (this.source === null) return html`<span></span>`;
    return this.#button('download', t().files.save(this.file.name), () => this.save());
  }

  #cancelButton() {
    if (this.failed) return html`<span></span>`;
    const label = t().files.cancel(this.file.name);
    return this.#button('x', label, () => this.dispatchEvent(new DiscardMessageEvent(this.key)));
  }

  #button(icon: 'download' | 'x', label: string, press: () => void) {
    return html`<button
      class="icon-button ${icon === 'x' ? 'cancel' : ''}"
      type="button"
      tabindex="-1"
      aria-label=${label}
      title=${label}
      @click=${press}
    >
      <salon-icon name=${icon}></salon-icon>
    </button>`;
  }

  #picture() {
    const { open, picture, show, loading, notLoaded, again } = t().files;
    const { name, size } = this.file;
    const img =
      this.#shown === null
        ? nothing
        : html`<img
            alt=${picture(name)}
            src=${this.#urls.of(this.#shown)}
            decoding="async"
            draggable="false"
            @error=${this.#broken}
          />`;
    if (this.arrived !== null)
      return html`<div class="frame dim">${img} ${this.#cancelButton()} ${this.#progress()}</div>`;
    if (this.#shown !== null && this.source === null) return html`<div class="frame dim">${img}</div>`;
    if (this.#shown !== null)
      return html`<button
        class="frame"
        type="button"
        tabindex="-1"
        aria-label=${open(name)}
        title=${name}
        @click=${this.#look}
      >
        ${img}
      </button>`;
    if (this.problem !== null)
      return html`<div class="frame">
        <p class="words">
          <span title=${this.problem}>${notLoaded}</span>
          <button class="link-button" type="button" tabindex="-1" @click=${this.#again}>${again}</button>
        </p>
      </div>`;
    const isComing = this.downloads.arrived(this.file.hash) !== null;
    if (size > AT_ONCE_BYTES && !isComing)
      return html`<button class="frame asks" type="button" tabindex="-1" @click=${this.#again}>
        <span class="words">${show(formatBytes(size))}</span>
      </button>`;
    return html`<div class="frame"><span class="words">${loading}</span> ${this.#progress()}</div>`;
  }

  #look() {
    if (this.#shown !== null && this.source !== null)
      this.dispatchEvent(new LookAtPictureEvent(this.file, this.source, this.#shown));
  }

  #again() {
    this.problem = null;
    void this.#fetch();
  }

  /** The browser cannot draw it: what was held is damaged, or it never was a picture. */
  #broken() {
    if (this.own !== null) return;
    if (this.#isFetchedAnew) this.problem = t().files.notLoaded;
    this.#isFetchedAnew = true;
    this.downloads.letGo(this.file.hash);
  }

  async #fetch(): Promise<void> {
    if (this.source === null) return;
    try {
      await this.downloads.fetch(this.file, this.source);
    } catch (error) {
      this.problem = fetchProblem(error);
    }
  }

  static override styles = [base, buttons, fileNameStyles, messageFileStyles];
}

function percentOf(bytes: number, size: number): number {
  return size === 0 ? 100 : Math.floor((bytes / size) * 100);
}

declare global {
  interface HTMLElementTagNameMap {
    'message-file': MessageFile;
  }
}
