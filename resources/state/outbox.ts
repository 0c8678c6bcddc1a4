import { decodeTime, monotonicFactory } from 'ulid';
import * as v from 'valibot';
import { ConnectionLost } from '../../server/client/connection.ts';
import type { InputOf, ResultOf } from '../../server/protocol/commands.ts';
import { Attachment, Id, Timestamp } from '../../server/protocol/entities.ts';
import { isRefusalCode, SalonError, type RefusalCode } from '../../server/protocol/errors.ts';
import { KeepMark } from './keep-mark.ts';
import { Observable } from './observable.ts';
import type { Keep } from './ports.ts';

/** The last time that an id can hold, in milliseconds since 1970. */
const LAST_TIME = 2 ** 48 - 1;

const Kept = v.object({
  id: Id,
  conversationId: v.nullable(Id),
  to: v.nullable(v.array(Id)),
  /** Messages of one lane go in order: one conversation's, whether it had begun when they were written or not. */
  lane: v.string(),
  body: v.string(),
  /** The host has it already. */
  file: v.optional(Attachment),
  createdAt: Timestamp,
  /** `failed` is final: the host refused it for good, and its author decides. */
  state: v.picklist(['waiting', 'failed']),
  refusal: v.nullable(v.custom<RefusalCode>((code) => typeof code === 'string' && isRefusalCode(code))),
});

/** A message that this computer still has to bring to the host. */
export interface Pending extends v.InferOutput<typeof Kept> {
  /** This computer could not keep it: it is gone if the page is. */
  unkept?: boolean;
  /** Its file is still on its way: how many bytes of it the host has. It is no message of the outbox yet. */
  arrived?: number;
}

/** Where a message goes, and in which lane. */
export type Target = ({ conversationId: Id } | { to: Id[] }) & { lane: string };

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
  readonly #mark: KeepMark;
  /** Ids that sort in the order in which they were made, also while the clock is set back. */
  readonly #newId = monotonicFactory();
  #pending: Pending[] = [];
  /** How many kept messages could not be read and were put aside. */
  unreadable = 0;
  #post: Post | null = null;
  readonly #sending = new Set<string>();
  readonly #storing = new Map<Id, Promise<void>>();
  #keeping: Promise<void> = Promise.resolve();
  /** The last of those who wait because the host told them to slow down. */
  #turns: Promise<void> = Promise.resolve();

  /** `prefix` sets one member of one room apart. */
  constructor(keep: Keep, prefix: string, now: () => number = Date.now) {
    super();
    this.#keep = keep;
    this.#prefix = prefix;
    this.#now = now;
    this.#mark = new KeepMark(keep, `mark/${prefix}`);
  }

  get pending(): readonly Pending[] {
    return this.#pending;
  }

  /** Takes up what an earlier page or start of the app left behind. */
  async load(): Promise<void> {
    const kept = await this.#keep.all(this.#prefix);
    await this.#mark.renew();
    const known = new Set(this.#pending.map(({ id }) => id));
    const damaged: [string, string][] = [];
    const found = kept.flatMap(([key, value]): Pending[] => {
      const item = v.safeParse(Kept, parse(value));
      if (!item.success) damaged.push([key, value]);
      return item.success && !known.has(item.output.id) ? [item.output] : [];
    });
    this.unreadable = damaged.length;
    for (const [key, value] of damaged) await this.#putAside(key, value);
    // Ids made by one computer sort in the order they were made.
    this.#pending = [...found, ...this.#pending].toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const last = this.#pending.at(-1);
    // What is written from now on comes after what was left behind, whatever the clock says by now.
    if (last !== undefined) this.#newId(Math.min(decodeTime(last.id) + 1, LAST_TIME));
    this.changed();
    this.#sendAll();
  }

  /** The way to the host is open, or with null closed. */
  connect(post: Post | null): void {
    this.#post = post;
    void this.#keepAgain();
    this.#sendAll();
  }

  /** For a message that is not here yet. */
  makeId(): Id {
    return this.#newId();
  }

  /** `id` is the one it has already, if the host may know the message. */
  async add(target: Target, body: string, id: Id = this.#newId(), file?: Attachment): Promise<void> {
    if (this.#pending.some((each) => each.id === id)) return;
    const item: Pending = {
      id,
      conversationId: 'conversationId' in target ? target.conversationId : null,
      to: 'to' in target ? target.to : null,
      lane: target.lane,
      body,
      ...(file && { file }),
      createdAt: this.#now(),
      state: 'waiting',
      refusal: null,
    };
    this.#pending = [...this.#pending, item];
    this.changed();
    await this.#store(item);
    void this.#send(item.lane);
    void this.#keepAgain();
  }

  /** Sends a failed message again, as a new one at the end of its lane. */
  async retry(id: Id): Promise<void> {
    const item = this.#pending.find((each) => each.id === id);
    if (item === undefined) return;
    const { conversationId, to, lane, body, file } = item;
    const target: Target = conversationId === null ? { to: to ?? [], lane } : { conversationId, lane };
    // The new one first: whatever happens in between, the words are in one of the two.
    await this.add(target, body, this.#newId(), file);
    await this.remove(id);
  }

  /** The same message goes elsewhere: what it was written for is not there any more. It keeps its id, for it is to arrive once. */
  async retarget(id: Id, target: Target): Promise<void> {
    const item = this.#pending.find((each) => each.id === id);
    if (item === undefined) return;
    const moved: Pending = {
      ...item,
      conversationId: 'conversationId' in target ? target.conversationId : null,
      to: 'to' in target ? target.to : null,
      lane: target.lane,
    };
    this.#pending = this.#pending.map((each) => (each.id === id ? moved : each));
    this.changed();
    await this.#store(moved);
    void this.#send(moved.lane);
  }

  /** Gives up a message. Its text is returned, so that it can go back into the box. */
  async remove(id: Id): Promise<string | null> {
    const item = this.#pending.find((each) => each.id === id);
    if (item === undefined) return null;
    this.#pending = this.#pending.filter((each) => each.id !== id);
    this.changed();
    try {
      await this.#keep.set(this.#prefix + id, null);
    } catch {
      // It may come back with the next page; the host knows its id, and takes it once.
    }
    return item.body;
  }

  /** Under another key, first: whatever happens in between, it is under one of the two. */
  async #putAside(key: string, value: string): Promise<void> {
    try {
      await this.#keep.set(`damaged/${key}`, value);
      await this.#keep.set(key, null);
    } catch {
      // It is found again next time.
    }
  }

  #sendAll(): void {
    for (const name of new Set(this.#pending.map(({ lane }) => lane))) void this.#send(name);
  }

  /** Sends one conversation's messages, oldest first, until there is none or the way is closed. */
  async #send(name: string): Promise<void> {
    if (this.#sending.has(name)) return;
    this.#sending.add(name);
    try {
      for (;;) {
        const item = this.#pending.find(({ lane, state }) => lane === name && state === 'waiting');
        if (item === undefined || this.#post === null) return;
        await this.#sendOne(item, this.#post);
      }
    } finally {
      this.#sending.delete(name);
    }
  }

  async #sendOne(item: Pending, post: Post): Promise<void> {
    // Kept before it is first sent: whatever happens, it is here or there.
    await this.#storing.get(item.id);
    if (await this.#isGone(item)) {
      this.#pending = this.#pending.filter(({ id }) => id !== item.id);
      return this.changed();
    }
    try {
      const { id, body, conversationId, to, file } = item;
      await post({
        id,
        body,
        ...(file && { file: { hash: file.hash, name: file.name } }),
        ...(conversationId === null ? { to: to ?? [] } : { conversationId }),
      });
    } catch (error) {
      return this.#notSent(item, error, post);
    }
    await this.remove(item.id);
  }

  /** Another window of this browser has the same outbox: what was given up or sent there is not sent from here. */
  async #isGone(item: Pending): Promise<boolean> {
    await this.#keepAgain();
    if (this.#isUnkept(item)) return false;
    try {
      return (await this.#keep.all(this.#prefix + item.id)).length === 0;
    } catch {
      return false;
    }
  }

  /**
   * What was cleared, or could not be kept before, is here as long as the page is: it is written once more. One at a
   * time: in between, what was cleared would look as if it had been given up.
   */
  #keepAgain(): Promise<void> {
    this.#keeping = this.#keeping.then(async () => {
      // Where nothing can be read now, nothing is known to be gone.
      const isCleared = await this.#mark.isCleared().catch(() => false);
      const missing = this.#pending.filter((item) => isCleared || this.#isUnkept(item));
      await Promise.all(missing.map((item) => this.#store(item)));
      if (isCleared || missing.length > 0) await this.#mark.renew();
    });
    return this.#keeping;
  }

  #isUnkept({ id }: Pending): boolean {
    return this.#pending.find((each) => each.id === id)?.unkept === true;
  }

  async #notSent(item: Pending, error: unknown, post: Post): Promise<void> {
    if (error instanceof ConnectionLost) {
      // The next connection sends it again; until then this one must not be tried in a loop.
      if (this.#post === post) this.#post = null;
    } else if (error instanceof SalonError && error.retry) {
      await this.#wait(error.detail.retryMs ?? 1_000, error.code === 'SLOW_DOWN');
    } else {
      await this.#fail(item, error instanceof SalonError ? error.code : 'INTERNAL');
    }
  }

  /** Whoever is told to slow down waits in turn: all conversations at once would only be told so again and again. */
  #wait(ms: number, inTurn: boolean): Promise<void> {
    const wait = () => new Promise<void>((resolve) => setTimeout(resolve, ms));
    if (!inTurn) return wait();
    this.#turns = this.#turns.then(wait);
    return this.#turns;
  }

  async #fail(item: Pending, refusal: RefusalCode): Promise<void> {
    const failed: Pending = { ...item, state: 'failed', refusal };
    this.#pending = this.#pending.map((each) => (each.id === item.id ? failed : each));
    this.changed();
    await this.#store(failed);
  }

  #store(item: Pending): Promise<void> {
    const storing = this.#tryToStore(item).finally(() => this.#storing.delete(item.id));
    this.#storing.set(item.id, storing);
    return storing;
  }

  async #tryToStore(item: Pending): Promise<void> {
    const { unkept: _, ...kept } = item;
    try {
      await this.#keep.set(this.#prefix + item.id, JSON.stringify(kept));
      this.#say(item.id, false);
    } catch {
      // It is sent all the same; only a reload before that would lose it.
      this.#say(item.id, true);
    }
  }

  #say(id: Id, unkept: boolean): void {
    const item = this.#pending.find((each) => each.id === id);
    if (item === undefined || (item.unkept ?? false) === unkept) return;
    this.#pending = this.#pending.map((each) => (each.id === id ? { ...each, unkept } : each));
    this.changed();
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
