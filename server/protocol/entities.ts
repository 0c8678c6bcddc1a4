import * as v from 'valibot';

/** What the room is made of, and the limits on it. The schema is the type. */

/** The wire protocol's version. Spoken as the WebSocket subprotocol `salon.v1` and in `hello`. */
export const PROTOCOL_VERSION = 1;
export const SUBPROTOCOL = `salon.v${PROTOCOL_VERSION}`;

/** What an app says in the TLS handshake (ALPN), so that each end knows that the other is Salon before anything else. */
export const ALPN = 'salon';

/** The Host header of an app: it knows its room by the key, not by a name. A browser cannot send it. */
export const APP_HOST = 'salon';

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
  /** Invites that can be used at one time. */
  liveInvites: 50,
  inviteUses: 1_000,
  /** One file, in bytes. */
  fileBytes: 100 * 1024 * 1024,
  fileNameCharacters: 120,
  /** In UTF-8: systems take 255, and whoever saves it may add a number. */
  fileNameBytes: 240,
  /** All files of one member, in bytes. */
  memberFileBytes: 1024 * 1024 * 1024,
  /** A smaller file counts as much towards them: on the disk it takes a block and a name of its own. */
  leastFileBytes: 64 * 1024,
  /** Of a file, in one ask: as base64url it has to fit into a frame. */
  fileWriteBytes: 45 * 1024,
  /** Of a file, in one answer. */
  fileReadBytes: 128 * 1024,
  /** A picture with more is a file like others: to show it, it would have to be laid out whole in memory. */
  picturePixels: 40_000_000,
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

/** SHA-256 of a file's bytes: what it is known by. Written in one way only: the last letter has two bits to spare, which are 0. */
export const FileHash = v.pipe(bytes(32), v.regex(/[AEIMQUYcgkosw048]$/));
export type FileHash = v.InferOutput<typeof FileHash>;

/** Of a file, as somebody typed it: the host keeps what `cleanFileName` leaves of it. */
export const TypedFileName = v.pipe(v.string(), v.maxLength(1_000));

/** In bytes. */
export const FileSize = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(LIMITS.fileBytes));

/** What pages show by themselves. The host tells by the bytes, whatever the name says; all else is `null`. */
export const PictureType = v.picklist(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
export type PictureType = v.InferOutput<typeof PictureType>;

/** A picture as it is looked at: turned the way its camera was held. */
export const Picture = v.object({
  type: PictureType,
  width: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  height: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
});
export type Picture = v.InferOutput<typeof Picture>;
/** In pixels. */
export type PictureSize = Pick<Picture, 'width' | 'height'>;

/** A file that the host has whole. */
export const StoredFile = v.object({
  hash: FileHash,
  size: FileSize,
  /** Of a kind that is not known here it is a file like others. */
  picture: v.fallback(v.nullable(Picture), null),
});
export type StoredFile = v.InferOutput<typeof StoredFile>;

/** A file as a message brings it. */
export const Attachment = v.object({ ...StoredFile.entries, name: v.string() });
export type Attachment = v.InferOutput<typeof Attachment>;

/** A `guest` has no account: a name, the lobby from then on, and an end. */
export const Role = v.picklist(['owner', 'member', 'guest']);
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
  /** When a guest's stay ended; null while it lasts, and for members. */
  leftAt: v.nullable(Timestamp),
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
  /** The number of the first event that this member may read: 1, or for a guest that of their coming. */
  first: Seq,
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

/** SHA-256 of the room key's SubjectPublicKeyInfo: what a room is, wherever it is. */
export const Fingerprint = bytes(32);
export type Fingerprint = v.InferOutput<typeof Fingerprint>;

/** Who may sign up, or come in as a guest: whoever finds the room, or only with an invite. */
export const Access = v.picklist(['open', 'invited']);
export type Access = v.InferOutput<typeof Access>;

/** Which door browsers find: none, HTTPS with the room's own certificate, or plain HTTP, for guests only. */
export const BrowserDoor = v.picklist(['none', 'encrypted', 'simple']);
export type BrowserDoor = v.InferOutput<typeof BrowserDoor>;

/** The room's database was damaged, and a copy of it took its place: what was written between the two is not in it. */
export const Restoration = v.object({
  /** When the copy was made. */
  from: Timestamp,
  /** When it took the room's place. */
  at: Timestamp,
});
export type Restoration = v.InferOutput<typeof Restoration>;

/** What the owner decides about the door. Everybody may know it: the simple door means that the lobby can be overheard. */
export const RoomSettings = v.object({
  access: Access,
  door: BrowserDoor,
  /** Guests may come in and stay until then; null means not at all. */
  guestsUntil: v.nullable(Timestamp),
});
export type RoomSettings = v.InferOutput<typeof RoomSettings>;

/** How one connection came in: pinned TLS from an app, or a page through one of the two browser doors. */
export const Channel = v.picklist(['app', 'encrypted', 'simple']);
export type Channel = v.InferOutput<typeof Channel>;

/** What an invite is shown with: the long secret of its code. */
export const InviteKey = v.strictObject({ id: Id, secret: bytes(16) });
export type InviteKey = v.InferOutput<typeof InviteKey>;

export const InviteRole = v.picklist(['member', 'guest']);
export type InviteRole = v.InferOutput<typeof InviteRole>;

/** An invite as its owner sees it. */
export const Invite = v.object({
  id: Id,
  role: InviteRole,
  createdAt: Timestamp,
  expiresAt: v.nullable(Timestamp),
  /** How often it may be used in all; null is any number of times. */
  uses: v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
  used: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  state: v.picklist(['live', 'expired', 'used', 'revoked']),
  /** The join code with the addresses of this moment (`invite.ts`). Empty unless it is live. */
  code: v.string(),
  /** The short form to read aloud, grouped. Empty unless it is live. */
  spoken: v.string(),
});
export type Invite = v.InferOutput<typeof Invite>;

/** One of a computer's addresses, with its network card; best first. */
export const CardAddress = v.object({
  address: v.string(),
  card: v.string(),
  kind: v.picklist(['ethernet', 'wifi', 'vpn', 'virtual', 'other', 'loopback']),
  /** Nobody else can reach a loopback address. */
  loopback: v.boolean(),
});
export type CardAddress = v.InferOutput<typeof CardAddress>;

/** Somebody tried to come in, and how far they got. Kept in memory only. */
export const Knock = v.object({
  at: Timestamp,
  address: v.string(),
  /** The furthest step: the connection, the encryption, a page, the socket, the hello, in. */
  reached: v.picklist(['connected', 'encrypted', 'page', 'socket', 'hello', 'in']),
  /** Why it went no further, as a refusal code or one of `silent`, `plain`, `noBrowsers`, `notSalon`, `tooMany`; null when it did not end. */
  ended: v.nullable(v.string()),
  /** How many like it came one after the other. */
  times: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
});
export type Knock = v.InferOutput<typeof Knock>;

/** Somebody who may not come back. */
export const Ban = v.object({ id: Id, memberId: Id, at: Timestamp, until: v.nullable(Timestamp) });
export type Ban = v.InferOutput<typeof Ban>;

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
  'room.restored',
  'member.joined',
  'member.renamed',
  'password.changed',
  'password.reset',
  'recovery.renewed',
  'resetCode.created',
  'resetCode.revoked',
  'session.ended',
  'room.changed',
  'invite.created',
  'invite.revoked',
  'guest.entered',
  'guest.ended',
  'member.removed',
  'member.banned',
  'ban.lifted',
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
