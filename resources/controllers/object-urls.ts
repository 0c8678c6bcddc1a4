import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Addresses for what an element shows of bytes that are here, each for as long as it is shown. */
export class ObjectUrls implements ReactiveController {
  readonly #urls = new Map<Blob, string>();
  readonly #shown = new Set<Blob>();

  constructor(host: ReactiveControllerHost) {
    host.addController(this);
  }

  /** Asked while the element is drawn. */
  of(blob: Blob): string {
    const url = this.#urls.get(blob) ?? URL.createObjectURL(blob);
    this.#urls.set(blob, url);
    this.#shown.add(blob);
    return url;
  }

  hostUpdate(): void {
    this.#shown.clear();
  }

  hostUpdated(): void {
    this.#revoke((blob) => !this.#shown.has(blob));
  }

  hostDisconnected(): void {
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
