import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { LocaleController, t } from '../locales/locale.ts';
import { qrOf, type Qr } from '../qr.ts';
import { base } from '../styles/base.ts';

/** A link as a QR code on an arched plate, dark on light by day and by night. */
@customElement('invite-qr')
export class InviteQr extends LitElement {
  /** Empty shows the empty plate. */
  @property() link = '';
  /** What stands for the empty plate. */
  @property() without = '';

  protected readonly locale = new LocaleController(this);
  #of = '';
  #qr: Qr | null = null;

  override willUpdate() {
    if (this.#of === this.link) return;
    this.#of = this.link;
    this.#qr = this.link === '' ? null : qrOf(this.link);
  }

  override render() {
    return html`<div class="plate">
      ${this.#qr === null ? html`<p>${this.without}</p>` : this.#code(this.#qr)}
    </div>`;
  }

  #code({ size, path }: Qr) {
    return html`<svg
      viewBox="0 0 ${size} ${size}"
      role="img"
      aria-label=${t().invite.qrOf(this.link)}
      shape-rendering="crispEdges"
    >
      <path d=${path}></path>
    </svg>`;
  }

  static override styles = [
    base,
    css`
      :host {
        display: block;
        inline-size: min(264px, 100% - 17px);
        padding-block: 9px;
      }
      .plate {
        padding: 52px 4px 4px;
        border-radius: 132px 132px 12px 12px;
        background: var(--plate);
        color: var(--on-plate);
        box-shadow:
          0 0 0 2px var(--brass),
          0 0 0 7px var(--plate-gap),
          0 0 0 8.5px var(--brass);
      }
      svg,
      p {
        display: grid;
        inline-size: 100%;
        aspect-ratio: 1;
        fill: currentColor;
      }
      p {
        place-items: center;
        padding: var(--s5);
        text-align: center;
      }
      @media (forced-colors: active) {
        .plate {
          forced-color-adjust: none;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'invite-qr': InviteQr;
  }
}
