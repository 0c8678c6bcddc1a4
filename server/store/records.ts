import type {
  AuditAction,
  AuditEntry,
  Ban,
  CodeCredential,
  Conversation,
  Credential,
  FileHash,
  FormerName,
  Id,
  InviteRole,
  Member,
  Role,
  Room,
  Restoration,
  RoomSettings,
  Seq,
  StoredFile,
  Timestamp,
} from '../protocol/entities.ts';
import type { LogEvent } from '../protocol/events.ts';

/** What the store keeps and gives, in the words of the rest of the host. Everything here crosses a thread as a copy. */

/** How long a name that was given up stays its former owner's. In milliseconds. */
export const FORMER_NAME_RESERVED_MS = 90 * 24 * 60 * 60_000;

/** How long nobody new comes in from where somebody was who is banned; a guest's own ban lasts as long. In milliseconds. */
export const ADDRESS_BAN_MS = 24 * 60 * 60_000;

/** So many guests stay at one time. */
export const GUESTS_AT_MOST = 200;

/** So many guests who are gone are told of, so that recent history has names. */
export const PAST_GUESTS_TOLD = 200;

/** Some of the settings. */
export type SettingsChange = { [S in keyof RoomSettings]?: RoomSettings[S] | undefined };

/** Which of a member's proofs: the password, the code for the day it is forgotten, or a one-time code. */
export type CredentialKind = 'password' | 'recovery' | 'reset';

/** A credential as it is kept. The password itself is never here. */
export interface StoredCredential {
  memberId: Id;
  kind: CredentialKind;
  credential: Credential | CodeCredential;
  /** Only reset codes expire. */
  expiresAt: Timestamp | null;
  /** Failed tries so far, for codes. */
  failures: number;
}

/** A member or guest without what only the hub knows. */
export type StoredMember = Omit<Member, 'presence'>;

export interface StoredSession {
  id: Id;
  memberId: Id;
  device: string;
  createdAt: Timestamp;
  lastSeenAt: Timestamp;
}

/** A name as it is compared: two spellings with one `key` are the same, with one `skeleton` look the same. */
export interface Username {
  username: string;
  key: string;
  skeleton: string;
}

export interface NewSession {
  id: Id;
  /** SHA-256 of the token, base64url: the token itself is never kept. */
  tokenHash: string;
  device: string;
}

export interface SignUp {
  id: Id;
  name: Username;
  firstName: string;
  lastName: string;
  owner: boolean;
  password: Credential;
  recovery: CodeCredential;
  session: NewSession;
  /** Counted as used once more. Its secret has been checked already. */
  inviteId: Id | null;
  now: Timestamp;
}

export interface NewGuest {
  id: Id;
  /** As typed: what everybody sees. */
  displayName: string;
  /** What the username is made of: itself, or with a number behind it. */
  base: string;
  session: NewSession;
  inviteId: Id | null;
  now: Timestamp;
}

/** An invite without its secrets. */
export interface StoredInvite {
  id: Id;
  role: InviteRole;
  createdAt: Timestamp;
  expiresAt: Timestamp | null;
  uses: number | null;
  used: number;
  revokedAt: Timestamp | null;
}

export interface NewBan {
  id: Id;
  /** Where they came from, if that may be shut. */
  addresses: string[];
}

/** People whose stay or sessions ended, and what the lobby hears of it. */
export interface Ended {
  memberIds: Id[];
  published: Published[];
}

export interface PostedMessage {
  /** Chosen by the author's client; posting it again changes nothing. */
  id: Id;
  authorId: Id;
  /** One of the two: a conversation, or the other members of a direct one. */
  conversationId: Id | null;
  to: Id[] | null;
  /** The id that a direct conversation gets if `to` has none yet. */
  newConversationId: Id;
  body: string;
  /** One that the author has brought. */
  file?: NewAttachment | undefined;
  now: Timestamp;
}

export interface NewAttachment {
  hash: FileHash;
  name: string;
}

/** A change that reached the log, and who may hear of it: null is everybody in the room. */
export interface Published {
  event: LogEvent;
  audience: Id[] | null;
}

export interface StoredRoom extends Room {
  epoch: Id;
  hasOwner: boolean;
  ownerId: Id | null;
  settings: RoomSettings;
  restored: Restoration | null;
}

/** Who belongs to the room. */
export interface People {
  /** Another one whenever something of this changes but `lastSeenAt`; null for who does not see everybody. */
  version: number | null;
  members: StoredMember[];
  formerNames: FormerName[];
}

/** What a member needs to draw the room. `people` is null when they are still those of the version that is known. */
export interface Snapshot<P = People> {
  room: StoredRoom;
  people: P;
  conversations: Conversation[];
}

export interface AuditRecord {
  at: Timestamp;
  action: AuditAction;
  actorId: Id | null;
  targetId: Id | null;
  detail: string;
}

/**
 * Everything the host asks of its storage. Each call is atomic; calls that arrive together are committed together,
 * and none is answered before its commit is on disk. A refusal is a `SalonError`: besides those named here, `STORAGE` or
 * `DISK_FULL` when the disk failed, `BUSY` when too much waits and `BAD_SHAPE` for text that cannot be stored.
 *
 * What changes an account writes its line in the journal by itself.
 */
export interface Store {
  room(): StoredRoom;
  /**
   * Uses the invite in the same step: of two who race for its last use one gets in.
   *
   * @throws `NAME_TAKEN`; `OWNER_CODE` when `owner` and there is one already; `OWNER_FIRST` when not and there is none;
   *   `INVITE_NEEDED` where the room is by invitation; `INVITE_UNKNOWN`, `INVITE_REVOKED`, `INVITE_USED`,
   *   `INVITE_EXPIRED`, `INVITE_FOR_GUESTS`. An owner needs no invite and uses none.
   */
  signUp(account: SignUp): { member: StoredMember; published: Published[] };
  /**
   * In until `settings.guestsUntil`, under the first of `base`, `base2`, `base3` … that is free.
   *
   * @throws `OWNER_FIRST`; `GUESTS_OFF`; `ROOM_FULL` when `GUESTS_AT_MOST` are staying; `NAME_TAKEN` when the name is, or
   *   looks like, a member's username or full name; what is said of invites above.
   */
  enterGuest(guest: NewGuest): { member: StoredMember; published: Published[] };
  /** These guests' stay ends, or everybody's that is a guest; their names are free again. Nobody whose stay is over. */
  endGuests(memberIds: Id[] | null, by: Id | null, now: Timestamp): Ended;
  /** Those who are staying now. */
  guests(): Id[];

  /**
   * What is left out stays as it is. With `guestsUntil` null every guest's stay ends in the same step.
   * `by` is null when the host was started so, or when the time was up.
   */
  changeSettings(change: SettingsChange, by: Id | null, now: Timestamp): { settings: RoomSettings } & Ended;

  /** @throws `TOO_MANY_INVITES` beyond `LIMITS.liveInvites` that can be used. */
  createInvite(
    invite: Pick<StoredInvite, 'id' | 'role' | 'expiresAt' | 'uses'>,
    by: Id,
    now: Timestamp,
  ): StoredInvite;
  /** The latest first: all that can be used, and the last hundred or so of those that cannot any more. */
  invites(): StoredInvite[];
  invite(id: Id): StoredInvite | null;
  /** Whether there was one that was not revoked. */
  revokeInvite(id: Id, by: Id, now: Timestamp): boolean;

  /**
   * Ends every session of a member, or a guest's stay. With `ban` they cannot come back: a member until it is lifted.
   * Both could come as somebody new, so nobody new comes from `ban.addresses` for `ADDRESS_BAN_MS`. Asked again it
   * changes nothing more.
   *
   * @throws `NO_SUCH_MEMBER`; `NOT_ALLOWED` for the owner.
   */
  removeMember(memberId: Id, ban: NewBan | null, by: Id, now: Timestamp): Ended;
  /** Those in force, the latest first. */
  bans(now: Timestamp): Ban[];
  /** Whether there was such a ban. The former sessions stay ended. */
  liftBan(id: Id, by: Id, now: Timestamp): boolean;
  addressIsBanned(address: string, now: Timestamp): boolean;

  /** Null when free; a former name stays taken for `FORMER_NAME_RESERVED_MS` except for the member who had it. */
  usernameProblem(name: Username, exceptMemberId: Id | null, now: Timestamp): 'NAME_TAKEN' | null;
  memberIdByName(key: string): Id | null;
  member(id: Id): StoredMember | null;
  credential(memberId: Id, kind: CredentialKind): StoredCredential | null;
  /** Counts a failed try of a code; at `limit` the code is dead and forgotten. Nothing for passwords and unknown members. */
  countFailure(memberId: Id, kind: CredentialKind, limit: number): void;

  /** Beyond the limit the session seen longest ago ends, and is returned. @throws `BANNED`. */
  createSession(
    memberId: Id,
    session: NewSession,
    limit: number,
    now: Timestamp,
  ): { ended: Id[]; role: Role };
  /**
   * Null when unknown, ended, idle for longer than `idleMs` or older than `absoluteMs`. Slides the idle time.
   * @throws `BANNED` when its member is.
   */
  resumeSession(
    tokenHash: string,
    idleMs: number,
    absoluteMs: number,
    now: Timestamp,
  ): (StoredSession & { role: Role }) | null;
  /** The one seen last comes first. */
  sessions(memberId: Id): StoredSession[];
  /** Whether there was such a session of this member. */
  endSession(memberId: Id, sessionId: Id, now: Timestamp): boolean;
  /** Which ones ended. */
  endSessions(memberId: Id, exceptSessionId: Id | null, now: Timestamp): Id[];

  /** @throws `NAME_TAKEN`. Null when nothing changed. */
  rename(memberId: Id, name: Username, now: Timestamp): Published | null;
  setCredential(
    memberId: Id,
    kind: CredentialKind,
    credential: Credential | CodeCredential,
    options: { issuedBy: Id | null; expiresAt: Timestamp | null; now: Timestamp; action: AuditAction },
  ): void;
  /** Whether there was one. */
  dropCredential(
    memberId: Id,
    kind: CredentialKind,
    options: { by: Id; now: Timestamp; action: AuditAction },
  ): boolean;
  /**
   * A new password and recovery code after a proven code: every session ends, the reset code is used up.
   * @throws `BANNED`.
   */
  resetPassword(
    memberId: Id,
    password: Credential,
    recovery: CodeCredential,
    session: NewSession,
    now: Timestamp,
  ): { ended: Id[]; role: Role };

  /**
   * Of guests who are gone the latest `PAST_GUESTS_TOLD` at most: there are ever more of them. For a guest: without what
   * was before their coming. `people` is null for who knows them by that version; null knows nobody.
   */
  snapshotSince(memberId: Id, version: number | null): Snapshot<People | null>;
  /**
   * `published` is null when the conversation was there already. `memberIds` includes the opener.
   * @throws `NO_SUCH_MEMBER`; `NOT_FOR_GUESTS` when a guest asks, `GUEST_READS_LOBBY` when one is meant.
   */
  openDirect(
    memberIds: Id[],
    by: Id,
    newConversationId: Id,
    now: Timestamp,
  ): { conversation: Conversation; published: Published | null };
  /** As one member sees it. @throws `NO_SUCH_CONVERSATION`, also when it exists but is not theirs. */
  conversation(conversationId: Id, memberId: Id): Conversation;
  /** Who may read it; null for the lobby. @throws `NO_SUCH_CONVERSATION`. */
  audience(conversationId: Id, memberId: Id): Id[] | null;
  /**
   * @throws `NO_SUCH_CONVERSATION`, `NO_SUCH_MEMBER`, `CID_REUSED` (same id, other content), `NOT_FOR_GUESTS`,
   *   `GUEST_READS_LOBBY`, `NO_SUCH_FILE`.
   * `published` is empty for a repeat; it holds the opening of a new direct conversation first.
   */
  post(message: PostedMessage): { conversationId: Id; seq: Seq; at: Timestamp; published: Published[] };
  /**
   * Erases the text, and forgets the file that no other message of the author brings. Asked again, it answers with the same event, which then is an old one.
   * @throws `NO_SUCH_CONVERSATION`, `NO_SUCH_MESSAGE` (not there or not theirs), `ALREADY_DELIVERED`, always in the lobby.
   */
  withdraw(conversationId: Id, seq: Seq, authorId: Id, now: Timestamp): Published;
  /** Monotone, and never beyond the last event; what is read is delivered. Null when nothing moved. @throws `NO_SUCH_CONVERSATION`. */
  mark(
    conversationId: Id,
    memberId: Id,
    delivered: Seq,
    read: Seq,
    now: Timestamp,
  ): { delivered: Seq; read: Seq; audience: Id[] | null } | null;
  /**
   * In order, `LIMITS.pageEvents` at most: the last ones before a number, or the first ones after it; for a guest none
   * from before their coming. @throws `NO_SUCH_CONVERSATION`.
   */
  page(
    conversationId: Id,
    memberId: Id,
    range: { before: Seq } | { after: Seq },
    limit: number,
  ): { events: LogEvent[]; head: Seq };

  /** This member has brought it: its bytes are there. */
  addFile(memberId: Id, file: StoredFile, now: Timestamp): void;
  /** As this member brought it. */
  file(memberId: Id, hash: FileHash): StoredFile | null;
  /** Of all files that this member brought, each at least `LIMITS.leastFileBytes`. */
  fileBytesOf(memberId: Id): number;
  /** Those of them that nobody has brought, or that were forgotten: their bytes are of no use. */
  unkeptFiles(hashes: FileHash[]): FileHash[];
  /** Forgets what was brought before a moment and never posted. */
  forgetFiles(before: Timestamp): FileHash[];

  sawMember(memberId: Id, sessionId: Id, now: Timestamp): void;
  audit(record: AuditRecord): void;
  /** The latest first; `before` is the id of an entry. */
  auditEntries(before: number | null, limit: number): AuditEntry[];
}

export type StoreMethod = keyof Store;
/** The store as the host's main thread sees it. */
export type AsyncStore = {
  [M in StoreMethod]: (...args: Parameters<Store[M]>) => Promise<ReturnType<Store[M]>>;
};
