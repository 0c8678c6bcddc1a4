import {
  defaultRangeExtractor,
  VirtualizerController,
  type Range,
  type VirtualItem,
} from '@tanstack/lit-virtual';
import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Settings } from '../../server/protocol/control.ts';
import type { Seq } from '../../server/protocol/entities.ts';
import { Announcer } from '../controllers/announcer.ts';
import { Watch } from '../controllers/watch.ts';
import { formatList, formatTime, LocaleController, plural, t } from '../locales/locale.ts';
import { isLookedAt } from '../looked-at.ts';
import { sentenceOf } from '../sentences.ts';
import type { ConversationState } from '../state/conversation.ts';
import type { FileSource } from '../state/downloads.ts';
import { problemOf } from '../state/problem.ts';
import type { RoomState } from '../state/room.ts';
import { Rows, type MessageRow as Row, type Row as AnyRow } from '../state/rows.ts';
import { base } from '../styles/base.ts';
import { buttons } from '../styles/controls.ts';
import { messageWords } from './file-words.ts';
import { CARD_HEIGHT, placeOf } from './message-file.ts';
import type { MessageMark, MessageRow } from './message-row.ts';
import './message-row.ts';
import { messageTimelineStyles } from './message-timeline.styles.ts';
import { ShowNoticeEvent, WithdrawMessageEvent } from './room-events.ts';
import './salon-icon.ts';
import { isEventRow, lineText, timelineLine, type EventRow } from './timeline-line.ts';
import { nameOf, titleOf } from './titles.ts';

/** Loading begins this far before an edge, so that a reader seldom meets one. In pixels. */
const NEAR_EDGE = 1_200;
/** Closer to the end than this is at the end. In pixels. */
const AT_END = 24;
/** Further away than this, a button leads back. In pixels. */
const AWAY = 240;
/** Height of the three quiet rows that stand for what is not loaded; the same in the style sheet. In pixels. */
const SKELETON = 192;
const PADDING = 8;
/** Of the read lines that stay in sight above the first unread one. In pixels. */
const CONTEXT = 56;
const RETRY_MS = 2_000;
const HOLD_MS = 250;
/** Heights kept beyond twice those of the rows that are held. */
const MOST_SIZES = 500;

/** Where to stand once the rows are there. */
type Goal = 'end' | 'unread' | 'start';

/**
 * The messages of one conversation. It holds only the rows around the reader, keeps the line being read where it is
 * whatever is loaded or arrives, and stays at the end when it is there. One element shows one conversation: make a new
 * one for another.
 *
 * @fires {WithdrawMessageEvent} withdraw-message
 */
@customElement('message-timeline')
export class MessageTimeline extends LitElement {
  @property({ attribute: false }) room!: RoomState;
  @property({ attribute: false }) conversation!: ConversationState;
  @property() announce: Settings['announce'] = 'all';

  @state() private ready = false;
  @state() private away = false;
  /** The first unread line is, or was, in sight. */
  @state() private lineSeen = false;

  @query('.scroller') private readonly scroller!: HTMLElement | null;
  @query('.sizer') private readonly sizer!: HTMLElement;

  protected readonly locale = new LocaleController(this);
  protected readonly watch = new Watch(this, () => [this.room, this.conversation]);
  readonly #announcer = new Announcer(this);
  readonly #memo = new Rows();
  #rows: readonly AnyRow[] = [];
  #goal: Goal | null = null;
  #opening = false;
  #opened = false;
  #openedConnected = false;
  #atEnd = true;
  #pinnedSize = 0;
  /** History was loaded above this row just now: whatever is measured above it must not move it. */
  #heldKey: string | null = null;
  #heldIndex = -1;
  #heldUntil = 0;
  #heard: Seq = 0;
  /** The row that Tab comes back to. */
  #activeKey: string | null = null;
  #focusActive = false;
  #loadTimer: ReturnType<typeof setTimeout> | undefined;
  #height = 0;
  #width = 0;
  #estimates = new WeakMap<AnyRow, number>();
  readonly #narrow = matchMedia('(max-width: 720px)');

  readonly #virtual = new VirtualizerController<HTMLElement, HTMLElement>(this, {
    count: 0,
    getScrollElement: () => this.scroller,
    estimateSize: () => 44,
    overscan: 8,
    anchorTo: 'end',
    scrollEndThreshold: AT_END,
    scrollPaddingStart: CONTEXT,
    // Whole pixels, as the browser scrolls by: fractions would move the page by half a pixel with each page loaded.
    measureElement: (element, entry) =>
      Math.ceil(entry?.borderBoxSize[0]?.blockSize ?? element.getBoundingClientRect().height),
    rangeExtractor: (range) => this.#range(range),
  });

  constructor() {
    super();
    this.addController({ hostConnected: () => this.#arrived(), hostDisconnected: () => this.#left() });
    this.#virtual.getVirtualizer().shouldAdjustScrollPositionOnItemSizeChange = (
      item,
      _delta,
      virtualizer,
    ) => {
      const offset = (virtualizer.scrollOffset ?? 0) + virtualizer.scrollAdjustments;
      if (virtualizer.itemSizeCache.has(item.key)) {
        return item.end <= offset && virtualizer.scrollDirection !== 'backward';
      }
      // Until the guesses above it are measured, the row that was first stays first, rather than the top edge.
      const held = performance.now() < this.#heldUntil ? this.#heldIndex : -1;
      return held === -1 ? item.start < offset : item.index < held;
    };
  }

  /** Follows the height of the scroller: the box below grows, a keyboard comes up. */
  readonly #resized = new ResizeObserver(() => {
    const height = this.scroller?.clientHeight ?? 0;
    this.#measureWidth();
    if (height !== this.#height && this.#atEnd && this.ready) this.#virtual.getVirtualizer().scrollToEnd();
    this.#height = height;
  });

  #measureWidth() {
    const width = this.scroller?.clientWidth ?? 0;
    if (width !== this.#width) this.#estimates = new WeakMap();
    this.#width = width;
  }

  #arrived() {
    document.addEventListener('visibilitychange', this.#looked);
    window.addEventListener('focus', this.#looked);
    if (this.scroller !== null) this.#resized.observe(this.scroller);
  }

  #left() {
    document.removeEventListener('visibilitychange', this.#looked);
    window.removeEventListener('focus', this.#looked);
    this.#resized.disconnect();
    clearTimeout(this.#loadTimer);
    this.conversation.isReadBack = false;
  }

  override firstUpdated() {
    if (this.scroller !== null) this.#resized.observe(this.scroller);
  }

  /** Puts the focus on the row that had it last, or on the last one. */
  override focus(): void {
    this.#focusActive = true;
    this.requestUpdate();
  }

  /** To the latest message, and everything is read. */
  async goToEnd(): Promise<void> {
    const { conversation } = this;
    conversation.firstUnread = null;
    await this.#jump('end', () => conversation.jumpToEnd());
  }

  override willUpdate() {
    const { conversation, room } = this;
    if (!this.#opened) {
      // After a refusal it is tried again in a while, or once there is a connection.
      const isDue = this.#loadTimer === undefined || (room.connected && !this.#openedConnected);
      if (!this.#opening && isDue) void this.#open();
    }
    if (!this.ready) return;
    this.#markNew();
    this.#listen();
    const { atStart, atEnd, timeline, pending, firstUnread } = conversation;
    const rows = this.#memo.of({
      events: timeline.events,
      // What is not sent yet stands below the last message, not below a hole.
      pending: atEnd || timeline.isEmpty ? pending : [],
      me: room.me,
      firstUnread,
      atStart,
    });
    this.#lay(rows, atStart ? PADDING : SKELETON, atEnd || timeline.isEmpty ? PADDING : SKELETON);
  }

  override render() {
    const title = titleOf(this.room, this.conversation);
    const { messagesIn, newMessagesLog } = t().room;
    const { atStart, atEnd } = this.conversation;
    const items = this.ready ? this.#virtual.getVirtualizer().getVirtualItems() : [];
    const stop = this.#tabStop();
    return html`<div
        class="scroller"
        role="region"
        aria-label=${messagesIn(title)}
        aria-busy=${this.ready ? 'false' : 'true'}
        @scroll=${this.#scrolled}
        @keydown=${this.#pressed}
        @focusin=${this.#focused}
        @focusout=${this.#unfocused}
      >
        <div class="sizer">
          ${this.ready && atStart ? nothing : this.#skeleton('before')}
          ${repeat(
            items,
            ({ key }) => key,
            (item) => this.#row(item, stop),
          )}
          ${this.ready && !atEnd && !this.conversation.timeline.isEmpty ? this.#skeleton('after') : nothing}
        </div>
      </div>
      ${this.#pills()}
      <div class="visually-hidden" role="log" aria-label=${newMessagesLog}>
        ${repeat(
          this.#announcer.lines,
          ({ id }) => id,
          ({ text }) => html`<p>${text}</p>`,
        )}
      </div>`;
  }

  /** Before the virtualizer scrolls: it can only go where there is height. */
  override update(changed: PropertyValues<this>) {
    super.update(changed);
    this.#place();
  }

  override updated() {
    this.#measure();
    this.#pin();
    this.#reachGoal();
    this.#keepFocus();
    if (!this.ready || this.#goal !== null) return;
    this.#look();
    this.#loadNear();
  }

  // Rows.

  #row(item: VirtualItem, stop: string | null) {
    const row = this.#rows[item.index];
    if (row === undefined) return nothing;
    if (!isEventRow(row)) {
      return html`<div
        class="row"
        data-index=${item.index}
        data-key=${row.key}
        role="separator"
        aria-label=${lineText(this.room, this.conversation, row)}
      >
        ${timelineLine(this.room, this.conversation, row)}
      </div>`;
    }
    return html`<article
      class="row"
      data-index=${item.index}
      data-key=${row.key}
      tabindex=${row.key === stop ? 0 : -1}
      aria-posinset=${this.#position(row, item.index)}
      aria-setsize=${this.conversation.known + this.conversation.pending.length}
      aria-label=${row.kind === 'message' ? this.#label(row) : lineText(this.room, this.conversation, row)}
    >
      ${row.kind === 'message' ? this.#message(row) : timelineLine(this.room, this.conversation, row)}
    </article>`;
  }

  #message(row: Row) {
    const { room } = this;
    const { mark, text, shown } = this.#mark(row);
    const { sentence, withdrawable } = this.#kept(row);
    return html`<message-row
      .row=${row}
      .author=${room.members.get(row.authorId) ?? null}
      .name=${nameOf(room, row.authorId)}
      .mark=${mark}
      .markText=${text}
      .markShown=${shown}
      .kept=${sentence}
      .withdrawable=${withdrawable}
      .downloads=${room.downloads}
      .source=${row.file === null ? null : this.#source(row)}
      .own=${row.pending?.arrived === undefined ? null : room.uploads.fileOf(row.key)}
      ?follows=${row.follows}
      ?active=${this.#hasFocus && row.key === this.#activeKey}
      @dont-keep=${() => void this.#withdraw(row)}
    ></message-row>`;
  }

  /** The same object as long as it says the same: a row is drawn anew for another. */
  #source(row: Row): FileSource | null {
    const { id } = this.conversation;
    if (row.seq === null || id === null) return null;
    let source = this.#sources.get(row);
    if (source === undefined) this.#sources.set(row, (source = { conversationId: id, seq: row.seq }));
    return source;
  }

  readonly #sources = new WeakMap<Row, FileSource>();

  #mark(row: Row): { mark: MessageMark | null; text: string; shown: boolean } {
    const { waiting, notSent, onHost, delivered, read, readBy } = t().room;
    const { conversation, room } = this;
    if (row.pending !== null) {
      const failed = row.pending.state === 'failed';
      return { mark: failed ? 'failed' : 'waiting', text: failed ? notSent : waiting, shown: !failed };
    }
    if (row.authorId !== room.me || row.body === null || row.seq === null)
      return { mark: null, text: '', shown: false };
    const shown = conversation.kind === 'direct' && row === this.#lastMine();
    const others = conversation.receipts.length;
    const reached = conversation.reached(row.seq);
    if (others > 0 && reached.read === others) return { mark: 'read', text: read, shown };
    if (others > 1 && reached.read > 0)
      return { mark: 'delivered', text: readBy(reached.read, others), shown };
    if (others > 0 && reached.delivered === others) return { mark: 'delivered', text: delivered, shown };
    return { mark: 'host', text: onHost, shown };
  }

  /** Of a private message: who is not there to receive it, and whether it can be taken back. */
  #kept(row: Row): { sentence: string; withdrawable: boolean } {
    const { conversation, room } = this;
    const isMine = row.authorId === room.me && row.seq !== null && row.body !== null;
    if (conversation.kind !== 'direct' || !isMine) return { sentence: '', withdrawable: false };
    const missing = conversation.others.filter((id) => {
      const received = conversation.receipts.find(({ memberId }) => memberId === id)?.delivered ?? 0;
      return id !== room.me && received < (row.seq ?? 0) && room.members.get(id)?.presence === 'offline';
    });
    if (missing.length === 0) return { sentence: '', withdrawable: false };
    const { offlineOne, offlineMany } = t().room;
    const names = missing.map((id) => nameOf(room, id));
    // Said once, below the last of them; each can be taken back by itself.
    const isLast = row === this.#lastMine();
    const sentence = !isLast
      ? ''
      : names.length === 1
        ? offlineOne(names[0] ?? '')
        : offlineMany(formatList(names));
    return { sentence, withdrawable: conversation.reached(row.seq ?? 0).delivered === 0 };
  }

  #lastMineIn: readonly AnyRow[] | null = null;
  #lastMineRow: AnyRow | undefined;

  /** The last of one's own messages that the host has. */
  #lastMine(): AnyRow | undefined {
    if (this.#lastMineIn !== this.#rows) {
      this.#lastMineIn = this.#rows;
      this.#lastMineRow = this.#rows.findLast(
        (row) =>
          row.kind === 'message' && row.authorId === this.room.me && row.seq !== null && row.body !== null,
      );
    }
    return this.#lastMineRow;
  }

  #label(row: Row): string {
    const { rowMessage, withdrawn } = t().room;
    const isGuest = this.room.members.get(row.authorId)?.role === 'guest';
    const name = `${nameOf(this.room, row.authorId)}${isGuest ? `, ${t().room.guest}` : ''}`;
    const text = rowMessage(
      name,
      formatTime(row.at),
      row.body === null ? withdrawn : messageWords(row.body, row.file),
    );
    return [text, this.#mark(row).text, this.#kept(row).sentence].filter((part) => part !== '').join('. ');
  }

  /** Its number in the whole conversation; what is not sent yet comes after the last. */
  #position(row: EventRow, index: number): number {
    if (row.seq !== null) return row.seq;
    return this.conversation.known + index - (this.#rows.length - this.conversation.pending.length) + 1;
  }

  #skeleton(edge: 'before' | 'after') {
    const { loading, notLoaded } = t().room;
    return html`<div class="skeleton ${edge}">
      ${this.room.connected ? html`<span class="visually-hidden">${loading}</span>` : html`<p>${notLoaded}</p>`}
      <i></i><i></i><i></i>
    </div>`;
  }

  #pills() {
    const { conversation } = this;
    const { newMessages, toEnd, toUnread } = t().room;
    const isUnreadAbove =
      conversation.firstUnread !== null && !this.lineSeen && this.ready && !conversation.timeline.isEmpty;
    return html`${
      isUnreadAbove
        ? html`<button class="pill to-unread" type="button" @click=${this.#goToUnread}>
            <salon-icon name="arrow-up"></salon-icon>${toUnread}
          </button>`
        : nothing
    }
    ${
      this.away
        ? html`<button
            class="pill to-end ${conversation.unread > 0 ? 'attention' : ''}"
            type="button"
            aria-label=${conversation.unread > 0 ? nothing : toEnd}
            title="${toEnd} (End)"
            @click=${() => void this.goToEnd()}
          >
            ${conversation.unread > 0 ? plural(conversation.unread, newMessages) : nothing}<salon-icon
              name="arrow-down"
            ></salon-icon>
          </button>`
        : nothing
    }`;
  }

  // Where things are.

  #lay(rows: readonly AnyRow[], paddingStart: number, paddingEnd: number) {
    const virtualizer = this.#virtual.getVirtualizer();
    const { options } = virtualizer;
    if (rows === this.#rows && options.paddingStart === paddingStart && options.paddingEnd === paddingEnd)
      return;
    this.#hold(rows);
    this.#rows = rows;
    this.#heldIndex = performance.now() < this.#heldUntil ? this.#indexOf(this.#heldKey) : -1;
    this.#forgetSizes(virtualizer.itemSizeCache);
    // Read once, and never while rows are laid: each reading makes the browser lay out the page.
    if (this.#width === 0) this.#measureWidth();
    virtualizer.setOptions({
      ...options,
      count: rows.length,
      paddingStart,
      paddingEnd,
      // At the end it is pinned there: to keep another line in its place would be work for nothing.
      anchorTo: this.#atEnd ? 'start' : 'end',
      getItemKey: (index) => rows[index]?.key ?? index,
      estimateSize: (index) => this.#estimate(rows[index]),
    });
  }

  #estimate(row: AnyRow | undefined): number {
    if (row === undefined) return 44;
    let size = this.#estimates.get(row);
    if (size === undefined)
      this.#estimates.set(row, (size = estimate(row, this.#width, this.#narrow.matches)));
    return size;
  }

  /** Heights of rows that were let go: a page that is open for days would gather them. */
  #forgetSizes(sizes: Map<unknown, number>) {
    if (sizes.size <= 2 * this.#rows.length + MOST_SIZES) return;
    const held = new Set<unknown>(this.#rows.map(({ key }) => key));
    for (const key of sizes.keys()) if (!held.has(key)) sizes.delete(key);
  }

  /** Remembers which row the reader sees first, when others come above it. */
  #hold(rows: readonly AnyRow[]) {
    const first = this.#rows[0];
    if (first === undefined || rows[0]?.key === first.key) return;
    const offset = this.#virtual.getVirtualizer().scrollOffset ?? 0;
    const seen = this.#virtual.getVirtualizer().getVirtualItemForOffset(offset);
    this.#heldKey = this.#rows[seen?.index ?? 0]?.key ?? null;
    this.#heldUntil = performance.now() + HOLD_MS;
  }

  /**
   * At the end it stays at the end, however fast messages come and however wrong their guessed heights were. The
   * virtualizer can follow too, but asks the browser where it is before and after: three layouts for each drawing.
   */
  #pin() {
    const virtualizer = this.#virtual.getVirtualizer();
    const { scrollElement } = virtualizer;
    const size = virtualizer.getTotalSize();
    if (
      !this.#atEnd ||
      size === this.#pinnedSize ||
      !this.ready ||
      scrollElement === null ||
      this.#goal !== null
    )
      return;
    this.#pinnedSize = size;
    this.#place();
    // More than there is; and not read back, which would lay out the page once more.
    scrollElement.scrollTop = size;
    virtualizer.scrollOffset = Math.max(0, size - (virtualizer.scrollRect?.height ?? 0));
    this.requestUpdate();
  }

  /** The row that has the focus stays on the page wherever the reader scrolls, or the keyboard would lose its place. */
  #range(range: Range): number[] {
    const indexes = defaultRangeExtractor(range);
    const active = this.#hasFocus ? this.#rows.findIndex(({ key }) => key === this.#activeKey) : -1;
    if (active === -1 || indexes.includes(active)) return indexes;
    return [...indexes, active].toSorted((a, b) => a - b);
  }

  #place() {
    const virtualizer = this.#virtual.getVirtualizer();
    this.sizer.style.blockSize = `${this.ready ? virtualizer.getTotalSize() : SKELETON}px`;
    const elements = this.#rowElements();
    const starts = new Map(virtualizer.getVirtualItems().map(({ index, start }) => [String(index), start]));
    for (const element of elements) {
      const start = starts.get(element.dataset['index'] ?? '');
      if (start !== undefined) element.style.insetBlockStart = `${start}px`;
    }
  }

  /** Here and not in a `ref`: there, Lit has the row not on the page yet, and its height would be 0. */
  #measure() {
    const virtualizer = this.#virtual.getVirtualizer();
    const { elementsCache } = virtualizer;
    const fresh = [...this.#rowElements()].filter(
      (element) => elementsCache.get(element.dataset['key'] ?? '') !== element,
    );
    // All drawn, then all measured: in turn, each would make the browser lay out the page.
    for (const element of fresh) element.querySelector('message-row')?.settle();
    for (const element of fresh) virtualizer.measureElement(element);
  }

  #rowElements(): NodeListOf<HTMLElement> {
    return this.renderRoot.querySelectorAll<HTMLElement>('.row');
  }

  #reachGoal() {
    const goal = this.#goal;
    const virtualizer = this.#virtual.getVirtualizer();
    if (goal === null || !this.ready || virtualizer.scrollElement === null) return;
    this.#goal = null;
    const line = this.#rows.findIndex(({ kind }) => kind === 'new');
    if (goal === 'start') virtualizer.scrollToOffset(0);
    else if (goal === 'unread' && line !== -1) virtualizer.scrollToIndex(line, { align: 'start' });
    else virtualizer.scrollToEnd();
    // The scroll event comes with the next frame; the rows there are wanted in this one.
    virtualizer.scrollOffset = virtualizer.scrollElement.scrollTop;
    this.#atEnd = this.conversation.atEnd && this.#distanceToEnd() <= AT_END;
    this.requestUpdate();
  }

  #distanceToEnd(offset = this.#virtual.getVirtualizer().scrollOffset ?? 0): number {
    const { scrollRect, getTotalSize } = this.#virtual.getVirtualizer();
    return getTotalSize() - (scrollRect?.height ?? 0) - offset;
  }

  // Opening and loading.

  async #open() {
    this.#opening = true;
    this.#openedConnected = this.room.connected;
    const { conversation } = this;
    try {
      this.#goal = await conversation.open();
      this.#opened = true;
    } catch {
      // Without the host there is what is held; with nothing held it is tried again.
      this.#goal = this.ready ? null : 'end';
      this.#opened = !conversation.timeline.isEmpty;
      if (!this.#opened) this.#again(() => this.requestUpdate());
    }
    this.#heard = conversation.known;
    this.lineSeen = false;
    this.ready = true;
    this.#opening = false;
    this.requestUpdate();
  }

  async #jump(goal: Goal, load: () => Promise<void>) {
    try {
      await load();
    } catch {
      return;
    }
    this.#goal = goal;
    this.requestUpdate();
  }

  #goToUnread() {
    void this.#jump('unread', () => this.conversation.jumpToUnread());
  }

  #loadNear() {
    const { conversation, room } = this;
    if (!room.connected || conversation.loading !== null || this.#loadTimer !== undefined) return;
    const { scrollOffset } = this.#virtual.getVirtualizer();
    const needsBefore = !conversation.atStart && (scrollOffset ?? 0) < NEAR_EDGE;
    const needsAfter = !conversation.atEnd && this.#distanceToEnd() < NEAR_EDGE;
    if (needsBefore) void this.#load(() => conversation.loadBefore());
    else if (needsAfter) void this.#load(() => conversation.loadAfter());
  }

  async #load(load: () => Promise<void>) {
    try {
      await load();
    } catch {
      this.#again(() => this.requestUpdate());
    }
  }

  /** Not at once: a host that is busy or gone is not asked with every frame. */
  #again(what: () => void) {
    clearTimeout(this.#loadTimer);
    this.#loadTimer = setTimeout(() => {
      this.#loadTimer = undefined;
      what();
    }, RETRY_MS);
  }

  // Reading.

  readonly #looked = () => this.#look();

  #scrolled() {
    if (!this.ready || this.#goal !== null) return;
    // Heard here before the virtualizer hears of it.
    this.#atEnd = this.conversation.atEnd && this.#distanceToEnd(this.scroller?.scrollTop) <= AT_END;
    this.#look();
    this.#loadNear();
  }

  /** Takes in where the reader is: what is read, which buttons are needed. */
  #look() {
    if (!this.ready || this.#goal !== null) return;
    const { conversation } = this;
    const distance = this.#distanceToEnd();
    conversation.isReadBack = distance > NEAR_EDGE;
    this.away = distance > AWAY || (!conversation.atEnd && !conversation.timeline.isEmpty);
    if (!this.lineSeen && conversation.firstUnread !== null) this.lineSeen = this.#isLineInSight();
    if (this.#atEnd && isLookedAt()) conversation.markRead();
  }

  #isLineInSight(): boolean {
    const { range } = this.#virtual.getVirtualizer();
    const line = this.#rows.findIndex(({ kind }) => kind === 'new');
    return line !== -1 && range !== null && line >= range.startIndex && line <= range.endIndex;
  }

  /** The "new" line follows a reader who was not looking: it stands above what came since. */
  #markNew() {
    const { conversation } = this;
    if (conversation.unread === 0 || (this.#atEnd && isLookedAt())) return;
    if (conversation.firstUnread !== null && conversation.firstUnread > conversation.read) return;
    conversation.firstUnread = conversation.read + 1;
    this.lineSeen = this.#atEnd;
  }

  #listen() {
    const { conversation, room } = this;
    const { events } = conversation.timeline;
    if (conversation.known <= this.#heard) return;
    const from = this.#heard;
    this.#heard = conversation.known;
    if (this.announce === 'none' || (this.announce === 'private' && conversation.kind === 'lobby')) return;
    const arrived = [];
    for (let index = events.length - 1; index >= 0; index--) {
      const event = events[index];
      if (event === undefined || event.seq <= from) break;
      if (event.type !== 'message.posted' || event.authorId === room.me || event.body === null) continue;
      arrived.unshift({
        authorId: event.authorId,
        name: nameOf(room, event.authorId),
        text: messageWords(event.body, event.file),
      });
    }
    this.#announcer.hear(arrived);
  }

  async #withdraw(row: Row) {
    if (row.seq === null) return;
    try {
      await new WithdrawMessageEvent(this.conversation, row.seq).askFrom(this);
      this.dispatchEvent(new ShowNoticeEvent('withdrawn', t().room.withdrawnNow, 'good'));
    } catch (error) {
      this.dispatchEvent(new ShowNoticeEvent('withdrawn', sentenceOf(problemOf(error)), 'loss'));
    }
  }

  // The keyboard. One row is a Tab stop; the arrows go from row to row, and into one.

  #hasFocus = false;
  #activeIndex = 0;

  #tabStop(): string | null {
    const items = this.#virtual.getVirtualizer().getVirtualItems();
    const shown = items.flatMap(({ index }) => this.#rows[index] ?? []).filter(isEventRow);
    if (shown.some(({ key }) => key === this.#activeKey)) return this.#activeKey;
    const isGone = this.#activeKey !== null && this.#rows.every(({ key }) => key !== this.#activeKey);
    const next = isGone ? shown.find(({ key }) => this.#indexOf(key) >= this.#activeIndex) : undefined;
    return (next ?? shown.at(-1))?.key ?? null;
  }

  #indexOf(wanted: string | null): number {
    return this.#rows.findIndex(({ key }) => key === wanted);
  }

  #focused(event: FocusEvent) {
    const row = rowAround(event);
    if (row === null) return;
    this.#hasFocus = true;
    this.#activeKey = row.dataset['key'] ?? null;
    this.#activeIndex = Number(row.dataset['index']);
    this.requestUpdate();
  }

  #unfocused(event: FocusEvent) {
    if (event.relatedTarget instanceof Node && this.renderRoot.contains(event.relatedTarget)) return;
    this.#hasFocus = false;
    this.requestUpdate();
    // A row that is taken away lets the focus fall to nobody: the next one takes it up.
    const row = rowAround(event);
    queueMicrotask(() => {
      const isNowhere = document.activeElement === null || document.activeElement === document.body;
      if (row?.isConnected === false && isNowhere && this.isConnected) this.focus();
    });
  }

  /** After drawing: to the row that is asked for, or to the next one when the row with the focus is gone. */
  #keepFocus() {
    if (!this.ready) return;
    const stop = this.#tabStop();
    const wanted = this.#focusActive || (this.#hasFocus && !this.#isFocusInside());
    if (!wanted || stop === null) return;
    const element = this.#element(stop);
    if (element === null) return;
    this.#focusActive = false;
    element.focus({ preventScroll: this.#hasFocus });
  }

  #isFocusInside(): boolean {
    const focused = (this.renderRoot as ShadowRoot).activeElement;
    return focused !== null && (this.scroller?.contains(focused) ?? false);
  }

  #element(key: string): HTMLElement | null {
    return this.renderRoot.querySelector(`[data-key='${CSS.escape(key)}']`);
  }

  #pressed(event: KeyboardEvent) {
    const row = rowAround(event);
    if (row === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const message = row.querySelector('message-row');
    const isInside = event.composedPath()[0] !== row;
    if (isInside ? this.#pressedInside(event, row, message) : this.#pressedOnRow(event, message)) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  #pressedInside(event: KeyboardEvent, row: HTMLElement, message: MessageRow | null): boolean {
    if (event.key === 'Escape') {
      row.focus();
      return true;
    }
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : along(event, this);
    if (step === 0 || message === null) return false;
    const { stops } = message;
    const at = stops.indexOf(event.composedPath()[0] as HTMLElement) + step;
    (at < 0 ? row : stops[Math.min(at, stops.length - 1)])?.focus();
    return true;
  }

  #pressedOnRow(event: KeyboardEvent, message: MessageRow | null): boolean {
    const { key } = event;
    const isMenu = key === 'Enter' || key === 'ContextMenu' || (key === 'F10' && event.shiftKey);
    if (isMenu || along(event, this) === 1) {
      message?.stops[0]?.focus();
      return message !== null;
    }
    switch (key) {
      case 'ArrowUp':
        this.#step(-1);
        return true;
      case 'ArrowDown':
        this.#step(1);
        return true;
      case 'PageUp':
        this.#page(-1);
        return true;
      case 'PageDown':
        this.#page(1);
        return true;
      case 'Home':
        void this.#toEdge('start', () => this.conversation.jumpToStart());
        return true;
      case 'End':
        this.conversation.firstUnread = null;
        void this.#toEdge('end', () => this.conversation.jumpToEnd());
        return true;
      case 'c':
      case 'C':
        void message?.copy();
        return message !== null;
      default:
        return false;
    }
  }

  #step(by: 1 | -1) {
    const at = this.#rows.findIndex(({ key }) => key === this.#activeKey);
    for (let index = at + by; index >= 0 && index < this.#rows.length; index += by) {
      const row = this.#rows[index];
      if (row !== undefined && isEventRow(row)) return this.#goToRow(row.key, index);
    }
  }

  #page(by: 1 | -1) {
    const virtualizer = this.#virtual.getVirtualizer();
    const height = virtualizer.scrollRect?.height ?? 0;
    const active = virtualizer.measurementsCache[this.#rows.findIndex(({ key }) => key === this.#activeKey)];
    const target = virtualizer.getVirtualItemForOffset((active?.start ?? 0) + by * height * 0.9);
    if (target === undefined) return;
    for (let index = target.index; index >= 0 && index < this.#rows.length; index += by) {
      const row = this.#rows[index];
      if (row !== undefined && isEventRow(row)) return this.#goToRow(row.key, index);
    }
  }

  #goToRow(key: string, index: number) {
    this.#activeKey = key;
    const virtualizer = this.#virtual.getVirtualizer();
    virtualizer.scrollToIndex(index, { align: 'auto' });
    if (virtualizer.scrollElement !== null) virtualizer.scrollOffset = virtualizer.scrollElement.scrollTop;
    this.#focusActive = true;
    this.requestUpdate();
  }

  async #toEdge(goal: 'start' | 'end', load: () => Promise<void>) {
    await this.#jump(goal, load);
    const rows = this.#memo.of({
      events: this.conversation.timeline.events,
      pending: this.conversation.atEnd ? this.conversation.pending : [],
      me: this.room.me,
      firstUnread: this.conversation.firstUnread,
      atStart: this.conversation.atStart,
    });
    const edge = goal === 'start' ? rows.find(isEventRow) : rows.findLast(isEventRow);
    this.#activeKey = edge?.key ?? null;
    this.#focusActive = true;
    this.requestUpdate();
  }

  static override styles = [base, buttons, messageTimelineStyles];
}

function rowAround(event: Event): HTMLElement | null {
  for (const target of event.composedPath()) {
    if (target instanceof HTMLElement && target.classList.contains('row')) return target;
  }
  return null;
}

/** 1 for the arrow that points along the line of text, -1 for the other, 0 for any other key. */
function along({ key }: KeyboardEvent, element: Element): -1 | 0 | 1 {
  if (key !== 'ArrowRight' && key !== 'ArrowLeft') return 0;
  const isRtl = getComputedStyle(element).direction === 'rtl';
  return (key === 'ArrowRight') === isRtl ? -1 : 1;
}

/** A guess at a row's height before it is drawn: a good one keeps the scroll bar still, and saves a layout. */
function estimate(row: AnyRow, width: number, isNarrow: boolean): number {
  if (row.kind === 'start') return 220;
  if (row.kind !== 'message') return 34;
  const perLine = Math.max(20, Math.min(66, (width - 200) / 7.6));
  const body = row.body ?? '';
  let lines = 0;
  for (const line of body.split('\n')) lines += Math.max(1, Math.ceil(line.length / perLine));
  const text = (row.file !== null && body === '' ? 0 : Math.ceil(lines * 22.5)) + fileHeight(row, width);
  if (row.follows) return text + 4;
  // The name stands beside the text, or where there is no room for that, above it.
  return isNarrow ? text + 29 : Math.max(47, text + 10);
}

/** What a row's file adds, in CSS pixels. */
function fileHeight({ file }: Row, width: number): number {
  if (file === null) return 0;
  if (file.picture === null) return CARD_HEIGHT;
  const place = placeOf(file.picture);
  return place.height * Math.min(1, (width - 60) / place.width) + 7;
}

declare global {
  interface HTMLElementTagNameMap {
    'message-timeline': MessageTimeline;
  }
}
