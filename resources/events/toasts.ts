/** The button of a notice was pressed. */
export class ToastActionEvent extends Event {
  readonly id: string;

  constructor(id: string) {
    super('toast-action', { bubbles: true, composed: true });
    this.id = id;
  }
}

/** A notice has been shown for long enough, or was closed: take it out of the list. */
export class ToastGoneEvent extends Event {
  readonly id: string;

  constructor(id: string) {
    super('toast-gone', { bubbles: true, composed: true });
    this.id = id;
  }
}

declare global {
  interface HTMLElementEventMap {
    'toast-action': ToastActionEvent;
    'toast-gone': ToastGoneEvent;
  }
}
