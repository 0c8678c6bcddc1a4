/** Yes, in a `<confirm-dialog>`. */
export class ConfirmedEvent extends Event {
  constructor() {
    super('confirmed', { bubbles: true, composed: true });
  }
}

/** A dialog wants to be gone: its close button, Esc or a press beside it. */
export class DismissedEvent extends Event {
  constructor() {
    super('dismissed', { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    confirmed: ConfirmedEvent;
    dismissed: DismissedEvent;
  }
}
