import { LitElement, type ReactiveController } from 'lit';

interface ModalOptions {
  /** Whether it should be open now: the element's own property. */
  open: () => boolean;
  /** Somebody wants it closed: Esc, or a press beside it. Close it by the property, ask first, or do nothing. */
  wantsClose: () => void;
  /** Whether a press beside it asks to close it too. */
  pressBeside?: () => boolean;
}

/**
 * Keeps the one `<dialog>` in an element's shadow root as modal as a property says. The browser keeps the focus inside
 * and gives it back to whoever had it.
 */
export class ModalController implements ReactiveController {
  readonly #host: LitElement;
  readonly #options: ModalOptions;
  #wired: HTMLDialogElement | null = null;

  constructor(host: LitElement, options: ModalOptions) {
    this.#host = host;
    this.#options = options;
    host.addController(this);
  }

  hostUpdated(): void {
    const dialog = this.#host.renderRoot.querySelector<HTMLDialogElement>('dialog.dialog');
    if (dialog === null) return;
    if (dialog !== this.#wired) this.#wire(dialog);
    const open = this.#options.open();
    if (open && !dialog.open) void this.#show(dialog);
    if (!open && dialog.open) dialog.close();
  }

  /** Only when everything inside is drawn: the browser looks for what wants the focus at that moment. */
  async #show(dialog: HTMLDialogElement): Promise<void> {
    const inside = [...dialog.querySelectorAll('*')].filter((element) => element instanceof LitElement);
    await Promise.all(inside.map((element) => element.updateComplete));
    if (this.#options.open() && !dialog.open && dialog.isConnected) dialog.showModal();
  }

  #wire(dialog: HTMLDialogElement): void {
    this.#wired = dialog;
    dialog.addEventListener('cancel', (event) => {
      // A cancelled file choice inside bubbles up here as well.
      if (event.target !== dialog) return;
      event.preventDefault();
      this.#options.wantsClose();
    });
    dialog.addEventListener('close', () => {
      // Browsers let a second Esc through without asking. What the property says counts.
      if (this.#options.open() && dialog.isConnected) dialog.showModal();
    });
    dialog.addEventListener('pointerdown', (event) => {
      if (event.target !== dialog || this.#options.pressBeside?.() === false) return;
      const { left, right, top, bottom } = dialog.getBoundingClientRect();
      const inside =
        event.clientX >= left && event.clientX <= right && event.clientY >= top && event.clientY <= bottom;
      if (!inside) this.#options.wantsClose();
    });
  }
}
