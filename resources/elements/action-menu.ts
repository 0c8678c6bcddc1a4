import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { IconName } from '../icons/icons.ts';
import { base } from '../styles/base.ts';
import './salon-icon.ts';

export interface MenuAction {
  label: string;
  icon: IconName;
  /** Something ends or is lost. */
  isLoss?: boolean;
  act: () => void;
}

const GAP = 4;
const EDGE = 8;

/**
 * A button with a menu: opened by a press or the arrows, walked through with the arrows, closed by Esc, Tab or a press
 * elsewhere. The focus goes back to the button before something is done, so that a dialog can return it there.
 *
 * @slot - What stands on the button.
 * @csspart button
 */
@customElement('action-menu')
export class ActionMenu extends LitElement {
  /** The button's name, and the menu's. */
  @property() label = '';
  /** What stands on the button names it; `label` is only the menu's. */
  @property({ type: Boolean, attribute: 'named-by-content' }) namedByContent = false;
  @property({ attribute: false }) actions: readonly MenuAction[] = [];

  @state() private open = false;

  @query('.opener') private readonly opener!: HTMLButtonElement;
  @query('.menu') private readonly menu!: HTMLElement | null;

  constructor() {
    super();
    this.addController({
      hostConnected: () => window.addEventListener('resize', this.#close),
      hostDisconnected: () => {
        window.removeEventListener('resize', this.#close);
        this.#close();
      },
    });
  }

  override focus(options?: FocusOptions): void {
    this.opener.focus(options);
  }

  override updated() {
    if (this.open) this.#place();
  }

  override render() {
    return html`<button
        class="opener"
        part="button"
        type="button"
        aria-label=${this.namedByContent ? nothing : this.label}
        aria-haspopup="menu"
        aria-expanded=${this.open ? 'true' : 'false'}
        aria-controls=${this.open ? 'menu' : nothing}
        @click=${this.#toggle}
        @keydown=${this.#pressedOnButton}
      >
        <slot></slot>
      </button>
      ${
        this.open
          ? html`<div
              class="menu"
              id="menu"
              role="menu"
              aria-label=${this.label}
              @keydown=${this.#pressedInMenu}
            >
              ${this.actions.map(
                (action) =>
                  html`<button
                    class=${action.isLoss === true ? 'loss' : ''}
                    type="button"
                    role="menuitem"
                    tabindex="-1"
                    @click=${() => this.#do(action)}
                  >
                    <salon-icon name=${action.icon}></salon-icon>${action.label}
                  </button>`,
              )}
            </div>`
          : nothing
      }`;
  }

  get #items(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('[role=menuitem]')];
  }

  #toggle() {
    if (this.open) this.#close();
    else void this.#show(0);
  }

  async #show(focused: number) {
    this.open = true;
    document.addEventListener('pointerdown', this.#pressedElsewhere, true);
    document.addEventListener('scroll', this.#scrolled, true);
    await this.updateComplete;
    this.#items.at(focused)?.focus();
  }

  readonly #close = () => {
    document.removeEventListener('pointerdown', this.#pressedElsewhere, true);
    document.removeEventListener('scroll', this.#scrolled, true);
    this.open = false;
  };

  readonly #pressedElsewhere = (event: Event) => {
    if (!event.composedPath().includes(this)) this.#close();
  };

  /** What it hangs on has moved away. */
  readonly #scrolled = (event: Event) => {
    if (event.target instanceof Node && event.target.contains(this)) this.#close();
  };

  #do({ act }: MenuAction) {
    this.#close();
    this.opener.focus();
    act();
  }

  #pressedOnButton(event: KeyboardEvent) {
    if ((event.key !== 'ArrowDown' && event.key !== 'ArrowUp') || event.altKey || event.ctrlKey) return;
    event.preventDefault();
    void this.#show(event.key === 'ArrowDown' ? 0 : -1);
  }

  #pressedInMenu(event: KeyboardEvent) {
    const items = this.#items;
    const at = items.indexOf(event.target as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) items.at(to % items.length)?.focus();
    else if (event.key === 'Tab') return this.#close();
    else if (event.key === 'Escape') {
      this.#close();
      this.opener.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Below the button and flush with its end; above it, or flush with its start, where there is no room. */
  #place() {
    const { menu } = this;
    if (menu === null) return;
    const button = this.opener.getBoundingClientRect();
    const { width, height } = menu.getBoundingClientRect();
    const isRtl = getComputedStyle(this).direction === 'rtl';
    const below = button.bottom + GAP;
    const top = below + height > innerHeight - EDGE ? Math.max(EDGE, button.top - GAP - height) : below;
    const left = isRtl ? button.left : button.right - width;
    menu.style.top = `${top}px`;
    menu.style.left = `${Math.max(EDGE, Math.min(left, innerWidth - EDGE - width))}px`;
  }

  static override styles = [
    base,
    css`
      :host {
        display: inline-block;
      }
      .opener {
        display: inline-grid;
        place-items: center;
        min-inline-size: var(--target);
        min-block-size: var(--target);
        padding: 0;
        border: 0;
        border-radius: var(--r-m);
        background: none;
        color: var(--ink-2);
      }
      .opener:hover,
      .opener[aria-expanded='true'] {
        background: var(--paper-3);
        color: var(--ink);
      }
      .menu {
        position: fixed;
        z-index: 20;
        display: grid;
        min-inline-size: 200px;
        max-inline-size: calc(100vw - 16px);
        padding: 5px;
        border: 1px solid var(--line-2);
        border-radius: 12px;
        background: var(--paper);
        color: var(--ink);
        box-shadow: var(--shadow-2);
        font: 400 var(--t-body) / 1.4 var(--font-text);
        animation: menu-comes var(--menu) var(--ease);
      }
      .menu button {
        display: flex;
        gap: 10px;
        align-items: center;
        min-block-size: var(--control);
        padding: 4px 14px 4px 10px;
        border: 0;
        border-radius: 8px;
        background: none;
        text-align: start;
      }
      .menu button:hover,
      .menu button:focus {
        background: var(--paper-3);
      }
      .menu salon-icon {
        color: var(--ink-2);
      }
      .menu .loss,
      .menu .loss salon-icon {
        color: var(--grenadine);
      }
      @keyframes menu-comes {
        from {
          opacity: 0;
          transform: translateY(-4px);
        }
      }
      @media (forced-colors: active) {
        .opener {
          border: 1px solid ButtonText;
        }
        .menu button:focus {
          outline: 2px solid Highlight;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'action-menu': ActionMenu;
  }
}
