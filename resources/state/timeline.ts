import type { Seq } from '../../server/protocol/entities.ts';
import type { LogEvent } from '../../server/protocol/events.ts';

/** Never more than this is held; what is let go at the far end is loaded again when somebody scrolls there. */
const WINDOW_EVENTS = 2_000;
/** So many are let go at a time: with each, everything that is drawn is laid anew. */
const LET_GO = 200;

/**
 * The part of a conversation's log that is held here: a window without holes. It need not reach either end of the
 * conversation; whoever scrolls towards an end loads on.
 */
export class Timeline {
  #events: LogEvent[] = [];
  /** Messages whose text is gone. A page that was read before that may still bring it. */
  readonly #withdrawn = new Set<Seq>();

  /** As long as it is the same array, events have only been added at its end: whoever has seen some need not look again. */
  get events(): readonly LogEvent[] {
    return this.#events;
  }

  /** The next event would push out the first. */
  get isFull(): boolean {
    return this.#events.length >= WINDOW_EVENTS;
  }

  get isEmpty(): boolean {
    return this.#events.length === 0;
  }

  /** Number of the first event held; 0 when none is. */
  get first(): Seq {
    return this.#events[0]?.seq ?? 0;
  }

  get last(): Seq {
    return this.#events.at(-1)?.seq ?? 0;
  }

  has(seq: Seq): boolean {
    return !this.isEmpty && seq >= this.first && seq <= this.last;
  }

  at(seq: Seq): LogEvent | undefined {
    return this.#events[seq - this.first];
  }

  /** Starts anew with this part of the log. */
  replace(events: readonly LogEvent[]): void {
    this.#events = [];
    this.append(events);
  }

  /** Takes what follows without a hole; anything else is left out. */
  append(events: readonly LogEvent[]): void {
    for (const event of events) {
      if (this.isEmpty || event.seq === this.last + 1) this.#events.push(this.#asItIs(event));
      if (event.type === 'message.withdrawn') this.erase(event.messageSeq);
    }
    if (this.#events.length > WINDOW_EVENTS) this.#events = this.#events.slice(LET_GO - WINDOW_EVENTS);
  }

  /** Takes what comes before, in order and without a hole; anything else is left out. */
  prepend(events: readonly LogEvent[]): void {
    const earlier = events.filter(({ seq }) => seq < this.first);
    if (this.isEmpty || earlier.at(-1)?.seq !== this.first - 1) return;
    const all = [...earlier.map((event) => this.#asItIs(event)), ...this.#events];
    this.#events = all.length > WINDOW_EVENTS ? all.slice(0, WINDOW_EVENTS - LET_GO) : all;
  }

  clear(): void {
    this.#events = [];
    this.#withdrawn.clear();
  }

  /** The message's text is gone from the host; here it goes too, also where it is still on its way. */
  erase(seq: Seq): void {
    this.#withdrawn.add(seq);
    const index = seq - this.first;
    const event = this.#events[index];
    // Another array: whoever has seen the former one must look again.
    if (event !== undefined) this.#events = this.#events.with(index, this.#asItIs(event));
  }

  #asItIs(event: LogEvent): LogEvent {
    if (event.type !== 'message.posted' || !this.#withdrawn.has(event.seq)) return event;
    const { file: _, ...rest } = event;
    return { ...rest, body: null };
  }
}
