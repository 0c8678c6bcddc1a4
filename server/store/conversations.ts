import { createHash } from 'node:crypto';
import {
  LIMITS,
  type Conversation,
  type Id,
  type Receipt,
  type Seq,
  type Timestamp,
} from '../protocol/entities.ts';
import { SalonError } from '../protocol/errors.ts';
import { append, KIND_NUMBERS } from './log.ts';
import { authorOf, areStill, peopleSeenBy, type Person } from './members.ts';
import { readRoom } from './room.ts';
import type { Database } from './database.ts';
import type { Published, Snapshot, Store } from './records.ts';

/** Who talks with whom, and how far each has read. Every look-up goes through the member: not theirs is not there. */

/** A conversation as one member has it. `row` and `memberRow` are internal numbers. */
export type Place = {
  row: number;
  id: Id;
  kind: 'lobby' | 'direct';
  /** The first event that this member may read. */
  first: Seq;
  head: Seq;
  lastAt: Timestamp;
  memberRow: number;
  delivered: Seq;
  read: Seq;
};

const PLACES = `
  SELECT c.id AS row, c.uid AS id, c.kind, coalesce(m.guest_from, 1) AS first, c.last_seq AS head,
    c.last_at AS lastAt, p.member_id AS memberRow, p.delivered_seq AS delivered, p.read_seq AS read
  FROM member m JOIN conversation_member p ON p.member_id = m.id JOIN conversation c ON c.id = p.conversation_id
  WHERE m.uid = ? AND m.left_at IS NULL`;

/** A guest whose stay is over has none. @throws SalonError `NO_SUCH_CONVERSATION`. */
export function placeOf(db: Database, conversationId: Id, memberId: Id): Place {
  const place = db.one<Place>(`${PLACES} AND c.uid = ?`, memberId, conversationId);
  if (place === undefined) throw new SalonError('NO_SUCH_CONVERSATION');
  return place;
}

/** Null for the lobby, which is everybody's. */
export function audienceOf(db: Database, place: Pick<Place, 'row' | 'kind'>): Id[] | null {
  if (place.kind === 'lobby') return null;
  const members = db.all<{ id: Id }>(
    `SELECT m.uid AS id FROM conversation_member p JOIN member m ON m.id = p.member_id
     WHERE p.conversation_id = ? ORDER BY m.uid`,
    place.row,
  );
  return members.map(({ id }) => id);
}

/** What makes two direct conversations the same one. */
export function directKey(memberIds: readonly Id[]): Uint8Array {
  return createHash('sha256').update(memberIds.toSorted().join(' ')).digest();
}

/**
 * The direct conversation of exactly these people; opened by one of them if there is none yet.
 * @throws SalonError `NO_SUCH_MEMBER`, `NOT_FOR_GUESTS`, `GUEST_READS_LOBBY`.
 */
export function findOrOpen(
  db: Database,
  people: readonly Id[],
  by: Id,
  newConversationId: Id,
  now: Timestamp,
): { id: Id; published: Published | null } {
  const memberIds = [...new Set([...people, by])].toSorted();
  if (memberIds.length > LIMITS.directMembers) throw new SalonError('BAD_SHAPE', { path: 'memberIds' });
  const key = directKey(memberIds);
  const known = db.one<{ id: Id }>('SELECT uid AS id FROM conversation WHERE direct_key = ?', key);
  if (known !== undefined) return { id: known.id, published: null };

  const author = authorOf(db, by);
  if (author.guestFrom !== null) throw new SalonError('NOT_FOR_GUESTS');
  const opened = db.one<{ row: number }>(
    `INSERT INTO conversation(uid, kind, direct_key, last_at) VALUES (?, 'direct', ?, ?) RETURNING id AS row`,
    newConversationId,
    key,
    now,
  );
  const row = opened?.row ?? 0;
  for (const memberId of memberIds) {
    const member = authorOf(db, memberId);
    if (member.guestFrom !== null) throw new SalonError('GUEST_READS_LOBBY');
    db.all(
      'INSERT INTO conversation_member(conversation_id, member_id, joined_at) VALUES (?, ?, ?)',
      row,
      member.row,
      now,
    );
  }
  const event = append(db, row, { type: 'conversation.opened', author, detail: { memberIds } }, now);
  return { id: newConversationId, published: { event, audience: memberIds } };
}

type Position = Receipt & { row: number };

/** How far everybody is in the direct conversations of one member, or in one of them. */
const POSITIONS = `
  SELECT p.conversation_id AS row, other.uid AS memberId, p.delivered_seq AS delivered, p.read_seq AS read
  FROM conversation_member mine JOIN conversation c ON c.id = mine.conversation_id AND c.kind = 'direct'
    JOIN conversation_member p ON p.conversation_id = c.id JOIN member other ON other.id = p.member_id
  WHERE mine.member_id = ?`;

/** More events than this are not looked at to count what is unread. */
const UNREAD_SCAN = 2 * LIMITS.unreadCount;

function unread(db: Database, place: Place): number {
  if (place.read >= place.head) return 0;
  const counted = db.one<{ n: number }>(
    `SELECT count(*) AS n FROM (
       SELECT kind, author_id, body IS NULL AS withdrawn FROM event
       WHERE conversation_id = ? AND seq > ? ORDER BY seq DESC LIMIT ?
     ) WHERE kind = ? AND author_id <> ? AND NOT withdrawn`,
    place.row,
    Math.max(place.read, place.first - 1),
    UNREAD_SCAN,
    KIND_NUMBERS['message.posted'],
    place.memberRow,
  );
  return Math.min(counted?.n ?? 0, LIMITS.unreadCount);
}

function describe(db: Database, place: Place, memberId: Id, positions: readonly Position[]): Conversation {
  const others = positions.filter((position) => position.memberId !== memberId);
  return {
    id: place.id,
    kind: place.kind,
    memberIds: positions.map((position) => position.memberId).toSorted(),
    first: place.first,
    head: place.head,
    lastAt: place.lastAt,
    read: place.read,
    unread: unread(db, place),
    receipts: others.map(({ memberId: id, delivered, read }) => ({ memberId: id, delivered, read })),
  };
}

function asSeenBy(db: Database, conversationId: Id, memberId: Id): Conversation {
  const place = placeOf(db, conversationId, memberId);
  const positions = db.all<Position>(`${POSITIONS} AND c.id = ?`, place.memberRow, place.row);
  return describe(db, place, memberId, positions);
}

function roomSeenBy(db: Database, person: Person): Omit<Snapshot, 'people'> {
  const places = db.all<Place>(`${PLACES} ORDER BY c.id`, person.id);
  const positions = db.all<Position>(POSITIONS, person.row);
  const byConversation = new Map<number, Position[]>();
  for (const position of positions) {
    const those = byConversation.get(position.row);
    if (those === undefined) byConversation.set(position.row, [position]);
    else those.push(position);
  }
  return {
    room: readRoom(db),
    conversations: places.map((place) => describe(db, place, person.id, byConversation.get(place.row) ?? [])),
  };
}

export const conversations = (
  db: Database,
): Pick<Store, 'snapshotSince' | 'openDirect' | 'conversation' | 'audience' | 'mark'> => ({
  snapshotSince: (memberId, version) => {
    const person = authorOf(db, memberId);
    const people = areStill(db, version, person) ? null : peopleSeenBy(db, person);
    return { ...roomSeenBy(db, person), people };
  },

  openDirect: (memberIds, by, newConversationId, now) =>
    db.atomic(() => {
      const { id, published } = findOrOpen(db, memberIds, by, newConversationId, now);
      return { conversation: asSeenBy(db, id, by), published };
    }),

  conversation: (conversationId, memberId) => asSeenBy(db, conversationId, memberId),

  audience: (conversationId, memberId) => audienceOf(db, placeOf(db, conversationId, memberId)),

  mark: (conversationId, memberId, delivered, read) =>
    db.atomic(() => {
      const place = placeOf(db, conversationId, memberId);
      const moved = advance(db, place, delivered, read);
      return moved === null ? null : { ...moved, audience: audienceOf(db, place) };
    }),
});

/** Moves a member's position forward, never beyond the last event. Null when it was there already. */
export function advance(
  db: Database,
  place: Place,
  delivered: Seq,
  read: Seq,
): { delivered: Seq; read: Seq } | null {
  const nextRead = Math.max(place.read, Math.min(read, place.head));
  const nextDelivered = Math.max(place.delivered, nextRead, Math.min(delivered, place.head));
  if (nextRead === place.read && nextDelivered === place.delivered) return null;
  db.all(
    'UPDATE conversation_member SET delivered_seq = ?, read_seq = ? WHERE conversation_id = ? AND member_id = ?',
    nextDelivered,
    nextRead,
    place.row,
    place.memberRow,
  );
  return { delivered: nextDelivered, read: nextRead };
}
