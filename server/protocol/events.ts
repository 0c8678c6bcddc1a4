import * as v from 'valibot';
import { Attachment, Id, Member, Presence, RoomSettings, Seq, Timestamp } from './entities.ts';

/**
 * What a host tells, in two kinds that never mix: **log events** are stored, numbered and replayed;
 * **signals** are passing, never stored, and may be lost.
 */

const position = { conversationId: Id, seq: Seq, at: Timestamp };

export const LogEvent = v.variant('type', [
  /**
   * The first event of every conversation, and all a client needs to know of a new one. `memberIds` is empty for the
   * lobby, whose `authorId` is null.
   */
  v.object({
    type: v.literal('conversation.opened'),
    ...position,
    authorId: v.nullable(Id),
    memberIds: v.array(Id),
  }),
  /** Somebody signed up, or came in as a guest. In the lobby. */
  v.object({ type: v.literal('member.joined'), ...position, authorId: Id, member: Member }),
  /** In the lobby. The member's id stays, so history follows the person. */
  v.object({
    type: v.literal('member.renamed'),
    ...position,
    authorId: Id,
    from: v.string(),
    to: v.string(),
  }),
  /** A guest's stay is over, at `at`. In the lobby. */
  v.object({ type: v.literal('guest.ended'), ...position, authorId: Id }),
  /** `body` is null once its author has withdrawn it, and may be empty where there is a file. */
  v.object({
    type: v.literal('message.posted'),
    ...position,
    authorId: Id,
    id: Id,
    body: v.nullable(v.string()),
    file: v.optional(Attachment),
  }),
  /** The text and the file of `messageSeq` are gone, on the host's disk too. */
  v.object({ type: v.literal('message.withdrawn'), ...position, authorId: Id, messageSeq: Seq }),
]);
export type LogEvent = v.InferOutput<typeof LogEvent>;
export type LogEventType = LogEvent['type'];
export type EventOf<T extends LogEventType> = Extract<LogEvent, { type: T }>;
export type MessagePosted = EventOf<'message.posted'>;
export type MessageWithdrawn = EventOf<'message.withdrawn'>;

export const Signal = v.variant('type', [
  v.object({
    type: v.literal('presence'),
    changes: v.array(v.object({ memberId: Id, presence: Presence, lastSeenAt: v.nullable(Timestamp) })),
  }),
  /** Lasts about six seconds unless repeated; ends with that member's next message. */
  v.object({ type: v.literal('typing'), conversationId: Id, memberId: Id }),
  /** Told to the members of a direct conversation, and to one's own other devices. Only ever grows. */
  v.object({ type: v.literal('receipt'), conversationId: Id, memberId: Id, delivered: Seq, read: Seq }),
  /** The last number of every conversation that changed lately, so that a lost last event is a gap too. */
  v.object({ type: v.literal('heads'), heads: v.array(v.tuple([Id, Seq])) }),
  /** The owner changed who may come in, or how. To everybody. */
  v.object({ type: v.literal('settings'), settings: RoomSettings }),
  /** Where the room can be found, best first, as `host:port`: to remember for the day it moves. */
  v.object({ type: v.literal('addresses'), addresses: v.array(v.string()) }),
]);
export type Signal = v.InferOutput<typeof Signal>;
