import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Presence } from '../../server/protocol/entities.ts';
import { lettersOf } from '../letters.ts';
import { hashOf } from '../wallpaper.ts';
import { base } from '../styles/base.ts';

/** How many portrait colours `tokens.css` has. */
const COLOURS = 7;

/**
 * A member's portrait: the first letter in a small arch, in a colour that stays with the person. The presence mark has
 * a shape as well as a colour. Decoration: name and presence stand beside it in words.
 *
 * @cssprop --portrait-ground - What it stands on, for the gap around the presence mark. Default `--paper`.
 */
@customElement('member-portrait')
export class MemberPortrait extends LitElement {
  /** Whose first letter is drawn: the first name, or the username. */
  @property() name = '';

  /** What the colour follows: the member's id, so that a new name keeps the old colour. Without one, the name. */
  @property({ attribute: 'member-id' }) memberId = '';

  @property({ reflect: true }) size: 'small' | 'medium' | 'large' = 'medium';

  /** Null draws no mark, and so does `offline`. */
  @property() presence: Presence | null = null;

  /** No account: a dashed outline. */
  @property({ type: Boolean, reflect: true }) guest = false;

  override render() {
    const colour = (hashOf(this.memberId || this.name) % COLOURS) + 1;
    const mark = this.presence === 'here' || this.presence === 'away';
    return html`<span class="arch colour-${colour}" aria-hidden="true">${initial(this.name)}</span>${
        mark ? html`<i class=${this.presence} aria-hidden="true"></i>` : nothing
      }`;
  }

  static override styles = [
    base,
    css`
      :host {
        position: relative;
        display: inline-block;
        flex: none;
        inline-size: 34px;
        block-size: 38px;
        font: 700 15px/1 var(--font-display);
      }
      :host([size='small']) {
        inline-size: 26px;
        block-size: 30px;
        font-size: 12px;
      }
      :host([size='large']) {
        inline-size: 56px;
        block-size: 64px;
        font-size: 24px;
      }
      .arch {
        display: grid;
        place-items: center;
        inline-size: 100%;
        block-size: 100%;
        /* The arch's middle is below the box's. */
        padding-block-start: 12%;
        border-radius: var(--r-arch);
        color: var(--on-portrait);
        user-select: none;
      }
      .colour-1 {
        background: var(--portrait-1);
      }
      .colour-2 {
        background: var(--portrait-2);
      }
      .colour-3 {
        background: var(--portrait-3);
      }
      .colour-4 {
        background: var(--portrait-4);
      }
      .colour-5 {
        background: var(--portrait-5);
      }
      .colour-6 {
        background: var(--portrait-6);
      }
      .colour-7 {
        background: var(--portrait-7);
      }
      :host([guest]) .arch {
        outline: 1.5px dashed var(--edge);
        outline-offset: -1.5px;
        background: none;
        color: var(--ink-2);
      }
      i {
        position: absolute;
        inset-block-end: -1px;
        inset-inline-end: -3px;
        inline-size: 9px;
        block-size: 9px;
        border-radius: 50%;
        box-shadow: 0 0 0 2px var(--portrait-ground, var(--paper));
      }
      .here {
        background: var(--here);
      }
      .away {
        border: 2px solid var(--away);
        background: var(--portrait-ground, var(--paper));
      }
      @media (forced-colors: active) {
        .arch,
        i {
          forced-color-adjust: none;
        }
      }
    `,
  ];
}

/** The first letter as a reader sees it: accents and joined letters stay whole. */
function initial(name: string): string {
  const [first = '·'] = lettersOf(name.trim().replace(/^[@._-]+/, ''));
  return first.toLocaleUpperCase();
}

declare global {
  interface HTMLElementTagNameMap {
    'member-portrait': MemberPortrait;
  }
}
