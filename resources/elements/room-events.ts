import type { ResultOf } from '../../server/protocol/commands.ts';
import type {
  Attachment,
  AuditEntry,
  Id,
  Seq,
  SessionInfo,
  Timestamp,
} from '../../server/protocol/entities.ts';
import type { FileSource } from '../state/downloads.ts';
import type { ConversationState, StagedFile } from '../state/conversation.ts';

/** What members wish in the room. Elements show and wish; whoever holds the state fulfils. */

export abstract class Wish extends Event {
  constructor(type: string, cancelable = false) {
    super(type, { bubbles: true, composed: true, cancelable });
  }
}

/**
 * A wish whose outcome its element waits for, to show it or the refusal. Whoever fulfils it calls `respondWith` while
 * the event is on its way, as with a `FetchEvent`.
 */
export abstract class Question<T> extends Wish {
  #answer: Promise<T> | null = null;

  respondWith(answer: Promise<T>): void {
    this.#answer = answer;
  }

  /** Sends the question up from `target`. */
  askFrom(target: EventTarget): Promise<T> {
    target.dispatchEvent(this);
    return this.#answer ?? Promise.reject(new Error(`nobody answers ${this.type}`));
  }
}

// Conversations and messages.

/** Show this conversation. */
export class OpenConversationEvent extends Wish {
  readonly conversation: ConversationState;
  constructor(conversation: ConversationState) {
    super('open-conversation');
    this.conversation = conversation;
  }
}

/** Show the direct conversation with exactly these people. */
export class OpenDirectEvent extends Wish {
  readonly memberIds: readonly Id[];
  constructor(memberIds: readonly Id[]) {
    super('open-direct');
    this.memberIds = memberIds;
  }
}

/** Ask whom a new direct conversation is with. `memberIds` are chosen already. */
export class NewDirectEvent extends Wish {
  readonly memberIds: readonly Id[];
  constructor(memberIds: readonly Id[] = []) {
    super('new-direct');
    this.memberIds = memberIds;
  }
}

/** Bring one's own messages there again that the host lost. */
export class PostLostEvent extends Wish {
  constructor() {
    super('post-lost');
  }
}

/** Let one's own messages go that the host lost: nobody can have them again. */
export class LetGoLostEvent extends Wish {
  constructor() {
    super('let-go-lost');
  }
}

/** `text` to everybody in `conversation`, as it stands, and the files after it. One of the two may be missing. */
export class PostMessageEvent extends Wish {
  readonly conversation: ConversationState;
  readonly text: string;
  readonly files: readonly StagedFile[];
  constructor(conversation: ConversationState, text: string, files: readonly StagedFile[] = []) {
    super('post-message');
    this.conversation = conversation;
    this.text = text;
    this.files = files;
  }
}

/** Look at a picture as large as it can be. */
export class LookAtPictureEvent extends Wish {
  readonly file: Attachment;
  readonly source: FileSource;
  readonly blob: Blob;
  constructor(file: Attachment, source: FileSource, blob: Blob) {
    super('look-at-picture');
    this.file = file;
    this.source = source;
    this.blob = blob;
  }
}

/** Keep the file of a message on this computer. It may have to be fetched first, which takes its time. */
export class SaveFileEvent extends Wish {
  readonly file: Attachment;
  readonly source: FileSource;
  constructor(file: Attachment, source: FileSource) {
    super('save-file');
    this.file = file;
    this.source = source;
  }
}

/** This member is writing in `conversation`. Told as often as something is typed. */
export class TellTypingEvent extends Wish {
  readonly conversation: ConversationState;
  constructor(conversation: ConversationState) {
    super('tell-typing');
    this.conversation = conversation;
  }
}

/** Send a failed message again. */
export class RetryMessageEvent extends Wish {
  readonly id: Id;
  constructor(id: Id) {
    super('retry-message');
    this.id = id;
  }
}

/** Give up an unsent message. */
export class DiscardMessageEvent extends Wish {
  readonly id: Id;
  constructor(id: Id) {
    super('discard-message');
    this.id = id;
  }
}

/** Put an unsent message's text back into the box. The view does it, and then discards the message. */
export class EditMessageEvent extends Wish {
  readonly id: Id;
  readonly text: string;
  constructor(id: Id, text: string) {
    super('edit-message');
    this.id = id;
    this.text = text;
  }
}

/** "Don't keep it": take back a private message that nobody has received. */
export class WithdrawMessageEvent extends Question<void> {
  readonly conversation: ConversationState;
  readonly seq: Seq;
  constructor(conversation: ConversationState, seq: Seq) {
    super('withdraw-message');
    this.conversation = conversation;
    this.seq = seq;
  }
}

/** A link in a message is followed. Whoever opens it elsewhere prevents the default. */
export class OpenLinkEvent extends Wish {
  readonly url: string;
  constructor(url: string) {
    super('open-link', true);
    this.url = url;
  }
}

// Around the room.

export type RoomPlace = 'list' | 'conversation' | 'people';

/** Go to another region, where only one fits the window. */
export class GoToEvent extends Wish {
  readonly place: RoomPlace;
  constructor(place: RoomPlace) {
    super('go-to');
    this.place = place;
  }
}

/** Show the people, or hide them. */
export class TogglePeopleEvent extends Wish {
  constructor() {
    super('toggle-people');
  }
}

export class OpenSettingsEvent extends Wish {
  constructor() {
    super('open-settings');
  }
}

/** Why does the room not answer? */
export class AskWhyEvent extends Wish {
  constructor() {
    super('ask-why');
  }
}

/** Show how people are invited. For the owner. */
export class OpenInviteEvent extends Wish {
  constructor() {
    super('open-invite');
  }
}

export class OpenKeysEvent extends Wish {
  constructor() {
    super('open-keys');
  }
}

export class SignOutEvent extends Wish {
  constructor() {
    super('sign-out');
  }
}

/** End hosting: everybody is told. Nobody was asked yet whether that is meant. */
export class CloseRoomEvent extends Wish {
  constructor() {
    super('close-room');
  }
}

/** A short notice for everybody who looks. */
export class ShowNoticeEvent extends Wish {
  readonly id: string;
  readonly text: string;
  readonly tone: 'plain' | 'good' | 'loss';
  constructor(id: string, text: string, tone: 'plain' | 'good' | 'loss' = 'plain') {
    super('show-notice');
    this.id = id;
    this.text = text;
    this.tone = tone;
  }
}

// The account, and helping others with theirs.

/** Is this name free? */
export class CheckNewUsernameEvent extends Question<ResultOf<'username.check'>> {
  readonly username: string;
  constructor(username: string) {
    super('check-new-username');
    this.username = username;
  }
}

export class RenameEvent extends Question<void> {
  readonly username: string;
  constructor(username: string) {
    super('rename');
    this.username = username;
  }
}

export class ChangePasswordEvent extends Question<void> {
  readonly present: string;
  readonly next: string;
  constructor(present: string, next: string) {
    super('change-password');
    this.present = present;
    this.next = next;
  }
}

/** Answered with the new code, which is shown once. */
export class RenewRecoveryEvent extends Question<string> {
  readonly present: string;
  constructor(present: string) {
    super('renew-recovery');
    this.present = present;
  }
}

export class ListSessionsEvent extends Question<SessionInfo[]> {
  constructor() {
    super('list-sessions');
  }
}

export class EndSessionEvent extends Question<void> {
  readonly sessionId: Id;
  constructor(sessionId: Id) {
    super('end-session');
    this.sessionId = sessionId;
  }
}

/** The room's journal, the latest first, or what comes before an entry. For its owner. */
export class ReadJournalEvent extends Question<AuditEntry[]> {
  readonly before: number | undefined;
  constructor(before?: number) {
    super('read-journal');
    this.before = before;
  }
}

/** A one-time code for somebody who forgot the password. For the owner. */
export class MakeResetCodeEvent extends Question<{ code: string; expiresAt: Timestamp }> {
  readonly memberId: Id;
  constructor(memberId: Id) {
    super('make-reset-code');
    this.memberId = memberId;
  }
}

export class RevokeResetCodeEvent extends Question<void> {
  readonly memberId: Id;
  constructor(memberId: Id) {
    super('revoke-reset-code');
    this.memberId = memberId;
  }
}

declare global {
  interface HTMLElementEventMap {
    'post-lost': PostLostEvent;
    'let-go-lost': LetGoLostEvent;
    'open-conversation': OpenConversationEvent;
    'open-direct': OpenDirectEvent;
    'new-direct': NewDirectEvent;
    'post-message': PostMessageEvent;
    'look-at-picture': LookAtPictureEvent;
    'save-file': SaveFileEvent;
    'tell-typing': TellTypingEvent;
    'retry-message': RetryMessageEvent;
    'discard-message': DiscardMessageEvent;
    'edit-message': EditMessageEvent;
    'withdraw-message': WithdrawMessageEvent;
    'open-link': OpenLinkEvent;
    'go-to': GoToEvent;
    'toggle-people': TogglePeopleEvent;
    'open-settings': OpenSettingsEvent;
    'ask-why': AskWhyEvent;
    'open-invite': OpenInviteEvent;
    'open-keys': OpenKeysEvent;
    'sign-out': SignOutEvent;
    'close-room': CloseRoomEvent;
    'show-notice': ShowNoticeEvent;
    'check-new-username': CheckNewUsernameEvent;
    rename: RenameEvent;
    'change-password': ChangePasswordEvent;
    'renew-recovery': RenewRecoveryEvent;
    'list-sessions': ListSessionsEvent;
    'end-session': EndSessionEvent;
    'read-journal': ReadJournalEvent;
    'make-reset-code': MakeResetCodeEvent;
    'revoke-reset-code': RevokeResetCodeEvent;
  }
}
