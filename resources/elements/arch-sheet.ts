import { css, html, LitElement } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { RoomWallpaper } from './room-wallpaper.ts';
import './room-wallpaper.ts';
import { base } from '../styles/base.ts';

/**
 * A wallpapered wall with one arched sheet on it, brass line along its edge. Grows with its content; the page scrolls.
 *
 * @cssprop --sheet-rows - Grid rows of the sheet. Default `auto`.
 * @slot - The sheet. Whatever stands in the arch should be centred.
 */
@customElement('arch-sheet')
export class ArchSheet extends LitElement {
  /** Of the wallpaper: a room's key or id, or null for Salon's own. */
  @property({ attribute: false }) seed: Uint8Array | string | null = null;

  /** `wide` holds two columns, `narrow` a form. */
  @property({ reflect: true }) size: 'wide' | 'narrow' = 'wide';

  @query('room-wallpaper') private readonly wall!: RoomWallpaper;

  /** Only then do its children have their place, and can take the focus. */
  protected override async getUpdateComplete(): Promise<boolean> {
    const complete = await super.getUpdateComplete();
    await this.wall.updateComplete;
    return complete;
  }

  override render() {
    return html`<room-wallpaper wall .seed=${this.seed} .scale=${1.75}>
      <div class="sheet"><slot></slot></div>
    </room-wallpaper>`;
  }

  static override styles = [
    base,
    css`
      :host {
        display: block;
        --sheet-size: 940px;
        --arch-height: 200px;
        --sheet-top: 44px;
        --sheet-padding: 64px;
      }
      :host([size='narrow']) {
        --sheet-size: 540px;
        --arch-height: 150px;
        --sheet-padding: 56px;
        --sheet-top: 64px;
      }
      room-wallpaper {
        display: grid;
        min-block-size: 100vh;
        min-block-size: 100dvh;
        padding-block-start: var(--sheet-top);
      }
      .sheet {
        position: relative;
        display: grid;
        justify-self: center;
        inline-size: min(var(--sheet-size), calc(100vw - 64px));
        padding: 34px var(--sheet-padding) 14px;
        border-radius: 50% 50% 0 0 / var(--arch-height) var(--arch-height) 0 0;
        background: radial-gradient(90% 46% at 50% 0, var(--sheet-glow), transparent 70%), var(--paper);
        box-shadow: var(--shadow-2);
      }
      .sheet::before {
        content: '';
        position: absolute;
        inset: 10px 10px 0;
        border: 1.5px solid var(--saffron-line);
        border-block-end: 0;
        border-radius: inherit;
        opacity: 0.55;
        pointer-events: none;
      }
      slot {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        grid-template-rows: var(--sheet-rows, auto);
        position: relative;
      }
      @media (max-width: 760px) {
        :host,
        :host([size='narrow']) {
          --sheet-size: 100vw;
          --sheet-padding: 20px;
          --arch-height: 90px;
          --sheet-top: 56px;
        }
        .sheet {
          inline-size: 100%;
          padding-block-end: 20px;
        }
        /* Beside the form the line would only be a frame: it fades out below the arch. */
        .sheet::before {
          mask-image: linear-gradient(black 60px, transparent 120px);
        }
      }
      @media (min-width: 600px) and (max-width: 760px) {
        :host([size='narrow']) {
          --sheet-size: 540px;
          --sheet-padding: 48px;
          --arch-height: 130px;
        }
        :host([size='narrow']) .sheet {
          inline-size: min(var(--sheet-size), calc(100vw - 64px));
        }
      }
      @media (forced-colors: active) {
        .sheet {
          border: 2px solid CanvasText;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'arch-sheet': ArchSheet;
  }
}
