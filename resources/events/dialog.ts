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

/**
 * Show how this computer stands, and what stands between it and a room: the one that `typed` leads to, or null for the one
 * that was to be joined last. Empty for none.
 */
export class OpenDiagnosticsEvent extends Event {
  readonly typed: string | null;

  constructor(typed: string | null = null) {
    super('open-diagnostics', { bubbles: true, composed: true });
    this.typed = typed;
  }
}

declare global {
  interface HTMLElementEventMap {
    confirmed: ConfirmedEvent;
    dismissed: DismissedEvent;
    'open-diagnostics': OpenDiagnosticsEvent;
  }
}
