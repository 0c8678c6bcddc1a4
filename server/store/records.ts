import type {
  AuditAction,
  AuditEntry,
  CodeCredential,
  Conversation,
  Credential,
  FormerName,
  Id,
  Member,
  Room,
  Seq,
  Timestamp,
} from '../protocol/entities.ts';
import type { LogEvent } from '../protocol/events.ts';

/** What the store keeps and gives, in the words of the rest of the host. Everything here crosses a thread as a copy. */

/** How long a name that was given up stays its former owner's. In milliseconds. */
export const FORMER_NAME_RESERVED_MS = 90 * 24 * 60 * 60_000;

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

/** A member without what only the hub knows. */
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
  now: Timestamp;
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
  now: Timestamp;
}

/** A change that reached the log, and who may hear of it: null is everybody in the room. */
export interface Published {
  event: LogEvent;
  audience: Id[] | null;
}

export interface StoredRoom extends Room {
  epoch: Id;
  hasOwner: boolean;
}

/** What a member needs to draw the room. */
export interface Snapshot {
  room: StoredRoom;
  members: StoredMember[];
  formerNames: FormerName[];
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
  /** @throws `NAME_TAKEN`; `OWNER_CODE` when `owner` and there is one already; `OWNER_FIRST` when not and there is none. */
  signUp(account: SignUp): { member: StoredMember; published: Published[] };
  /** Null when free; a former name stays taken for `FORMER_NAME_RESERVED_MS` except for the member who had it. */
  usernameProblem(name: Username, exceptMemberId: Id | null, now: Timestamp): 'NAME_TAKEN' | null;
  memberIdByName(key: string): Id | null;
  member(id: Id): StoredMember | null;
  credential(memberId: Id, kind: CredentialKind): StoredCredential | null;
  /** Counts a failed try of a code; at `limit` the code is dead and forgotten. Nothing for passwords and unknown members. */
  countFailure(memberId: Id, kind: CredentialKind, limit: number): void;

  /** Beyond the limit the session seen longest ago ends, and is returned. */
  createSession(memberId: Id, session: NewSession, limit: number, now: Timestamp): { ended: Id[] };
  /** Null when unknown, ended, idle for longer than `idleMs` or older than `absoluteMs`. Slides the idle time. */
  resumeSession(tokenHash: string, idleMs: number, absoluteMs: number, now: Timestamp): StoredSession | null;
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
  /** A new password and recovery code after a proven code: every session ends, the reset code is used up. */
  resetPassword(
    memberId: Id,
    password: Credential,
    recovery: CodeCredential,
    session: NewSession,
    now: Timestamp,
  ): { ended: Id[] };

  snapshot(memberId: Id): Snapshot;
  /** @throws `NO_SUCH_MEMBER`. `published` is null when the conversation was there already. `memberIds` includes the opener. */
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
   * @throws `NO_SUCH_CONVERSATION`, `NO_SUCH_MEMBER`, `CID_REUSED` (same id, other content).
   * `published` is empty for a repeat; it holds the opening of a new direct conversation first.
   */
  post(message: PostedMessage): { conversationId: Id; seq: Seq; at: Timestamp; published: Published[] };
  /**
   * Erases the text. Asked again, it answers with the same event, which then is an old one.
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
  /** In order, `LIMITS.pageEvents` at most: the last ones before a number, or the first ones after it. @throws `NO_SUCH_CONVERSATION`. */
  page(
    conversationId: Id,
    memberId: Id,
    range: { before: Seq } | { after: Seq },
    limit: number,
  ): { events: LogEvent[]; head: Seq };

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
