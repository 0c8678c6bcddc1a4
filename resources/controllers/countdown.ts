import type { LitElement, ReactiveController } from 'lit';

/** Counts whole seconds down to a moment, drawing its element again each second. */
export class Countdown implements ReactiveController {
  readonly #host: LitElement;
  readonly #until: () => number | null;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(host: LitElement, until: () => number | null) {
    this.#host = host;
    this.#until = until;
    host.addController(this);
  }

  /** What is left; 0 when there is nothing to wait for. */
  get seconds(): number {
    const until = this.#until();
    return until === null ? 0 : Math.max(0, Math.ceil((until - Date.now()) / 1000));
  }

  hostUpdated(): void {
    if (this.seconds > 0) {
      this.#timer ??= setInterval(() => this.#host.requestUpdate(), 1000);
    } else {
      this.#stop();
    }
  }

  hostDisconnected(): void {
    this.#stop();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
