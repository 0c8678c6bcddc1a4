import type { Settings } from '../../server/protocol/control.ts';

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

  constructor(name: string, port: number) {
    super('host-room', { bubbles: true, composed: true });
    this.name = name;
    this.port = port;
  }
}

/** Join by what was typed or pasted, as it was typed. */
export class JoinRoomEvent extends Event {
  readonly address: string;

  constructor(address: string) {
    super('join-room', { bubbles: true, composed: true });
    this.address = address;
  }
}

/** Open a room again that this computer hosted before. */
export class ReopenRoomEvent extends Event {
  readonly roomId: string;

  constructor(roomId: string) {
    super('reopen-room', { bubbles: true, composed: true });
    this.roomId = roomId;
  }
}

/** Take a room off the list of those visited. */
export class ForgetRoomEvent extends Event {
  readonly roomId: string;

  constructor(roomId: string) {
    super('forget-room', { bubbles: true, composed: true });
    this.roomId = roomId;
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
    'reopen-room': ReopenRoomEvent;
    'forget-room': ForgetRoomEvent;
    'enter-hosted': EnterHostedEvent;
    'exit-app': ExitAppEvent;
    'change-settings': ChangeSettingsEvent;
  }
}
