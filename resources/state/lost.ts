import * as v from 'valibot';
import { Attachment, Id, Timestamp, type Restoration, type Seq } from '../../server/protocol/entities.ts';
import { SalonError } from '../../server/protocol/errors.ts';
import type { LogEvent } from '../../server/protocol/events.ts';
import { Observable } from './observable.ts';
import type { Keep } from './ports.ts';

const Lost = v.object({
  id: Id,
  authorId: Id,
  /** Where it stood; the host may not know that conversation any more. */
  conversationId: Id,
  /** Of a direct conversation, everybody in it; empty for the lobby. */
  memberIds: v.array(Id),
  at: Timestamp,
  body: v.string(),
  file: v.optional(Attachment),
});

/** A message that this page had from the host, and that the host has no more. */
export type LostMessage = v.InferOutput<typeof Lost>;

/** What was held of a conversation when the host turned out to have another database. */
export interface Former {
  conversationId: Id;
  memberIds: readonly Id[];
  events: readonly LogEvent[];
  /** The host has this conversation still. */
  isThere: boolean;
}

/** What is to be compared, from which moment on. */
type Unchecked = Former & { since: Timestamp };

/** Of all lineages this much is compared again around the moment of the copy: clocks may have been put back. */
const AROUND_MS = 10 * 60_000;
const PAGE = 200;
/** How long to wait for a busy host that does not say how long. In milliseconds. */
const RETRY_MS = 1_000;

type Page = (conversationId: Id, after: Seq, limit: number) => Promise<readonly LogEvent[]>;

/**
 * What the host's room lost when a copy took its place, as far as this page still has it. Nothing is taken for lost that
 * the host, asked again, has. One's own messages are kept on this computer until they are sent again or let go.
 */
export class LostMessages extends Observable {
  readonly #keep: Keep;
  readonly #place: string;
  readonly #me: Id;
  readonly #page: Page;
  #items: readonly LostMessage[] = [];
  #unchecked: Unchecked[] = [];
  #checking: Promise<void> | null = null;
  /** When the restoration took place that was read about last; null until that is known. */
  #readAbout: Timestamp | null = null;
  #restored: Restoration | null = null;
  #wasReset = false;

  /** `place` sets one member of one room apart. */
  constructor(keep: Keep, place: string, me: Id, page: Page) {
    super();
    this.#keep = keep;
    this.#place = place;
    this.#me = me;
    this.#page = page;
  }

  /** In the order of their time. */
  get items(): readonly LostMessage[] {
    return this.#items;
  }

  get mine(): readonly LostMessage[] {
    return this.#items.filter(({ authorId }) => authorId === this.#me);
  }

  /** What the member should be told: that the room was restored, or only that the host is behind what was here. */
  get notice(): { restored: Restoration | null } | null {
    const { at } = this.#restored ?? { at: 0 };
    const isNew = this.#readAbout !== null && at > this.#readAbout;
    return isNew || this.#wasReset || this.#items.length > 0 ? { restored: this.#restored } : null;
  }

  /** Takes up what an earlier page left. Whoever joined later has nothing to be told. */
  async load(joinedAt: Timestamp): Promise<void> {
    const kept = await this.#keep.all(this.#prefix);
    const found = kept.flatMap(([, value]) => {
      const item = v.safeParse(v.pipe(v.string(), v.parseJson(), Lost), value);
      return item.success ? [item.output] : [];
    });
    this.#add(found);
    const [entry] = await this.#keep.all(this.#readKey);
    this.#readAbout = Math.max(joinedAt, Number(entry?.[1] ?? 0));
    this.changed();
  }

  /** As the host told it when we came in. */
  told(restored: Restoration | null): void {
    this.#restored = restored;
  }

  /** The host has another database than the one that this was taken from. */
  compare(former: readonly Former[]): void {
    if (former.length === 0) return;
    this.#wasReset = true;
    const since = this.#comparedFrom(former);
    this.#unchecked.push(...former.map((each) => ({ ...each, since })));
    this.changed();
  }

  /**
   * From which moment on what is held is compared. Whoever heard something after the copy was made has what is older in
   * common with it; whoever did not may have missed more than one restoration, and the host tells of the last one only.
   */
  #comparedFrom(former: readonly Former[]): Timestamp {
    const from = this.#restored?.from ?? 0;
    const heardLater = former.some(({ events }) => events.some(({ at }) => at > from));
    return heardLater ? from - AROUND_MS : 0;
  }

  /** Asks the host what it still has. A connection that breaks meanwhile leaves the rest to the next one. */
  check(): Promise<void> {
    return (this.#checking ??= this.#checkAll().finally(() => {
      this.#checking = null;
    }));
  }

  async #checkAll(): Promise<void> {
    for (let next = this.#unchecked[0]; next !== undefined; next = this.#unchecked[0]) {
      try {
        const missing = await this.#missing(next);
        this.#unchecked.shift();
        this.#add(missing);
        for (const item of missing) if (item.authorId === this.#me) await this.#store(item);
      } catch (error) {
        // A host that is busy is asked again in a while.
        if (!(error instanceof SalonError) || !error.retry) return;
        await new Promise((resolve) => setTimeout(resolve, error.detail.retryMs ?? RETRY_MS));
      }
    }
  }

  /** It was sent again, and is in the outbox now. */
  async remove({ id }: LostMessage): Promise<void> {
    this.#items = this.#items.filter((item) => item.id !== id);
    this.changed();
    await this.#keep.set(this.#prefix + id, null).catch(() => undefined);
  }

  /** The member does not want to have their own words back. What others wrote stays to be read. */
  async letGo(): Promise<void> {
    const own = this.mine;
    if (own.length === this.#items.length) return this.dismiss();
    await Promise.all(own.map((item) => this.remove(item)));
  }

  /** The member has read about it: what is left is let go. */
  async dismiss(): Promise<void> {
    const own = this.mine;
    this.#items = [];
    this.#wasReset = false;
    this.#readAbout = Math.max(this.#readAbout ?? 0, this.#restored?.at ?? 0);
    this.changed();
    await this.#keep.set(this.#readKey, String(this.#readAbout)).catch(() => undefined);
    for (const item of own) await this.remove(item);
  }

  async #missing({ conversationId, memberIds, events, isThere, since }: Unchecked): Promise<LostMessage[]> {
    const posted = events.flatMap((event) =>
      event.type === 'message.posted' && event.body !== null && event.at >= since ? [event] : [],
    );
    const there = isThere ? await this.#idsThere(conversationId, posted) : new Set<Id>();
    return posted.flatMap(({ id, authorId, at, body, file }) =>
      there.has(id) || body === null
        ? []
        : [{ id, authorId, conversationId, memberIds: [...memberIds], at, body, ...(file && { file }) }],
    );
  }

  /** A message that was kept has the number that it had. */
  async #idsThere(conversationId: Id, posted: readonly { seq: Seq }[]): Promise<Set<Id>> {
    const ids = new Set<Id>();
    const last = posted.at(-1)?.seq ?? 0;
    for (let after = (posted[0]?.seq ?? 1) - 1; after < last;) {
      const events = await this.#page(conversationId, after, PAGE);
      for (const event of events) if (event.type === 'message.posted') ids.add(event.id);
      const reached = events.at(-1)?.seq;
      if (reached === undefined) return ids;
      after = reached;
    }
    return ids;
  }

  #add(items: readonly LostMessage[]): void {
    const known = new Set(this.#items.map(({ id }) => id));
    const added = items.filter(({ id }) => !known.has(id));
    this.#items = [...this.#items, ...added].toSorted((a, b) => a.at - b.at);
    this.changed();
  }

  async #store(item: LostMessage): Promise<void> {
    // It is shown all the same; only a reload would lose it.
    await this.#keep.set(this.#prefix + item.id, JSON.stringify(item)).catch(() => undefined);
  }

  get #prefix(): string {
    return `lost/${this.#place}`;
  }

  get #readKey(): string {
    return `restored/${this.#place}`;
  }
}
