import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { wallpaper } from '../wallpaper.ts';

/**
 * A surface covered with a room's wallpaper. Stands where it is put and shows what is inside; as a `swatch` it is a
 * small arch of 44 × 52 (change its size from outside). Decoration: the room's name stands beside it.
 *
 * The page's `--wallpaper-image` takes the place of every tile: with `none`, walls are plain (`applyLook`).
 */
@customElement('room-wallpaper')
export class RoomWallpaper extends LitElement {
  /** The room's key or id; null for Salon's own. */
  @property({ attribute: false }) seed: Uint8Array | string | null = null;

  /** How large the tiles are drawn: 1.75 for whole walls, 1.5 for bands, 0.65 for swatches. */
  @property({ type: Number }) scale = 1;

  /** A whole wall: dimmed in the evening. */
  @property({ type: Boolean, reflect: true }) wall = false;

  @property({ type: Boolean, reflect: true }) swatch = false;

  override updated() {
    const { background, image, width, height, offset } = wallpaper(this.seed);
    // Through the object model: the page's policy forbids style attributes.
    const style = this.style;
    style.setProperty('--background', background);
    style.setProperty('--image', image);
    style.setProperty('--size', `${width * this.scale}px ${height * this.scale}px`);
    style.setProperty('--position', `calc(50% + ${offset[0]}px) ${offset[1]}px`);
  }

  override render() {
    return html`<slot></slot>`;
  }

  static override styles = css`
    :host {
      display: block;
      background-color: var(--background);
      background-image: linear-gradient(var(--veil), var(--veil)), var(--wallpaper-image, var(--image));
      background-position:
        0 0,
        var(--position);
      background-size: auto, var(--size);
      --veil: transparent;
    }
    :host([hidden]) {
      display: none;
    }
    :host([wall]) {
      --veil: var(--wall-veil);
    }
    :host([swatch]) {
      inline-size: 44px;
      block-size: 52px;
      flex: none;
      border-radius: var(--r-arch);
      box-shadow: inset 0 0 0 1.5px var(--swatch-rim);
    }
    @media (forced-colors: active) {
      :host {
        forced-color-adjust: none;
      }
      ::slotted(*) {
        forced-color-adjust: auto;
      }
    }
  `;
}

declare global {
  interface HTMLElementTagNameMap {
    'room-wallpaper': RoomWallpaper;
  }
}
