import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { ToastActionEvent, ToastGoneEvent } from '../events/toasts.ts';
import { LocaleController, t } from '../locales/locale.ts';
import { base } from '../styles/base.ts';
import { buttons } from '../styles/controls.ts';
import './salon-icon.ts';

/** A short notice. `id` tells it apart; the same id shown again starts its time anew. */
export interface Toast {
  id: string;
  text: string;
  /** `loss` is shown until it is closed. */
  tone?: 'plain' | 'good' | 'loss';
  /** A file that this is about: on a line of its own, which breaks between folders. */
  path?: string;
  /** The label of its button. */
  action?: string;
}

const SHOWN_MS = 6000;

/**
 * Short notices at the foot of the window, read out politely. Their time stands still while a pointer or the focus is
 * on them.
 *
 * @fires {ToastActionEvent} toast-action
 * @fires {ToastGoneEvent} toast-gone - Take it out of `toasts`.
 */
@customElement('salon-toasts')
export class SalonToasts extends LitElement {
  @property({ attribute: false }) toasts: readonly Toast[] = [];
  /** At the window's foot; they stand above it, however high it grows. */
  @property({ attribute: false }) foot: HTMLElement | null = null;

  protected readonly locale = new LocaleController(this);
  readonly #resized = new ResizeObserver(() => {
    this.style.setProperty('--foot-height', `${this.foot?.offsetHeight ?? 0}px`);
  });
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #held = false;

  constructor() {
    super();
    this.addController({ hostDisconnected: () => this.#stop() });
  }

  override updated(changed: PropertyValues<this>) {
    if (changed.has('foot')) this.#follow();
    if (!changed.has('toasts')) return;
    if (this.toasts.length > 0) this.#raise();
    this.#start();
  }

  #follow() {
    this.#resized.disconnect();
    if (this.foot === null) this.style.removeProperty('--foot-height');
    else this.#resized.observe(this.foot);
  }

  /** Above an open dialog too: what was shown last is on top. An engine without popovers shows it below. */
  #raise() {
    if (!('popover' in this)) return;
    this.popover = 'manual';
    if (this.matches(':popover-open')) this.hidePopover();
    this.showPopover();
  }

  override render() {
    // The region is always there: one that comes together with its first text is not read out.
    return html`<section
      aria-label=${t().common.notices}
      @pointerenter=${this.#hold}
      @pointerleave=${this.#release}
      @focusin=${this.#hold}
      @focusout=${this.#release}
    >
      <div role="status" aria-atomic="false">
        <ul>
          ${repeat(
            this.toasts,
            ({ id }) => id,
            (toast) => this.#toast(toast),
          )}
        </ul>
      </div>
    </section>`;
  }

  #toast({ id, text, tone = 'plain', path, action }: Toast) {
    return html`<li class=${tone}>
      ${
        tone === 'plain'
          ? nothing
          : html`<salon-icon name=${tone === 'good' ? 'check' : 'alert'}></salon-icon>`
      }
      <div class="words">
        <p dir="auto">${text}</p>
        ${path === undefined ? nothing : html`<p class="path" dir="ltr">${folders(path)}</p>`}
      </div>
      ${
        action === undefined
          ? nothing
          : html`<button class="link-button" type="button" @click=${() => this.#act(id)}>${action}</button>`
      }
      <button
        class="icon-button"
        type="button"
        aria-label=${t().common.dismissNotice}
        @click=${() => this.#gone(id)}
      >
        <salon-icon name="x"></salon-icon>
      </button>
    </li>`;
  }

  #act(id: string) {
    this.dispatchEvent(new ToastActionEvent(id));
    this.#gone(id);
  }

  #gone(id: string) {
    this.#forget(id);
    this.dispatchEvent(new ToastGoneEvent(id));
  }

  #hold() {
    this.#held = true;
    this.#stop();
  }

  #release() {
    this.#held = false;
    this.#start();
  }

  #start() {
    const shown = new Set(this.toasts.map(({ id }) => id));
    for (const id of this.#timers.keys()) if (!shown.has(id)) this.#forget(id);
    if (this.#held) return;
    for (const { id, tone } of this.toasts) {
      if (tone === 'loss' || this.#timers.has(id)) continue;
      this.#timers.set(
        id,
        setTimeout(() => this.#gone(id), SHOWN_MS),
      );
    }
  }

  #stop() {
    for (const id of this.#timers.keys()) this.#forget(id);
  }

  #forget(id: string) {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        position: fixed;
        z-index: 10;
        inset-block-end: max(
          var(--s5),
          env(safe-area-inset-bottom),
          calc(var(--foot-height, 0px) + var(--s3))
        );
        inset-block-start: auto;
        inset-inline: var(--s4);
        display: block;
        inline-size: auto;
        margin: 0;
        padding: 0;
        overflow: visible;
        border: 0;
        background: none;
        color: inherit;
        pointer-events: none;
      }
      section {
        display: grid;
        justify-items: center;
      }
      ul {
        display: grid;
        gap: var(--s2);
        justify-items: center;
      }
      li {
        display: flex;
        gap: var(--s3);
        align-items: center;
        max-inline-size: min(560px, 100%);
        min-block-size: 44px;
        padding-block: 2px;
        padding-inline: var(--s4) 4px;
        border-radius: var(--r-l);
        background: var(--ink);
        color: var(--paper);
        box-shadow: var(--shadow-2);
        pointer-events: auto;
        animation: toast-comes var(--menu) var(--ease);
      }
      .words {
        min-inline-size: 0;
        padding-block: var(--s2);
        line-height: 1.35;
        overflow-wrap: anywhere;
      }
      .path {
        margin-block-start: 2px;
        font-size: var(--t-small);
        opacity: 0.8;
      }
      /* Beside the first line of what is long. */
      li:has(.path) {
        align-items: start;
      }
      li:has(.path) > salon-icon {
        margin-block-start: 11px;
      }
      li .icon-button {
        color: inherit;
        opacity: 0.75;
      }
      li .icon-button:hover {
        background: none;
        color: inherit;
        opacity: 1;
      }
      li .link-button {
        flex: none;
        color: var(--link-on-ink);
      }
      li :focus-visible {
        outline-color: var(--link-on-ink);
      }
      li > salon-icon {
        color: var(--link-on-ink);
      }
      @keyframes toast-comes {
        from {
          opacity: 0;
          transform: translateY(8px);
        }
      }
      @media (forced-colors: active) {
        li {
          border: 2px solid CanvasText;
        }
      }
    `,
  ];
}

/** A line may end behind each folder, rather than in the middle of a name. */
function folders(path: string) {
  return path.split(/(?<=[\\/])/).map((folder) => html`${folder}<wbr />`);
}

declare global {
  interface HTMLElementTagNameMap {
    'salon-toasts': SalonToasts;
  }
}
