import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Asks again and again while its element is on the page and wants it, one question at a time. */
export class Poll implements ReactiveController {
  readonly #wanted: () => boolean;
  readonly #ask: () => Promise<void>;
  readonly #everyMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking = false;

  constructor(
    host: ReactiveControllerHost,
    { wanted, ask, everyMs }: { wanted: () => boolean; ask: () => Promise<void>; everyMs: number },
  ) {
    this.#wanted = wanted;
    this.#ask = ask;
    this.#everyMs = everyMs;
    host.addController(this);
  }

  hostUpdated(): void {
    if (!this.#wanted()) return this.#stop();
    if (this.#timer === undefined && !this.#asking) void this.#next();
  }

  hostDisconnected(): void {
    this.#stop();
  }

  async #next(): Promise<void> {
    this.#asking = true;
    await this.#ask();
    this.#asking = false;
    if (!this.#wanted()) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#wanted()) void this.#next();
    }, this.#everyMs);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
