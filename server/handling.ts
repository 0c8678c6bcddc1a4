/**
 * How much is being handled, so that closing can wait for it. Counted and not kept in a set: a table that is filled and
 * emptied all the time is outgrown again and again, each old one points to the next, and so what once stood in them
 * outlives every collection of young garbage.
 */
export class Handling {
  #count = 0;
  #waiting: (() => void)[] = [];

  begin(): void {
    this.#count += 1;
  }

  end(): void {
    this.#count -= 1;
    if (this.#count === 0) for (const over of this.#waiting.splice(0)) over();
  }

  /** Ends when nothing is being handled. */
  async over(): Promise<void> {
    if (this.#count > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
