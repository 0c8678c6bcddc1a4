import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Addresses for what an element shows of bytes that are here, each for as long as it is shown. */
export class ObjectUrls implements ReactiveController {
  readonly #urls = new Map<Blob, string>();
  readonly #shown = new Set<Blob>();
  readonly #host: ReactiveControllerHost;
  #isConnected = false;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /** Asked while the element is drawn. Empty for one that has left the page. */
  of(blob: Blob): string {
    if (!this.#isConnected) return '';
    const url = this.#urls.get(blob) ?? URL.createObjectURL(blob);
    this.#urls.set(blob, url);
    this.#shown.add(blob);
    return url;
  }

  hostConnected(): void {
    this.#isConnected = true;
    this.#host.requestUpdate();
  }

  hostUpdate(): void {
    this.#shown.clear();
  }

  hostUpdated(): void {
    this.#revoke((blob) => !this.#shown.has(blob));
  }

  hostDisconnected(): void {
    this.#isConnected = false;
    this.#revoke(() => true);
  }

  #revoke(isOver: (blob: Blob) => boolean): void {
    for (const [blob, url] of this.#urls) {
      if (!isOver(blob)) continue;
      URL.revokeObjectURL(url);
      this.#urls.delete(blob);
    }
  }
}
