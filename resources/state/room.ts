import { ConnectionLost, type Connection } from '../../server/client/connection.ts';
import {
  formatCode,
  makeCode,
  RECOVERY_CODE_LETTERS,
  RESET_CODE_LETTERS,
} from '../../server/client/codes.ts';
import { makeCodeCredential, makeCredential, prove } from '../../server/client/signing-in.ts';
import { cleanBody } from '../../server/protocol/bodies.ts';
import type { InputOf, ResultOf } from '../../server/protocol/commands.ts';
import type {
  Attachment,
  AuditEntry,
  Ban,
  Fingerprint,
  Id,
  Invite,
  Knock,
  Member,
  Room,
  RoomSettings,
  Seq,
  SessionInfo,
  StoredFile,
  Timestamp,
} from '../../server/protocol/entities.ts';
import { SalonError } from '../../server/protocol/errors.ts';
import type { LogEvent, MessagePosted, MessageWithdrawn, Signal } from '../../server/protocol/events.ts';
import { cleanFileName } from '../../server/protocol/file-names.ts';
import { usernameKey } from '../../server/protocol/names.ts';
import { ConversationState, type Pages, type StagedFile } from './conversation.ts';
import { AT_ONCE_BYTES, Downloads } from './downloads.ts';
import { Drafts } from './drafts.ts';
import { LostMessages, type Former } from './lost.ts';
import { Observable } from './observable.ts';
import { Outbox, type Pending, type Target } from './outbox.ts';
import type { Surroundings } from './ports.ts';
import { readAddress, type Address } from './private.ts';
import { Uploads, type Upload } from './uploads.ts';

/** Reading and receiving are told this late, so that a burst is one message to the host. In milliseconds. */
const MARK_MS = 400;
/** "Is writing" is told this often while somebody writes. In milliseconds. */
const TYPING_EVERY_MS = 3_000;
const GAP_PAGE = 200;

/** The host's disk is full, or failed. */
export type HostTrouble = 'DISK_FULL' | 'STORAGE';

export type MessageListener = (
  conversation: ConversationState,
  event: MessagePosted | MessageWithdrawn,
) => void;

/** Everything a member knows of the room: who there is, every conversation, and what is still to be sent. */
export class RoomState extends Observable implements Pages {
  readonly room: Room;
  readonly me: Id;
  readonly outbox: Outbox;
  /** Files on their way to the host, each of which becomes a message when it is there. */
  readonly uploads: Uploads;
  readonly downloads = new Downloads();
  readonly fingerprint: Fingerprint;
  /** What the owner decided about the door. */
  settings: RoomSettings;
  /** Where the room can be found, best first, as `host:port`. */
  addresses: readonly string[];
  readonly #members = new Map<Id, Member>();
  /** Whose a name was, by its key. Who has it now comes first. */
  #formerNames = new Map<string, Id>();
  lobby: ConversationState;
  sessionId: Id;
  /** What the host lost when a copy took the room's place. */
  readonly lost: LostMessages;
  /** Why the host's disk does not take what is written here; it is sent again until it does. */
  hostTrouble: HostTrouble | null = null;
  readonly #surroundings: Surroundings;
  readonly #conversations = new Map<Id, ConversationState>();
  /** Direct conversations that nobody has written in yet. */
  readonly #unborn: ConversationState[] = [];
  #connection: Connection | null = null;
  /** What ties a proof to the connection; null in a browser. */
  #binding: Uint8Array | null = null;
  #epoch: Id;
  readonly #filling = new Set<Id>();
  readonly #toMark = new Set<ConversationState>();
  #marksDue = false;
  readonly #drafts: Drafts;
  /** Of people whom we have not heard of yet. */
  readonly #earlyPresence = new Map<Id, Partial<Member>>();
  #typingToldAt = 0;
  readonly #messageListeners = new Set<MessageListener>();

  constructor(surroundings: Surroundings, entered: ResultOf<'room.enter'>) {
    super();
    this.#surroundings = surroundings;
    this.room = entered.room;
    this.me = entered.me;
    this.sessionId = entered.sessionId;
    this.fingerprint = entered.fingerprint;
    this.settings = entered.settings;
    this.addresses = entered.addresses;
    this.#epoch = entered.epoch;
    this.outbox = new Outbox(surroundings.keep, `outbox/${this.#place}`);
    this.outbox.subscribe(() => this.#sortPending());
    this.uploads = new Uploads((upload, stored) => this.#postFile(upload, stored));
    // How far they have come is shown where they are, and nowhere else.
    this.uploads.subscribe(() => this.#sortOut());
    this.#drafts = new Drafts(surroundings.keep, `draft/${this.#place}`);
    const page = async (id: Id, after: Seq, limit: number) => (await this.page(id, { after }, limit)).events;
    this.lost = new LostMessages(surroundings.keep, this.#place, this.me, page);
    this.lost.subscribe(() => this.changed());
    const told = entered.conversations.find(({ kind }) => kind === 'lobby');
    this.lobby = new ConversationState(this, this.me, 'lobby', [], told?.id ?? null);
    if (this.lobby.id !== null) this.#conversations.set(this.lobby.id, this.lobby);
  }

  /** Present and former members' names all resolve here, by id; guests whose stay is over have `leftAt`. */
  get members(): ReadonlyMap<Id, Member> {
    return this.#members;
  }

  get connected(): boolean {
    return this.#connection !== null;
  }

  get self(): Member {
    const self = this.members.get(this.me);
    if (self === undefined) throw new Error('the room does not know its own member');
    return self;
  }

  /** Guests have the lobby and nothing else. */
  get isGuest(): boolean {
    return this.self.role === 'guest';
  }

  /** Everybody who is a member, or a guest whose stay is not over. */
  get people(): Member[] {
    return [...this.members.values()].filter(({ leftAt }) => leftAt === null);
  }

  /** Whom one can write to directly: guests read the lobby only, and write there only. */
  get addressees(): Member[] {
    return this.isGuest ? [] : this.people.filter(({ role }) => role !== 'guest');
  }

  /** Direct conversations, the latest first, those not yet begun before all others. */
  get directs(): ConversationState[] {
    const begun = [...this.#conversations.values()].filter(({ kind }) => kind === 'direct');
    return [...this.#unborn, ...begun.toSorted((a, b) => b.lastAt - a.lastAt)];
  }

  /** Chosen, or on their way. */
  get hasUnsentFiles(): boolean {
    const conversations = [this.lobby, ...this.directs];
    return this.uploads.items.length > 0 || conversations.some(({ staged }) => staged.length > 0);
  }

  /** Keeps what was typed or is unsent from an earlier page. Once, after coming in. */
  async restore(): Promise<void> {
    for (const [name, text] of await this.#drafts.all()) {
      const conversation = this.#conversations.get(name) ?? this.#directNamed(name);
      if (conversation?.draft === '') conversation.restoreDraft(text);
      // Kept while the conversation had not begun; from now on it belongs to the one that has.
      if (conversation !== null && conversation.id !== null && conversation.id !== name) {
        await this.#drafts.forget(name);
        this.keepDraft(conversation);
      }
    }
    await this.outbox.load();
    await this.lost.load(this.self.joinedAt);
  }

  /**
   * A connection on which this member is signed in, and what the host told when it entered. Everything held from before
   * is brought up to date over it. Call it in the same turn as the answer came: an event that comes earlier would be lost
   * until the next heartbeat.
   *
   * @param binding - what ties a proof to this connection; null in a browser, which cannot know.
   */
  enter(connection: Connection, told: ResultOf<'room.enter'>, binding: Uint8Array | null = null): void {
    this.#connection = connection;
    this.#binding = binding;
    this.#takeSnapshot(told);
    this.outbox.connect((input) => this.#post(connection, input));
    this.uploads.connect(connection);
    this.downloads.connect(connection);
    void this.lost.check();
    this.changed();
  }

  /** The connection is gone; everything stays readable, and what is written waits. */
  leave(): void {
    this.#connection = null;
    this.hostTrouble = null;
    this.outbox.connect(null);
    this.uploads.connect(null);
    this.downloads.connect(null);
    this.changed();
  }

  /** Hears each message of somebody else's as it arrives, and when one is taken back. The answer undoes it. */
  onMessage(listener: MessageListener): () => void {
    this.#messageListeners.add(listener);
    return () => this.#messageListeners.delete(listener);
  }

  hearEvent(event: LogEvent): void {
    const conversation = this.#conversationOf(event);
    if (conversation === null) return void this.#fill(event.conversationId);
    if (event.seq <= conversation.known) return;
    if (event.seq > conversation.known + 1) return void this.#fill(event.conversationId);
    this.#take(conversation, event);
  }

  hearSignal(signal: Signal): void {
    switch (signal.type) {
      case 'presence':
        for (const { memberId, presence, lastSeenAt } of signal.changes) {
          this.#changeMember(memberId, { presence, lastSeenAt });
        }
        return;
      case 'typing':
        return this.#conversations.get(signal.conversationId)?.hearTyping(signal.memberId);
      case 'receipt':
        return this.#conversations.get(signal.conversationId)?.hearReceipt(signal);
      case 'heads':
        for (const [id, seq] of signal.heads) {
          if (seq > (this.#conversations.get(id)?.known ?? 0)) void this.#fill(id);
        }
        return;
      case 'settings':
        this.settings = signal.settings;
        return this.changed();
      case 'addresses':
        this.addresses = signal.addresses;
        return this.changed();
    }
  }

  /** Who a text would go to, before it is sent; with a file, if it `brings` one. */
  readAddress(text: string, brings = false): Address {
    const dotted = this.people.some(({ username }) => username.includes('.'));
    const address = readAddress(text, (key) => this.#memberIdByName(key), dotted, brings);
    if (address.kind !== 'private') return address;
    if (this.isGuest) return { kind: 'refused', code: 'NOT_FOR_GUESTS' };
    const reachesGuest = address.memberIds.some((id) => this.members.get(id)?.role === 'guest');
    return reachesGuest ? { kind: 'refused', code: 'GUEST_READS_LOBBY' } : address;
  }

  /**
   * Keeps the message here, then brings it to the host. Each file is a message of its own, after the words: nobody waits
   * for a long file to read a short line.
   */
  async post(
    conversation: ConversationState,
    body: string,
    files: readonly StagedFile[] = [],
  ): Promise<void> {
    const text = cleanBody(body);
    const isSaid = text !== '' || files.length === 0;
    const posting = isSaid ? this.outbox.add(targetOf(conversation), text) : Promise.resolve();
    for (const file of files) this.uploads.add(this.outbox.makeId(), conversation, file);
    await posting;
  }

  /** Sends a failed message, or its file, again. */
  async retry(id: Id): Promise<void> {
    if (this.uploads.retry(id)) return;
    const item = this.outbox.pending.find((each) => each.id === id);
    const gone = item?.refusal === 'NO_SUCH_FILE' && item.body === '' ? item : undefined;
    const isBrought =
      gone?.file !== undefined &&
      this.#bringAgain(this.outbox.makeId(), this.#placeOf({ ...gone, memberIds: gone.to ?? [] }), gone.file);
    if (isBrought) await this.outbox.remove(id);
    else await this.outbox.retry(id);
  }

  /** Gives up an unsent message, or its file. */
  async discard(id: Id): Promise<void> {
    // In the moment when it arrives it is in both.
    this.uploads.remove(id);
    await this.outbox.remove(id);
  }

  /** Brings what the host lost of this member's own messages there again: each once, for the host knows their ids. */
  async postLost(): Promise<void> {
    for (const item of this.lost.mine) {
      const { id, conversationId, memberIds, body, file } = item;
      const lane = memberIds.length > 0 ? nameOf(memberIds) : conversationId;
      const target = this.#conversations.has(conversationId)
        ? { conversationId, lane }
        : { to: memberIds.filter((each) => each !== this.me || memberIds.length === 1), lane };
      const isBrought = body === '' && file !== undefined && this.#bringAgain(id, this.#placeOf(item), file);
      if (!isBrought) await this.outbox.add(target, body, id, file);
      await this.lost.remove(item);
    }
    await this.lost.dismiss();
  }

  /** Where a message belongs, though the host may not know that conversation any more. */
  #placeOf({ conversationId, memberIds }: { conversationId: Id | null; memberIds: readonly Id[] }) {
    const known = this.#conversations.get(conversationId ?? '');
    return known ?? (memberIds.length === 0 ? this.lobby : this.direct(memberIds));
  }

  /** What the host has lost, and is held here, is brought once more. Whether it is held. */
  #bringAgain(id: Id, conversation: ConversationState, file: Attachment): boolean {
    const held = this.downloads.held(file.hash);
    if (held === null) return false;
    const staged = { file: new File([held], file.name, { type: held.type }), picture: file.picture };
    this.uploads.add(id, conversation, staged);
    return true;
  }

  /** The direct conversation of exactly these people and this member. */
  direct(memberIds: readonly Id[]): ConversationState {
    const all = [...new Set([...memberIds, this.me])].toSorted();
    const name = all.join(' ');
    const found = this.#directByName(name);
    if (found !== null) return found;
    const unborn = new ConversationState(this, this.me, 'direct', all, null);
    this.#unborn.unshift(unborn);
    this.#sortPending();
    this.changed();
    return unborn;
  }

  /** Takes a direct conversation in which nothing was said or written off the list. */
  dropUnborn(conversation: ConversationState): void {
    const index = this.#unborn.indexOf(conversation);
    const isEmpty =
      conversation.draft === '' && conversation.staged.length === 0 && conversation.pending.length === 0;
    if (index === -1 || !isEmpty) return;
    this.#unborn.splice(index, 1);
    this.changed();
  }

  /** Says that this member is writing; as often as one likes. */
  tellTyping(conversation: ConversationState): void {
    const now = performance.now();
    if (!this.connected || conversation.id === null || now - this.#typingToldAt < TYPING_EVERY_MS) return;
    this.#typingToldAt = now;
    this.#connection?.ask('typing.tell', { conversationId: conversation.id }).catch(() => undefined);
  }

  /** "Don't keep it." @throws SalonError `ALREADY_DELIVERED`. */
  async withdraw(conversation: ConversationState, seq: Seq): Promise<void> {
    if (conversation.id !== null)
      await this.#ask('message.withdraw', { conversationId: conversation.id, seq });
  }

  setPresence(presence: 'here' | 'away'): void {
    if (this.connected) this.#connection?.ask('presence.set', { presence }).catch(() => undefined);
  }

  /** @throws SalonError `NAME_INVALID`, `NAME_TAKEN`. */
  async rename(username: string): Promise<void> {
    await this.#ask('account.rename', { username });
  }

  checkUsername(username: string): Promise<ResultOf<'username.check'>> {
    return this.#ask('username.check', { username });
  }

  /** @throws SalonError `BAD_LOGIN` when the present password is wrong. Ends this member's other sessions. */
  async changePassword(present: string, next: string): Promise<void> {
    await this.#proveAgain(present);
    const password = await makeCredential(next, this.#surroundings.stretch);
    await this.#ask('password.change', { password });
  }

  /** A new recovery code, for the eyes; the former one is dead. @throws SalonError `BAD_LOGIN`. */
  async renewRecoveryCode(present: string): Promise<string> {
    await this.#proveAgain(present);
    const code = makeCode(RECOVERY_CODE_LETTERS);
    await this.#ask('recovery.renew', { recovery: makeCodeCredential(code) });
    return formatCode(code);
  }

  /** For the owner: a one-time code for somebody who forgot the password. */
  async makeResetCode(memberId: Id): Promise<{ code: string; expiresAt: Timestamp }> {
    const code = makeCode(RESET_CODE_LETTERS);
    const { expiresAt } = await this.#ask('resetCode.create', { memberId, code: makeCodeCredential(code) });
    return { code: formatCode(code), expiresAt };
  }

  async revokeResetCode(memberId: Id): Promise<void> {
    await this.#ask('resetCode.revoke', { memberId });
  }

  async sessions(): Promise<SessionInfo[]> {
    return (await this.#ask('session.list', {})).sessions;
  }

  async endSession(sessionId: Id): Promise<void> {
    await this.#ask('session.end', { sessionId });
  }

  async journal(before?: number): Promise<AuditEntry[]> {
    return (await this.#ask('audit.list', { limit: 100, ...(before === undefined ? {} : { before }) }))
      .entries;
  }

  // For the owner: who may come in, and how.

  /** What is left out of `change` stays as it is. */
  async changeSettings(change: InputOf<'room.change'>): Promise<void> {
    this.settings = await this.#ask('room.change', change);
    this.changed();
  }

  hostAddresses(): Promise<ResultOf<'room.addresses'>> {
    return this.#ask('room.addresses', {});
  }

  /** @throws SalonError `TOO_MANY_INVITES`. */
  createInvite(input: InputOf<'invite.create'>): Promise<Invite> {
    return this.#ask('invite.create', input);
  }

  /** The latest first. */
  async invites(): Promise<Invite[]> {
    return (await this.#ask('invite.list', {})).invites;
  }

  async revokeInvite(id: Id): Promise<void> {
    await this.#ask('invite.revoke', { id });
  }

  /** Who tried to come in, the latest first. */
  async knocks(): Promise<Knock[]> {
    return (await this.#ask('knock.list', {})).knocks;
  }

  /** Asks somebody to leave, or ends a guest's stay. With `ban` they may not come back. */
  async removeMember(memberId: Id, ban: boolean): Promise<void> {
    await this.#ask('member.remove', { memberId, ban });
  }

  async bans(): Promise<Ban[]> {
    return (await this.#ask('ban.list', {})).bans;
  }

  async liftBan(id: Id): Promise<void> {
    await this.#ask('ban.lift', { id });
  }

  // What conversations ask.

  page(
    conversationId: Id,
    range: { before: Seq } | { after: Seq },
    limit: number,
  ): Promise<{ events: LogEvent[]; head: Seq }> {
    return this.#ask('history.page', { conversationId, ...range, limit });
  }

  mark(conversation: ConversationState): void {
    this.#toMark.add(conversation);
    if (this.#marksDue) return;
    this.#marksDue = true;
    setTimeout(() => {
      this.#marksDue = false;
      this.#sendMarks();
    }, MARK_MS);
  }

  keepDraft(conversation: ConversationState): void {
    const name = conversation.id ?? nameOf(conversation.memberIds);
    this.#drafts.changed(name, () => conversation.draft);
  }

  /** Keeps at once what would be kept in a moment: the page may be about to go. */
  keepDraftsNow(): void {
    this.#drafts.keepNow();
  }

  /** By the room's key: anybody can say that their room has the id of another. */
  get #place(): string {
    return `${this.fingerprint}/${this.me}/`;
  }

  #ask: Connection['ask'] = (command, input) => {
    if (this.#connection === null) return Promise.reject(new ConnectionLost(command));
    return this.#connection.ask(command, input);
  };

  /** A picture that was brought is held, as a copy: on the disk it may be deleted, or drawn over. */
  async #postFile({ id, conversation, file }: Upload, stored: StoredFile): Promise<void> {
    const isShown = stored.picture !== null && file.size <= AT_ONCE_BYTES;
    const bytes = isShown ? await file.arrayBuffer().catch(() => null) : null;
    // It may have been given up while it was read.
    if (this.uploads.fileOf(id) === null) return;
    if (bytes !== null)
      this.downloads.hold(stored.hash, new Blob([bytes], { type: stored.picture?.type ?? '' }));
    await this.outbox.add(targetOf(conversation), '', id, { ...stored, name: cleanFileName(file.name) });
  }

  /** The outbox waits and tries again by itself; here only the reason is kept, to be said. */
  async #post(connection: Connection, input: InputOf<'message.post'>): Promise<ResultOf<'message.post'>> {
    try {
      const answer = await connection.ask('message.post', input);
      this.#setTrouble(null);
      return answer;
    } catch (error) {
      const code = error instanceof SalonError ? error.code : null;
      if (code === 'DISK_FULL' || code === 'STORAGE') this.#setTrouble(code);
      throw error;
    }
  }

  #setTrouble(trouble: HostTrouble | null): void {
    if (trouble === this.hostTrouble) return;
    this.hostTrouble = trouble;
    this.changed();
  }

  async #proveAgain(password: string): Promise<void> {
    if (this.#connection === null) throw new ConnectionLost('proof.start');
    const claim = { purpose: 'reauth', username: this.self.username, secret: password, device: '' } as const;
    await prove(this.#connection, claim, this.#surroundings.stretch, this.#binding);
  }

  #takeSnapshot(told: ResultOf<'room.enter'>): void {
    this.sessionId = told.sessionId;
    this.settings = told.settings;
    this.addresses = told.addresses;
    this.#members.clear();
    for (const member of told.members) this.#members.set(member.id, member);
    this.#formerNames = new Map(
      told.formerNames.map(({ username, memberId }) => [usernameKey(username), memberId]),
    );
    this.lost.told(told.restored);
    this.#putAsideFormer(told);
    for (const each of told.conversations) {
      const conversation = this.#conversations.get(each.id) ?? this.#begin(each.id, each.memberIds);
      conversation.enter(each).catch(() => undefined);
    }
    this.#sortPending();
  }

  /** What is held of a log that is not the host's any more is compared with the one that is, and loaded anew. */
  #putAsideFormer(told: ResultOf<'room.enter'>): void {
    const there = new Map(told.conversations.map((each) => [each.id, each]));
    const isOther = told.epoch !== this.#epoch;
    this.#epoch = told.epoch;
    const former: Former[] = [];
    for (const [conversationId, conversation] of this.#conversations) {
      const now = there.get(conversationId);
      const { memberIds, timeline, known, lastAt } = conversation;
      // Somebody may have put an old copy of the folder back, and others written in it since.
      const isBehind = now === undefined || now.head < known || (now.head === known && now.lastAt !== lastAt);
      if (known === 0 || (!isOther && !isBehind)) continue;
      former.push({ conversationId, memberIds, events: timeline.events, isThere: now !== undefined });
      conversation.reset();
      if (now === undefined) this.#unbegin(conversationId, conversation);
    }
    this.lost.compare(former);
  }

  /** The host does not know this direct conversation any more: it begins again with its next message. */
  #unbegin(id: Id, conversation: ConversationState): void {
    if (conversation.kind !== 'direct') return;
    this.#conversations.delete(id);
    conversation.id = null;
    this.#unborn.unshift(conversation);
    const lane = nameOf(conversation.memberIds);
    for (const item of this.outbox.pending.filter((each) => each.conversationId === id))
      void this.outbox.retarget(item.id, { to: [...conversation.others], lane });
  }

  #conversationOf(event: LogEvent): ConversationState | null {
    const known = this.#conversations.get(event.conversationId);
    if (known !== undefined) return known;
    return event.type === 'conversation.opened' ? this.#begin(event.conversationId, event.memberIds) : null;
  }

  /** A direct conversation that the host has; the one that was prepared here becomes it. */
  #begin(id: Id, memberIds: readonly Id[]): ConversationState {
    const name = nameOf(memberIds);
    const unborn = this.#unborn.findIndex((each) => nameOf(each.memberIds) === name);
    const conversation =
      this.#unborn.splice(unborn, unborn === -1 ? 0 : 1)[0] ??
      new ConversationState(this, this.me, 'direct', memberIds, id);
    if (conversation.id === null && (conversation.draft !== '' || this.#drafts.isGrowing(name))) {
      void this.#drafts.forget(name);
      conversation.id = id;
      this.keepDraft(conversation);
    }
    conversation.id = id;
    this.#conversations.set(id, conversation);
    this.changed();
    return conversation;
  }

  #take(conversation: ConversationState, event: LogEvent): void {
    if (event.type === 'member.joined') {
      this.#changeMember(event.authorId, {
        ...event.member,
        ...presenceOf(this.members.get(event.authorId)),
        ...this.#earlyPresence.get(event.authorId),
      });
      this.#earlyPresence.delete(event.authorId);
    }
    if (event.type === 'member.renamed') {
      this.#formerNames.set(usernameKey(event.from), event.authorId);
      this.#changeMember(event.authorId, { username: event.to });
    }
    if (event.type === 'guest.ended')
      this.#changeMember(event.authorId, { leftAt: event.at, presence: 'offline' });
    // Whoever shows the conversation watches it: the whole room is not drawn anew with each message.
    conversation.take(event);
    const isMessage = event.type === 'message.posted' || event.type === 'message.withdrawn';
    if (!isMessage || event.authorId === this.me) return;
    for (const hear of this.#messageListeners) hear(conversation, event);
  }

  /** Asks for what is missing between what is known and the log's end, and takes it the same way. */
  async #fill(id: Id): Promise<void> {
    if (this.#filling.has(id)) return;
    this.#filling.add(id);
    try {
      for (;;) {
        const after = this.#conversations.get(id)?.known ?? 0;
        const { events, head } = await this.page(id, { after }, GAP_PAGE);
        for (const event of events) {
          const conversation = this.#conversationOf(event);
          if (conversation !== null && event.seq === conversation.known + 1) this.#take(conversation, event);
        }
        if (events.length === 0 || (this.#conversations.get(id)?.known ?? 0) >= head) return;
      }
    } catch {
      // The connection went, or the host refused: the next event, heartbeat or connection shows the same gap again.
    } finally {
      this.#filling.delete(id);
    }
  }

  #changeMember(id: Id, change: Partial<Member>): void {
    const before = this.members.get(id);
    const after = { ...before, ...change };
    if (!isWhole(after)) this.#earlyPresence.set(id, change);
    else this.#members.set(id, after);
    this.changed();
  }

  #memberIdByName(key: string): Id | null {
    for (const member of this.people) if (usernameKey(member.username) === key) return member.id;
    return this.#formerNames.get(key) ?? null;
  }

  /** What this member was called before, as it is compared. */
  formerNamesOf(memberId: Id): string[] {
    return [...this.#formerNames].filter(([, id]) => id === memberId).map(([key]) => key);
  }

  #directByName(name: string): ConversationState | null {
    return this.directs.find((each) => nameOf(each.memberIds) === name) ?? null;
  }

  /** The direct conversation that a draft was written in before it began, if its people are still known. */
  #directNamed(name: string): ConversationState | null {
    const ids = name.split(' ');
    return ids.every((id) => this.members.has(id)) ? this.direct(ids) : null;
  }

  #sortPending(): void {
    this.#sortOut();
    this.changed();
  }

  /** Gives each conversation the unsent messages that are its own. */
  #sortOut(): void {
    const { pending } = this.outbox;
    const all = [...this.#conversations.values(), ...this.#unborn];
    for (const item of pending) {
      if (item.conversationId === null) this.#prepare(item.to ?? []);
    }
    for (const conversation of [...all, ...this.#unborn.filter((each) => !all.includes(each))]) {
      const name = nameOf(conversation.memberIds);
      const own = pending.filter((item) =>
        item.conversationId === null
          ? conversation.kind === 'direct' && nameOf([...new Set([...(item.to ?? []), this.me])]) === name
          : item.conversationId === conversation.id,
      );
      for (const upload of this.uploads.items)
        if (upload.conversation === conversation && own.every(({ id }) => id !== upload.id))
          own.push(pendingOf(upload));
      if (own.length > 0 || conversation.pending.length > 0) {
        conversation.pending = own;
        conversation.changed();
      }
    }
  }

  #prepare(to: readonly Id[]): void {
    const all = [...new Set([...to, this.me])].toSorted();
    if (this.#directByName(all.join(' ')) === null) {
      this.#unborn.unshift(new ConversationState(this, this.me, 'direct', all, null));
    }
  }

  #sendMarks(): void {
    if (!this.connected) return;
    for (const conversation of this.#toMark) {
      const { id: conversationId, delivered, read } = conversation;
      if (conversationId === null) continue;
      this.#connection
        ?.ask('conversation.mark', { conversationId, delivered: Math.max(delivered, read), read })
        .catch(() => undefined);
    }
    this.#toMark.clear();
  }
}

function targetOf(conversation: ConversationState): Target {
  const { id: conversationId, kind, memberIds, others } = conversation;
  const lane = kind === 'direct' ? nameOf(memberIds) : (conversationId ?? kind);
  return conversationId === null ? { to: [...others], lane } : { conversationId, lane };
}

/** As it is shown: a message that waits. What picture it is, the host tells when it has it. */
function pendingOf({
  id,
  conversation,
  file,
  picture,
  hash,
  createdAt,
  arrived,
  state,
  refusal,
}: Upload): Pending {
  const { lane } = targetOf(conversation);
  return {
    ...{ id, conversationId: conversation.id, to: null, lane, body: '', createdAt, state, refusal, arrived },
    file: { hash: hash ?? '', name: cleanFileName(file.name), size: file.size, picture },
  };
}

/** A direct conversation by who is in it. */
function nameOf(memberIds: readonly Id[]): string {
  return memberIds.toSorted().join(' ');
}

function isWhole(member: Partial<Member>): member is Member {
  return member.id !== undefined;
}

/** A sign-up is told to everybody, its author's presence by a signal of its own: the event knows nothing of it. */
function presenceOf(known: Member | undefined): Partial<Member> {
  return known === undefined ? {} : { presence: known.presence, lastSeenAt: known.lastSeenAt };
}
