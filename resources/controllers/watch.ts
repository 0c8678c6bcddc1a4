import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Observable } from '../state/observable.ts';

/** A hidden page draws no frames; what it watches goes on all the same. In milliseconds. */
const HIDDEN_MS = 250;

type Watched = Observable | null | undefined;

/**
 * Draws its element again when one of the things that it shows has changed. A burst of changes is one drawing, with the
 * next frame.
 */
export class Watch implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #shown: () => readonly Watched[];
  readonly #watched = new Map<Observable, () => void>();
  #isConnected = false;
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `shown` is asked before each drawing: a property may have brought something else. */
  constructor(host: ReactiveControllerHost, shown: () => readonly Watched[]) {
    this.#host = host;
    this.#shown = shown;
    host.addController(this);
  }

  hostConnected(): void {
    this.#isConnected = true;
    // What changed while the element was not on the page was missed.
    this.#host.requestUpdate();
  }

  hostUpdate(): void {
    // Who has left the page is drawn once more at most, and must not be held by what it watched.
    if (!this.#isConnected) return;
    const shown = new Set(this.#shown().filter((each) => each !== null && each !== undefined));
    for (const [each, undo] of this.#watched) {
      if (shown.has(each)) continue;
      undo();
      this.#watched.delete(each);
    }
    for (const each of shown) {
      if (!this.#watched.has(each)) this.#watched.set(each, each.subscribe(this.#changed));
    }
  }

  hostDisconnected(): void {
    this.#isConnected = false;
    for (const undo of this.#watched.values()) undo();
    this.#watched.clear();
    this.#stop();
  }

  readonly #changed = (): void => {
    if (this.#timer !== undefined) return;
    this.#frame = requestAnimationFrame(this.#draw);
    this.#timer = setTimeout(this.#draw, HIDDEN_MS);
  };

  readonly #draw = (): void => {
    this.#stop();
    this.#host.requestUpdate();
  };

  #stop(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
