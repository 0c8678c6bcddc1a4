import type { NearbyRoom, RecentRoom, Settings } from '../../server/protocol/control.ts';
import type { Access, Fingerprint } from '../../server/protocol/entities.ts';

/** Somebody wants to host: show the dialog. */
export class OpenHostDialogEvent extends Event {
  constructor() {
    super('open-host-dialog', { bubbles: true, composed: true });
  }
}

/** Open a new room. */
export class HostRoomEvent extends Event {
  readonly name: string;
  readonly port: number;
  readonly access: Access;

  constructor(name: string, port: number, access: Access) {
    super('host-room', { bubbles: true, composed: true });
    this.name = name;
    this.port = port;
    this.access = access;
  }
}

/** Join by what was typed, pasted or read from a file, as it stands. */
export class JoinRoomEvent extends Event {
  readonly typed: string;

  constructor(typed: string) {
    super('join-room', { bubbles: true, composed: true });
    this.typed = typed;
  }
}

/** Join a room that announces itself, and that this computer does not know yet. */
export class JoinNearbyEvent extends Event {
  readonly room: NearbyRoom;

  constructor(room: NearbyRoom) {
    super('join-nearby', { bubbles: true, composed: true });
    this.room = room;
  }
}

/** Go back to a room that is known by its key. */
export class JoinRecentEvent extends Event {
  readonly room: RecentRoom;

  constructor(room: RecentRoom) {
    super('join-recent', { bubbles: true, composed: true });
    this.room = room;
  }
}

/** Do once more what led nowhere. */
export class JoinAgainEvent extends Event {
  constructor() {
    super('join-again', { bubbles: true, composed: true });
  }
}

/** Examine this computer, and the way to `typed` unless that is empty. */
export class ExamineEvent extends Event {
  readonly typed: string;

  constructor(typed: string) {
    super('examine', { bubbles: true, composed: true });
    this.typed = typed;
  }
}

/** Open a room again that this computer hosted before. */
export class ReopenRoomEvent extends Event {
  readonly room: RecentRoom;

  constructor(room: RecentRoom) {
    super('reopen-room', { bubbles: true, composed: true });
    this.room = room;
  }
}

/** Take a room off the list of those visited. */
export class ForgetRoomEvent extends Event {
  readonly fingerprint: Fingerprint;

  constructor(fingerprint: Fingerprint) {
    super('forget-room', { bubbles: true, composed: true });
    this.fingerprint = fingerprint;
  }
}

/** Go into the room that this computer hosts now. */
export class EnterHostedEvent extends Event {
  constructor() {
    super('enter-hosted', { bubbles: true, composed: true });
  }
}

/** End Salon on this computer. */
export class ExitAppEvent extends Event {
  constructor() {
    super('exit-app', { bubbles: true, composed: true });
  }
}

/** What somebody chose; the rest stays. */
export class ChangeSettingsEvent extends Event {
  readonly settings: Partial<Settings>;

  constructor(settings: Partial<Settings>) {
    super('change-settings', { bubbles: true, composed: true });
    this.settings = settings;
  }
}

declare global {
  interface HTMLElementEventMap {
    'open-host-dialog': OpenHostDialogEvent;
    'host-room': HostRoomEvent;
    'join-room': JoinRoomEvent;
    'join-nearby': JoinNearbyEvent;
    'join-recent': JoinRecentEvent;
    'join-again': JoinAgainEvent;
    examine: ExamineEvent;
    'reopen-room': ReopenRoomEvent;
    'forget-room': ForgetRoomEvent;
    'enter-hosted': EnterHostedEvent;
    'exit-app': ExitAppEvent;
    'change-settings': ChangeSettingsEvent;
  }
}
