import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type {
  ChangeRoomEvent,
  LiftBanEvent,
  ListAddressesEvent,
  ListBansEvent,
  ListInvitesEvent,
  ListKnocksEvent,
  MakeInviteEvent,
  RemoveMemberEvent,
  RevokeInviteEvent,
} from '../elements/owner-events.ts';
import type {
  ChangePasswordEvent,
  CheckNewUsernameEvent,
  DiscardMessageEvent,
  EndSessionEvent,
  MakeResetCodeEvent,
  PostMessageEvent,
  ReadJournalEvent,
  RenameEvent,
  RenewRecoveryEvent,
  RetryMessageEvent,
  RevokeResetCodeEvent,
  ListSessionsEvent,
  TellTypingEvent,
  WithdrawMessageEvent,
} from '../elements/room-events.ts';
import type { RoomState } from '../state/room.ts';

type Fulfil = { [T in keyof HTMLElementEventMap]?: (room: RoomState, event: HTMLElementEventMap[T]) => void };

/** Everything that is wished in a room and that the room's state can do by itself. */
const FULFIL: Fulfil = {
  'post-message': (room, { conversation, text, files }: PostMessageEvent) =>
    void room.post(conversation, text, files),
  'tell-typing': (room, { conversation }: TellTypingEvent) => room.tellTyping(conversation),
  'retry-message': (room, { id }: RetryMessageEvent) => void room.retry(id),
  'discard-message': (room, { id }: DiscardMessageEvent) => void room.discard(id),
  'withdraw-message': (room, event: WithdrawMessageEvent) =>
    event.respondWith(room.withdraw(event.conversation, event.seq)),
  'check-new-username': (room, event: CheckNewUsernameEvent) =>
    event.respondWith(room.checkUsername(event.username)),
  rename: (room, event: RenameEvent) => event.respondWith(room.rename(event.username)),
  'change-password': (room, event: ChangePasswordEvent) =>
    event.respondWith(room.changePassword(event.present, event.next)),
  'renew-recovery': (room, event: RenewRecoveryEvent) =>
    event.respondWith(room.renewRecoveryCode(event.present)),
  'list-sessions': (room, event: ListSessionsEvent) => event.respondWith(room.sessions()),
  'end-session': (room, event: EndSessionEvent) => event.respondWith(room.endSession(event.sessionId)),
  'read-journal': (room, event: ReadJournalEvent) => event.respondWith(room.journal(event.before)),
  'make-reset-code': (room, event: MakeResetCodeEvent) =>
    event.respondWith(room.makeResetCode(event.memberId)),
  'revoke-reset-code': (room, event: RevokeResetCodeEvent) =>
    event.respondWith(room.revokeResetCode(event.memberId)),
  'change-room': (room, event: ChangeRoomEvent) => event.respondWith(room.changeSettings(event.change)),
  'list-addresses': (room, event: ListAddressesEvent) => event.respondWith(room.hostAddresses()),
  'list-invites': (room, event: ListInvitesEvent) => event.respondWith(room.invites()),
  'make-invite': (room, event: MakeInviteEvent) => event.respondWith(room.createInvite(event.wanted)),
  'revoke-invite': (room, event: RevokeInviteEvent) => event.respondWith(room.revokeInvite(event.id)),
  'list-knocks': (room, event: ListKnocksEvent) => event.respondWith(room.knocks()),
  'remove-member': (room, event: RemoveMemberEvent) =>
    event.respondWith(room.removeMember(event.memberId, event.ban)),
  'list-bans': (room, event: ListBansEvent) => event.respondWith(room.bans()),
  'lift-ban': (room, event: LiftBanEvent) => event.respondWith(room.liftBan(event.id)),
};

/** Hears the wishes that bubble up to its element, and has the room fulfil them. */
export class RoomWishes implements ReactiveController {
  readonly #host: ReactiveControllerHost & EventTarget;
  readonly #room: () => RoomState | null;

  constructor(host: ReactiveControllerHost & EventTarget, room: () => RoomState | null) {
    this.#host = host;
    this.#room = room;
    host.addController(this);
  }

  hostConnected(): void {
    for (const type of Object.keys(FULFIL)) this.#host.addEventListener(type, this.#hear);
  }

  hostDisconnected(): void {
    for (const type of Object.keys(FULFIL)) this.#host.removeEventListener(type, this.#hear);
  }

  readonly #hear = (event: Event): void => {
    const room = this.#room();
    const fulfil = FULFIL[event.type as keyof Fulfil] as
      | ((room: RoomState, event: Event) => void)
      | undefined;
    if (room !== null) fulfil?.(room, event);
  };
}
