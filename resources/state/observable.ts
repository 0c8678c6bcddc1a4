/** So often those who watch are told of what changes all the time. In milliseconds. */
const NOW_AND_THEN_MS = 120;

/** Something that can be watched. Changes made in one turn are told once. */
export class Observable {
  readonly #listeners = new Set<() => void>();
  #scheduled = false;
  #toldAt = -Infinity;

  /** The answer undoes it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      for (const listener of this.#listeners) listener();
    });
  }

  /** For what changes a hundred times a second, and looks the same to a person. The last of it needs a `changed`. */
  changedAgain(): void {
    const now = performance.now();
    if (now - this.#toldAt < NOW_AND_THEN_MS) return;
    this.#toldAt = now;
    this.changed();
  }
}
