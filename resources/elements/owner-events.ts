import type { InputOf, ResultOf } from '../../server/protocol/commands.ts';
import type { Ban, Id, Invite, Knock } from '../../server/protocol/entities.ts';
import { Question } from './room-events.ts';

/** What a room's owner wishes: to let people in, and to ask them to leave. */

/** Who may come in, by which door, for how long. What is left out stays. */
export class ChangeRoomEvent extends Question<void> {
  readonly change: InputOf<'room.change'>;
  constructor(change: InputOf<'room.change'>) {
    super('change-room');
    this.change = change;
  }
}

/** The host's own addresses, by card. */
export class ListAddressesEvent extends Question<ResultOf<'room.addresses'>> {
  constructor() {
    super('list-addresses');
  }
}

/** The latest first. */
export class ListInvitesEvent extends Question<Invite[]> {
  constructor() {
    super('list-invites');
  }
}

export class MakeInviteEvent extends Question<Invite> {
  readonly wanted: InputOf<'invite.create'>;
  constructor(wanted: InputOf<'invite.create'>) {
    super('make-invite');
    this.wanted = wanted;
  }
}

export class RevokeInviteEvent extends Question<void> {
  readonly id: Id;
  constructor(id: Id) {
    super('revoke-invite');
    this.id = id;
  }
}

/** The latest first. */
export class ListKnocksEvent extends Question<Knock[]> {
  constructor() {
    super('list-knocks');
  }
}

/** Ends every session of a member, or a guest's stay; with `ban` they may not come back. */
export class RemoveMemberEvent extends Question<void> {
  readonly memberId: Id;
  readonly ban: boolean;
  constructor(memberId: Id, ban: boolean) {
    super('remove-member');
    this.memberId = memberId;
    this.ban = ban;
  }
}

export class ListBansEvent extends Question<Ban[]> {
  constructor() {
    super('list-bans');
  }
}

export class LiftBanEvent extends Question<void> {
  readonly id: Id;
  constructor(id: Id) {
    super('lift-ban');
    this.id = id;
  }
}

declare global {
  interface HTMLElementEventMap {
    'change-room': ChangeRoomEvent;
    'list-addresses': ListAddressesEvent;
    'list-invites': ListInvitesEvent;
    'make-invite': MakeInviteEvent;
    'revoke-invite': RevokeInviteEvent;
    'list-knocks': ListKnocksEvent;
    'remove-member': RemoveMemberEvent;
    'list-bans': ListBansEvent;
    'lift-ban': LiftBanEvent;
  }
}
