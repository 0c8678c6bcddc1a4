import { ulid } from 'ulid';
import * as v from 'valibot';
import { ConnectionLost } from '../../server/client/connection.ts';
import type { InputOf, ResultOf } from '../../server/protocol/commands.ts';
import { Id, Timestamp } from '../../server/protocol/entities.ts';
import { SalonError, type RefusalCode } from '../../server/protocol/errors.ts';
import { Observable } from './observable.ts';
import type { Keep } from './ports.ts';

const Kept = v.object({
  id: Id,
  conversationId: v.nullable(Id),
  to: v.nullable(v.array(Id)),
  body: v.string(),
  createdAt: Timestamp,
});

/** A message that this computer still has to bring to the host. */
export interface Pending extends v.InferOutput<typeof Kept> {
  /** `failed` is final: the host refused it for good, and its author decides. */
  state: 'waiting' | 'failed';
  refusal: RefusalCode | null;
}

export type Post = (input: InputOf<'message.post'>) => Promise<ResultOf<'message.post'>>;

/**
 * What was written and is not yet on the host's disk. Each message is kept here under its id before it is first sent,
 * and sent again until it is answered; the host knows the id, so twice is once. One conversation's messages go in order,
 * one at a time; another's do not wait for them.
 */
export class Outbox extends Observable {
  readonly #keep: Keep;
  readonly #prefix: string;
  readonly #now: () => number;
  #pending: Pending[] = [];
  #post: Post | null = null;
  readonly #sending = new Set<string>();

  /** `prefix` sets one member of one room apart. */
  constructor(keep: Keep, prefix: string, now: () => number = Date.now) {
    super();
    this.#keep = keep;
    this.#prefix = prefix;
    this.#now = now;
  }

  get pending(): readonly Pending[] {
    return this.#pending;
  }

  /** Takes up what an earlier page or start of the app left behind. */
  async load(): Promise<void> {
    const kept = await this.#keep.all(this.#prefix);
    const known = new Set(this.#pending.map(({ id }) => id));
    const found = kept.flatMap(([, value]): Pending[] => {
      const item = v.safeParse(Kept, parse(value));
      return item.success && !known.has(item.output.id)
        ? [{ ...item.output, state: 'waiting', refusal: null }]
        : [];
    });
    // Ids made by one computer sort in the order they were made.
    this.#pending = [...found, ...this.#pending].toSorted((a, b) => (a.id < b.id ? -1 : 1));
    this.changed();
    this.#sendAll();
  }

  /** The way to the host is open, or with null closed. */
  connect(post: Post | null): void {
    this.#post = post;
    this.#sendAll();
  }

  async add(target: { conversationId: Id } | { to: Id[] }, body: string): Promise<void> {
    const item: Pending = {
      id: ulid(),
      conversationId: 'conversationId' in target ? target.conversationId : null,
      to: 'to' in target ? target.to : null,
      body,
      createdAt: this.#now(),
      state: 'waiting',
      refusal: null,
    };
    this.#pending = [...this.#pending, item];
    this.changed();
    await this.#store(item);
    void this.#send(lane(item));
  }

  /** Sends a failed message again, as a new one. */
  async retry(id: Id): Promise<void> {
    const item = this.#pending.find((each) => each.id === id);
    if (item === undefined) return;
    await this.remove(id);
    await this.add(
      item.conversationId === null ? { to: item.to ?? [] } : { conversationId: item.conversationId },
      item.body,
    );
  }

  /** Gives up a message. Its text is returned, so that it can go back into the box. */
  async remove(id: Id): Promise<string | null> {
    const item = this.#pending.find((each) => each.id === id);
    if (item === undefined) return null;
    this.#pending = this.#pending.filter((each) => each.id !== id);
    this.changed();
    await this.#keep.set(this.#prefix + id, null);
    return item.body;
  }

  #sendAll(): void {
    for (const name of new Set(this.#pending.map(lane))) void this.#send(name);
  }

  /** Sends one conversation's messages, oldest first, until there is none or the way is closed. */
  async #send(name: string): Promise<void> {
    if (this.#sending.has(name)) return;
    this.#sending.add(name);
    try {
      for (;;) {
        const item = this.#pending.find((each) => lane(each) === name && each.state === 'waiting');
        if (item === undefined || this.#post === null) return;
        await this.#sendOne(item, this.#post);
      }
    } finally {
      this.#sending.delete(name);
    }
  }

  async #sendOne(item: Pending, post: Post): Promise<void> {
    try {
      await post({
        id: item.id,
        body: item.body,
        ...(item.conversationId === null ? { to: item.to ?? [] } : { conversationId: item.conversationId }),
      });
      await this.remove(item.id);
    } catch (error) {
      if (error instanceof ConnectionLost) {
        // The next connection sends it again; until then this one must not be tried in a loop.
        if (this.#post === post) this.#post = null;
      } else if (error instanceof SalonError && error.retry) {
        await new Promise((resolve) => setTimeout(resolve, error.detail.retryMs ?? 1_000));
      } else {
        this.#fail(item.id, error instanceof SalonError ? error.code : 'INTERNAL');
      }
    }
  }

  #fail(id: Id, refusal: RefusalCode): void {
    this.#pending = this.#pending.map((item) =>
      item.id === id ? { ...item, state: 'failed', refusal } : item,
    );
    this.changed();
  }

  #store({ id, conversationId, to, body, createdAt }: Pending): Promise<void> {
    return this.#keep.set(this.#prefix + id, JSON.stringify({ id, conversationId, to, body, createdAt }));
  }
}

/** Messages of one lane go in order. */
function lane({ conversationId, to }: Pending): string {
  return conversationId ?? (to ?? []).toSorted().join(' ');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
