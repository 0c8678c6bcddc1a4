import type { FileHash, Id, Seq, Timestamp } from '../protocol/entities.ts';
import { SalonError } from '../protocol/errors.ts';
import { attach, attachmentOf, detach } from './attachments.ts';
import { advance, audienceOf, directKey, findOrOpen, placeOf } from './conversations.ts';
import { storableText, type Database } from './database.ts';
import { append, appendTo, eventAt, eventsAfter, eventsBefore, KIND_NUMBERS } from './log.ts';
import type { PostedMessage, Published, Store } from './records.ts';

/** Posting, taking back, reading again. */
export const messages = (db: Database): Pick<Store, 'post' | 'withdraw' | 'page'> => ({
  post: (message) => {
    const body = storableText(message.body);
    return db.refusingFirst(() => {
      const first = firstAnswer(db, message, body);
      if (first !== null) return { ...first, published: [] };

      const file = message.file === undefined ? null : attachmentOf(db, message.authorId, message.file);
      const { conversationId, opening } = target(db, message);
      const place = placeOf(db, conversationId, message.authorId);
      const author = { row: place.memberRow, id: message.authorId };
      const event = appendTo(
        db,
        place,
        { type: 'message.posted', author, clientId: message.id, body, ...(file && { detail: { file } }) },
        message.now,
      );
      if (file !== null) attach(db, place.row, event.seq, author.row, file.hash);
      // Whoever answers has read what they answer.
      advance(db, { ...place, head: event.seq }, event.seq, event.seq);
      const published = [...opening, { event, audience: audienceOf(db, place) }];
      return { conversationId, seq: event.seq, at: event.at, published };
    });
  },

  withdraw: (conversationId, seq, authorId, now) =>
    db.atomic(() => {
      const place = placeOf(db, conversationId, authorId);
      const author = { row: place.memberRow, id: authorId };
      const message = db.one<{ row: number; withdrawnAs: Seq | null }>(
        `SELECT id AS row, detail ->> 'withdrawnAs' AS withdrawnAs FROM event
         WHERE conversation_id = ? AND seq = ? AND kind = ? AND author_id = ?`,
        place.row,
        seq,
        KIND_NUMBERS['message.posted'],
        author.row,
      );
      if (message === undefined) throw new SalonError('NO_SUCH_MESSAGE');
      const audience = audienceOf(db, place);
      if (message.withdrawnAs !== null) {
        const earlier = eventAt(db, place, message.withdrawnAs);
        if (earlier !== undefined) return { event: earlier, audience };
      }
      if (audience === null || hasReached(db, place.row, author.row, seq))
        throw new SalonError('ALREADY_DELIVERED');

      const event = append(
        db,
        place.row,
        { type: 'message.withdrawn', author, detail: { messageSeq: seq } },
        now,
      );
      db.all(
        `UPDATE event SET body = NULL, detail = json_object('withdrawnAs', ?) WHERE id = ?`,
        event.seq,
        message.row,
      );
      detach(db, message.row);
      return { event, audience };
    }),

  page: (conversationId, memberId, range, limit) => {
    const place = placeOf(db, conversationId, memberId);
    const events =
      'before' in range
        ? eventsBefore(db, place, range.before, limit)
        : eventsAfter(db, place, range.after, limit);
    return { events, head: place.head };
  },
});

type FirstAnswer = { conversationId: Id; seq: Seq; at: Timestamp };

/** What was answered when this author posted this id before, or null. @throws SalonError `CID_REUSED`. */
function firstAnswer(db: Database, message: PostedMessage, body: string): FirstAnswer | null {
  const first = db.one<
    FirstAnswer & { body: string | null; file: FileHash | null; directKey: Uint8Array | null }
  >(
    `SELECT c.uid AS conversationId, c.direct_key AS directKey, e.seq, e.at, e.body,
       e.detail ->> '$.file.hash' AS file
     FROM event e JOIN conversation c ON c.id = e.conversation_id WHERE e.author_id = (SELECT id FROM member WHERE uid = ?) AND e.client_id = ?`,
    message.authorId,
    message.id,
  );
  if (first === undefined) return null;
  const { conversationId, seq, at } = first;
  const sameTarget =
    message.to === null
      ? message.conversationId === conversationId
      : first.directKey !== null &&
        Buffer.compare(first.directKey, keyOf(message.to, message.authorId)) === 0;
  // Of a withdrawn message nothing is left to compare with.
  const sameContent =
    first.body === null || (first.body === body && first.file === (message.file?.hash ?? null));
  if (!sameTarget || !sameContent) throw new SalonError('CID_REUSED');
  return { conversationId, seq, at };
}

const keyOf = (to: readonly Id[], authorId: Id) => directKey([...new Set([...to, authorId])]);

function target(db: Database, message: PostedMessage): { conversationId: Id; opening: Published[] } {
  const { conversationId, to, authorId, newConversationId, now } = message;
  if (conversationId !== null) return { conversationId, opening: [] };
  if (to === null) throw new SalonError('BAD_SHAPE', { path: 'to' });
  // Opening one may be refused half-way.
  const { id, published } = db.atomic(() => findOrOpen(db, to, authorId, newConversationId, now));
  return { conversationId: id, opening: published === null ? [] : [published] };
}

/** Whether another member's computer has the message already. */
function hasReached(db: Database, conversation: number, author: number, seq: Seq): boolean {
  const reached = db.one(
    'SELECT 1 FROM conversation_member WHERE conversation_id = ? AND member_id <> ? AND delivered_seq >= ?',
    conversation,
    author,
    seq,
  );
  return reached !== undefined;
}
