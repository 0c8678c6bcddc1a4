import type { Conversation, Id, Picture, Receipt, Seq, Timestamp } from '../../server/protocol/entities.ts';
import type { LogEvent } from '../../server/protocol/events.ts';
import { Observable } from './observable.ts';
import type { Pending } from './outbox.ts';
import { Timeline } from './timeline.ts';
import { waitOut } from './wait-out.ts';

/** How long "is writing" lasts unless it is said again. In milliseconds. */
const TYPING_MS = 6_000;
/** Unread messages up to this many are opened at the first; more open at the end, with a way back. */
const OPEN_AT_UNREAD = 400;
/** Read lines shown above the first unread one. */
const CONTEXT = 30;
const PAGE = 100;
const ALWAYS = () => true;

/** What a conversation asks of its room. */
export interface Pages {
  page(
    conversationId: Id,
    range: { before: Seq } | { after: Seq },
    limit: number,
  ): Promise<{ events: LogEvent[]; head: Seq }>;
  mark(conversation: ConversationState): void;
  keepDraft(conversation: ConversationState): void;
}

/** A file that was chosen and not sent yet. It is as long as the page is. */
export interface StagedFile {
  file: File;
  /** As the browser read it; null while it has not, and for other files. */
  picture: Picture | null;
}

/** Where a view should stand when it opens. */
export type OpenAt = 'end' | 'unread';

/**
 * One conversation as this member sees it: the lobby, or a direct one. A direct conversation that nobody has written in
 * yet has no `id`: it begins with its first message.
 */
export class ConversationState extends Observable {
  readonly kind: 'lobby' | 'direct';
  /** Of a direct conversation, all of them, oneself included. */
  readonly memberIds: readonly Id[];
  id: Id | null;
  /** The first event that this member may read: 1, or for a guest that of their coming. */
  first: Seq = 1;
  /** Everything up to here was taken in. */
  known: Seq = 0;
  lastAt: Timestamp = 0;
  read: Seq = 0;
  unread = 0;
  receipts: readonly Receipt[] = [];
  readonly timeline = new Timeline();
  /** Above this event the view draws "New since …"; null draws none. */
  firstUnread: Seq | null = null;
  /** Somebody reads further up: what arrives must not push out what they read. */
  isReadBack = false;
  /** How often the host turned out to have another log: a view of an earlier one has to open again. */
  resets = 0;
  /** A page is on its way. */
  loading: 'before' | 'after' | 'open' | null = null;
  /** Messages written here that are not on the host yet, in order. */
  pending: readonly Pending[] = [];
  readonly #pages: Pages;
  readonly #me: Id;
  readonly #typing = new Map<Id, ReturnType<typeof setTimeout>>();
  #draft = '';
  #staged: readonly StagedFile[] = [];
  /** Opened before it had begun: somebody looks at it, though there is nothing to hold yet. */
  #openedEmpty = false;
  #work: Promise<void> = Promise.resolve();
  #delivered: Seq = 0;

  constructor(pages: Pages, me: Id, kind: 'lobby' | 'direct', memberIds: readonly Id[], id: Id | null) {
    super();
    this.#pages = pages;
    this.#me = me;
    this.kind = kind;
    this.memberIds = memberIds;
    this.id = id;
  }

  /** The other members of a direct conversation; oneself when there is nobody else. */
  get others(): readonly Id[] {
    const others = this.memberIds.filter((id) => id !== this.#me);
    return others.length === 0 ? this.memberIds : others;
  }

  /** Members who are writing now. */
  get typing(): readonly Id[] {
    return [...this.#typing.keys()];
  }

  get draft(): string {
    return this.#draft;
  }

  set draft(text: string) {
    if (text === this.#draft) return;
    this.#draft = text;
    this.#pages.keepDraft(this);
    this.changed();
  }

  get staged(): readonly StagedFile[] {
    return this.#staged;
  }

  set staged(files: readonly StagedFile[]) {
    this.#staged = files;
    this.changed();
  }

  /** The window reaches the first event there is to read. */
  get atStart(): boolean {
    return this.id === null || (!this.timeline.isEmpty && this.timeline.first <= this.first);
  }

  /** The window reaches the last event there is. */
  get atEnd(): boolean {
    return this.id === null || (!this.timeline.isEmpty && this.timeline.last >= this.known);
  }

  /** How far this computer has received what others wrote. */
  get delivered(): Seq {
    return this.#delivered;
  }

  /** As the host told it when we came in. A window held from before is brought up to date where that is little. */
  async enter(told: Conversation): Promise<void> {
    this.first = told.first;
    this.known = told.head;
    this.lastAt = told.lastAt;
    this.read = Math.max(this.read, told.read);
    this.unread = told.read < this.read ? this.unread : told.unread;
    this.receipts = told.receipts;
    if (this.kind === 'direct' && told.unread > 0) this.#deliver();
    this.changed();
    const isShown = !this.timeline.isEmpty || this.#openedEmpty;
    if (isShown && this.timeline.last < this.known) await this.#catchUp();
  }

  /** The host's database is another one: nothing held here counts any more. */
  reset(): void {
    this.timeline.clear();
    this.known = this.read = this.#delivered = 0;
    this.unread = 0;
    this.firstUnread = null;
    this.receipts = [];
    this.resets += 1;
    this.changed();
  }

  /** The next event of the log; the room makes sure that it is the next. */
  take(event: LogEvent): void {
    const following = this.timeline.last >= this.known;
    this.known = event.seq;
    this.lastAt = event.at;
    const hasPlace = !this.isReadBack || !this.timeline.isFull;
    if (following && hasPlace && (!this.timeline.isEmpty || event.seq === this.first))
      this.timeline.append([event]);
    else if (event.type === 'message.withdrawn') this.timeline.erase(event.messageSeq);
    if (event.type === 'message.posted') {
      this.#stopTyping(event.authorId);
      if (event.authorId === this.#me) this.read = event.seq;
      else {
        this.unread += 1;
        if (this.kind === 'direct') this.#deliver();
      }
    }
    this.changed();
  }

  /** Loads what a view needs to open, and says where it should stand. */
  async open(): Promise<OpenAt> {
    const unread = this.unread > 0;
    this.firstUnread = unread ? this.read + 1 : null;
    this.changed();
    if (this.id === null) {
      this.#openedEmpty = true;
      return 'end';
    }
    const near = this.known - this.read <= OPEN_AT_UNREAD;
    if (unread && near && this.timeline.has(this.read + 1) && this.atEnd) return 'unread';
    if (!unread && this.atEnd && !this.timeline.isEmpty) return 'end';
    if (unread && near) {
      await this.#loadFrom(Math.max(this.first - 1, this.read - CONTEXT));
      return 'unread';
    }
    await this.jumpToEnd();
    return 'end';
  }

  async loadBefore(limit = PAGE * 2): Promise<void> {
    if (this.atStart || this.timeline.isEmpty || this.loading !== null) return;
    await this.#loading('before', ALWAYS, async (id) => {
      const { events } = await this.#pages.page(id, { before: this.timeline.first }, limit);
      this.timeline.prepend(events);
    });
  }

  async loadAfter(limit = PAGE * 2): Promise<void> {
    if (this.atEnd || this.loading !== null) return;
    await this.#loading('after', ALWAYS, async (id) => {
      const { events } = await this.#pages.page(id, { after: this.timeline.last }, limit);
      this.timeline.append(events);
      await this.#closeGap(id);
    });
  }

  async jumpToStart(): Promise<void> {
    const isElsewhere = () => !this.atStart;
    await this.#loading('open', isElsewhere, async (id) => {
      const { events } = await this.#pages.page(id, { after: this.first - 1 }, PAGE);
      this.timeline.replace(events);
    });
  }

  async jumpToEnd(): Promise<void> {
    const isElsewhere = () => !this.atEnd || this.timeline.isEmpty;
    await this.#loading('open', isElsewhere, async (id) => {
      const { events } = await this.#pages.page(id, { before: this.known + 1 }, PAGE);
      this.timeline.replace(events);
      await this.#closeGap(id);
    });
  }

  /** Opens the window around the first unread message, however far back it is. */
  async jumpToUnread(): Promise<void> {
    const isElsewhere = () => this.firstUnread !== null && !this.timeline.has(this.firstUnread);
    await this.#loading('open', isElsewhere, async (id) => {
      const from = Math.max(this.first - 1, (this.firstUnread ?? 0) - 1 - CONTEXT);
      const { events } = await this.#pages.page(id, { after: from }, PAGE * 2);
      this.timeline.replace(events);
    });
  }

  /** The reader has seen everything up to the end. */
  markRead(): void {
    if (this.read >= this.known && this.unread === 0) return;
    this.read = this.known;
    this.unread = 0;
    this.#delivered = Math.max(this.#delivered, this.known);
    this.#pages.mark(this);
    this.changed();
  }

  hearTyping(memberId: Id): void {
    clearTimeout(this.#typing.get(memberId));
    this.#typing.set(
      memberId,
      setTimeout(() => this.#stopTyping(memberId), TYPING_MS),
    );
    this.changed();
  }

  hearReceipt(receipt: Receipt): void {
    if (receipt.memberId === this.#me) {
      if (receipt.read > this.read) {
        this.read = receipt.read;
        if (this.read >= this.known) this.unread = 0;
      }
    } else if (this.kind === 'direct') {
      const others = this.receipts.filter(({ memberId }) => memberId !== receipt.memberId);
      this.receipts = [...others, receipt];
    }
    this.changed();
  }

  /** How far a message of one's own has come: the number of members who received it and who read it. */
  reached(seq: Seq): { delivered: number; read: number } {
    return {
      delivered: this.receipts.filter((receipt) => receipt.delivered >= seq).length,
      read: this.receipts.filter((receipt) => receipt.read >= seq).length,
    };
  }

  /** Takes back a draft that was kept, without keeping it again. */
  restoreDraft(text: string): void {
    this.#draft = text;
    this.changed();
  }

  /** Nobody scrolls at the end: what a busy host refuses is asked again, or the window would stay behind for good. */
  async #catchUp(): Promise<void> {
    await this.#work;
    try {
      await this.loadAfter();
    } catch (error) {
      await waitOut(error);
      return this.#catchUp();
    }
  }

  async #loadFrom(after: Seq): Promise<void> {
    await this.#loading('open', ALWAYS, async (id) => {
      const { events } = await this.#pages.page(id, { after }, PAGE * 2);
      this.timeline.replace(events);
      await this.#closeGap(id, OPEN_AT_UNREAD);
    });
  }

  /**
   * What arrived while a page was on its way came too late to be appended: fetch the little that is missing. With a gap
   * left open nothing that arrives would be appended any more, so what a busy host refuses is asked again.
   */
  async #closeGap(id: Id, most = PAGE): Promise<void> {
    while (this.timeline.last < this.known && this.known - this.timeline.last <= most) {
      try {
        const { events } = await this.#pages.page(id, { after: this.timeline.last }, PAGE * 2);
        if (events.length === 0) return;
        this.timeline.append(events);
      } catch (error) {
        await waitOut(error);
      }
    }
  }

  /** One load after the other: two at once would tear the window. Whether it is needed shows when those before are done. */
  #loading(
    what: 'before' | 'after' | 'open',
    isNeeded: () => boolean,
    load: (id: Id) => Promise<void>,
  ): Promise<void> {
    const work = this.#work.then(async () => {
      if (this.id === null || !isNeeded()) return;
      this.loading = what;
      this.changed();
      try {
        await load(this.id);
      } finally {
        this.loading = null;
        this.changed();
      }
    });
    // A load that failed is reported to whoever asked for it, not to the next one.
    this.#work = work.catch(() => undefined);
    return work;
  }

  #deliver(): void {
    this.#delivered = Math.max(this.#delivered, this.known);
    this.#pages.mark(this);
  }

  #stopTyping(memberId: Id): void {
    clearTimeout(this.#typing.get(memberId));
    if (this.#typing.delete(memberId)) this.changed();
  }
}
