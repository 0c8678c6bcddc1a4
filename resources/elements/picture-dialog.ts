import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Attachment } from '../../server/protocol/entities.ts';
import { ModalController } from '../controllers/modal.ts';
import { ObjectUrls } from '../controllers/object-urls.ts';
import { DismissedEvent } from '../events/dialog.ts';
import { formatBytes, LocaleController, t } from '../locales/locale.ts';
import { base } from '../styles/base.ts';
import { buttons } from '../styles/controls.ts';
import { dialogs } from '../styles/dialog.ts';
import type { FileSource } from '../state/downloads.ts';
import { closeButton } from './dialog-head.ts';
import { SaveFileEvent } from './room-events.ts';
import './salon-icon.ts';

/** A picture to look at. */
export interface Looked {
  file: Attachment;
  source: FileSource;
  blob: Blob;
}

/**
 * One picture as large as the window lets it be.
 *
 * @fires {SaveFileEvent} save-file
 * @fires {DismissedEvent} dismissed
 */
@customElement('picture-dialog')
export class PictureDialog extends LitElement {
  @property({ attribute: false }) looked: Looked | null = null;

  protected readonly locale = new LocaleController(this);
  protected readonly modal = new ModalController(this, {
    open: () => this.looked !== null,
    wantsClose: () => this.#close(),
  });
  readonly #urls = new ObjectUrls(this);

  override render() {
    const { looked } = this;
    return html`<dialog class="dialog" aria-labelledby="name">
      ${looked === null ? nothing : this.#picture(looked)}
    </dialog>`;
  }

  #picture({ file: { name, size, picture }, blob }: Looked) {
    const { savePicture, picture: pictureOf } = t().files;
    return html`<div class="head">
        <h2 id="name"><bdi>${name}</bdi> <small>${formatBytes(size)}</small></h2>
        <button
          class="icon-button"
          type="button"
          aria-label=${savePicture}
          title=${savePicture}
          @click=${this.#save}
        >
          <salon-icon name="download"></salon-icon>
        </button>
        ${closeButton(this.#close, true)}
      </div>
      <img
        alt=${pictureOf(name)}
        src=${this.#urls.of(blob)}
        width=${picture?.width ?? nothing}
        height=${picture?.height ?? nothing}
      />`;
  }

  #save() {
    if (this.looked !== null) this.dispatchEvent(new SaveFileEvent(this.looked.file, this.looked.source));
  }

  #close() {
    this.dispatchEvent(new DismissedEvent());
  }

  static override styles = [
    base,
    buttons,
    dialogs,
    css`
      .dialog {
        inline-size: fit-content;
        min-inline-size: min(360px, calc(100vw - 2 * var(--s4)));
        max-inline-size: calc(100vw - 2 * var(--s4));
        max-block-size: calc(100dvh - 2 * var(--s4));
        overflow: hidden;
      }
      .dialog .head {
        align-items: center;
        gap: 2px;
        padding: 6px 6px 6px var(--s4);
      }
      .dialog .head > .icon-button {
        margin: 0;
      }
      h2 {
        flex: 1;
        min-inline-size: 0;
        overflow: hidden;
        font-weight: 600;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      small {
        margin-inline-start: var(--s2);
        color: var(--ink-2);
        font-weight: 400;
        font-size: var(--t-small);
      }
      img {
        display: block;
        inline-size: auto;
        block-size: auto;
        max-inline-size: 100%;
        max-block-size: calc(100dvh - 2 * var(--s4) - 56px);
        margin-inline: auto;
        object-fit: contain;
        background: var(--paper-2);
      }
      @media (max-width: 480px) {
        .dialog {
          margin: auto;
          border-radius: 18px;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'picture-dialog': PictureDialog;
  }
}
