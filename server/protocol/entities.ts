import * as v from 'valibot';

/** What the room is made of, and the limits on it. The schema is the type. */

/** The wire protocol's version. Spoken as the WebSocket subprotocol `salon.v1` and in `hello`. */
export const PROTOCOL_VERSION = 1;
export const SUBPROTOCOL = `salon.v${PROTOCOL_VERSION}`;

/** The port a host tries first. Below 32768, where systems hand out ports for outgoing connections. */
export const DEFAULT_PORT = 4870;

export const LIMITS = {
  /** One WebSocket message from a client, in bytes. */
  frameBytes: 64 * 1024,
  bodyCharacters: 16_000,
  bodyBytes: 60 * 1024,
  usernameCharacters: 32,
  personNameCharacters: 64,
  roomNameCharacters: 60,
  /** Members of one direct conversation, the one who opens it included. */
  directMembers: 50,
  pageEvents: 200,
  sessionsPerMember: 20,
  /** Unread messages are counted up to here. */
  unreadCount: 999,
} as const;

/** A ULID: 128 bits as 26 letters of Crockford's base 32, made by whoever creates the thing. */
export const Id = v.pipe(v.string(), v.regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/));
export type Id = v.InferOutput<typeof Id>;

/** Position in a conversation's log: 1, 2, 3 … with no holes. 0 means "nothing seen yet". */
export const Seq = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export type Seq = v.InferOutput<typeof Seq>;

/** Milliseconds since 1970 by the host's clock. A label only: order is `seq`. */
export const Timestamp = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export type Timestamp = v.InferOutput<typeof Timestamp>;

/** `length` bytes as unpadded base64url. */
export const bytes = (length: number) =>
  v.pipe(v.string(), v.regex(new RegExp(`^[A-Za-z0-9_-]{${Math.ceil((length * 4) / 3)}}$`)));

export const Language = v.picklist(['en', 'fr']);
export type Language = v.InferOutput<typeof Language>;

/** A name as somebody typed it: bounded here, judged by the rules of `names.ts` where it is used. */
export const TypedName = v.pipe(v.string(), v.maxLength(200));

/** What a person wrote. Emptiness and length are judged where it is posted, with a sentence for each. */
export const TypedBody = v.pipe(v.string(), v.maxLength(LIMITS.frameBytes));

export const Role = v.picklist(['owner', 'member']);
export type Role = v.InferOutput<typeof Role>;

/** `offline` is only ever told, never asked for. */
export const Presence = v.picklist(['here', 'away', 'offline']);
export type Presence = v.InferOutput<typeof Presence>;

export const Member = v.object({
  id: Id,
  username: v.string(),
  firstName: v.string(),
  lastName: v.string(),
  role: Role,
  joinedAt: Timestamp,
  lastSeenAt: v.nullable(Timestamp),
  presence: Presence,
});
export type Member = v.InferOutput<typeof Member>;

/** A name that a member had before, and that nobody else has now: what is written to it still finds them. */
export const FormerName = v.object({ username: v.string(), memberId: Id });
export type FormerName = v.InferOutput<typeof FormerName>;

/** How far one member of a direct conversation has received and read it. */
export const Receipt = v.object({ memberId: Id, delivered: Seq, read: Seq });
export type Receipt = v.InferOutput<typeof Receipt>;

/** A conversation as one member sees it. */
export const Conversation = v.object({
  id: Id,
  kind: v.picklist(['lobby', 'direct']),
  /** Who may read it. Empty for the lobby, which is everybody's. */
  memberIds: v.array(Id),
  /** The number of its last event. */
  head: Seq,
  lastAt: Timestamp,
  /** How far this member has read. */
  read: Seq,
  /** Messages by others after `read`, counted up to `LIMITS.unreadCount`. */
  unread: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  /** For direct conversations, one for each other member. */
  receipts: v.array(Receipt),
});
export type Conversation = v.InferOutput<typeof Conversation>;

export const Room = v.object({ id: Id, name: v.string(), openedAt: Timestamp });
export type Room = v.InferOutput<typeof Room>;

/** What the password is stretched with, and the two keys the host keeps: never the password (see `signing-in.ts`). */
export const Credential = v.strictObject({
  algorithm: v.literal('scrypt'),
  log2N: v.pipe(v.number(), v.integer(), v.minValue(15), v.maxValue(18)),
  r: v.literal(8),
  p: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(3)),
  salt: bytes(16),
  storedKey: bytes(32),
  serverKey: bytes(32),
});
export type Credential = v.InferOutput<typeof Credential>;

/** The same for a code of 60 bits or more, which needs no stretching. */
export const CodeCredential = v.strictObject({
  algorithm: v.literal('hkdf'),
  salt: bytes(16),
  storedKey: bytes(32),
  serverKey: bytes(32),
});
export type CodeCredential = v.InferOutput<typeof CodeCredential>;

/** One place where a member is signed in. */
export const SessionInfo = v.object({
  id: Id,
  device: v.string(),
  createdAt: Timestamp,
  lastSeenAt: Timestamp,
  current: v.boolean(),
  online: v.boolean(),
});
export type SessionInfo = v.InferOutput<typeof SessionInfo>;

export const AuditAction = v.picklist([
  'room.opened',
  'member.joined',
  'member.renamed',
  'password.changed',
  'password.reset',
  'recovery.renewed',
  'resetCode.created',
  'resetCode.revoked',
  'session.ended',
]);
export type AuditAction = v.InferOutput<typeof AuditAction>;

/** A line of the room's journal, kept for its owner. Never holds a code, a password or a message. */
export const AuditEntry = v.object({
  id: v.pipe(v.number(), v.safeInteger()),
  at: Timestamp,
  action: AuditAction,
  actorId: v.nullable(Id),
  targetId: v.nullable(Id),
  detail: v.string(),
});
export type AuditEntry = v.InferOutput<typeof AuditEntry>;
