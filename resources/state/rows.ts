import type { Id, Seq, Timestamp } from '../../server/protocol/entities.ts';
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
  /** The same author wrote the row above, not long before. */
  follows: boolean;
  /** Set until the host has it. */
  pending: Pending | null;
}

export interface RowsInput {
  /** The window of the log that is held, without holes. */
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
export function rowsOf({ events, pending, me, firstUnread, atStart }: RowsInput): Row[] {
  const rows: Row[] = [];
  let newDrawn = firstUnread === null || (!atStart && (events[0]?.seq ?? 0) >= firstUnread);
  let day: Day | null = null;
  let above: MessageRow | null = null;

  const begin = (at: Timestamp, key: string) => {
    if (day !== null && at >= day.from && at < day.to) return;
    day = dayOf(at);
    rows.push({ kind: 'day', key: `day ${key}`, at });
    above = null;
  };
  const add = (row: MessageRow) => {
    begin(row.at, row.key);
    const isNew = !newDrawn && row.seq !== null && row.seq >= (firstUnread ?? 0);
    if (isNew) {
      rows.push({ kind: 'new', key: 'new', at: row.at });
      newDrawn = true;
    }
    row.follows = !isNew && above !== null && follows(row, above);
    rows.push(row);
    above = row;
  };

  const start = (seq: Seq, at: Timestamp | null, isCutOff: boolean) =>
    rows.push({ kind: 'start', key: 'start', seq, at, isEmpty: false, isCutOff });

  const [earliest] = events;
  if (atStart && earliest === undefined) start(1, null, false);
  else if (atStart && earliest !== undefined && earliest.type !== 'conversation.opened')
    start(earliest.seq, earliest.at, true);
  for (const [index, event] of events.entries()) {
    const isContext = index === 0 && !atStart;
    if (isContext) day = dayOf(event.at);
    switch (event.type) {
      case 'conversation.opened':
        start(event.seq, event.at, false);
        break;
      case 'message.posted':
        if (isContext) above = messageRow(event);
        else add(messageRow(event));
        break;
      case 'member.joined':
      case 'member.renamed':
      case 'guest.ended':
        above = null;
        if (!isContext) {
          begin(event.at, String(event.seq));
          rows.push(systemRow(event));
        }
        break;
      case 'message.withdrawn':
        // Seen in the place of the message itself.
        break;
    }
  }

  const arrived =
    pending.length === 0 ? null : new Set(events.map((event) => ('id' in event ? event.id : '')));
  for (const item of pending) {
    // The event may be here before the answer that takes it out of the outbox.
    if (arrived?.has(item.id) === false) add(pendingRow(item, me));
  }

  const first = rows[0];
  if (first?.kind === 'start') first.isEmpty = !rows.some(({ kind }) => kind === 'message');
  return rows;
}

/**
 * Makes rows only when something has changed, and hands out the same object for a row that has not: whoever draws them
 * can tell by identity.
 */
export class Rows {
  #input: RowsInput | null = null;
  #rows: readonly Row[] = [];
  #byKey = new Map<string, Row>();

  of(input: RowsInput): readonly Row[] {
    if (this.#input !== null && isSameInput(this.#input, input)) return this.#rows;
    // The timeline changes its events in place; this is how they were.
    this.#input = { ...input, events: [...input.events] };
    const rows = rowsOf(input).map((row) => {
      const known = this.#byKey.get(row.key);
      return known !== undefined && isSameRow(known, row) ? known : row;
    });
    this.#byKey = new Map(rows.map((row) => [row.key, row]));
    this.#rows = rows;
    return rows;
  }
}

function messageRow({ id, seq, at, authorId, body }: MessagePosted): MessageRow {
  return { kind: 'message', key: id, seq, at, authorId, body, follows: false, pending: null };
}

function pendingRow(pending: Pending, me: Id): MessageRow {
  const { id, createdAt, body } = pending;
  return { kind: 'message', key: id, seq: null, at: createdAt, authorId: me, body, follows: false, pending };
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

function isSameInput(a: RowsInput, b: RowsInput): boolean {
  return (
    a.me === b.me &&
    a.firstUnread === b.firstUnread &&
    a.atStart === b.atStart &&
    isSameList(a.pending, b.pending) &&
    isSameList(a.events, b.events)
  );
}

function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index]);
}

function isSameRow(a: Row, b: Row): boolean {
  const [one, other] = [a, b] as [Record<string, unknown>, Record<string, unknown>];
  return Object.keys(one).every((name) => one[name] === other[name]);
}
