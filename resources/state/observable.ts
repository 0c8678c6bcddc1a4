/** Something that can be watched. Changes made in one turn are told once. */
export class Observable {
  readonly #listeners = new Set<() => void>();
  #scheduled = false;

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
}
