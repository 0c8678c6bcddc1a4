import type { Keep } from './ports.ts';

const KEPT_AFTER_MS = 250;
/** More than this can never be sent, and would be refused by whoever keeps it. */
const CHARACTERS = 150_000;

/** What was typed and not sent yet, kept while it grows; by the name of its conversation. */
export class Drafts {
  readonly #keep: Keep;
  readonly #prefix: string;
  readonly #growing = new Map<string, { keep: () => void; timer: ReturnType<typeof setTimeout> }>();

  /** `prefix` sets one member of one room apart. */
  constructor(keep: Keep, prefix: string) {
    this.#keep = keep;
    this.#prefix = prefix;
  }

  /** What an earlier page left. */
  async all(): Promise<[name: string, text: string][]> {
    const kept = await this.#keep.all(this.#prefix);
    return kept.map(([key, text]) => [key.slice(this.#prefix.length), text]);
  }

  /** It has changed. It is read again when it is kept, in a moment. */
  changed(name: string, read: () => string): void {
    clearTimeout(this.#growing.get(name)?.timer);
    const keep = () => {
      this.#growing.delete(name);
      const text = read().slice(0, CHARACTERS);
      void this.#set(name, text === '' ? null : text);
    };
    // What was sent must not come back as a draft.
    if (read() === '') keep();
    else this.#growing.set(name, { keep, timer: setTimeout(keep, KEPT_AFTER_MS) });
  }

  isGrowing(name: string): boolean {
    return this.#growing.has(name);
  }

  /** It is kept by another name from now on. */
  async forget(name: string): Promise<void> {
    clearTimeout(this.#growing.get(name)?.timer);
    this.#growing.delete(name);
    await this.#set(name, null);
  }

  /** Keeps at once what would be kept in a moment: the page may be about to go. */
  keepNow(): void {
    for (const { keep, timer } of this.#growing.values()) {
      clearTimeout(timer);
      keep();
    }
  }

  /** A draft that cannot be kept is still in the box. */
  async #set(name: string, text: string | null): Promise<void> {
    await this.#keep.set(this.#prefix + name, text).catch(() => undefined);
  }
}
