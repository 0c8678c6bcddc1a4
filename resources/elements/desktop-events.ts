import type { Desktop } from '../../server/protocol/control.ts';
import type { NotifierState } from '../notifier.ts';
import { Question, Wish } from './room-events.ts';

/** What is asked of the computer around Salon. */

export class ReadNotifierEvent extends Question<NotifierState> {
  constructor() {
    super('read-notifier');
  }
}

/** Let the browser ask whether notifications may be shown. */
export class AllowNotificationsEvent extends Question<NotifierState> {
  constructor() {
    super('allow-notifications');
  }
}

/** Show a notification now, as if a message had come. */
export class TryNotificationEvent extends Question<void> {
  constructor() {
    super('try-notification');
  }
}

export class ReadDesktopEvent extends Question<Desktop> {
  constructor() {
    super('read-desktop');
  }
}

export class SwitchDesktopEvent extends Question<Desktop> {
  readonly what: 'atLogin' | 'links';
  readonly on: boolean;
  constructor(what: 'atLogin' | 'links', on: boolean) {
    super('switch-desktop');
    this.what = what;
    this.on = on;
  }
}

/** Show the data folder in the system's own program for folders. */
export class ShowFolderEvent extends Wish {
  constructor() {
    super('show-folder');
  }
}

declare global {
  interface HTMLElementEventMap {
    'read-notifier': ReadNotifierEvent;
    'allow-notifications': AllowNotificationsEvent;
    'try-notification': TryNotificationEvent;
    'read-desktop': ReadDesktopEvent;
    'switch-desktop': SwitchDesktopEvent;
    'show-folder': ShowFolderEvent;
  }
}
