import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { DIRECTIONAL, icons, type IconName } from '../icons/icons.ts';

/**
 * One of Salon's icons, in the colour of the text beside it. Decoration: whatever it says is said in words too.
 *
 * @cssprop --icon-size - Default 18px.
 */
@customElement('salon-icon')
export class SalonIcon extends LitElement {
  @property() name: IconName = 'door';

  override render() {
    const directional = DIRECTIONAL.has(this.name) ? 'directional' : nothing;
    return html`<svg viewBox="0 0 24 24" aria-hidden="true" class=${directional}>${icons[this.name]}</svg>`;
  }

  static override styles = css`
    :host {
      display: inline-grid;
      flex: none;
      place-items: center;
      vertical-align: -0.2em;
    }
    :host([hidden]) {
      display: none;
    }
    svg {
      display: block;
      inline-size: var(--icon-size, 18px);
      block-size: var(--icon-size, 18px);
      fill: none;
      stroke: currentColor;
      stroke-width: 1.75;
      stroke-linecap: round;
      stroke-linejoin: round;
      pointer-events: none;
    }
    .directional:dir(rtl) {
      transform: scaleX(-1);
    }
  `;
}

declare global {
  interface HTMLElementTagNameMap {
    'salon-icon': SalonIcon;
  }
}
