import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { ObjectUrls } from '../controllers/object-urls.ts';
import { formatBytes, LocaleController, t } from '../locales/locale.ts';
import type { StagedFile } from '../state/conversation.ts';
import { base } from '../styles/base.ts';
import { buttons } from '../styles/controls.ts';
import { fileName, fileNameStyles } from './file-name.ts';
import { endingOf } from './file-words.ts';
import './salon-icon.ts';

/** Take this file out of the box. */
export class UnstageEvent extends Event {
  readonly file: File;
  constructor(file: File) {
    super('unstage');
    this.file = file;
  }
}

/**
 * Files that will go with the next message.
 *
 * @fires {UnstageEvent} unstage
 */
@customElement('staged-files')
export class StagedFiles extends LitElement {
  @property({ attribute: false }) files: readonly StagedFile[] = [];

  protected readonly locale = new LocaleController(this);
  readonly #urls = new ObjectUrls(this);

  override render() {
    const { staged } = t().files;
    if (this.files.length === 0) return nothing;
    return html`<ul aria-label=${staged}>
      ${repeat(
        this.files,
        ({ file }) => file,
        (each) => this.#file(each),
      )}
    </ul>`;
  }

  #file({ file, picture }: StagedFile) {
    const ending = endingOf(file.name);
    const label = t().files.remove(file.name);
    return html`<li>
      ${
        picture === null
          ? html`<span class="tile" aria-hidden="true"
              >${ending === '' ? html`<salon-icon name="clip"></salon-icon>` : ending}</span
            >`
          : html`<img alt="" src=${this.#urls.of(file)} />`
      }
      <div>
        ${fileName(file.name)}
        <p class="size">${formatBytes(file.size)}</p>
      </div>
      <button
        class="icon-button"
        type="button"
        aria-label=${label}
        title=${label}
        @click=${() => this.dispatchEvent(new UnstageEvent(file))}
      >
        <salon-icon name="x"></salon-icon>
      </button>
    </li>`;
  }

  static override styles = [
    base,
    buttons,
    fileNameStyles,
    css`
      :host {
        display: block;
        min-inline-size: 0;
      }
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: var(--s2);
        max-block-size: 30vh;
        padding: 8px 8px 0;
        overflow-y: auto;
      }
      li {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto;
        gap: 10px;
        align-items: center;
        inline-size: min(300px, 100%);
        padding: 5px 2px 5px 6px;
        border-radius: 10px;
        background: var(--paper-3);
      }
      .tile,
      img {
        display: grid;
        place-items: center;
        inline-size: 36px;
        block-size: 36px;
        border-radius: 6px;
        object-fit: cover;
      }
      .tile {
        border-start-end-radius: 12px;
        background: var(--bottle-soft);
        color: var(--bottle-text);
        font: 700 var(--t-tiny) / 1 var(--font-display);
      }
      .size {
        color: var(--ink-2);
        font-size: var(--t-micro);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'staged-files': StagedFiles;
  }
  interface HTMLElementEventMap {
    unstage: UnstageEvent;
  }
}
