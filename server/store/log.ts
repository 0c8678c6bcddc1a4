import { LIMITS, type Attachment, type Id, type Seq, type Timestamp } from '../protocol/entities.ts';
import type { EventOf, LogEvent, LogEventType } from '../protocol/events.ts';
import { StorageError } from './failures.ts';
import type { Database } from './database.ts';
import { peopleChanged } from './people-version.ts';
import type { StoredMember } from './records.ts';

/** The numbered log of a conversation: the table `event`, and how a row becomes what members hear. */

/** How a kind of event is stored. Never reused. */
export const KIND_NUMBERS = {
  'conversation.opened': 1,
  'member.joined': 2,
  'member.renamed': 3,
  'message.posted': 4,
  'message.withdrawn': 5,
  'guest.ended': 6,
} as const satisfies Record<LogEventType, number>;

export interface Author {
  /** Internal number. */
  row: number;
  id: Id;
}

/** What is said of an event beyond its place; `detail` is stored as JSON. */
export type NewEvent =
  | { type: 'conversation.opened'; author: Author | null; detail: { memberIds: Id[] } }
  | { type: 'member.joined'; author: Author; detail: { member: Omit<StoredMember, 'joinedAt' | 'leftAt'> } }
  | { type: 'member.renamed'; author: Author; detail: { from: string; to: string } }
  | { type: 'guest.ended'; author: Author }
  | { type: 'message.posted'; author: Author; clientId: Id; body: string; detail?: { file: Attachment } }
  | { type: 'message.withdrawn'; author: Author; detail: { messageSeq: Seq } };

/** The columns of an event as it is told. */
type EventRow = {
  conversationId: Id;
  seq: Seq;
  at: Timestamp;
  kind: number;
  author: Id | null;
  clientId: Id | null;
  body: string | null;
  detail: string | null;
};

/** After these, who there is or what they are called is not what it was. */
const OF_PEOPLE: ReadonlySet<LogEventType> = new Set(['member.joined', 'member.renamed', 'guest.ended']);

/** Where a conversation ends. */
export interface End {
  /** Internal number. */
  row: number;
  id: Id;
  head: Seq;
  lastAt: Timestamp;
}

/** Gives an event the next number of its conversation, and a time that never goes back there. */
export function append(db: Database, conversation: number, event: NewEvent, now: Timestamp): LogEvent {
  const end = db.one<{ [K in keyof End]: End[K] }>(
    'SELECT id AS row, uid AS id, last_seq AS head, last_at AS lastAt FROM conversation WHERE id = ?',
    conversation,
  );
  if (end === undefined) throw new StorageError(`no conversation ${conversation}`);
  return appendTo(db, end, event, now);
}

/** The same where it was just looked up, in this very transaction, how the conversation ends. */
export function appendTo(db: Database, end: End, event: NewEvent, now: Timestamp): LogEvent {
  const row: EventRow = {
    conversationId: end.id,
    seq: end.head + 1,
    at: Math.max(end.lastAt, now),
    kind: KIND_NUMBERS[event.type],
    author: event.author?.id ?? null,
    clientId: 'clientId' in event ? event.clientId : null,
    body: 'body' in event ? event.body : null,
    detail: 'detail' in event && event.detail !== undefined ? JSON.stringify(event.detail) : null,
  };
  db.all(
    `INSERT INTO event(conversation_id, seq, kind, author_id, client_id, at, body, detail)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    end.row,
    row.seq,
    row.kind,
    event.author?.row ?? null,
    row.clientId,
    row.at,
    row.body,
    row.detail,
  );
  db.all('UPDATE conversation SET last_seq = ?, last_at = ? WHERE id = ?', row.seq, row.at, end.row);
  if (OF_PEOPLE.has(event.type)) peopleChanged();
  return eventOf(row);
}

/** A conversation by its internal number, and the first event of it that the reader may read. */
export interface ReadablePart {
  row: number;
  first: Seq;
}

const EVENTS = `
  SELECT c.uid AS conversationId, e.seq, e.at, e.kind, m.uid AS author, e.client_id AS clientId, e.body, e.detail
  FROM event e JOIN conversation c ON c.id = e.conversation_id LEFT JOIN member m ON m.id = e.author_id
  WHERE e.conversation_id = ?`;

/** The last ones before a number, in order, from `first` on. */
export function eventsBefore(
  db: Database,
  { row, first }: ReadablePart,
  seq: Seq,
  limit: number,
): LogEvent[] {
  const rows = db.all<EventRow>(
    `${EVENTS} AND e.seq < ? AND e.seq >= ? ORDER BY e.seq DESC LIMIT ?`,
    row,
    seq,
    first,
    bounded(limit),
  );
  return rows.toReversed().map(eventOf);
}

/** The first ones after a number, in order, from `first` on. */
export function eventsAfter(db: Database, { row, first }: ReadablePart, seq: Seq, limit: number): LogEvent[] {
  const rows = db.all<EventRow>(
    `${EVENTS} AND e.seq > ? ORDER BY e.seq LIMIT ?`,
    row,
    Math.max(seq, first - 1),
    bounded(limit),
  );
  return rows.map(eventOf);
}

/** The event with that number, if there is one. */
export function eventAt(db: Database, part: ReadablePart, seq: Seq): LogEvent | undefined {
  return eventsAfter(db, part, seq - 1, 1).find((event) => event.seq === seq);
}

const bounded = (limit: number) => Math.max(0, Math.min(limit, LIMITS.pageEvents));

type Told = { [T in LogEventType]: (row: EventRow, position: Position, authorId: Id) => EventOf<T> };
type Position = Pick<LogEvent, 'conversationId' | 'seq' | 'at'>;

const TOLD: Told = {
  'conversation.opened': (row, position) => ({
    type: 'conversation.opened',
    ...position,
    authorId: row.author,
    ...detailOf<'conversation.opened'>(row),
  }),
  'member.joined': (row, position, authorId) => {
    const { member } = detailOf<'member.joined'>(row);
    // Who is here is told by signals, and who has left by another event; a stored one cannot know.
    return {
      type: 'member.joined',
      ...position,
      authorId,
      member: { ...member, joinedAt: row.at, leftAt: null, presence: 'offline' },
    };
  },
  'member.renamed': (row, position, authorId) => ({
    type: 'member.renamed',
    ...position,
    authorId,
    ...detailOf<'member.renamed'>(row),
  }),
  'guest.ended': (_row, position, authorId) => ({ type: 'guest.ended', ...position, authorId }),
  'message.posted': (row, position, authorId) => {
    if (row.clientId === null) throw new StorageError(`message ${row.seq} without an id`);
    const message = {
      type: 'message.posted',
      ...position,
      authorId,
      id: row.clientId,
      body: row.body,
    } as const;
    // Of a withdrawn one the detail says by which event.
    const brings = row.detail !== null && row.body !== null;
    return brings ? { ...message, ...detailOf<'message.posted'>(row) } : message;
  },
  'message.withdrawn': (row, position, authorId) => ({
    type: 'message.withdrawn',
    ...position,
    authorId,
    ...detailOf<'message.withdrawn'>(row),
  }),
};

const TYPE_OF = new Map<number, LogEventType>(
  (Object.keys(KIND_NUMBERS) as LogEventType[]).map((type) => [KIND_NUMBERS[type], type]),
);

function eventOf(row: EventRow): LogEvent {
  const type = TYPE_OF.get(row.kind);
  if (type === undefined) throw new StorageError(`event ${row.seq} of unknown kind ${row.kind}`);
  const position = { conversationId: row.conversationId, seq: row.seq, at: row.at };
  if (row.author === null && type !== 'conversation.opened')
    throw new StorageError(`event ${row.seq} without an author`);
  return TOLD[type](row, position, row.author ?? '');
}

type DetailOf<T extends LogEventType> = NonNullable<
  Extract<NewEvent, { type: T; detail?: object }>['detail']
>;

/** Written by `append`, so it is what it was there. */
function detailOf<T extends LogEventType>(row: EventRow): DetailOf<T> {
  if (row.detail === null) throw new StorageError(`event ${row.seq} without its detail`);
  return JSON.parse(row.detail) as DetailOf<T>;
}
