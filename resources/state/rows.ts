import type { Attachment, Id, Seq, Timestamp } from '../../server/protocol/entities.ts';
import { cleanFileName } from '../../server/protocol/file-names.ts';
import type { LogEvent, MessagePosted } from '../../server/protocol/events.ts';
import type { Pending } from './outbox.ts';

/** Messages of one author closer together than this stand under one name. In milliseconds. */
const GROUP_MS = 5 * 60_000;

/** `key` stays with a row for as long as it is shown: a message keeps it from being written to being read. */
export type Row =
  /** `isCutOff`: not the conversation's beginning, but where a guest came in; what was said before is not theirs. */
  | { kind: 'start'; key: 'start'; seq: Seq; at: Timestamp | null; isEmpty: boolean; isCutOff: boolean }
  | { kind: 'day'; key: string; at: Timestamp }
  | { kind: 'new'; key: 'new'; at: Timestamp }
  | { kind: 'joined'; key: string; seq: Seq; at: Timestamp; memberId: Id }
  /** A guest's stay was over. */
  | { kind: 'left'; key: string; seq: Seq; at: Timestamp; memberId: Id }
  | { kind: 'renamed'; key: string; seq: Seq; at: Timestamp; memberId: Id; from: string; to: string }
  | MessageRow;

export interface MessageRow {
  kind: 'message';
  key: Id;
  /** Null while it is not on the host. */
  seq: Seq | null;
  at: Timestamp;
  authorId: Id;
  /** Null once it was withdrawn. */
  body: string | null;
  file: Attachment | null;
  /** The same author wrote the row above, not long before. */
  follows: boolean;
  /** Set until the host has it. */
  pending: Pending | null;
}

export interface RowsInput {
  /** The window of the log that is held, without holes. The same list again has at most grown at its end. */
  events: readonly LogEvent[];
  /** Written here and not on the host yet, in order. */
  pending: readonly Pending[];
  me: Id;
  /** Above the first of these the "new" line is drawn; null draws none. */
  firstUnread: Seq | null;
  /** The window begins with the first event that there is to read, or there is none yet. */
  atStart: boolean;
}

/**
 * What a conversation's log looks like, line by line.
 *
 * Every row is decided by its own event and the ones before it. The first event of a window that begins in the middle
 * is therefore left out: without the one before it nobody could say whether a day begins there or a name is needed, and
 * the answer would change, and the page jump, once that one is loaded.
 */
export function rowsOf(input: RowsInput): Row[] {
  const laid = new Laying(input);
  laid.take(input.events);
  return wholeOf(laid, input);
}

function wholeOf(laid: Laying, input: RowsInput): Row[] {
  const rows = [...laid.rows, ...laid.ending(input)];
  const [first] = rows;
  if (first?.kind === 'start' && rows.some(({ kind }) => kind === 'message'))
    rows[0] = { ...first, isEmpty: false };
  return rows;
}

/** Lays row after row. What comes later changes nothing of what was laid. */
class Laying {
  rows: Row[] = [];
  readonly #firstUnread: Seq | null;
  readonly #atStart: boolean;
  /** So many events are laid. */
  taken = 0;
  #newDrawn: boolean;
  #day: Day | null = null;
  #above: MessageRow | null = null;

  constructor({ events, firstUnread, atStart }: RowsInput) {
    this.#firstUnread = firstUnread;
    this.#atStart = atStart;
    this.#newDrawn = firstUnread === null || (!atStart && (events[0]?.seq ?? 0) >= firstUnread);
  }

  /** Whatever it has not taken yet of a list that has only grown. */
  take(events: readonly LogEvent[]): void {
    if (this.taken === 0 && this.#atStart) this.#beginLog(events[0]);
    for (; this.taken < events.length; this.taken += 1) {
      const event = events[this.taken];
      if (event !== undefined) this.#takeOne(event, this.taken === 0 && !this.#atStart);
    }
  }

  /** What stands below the last event and may be gone again in a moment. */
  ending({ events, pending, me }: RowsInput): Row[] {
    if (pending.length === 0) return [];
    const arrived = new Set(events.map((event) => ('id' in event ? event.id : '')));
    const below = new Laying({ events: [], pending, me, firstUnread: null, atStart: false });
    below.#day = this.#day;
    below.#above = this.#above;
    for (const item of pending) {
      // The event may be here before the answer that takes it out of the outbox.
      if (!arrived.has(item.id)) below.#add(pendingRow(item, me));
    }
    return below.rows;
  }

  #beginLog(earliest: LogEvent | undefined): void {
    if (earliest === undefined) this.#start(1, null, false);
    else if (earliest.type !== 'conversation.opened') this.#start(earliest.seq, earliest.at, true);
  }

  #takeOne(event: LogEvent, isContext: boolean): void {
    if (isContext) this.#day = dayOf(event.at);
    switch (event.type) {
      case 'conversation.opened':
        return this.#start(event.seq, event.at, false);
      case 'message.posted':
        if (isContext) this.#above = messageRow(event);
        else this.#add(messageRow(event));
        return;
      case 'member.joined':
      case 'member.renamed':
      case 'guest.ended':
        this.#above = null;
        if (isContext) return;
        this.#begin(event.at, String(event.seq));
        this.rows.push(systemRow(event));
        return;
      case 'message.withdrawn':
        // Seen in the place of the message itself.
        return;
    }
  }

  #start(seq: Seq, at: Timestamp | null, isCutOff: boolean): void {
    this.rows.push({ kind: 'start', key: 'start', seq, at, isEmpty: true, isCutOff });
  }

  #begin(at: Timestamp, key: string): void {
    if (this.#day !== null && at >= this.#day.from && at < this.#day.to) return;
    this.#day = dayOf(at);
    this.rows.push({ kind: 'day', key: `day ${key}`, at });
    this.#above = null;
  }

  #add(row: MessageRow): void {
    this.#begin(row.at, row.key);
    const isNew = !this.#newDrawn && row.seq !== null && row.seq >= (this.#firstUnread ?? 0);
    if (isNew) {
      this.rows.push({ kind: 'new', key: 'new', at: row.at });
      this.#newDrawn = true;
    }
    row.follows = !isNew && this.#above !== null && follows(row, this.#above);
    this.rows.push(row);
    this.#above = row;
  }
}

/**
 * Makes rows only when something has changed, and hands out the same object for a row that has not: whoever draws them
 * can tell by identity. A list of events that has grown costs what it has grown by.
 */
export class Rows {
  #input: RowsInput | null = null;
  #laid: Laying | null = null;
  #rows: readonly Row[] = [];

  of(input: RowsInput): readonly Row[] {
    const { events } = input;
    const isGrown = this.#input !== null && isSameBut(this.#input, input);
    // Where nothing was laid, the first event decides how it begins.
    const former = isGrown && (this.#laid?.taken !== 0 || events.length === 0) ? this.#laid : null;
    if (former?.taken === events.length && isSameList(this.#input?.pending ?? [], input.pending))
      return this.#rows;

    const laid = former ?? new Laying(input);
    // What was laid before is the same. Its beginning, and what stands below it, are made anew each time.
    const unsure =
      former === null ? this.#rows : [...this.#rows.slice(0, 1), ...this.#rows.slice(laid.rows.length)];
    const known = new Map(unsure.map((row) => [row.key, row]));
    const keep = (row: Row) => {
      const before = known.get(row.key);
      return before !== undefined && isSameRow(before, row) ? before : row;
    };
    laid.take(events);
    if (former === null) laid.rows = laid.rows.map(keep);
    this.#rows = wholeOf(laid, input).map((row, at) =>
      at === 0 || at >= laid.rows.length ? keep(row) : row,
    );
    this.#input = input;
    this.#laid = laid;
    return this.#rows;
  }
}

function messageRow({ id, seq, at, authorId, body, file }: MessagePosted): MessageRow {
  return {
    kind: 'message',
    key: id,
    seq,
    at,
    authorId,
    body,
    file: file ? cleaned(file) : null,
    follows: false,
    pending: null,
  };
}

/** The host does it too; but whose host is it? */
function cleaned(file: Attachment): Attachment {
  const name = cleanFileName(file.name);
  return name === file.name ? file : { ...file, name };
}

function pendingRow(pending: Pending, me: Id): MessageRow {
  const { id, createdAt: at, body, file } = pending;
  return {
    kind: 'message',
    key: id,
    seq: null,
    at,
    authorId: me,
    body,
    file: file ?? null,
    follows: false,
    pending,
  };
}

function systemRow(
  event: Extract<LogEvent, { type: 'member.joined' | 'member.renamed' | 'guest.ended' }>,
): Row {
  const { seq, at, authorId: memberId } = event;
  const key = `event ${seq}`;
  if (event.type === 'member.joined') return { kind: 'joined', key, seq, at, memberId };
  if (event.type === 'guest.ended') return { kind: 'left', key, seq, at, memberId };
  return { kind: 'renamed', key, seq, at, memberId, from: event.from, to: event.to };
}

function follows(row: MessageRow, above: MessageRow): boolean {
  return row.authorId === above.authorId && Math.abs(row.at - above.at) < GROUP_MS;
}

interface Day {
  from: Timestamp;
  to: Timestamp;
}

/** By the calendar on this computer's wall: summer time makes days of 23 and 25 hours. */
function dayOf(at: Timestamp): Day {
  const date = new Date(at);
  const [year, month, day] = [date.getFullYear(), date.getMonth(), date.getDate()];
  return { from: new Date(year, month, day).getTime(), to: new Date(year, month, day + 1).getTime() };
}

/** But for what was added at the end of the events, and what waits below them. */
function isSameBut(a: RowsInput, b: RowsInput): boolean {
  return a.events === b.events && a.me === b.me && a.firstUnread === b.firstUnread && a.atStart === b.atStart;
}

function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index]);
}

function isSameRow(a: Row, b: Row): boolean {
  const [one, other] = [a, b] as [Record<string, unknown>, Record<string, unknown>];
  return Object.keys(one).every((name) => one[name] === other[name]);
}
