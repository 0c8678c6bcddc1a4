/** Make an account. Names as typed, the host stores them in its own form. */
export class SignUpEvent extends Event {
  readonly lastName: string;
  readonly firstName: string;
  readonly username: string;
  readonly password: string;

  constructor(person: { lastName: string; firstName: string; username: string; password: string }) {
    super('sign-up', { bubbles: true, composed: true });
    this.lastName = person.lastName;
    this.firstName = person.firstName;
    this.username = person.username;
    this.password = person.password;
  }
}

export class SignInEvent extends Event {
  readonly username: string;
  readonly password: string;

  constructor(username: string, password: string) {
    super('sign-in', { bubbles: true, composed: true });
    this.username = username;
    this.password = password;
  }
}

/** `recovery` is the code shown at sign-up, `reset` one that the host made. */
export type CodeKind = 'recovery' | 'reset';

/** Set a new password with a code: capitals and digits only. */
export class RecoverEvent extends Event {
  readonly username: string;
  readonly code: string;
  readonly password: string;
  readonly kind: CodeKind;

  constructor(username: string, code: string, password: string, kind: CodeKind) {
    super('recover', { bubbles: true, composed: true });
    this.username = username;
    this.code = code;
    this.password = password;
    this.kind = kind;
  }
}

/** Is this name free? Answer through `usernameProblem`, after setting it to undefined. */
export class CheckUsernameEvent extends Event {
  readonly username: string;

  constructor(username: string) {
    super('check-username', { bubbles: true, composed: true });
    this.username = username;
  }
}

/** Come in without an account, under this name. */
export class EnterAsGuestEvent extends Event {
  readonly name: string;

  constructor(name: string) {
    super('enter-as-guest', { bubbles: true, composed: true });
    this.name = name;
  }
}

/** Show the host a join code at its door: a link, a whole code or the short form, as it was typed. */
export class UseCodeEvent extends Event {
  readonly typed: string;

  constructor(typed: string) {
    super('use-code', { bubbles: true, composed: true });
    this.typed = typed;
  }
}

/** The other way in: with an account, or as a guest. */
export class SwitchDoorEvent extends Event {
  constructor() {
    super('switch-door', { bubbles: true, composed: true });
  }
}

/** The key that answered is the right one: the wallpaper was compared. */
export class TrustKeyEvent extends Event {
  constructor() {
    super('trust-key', { bubbles: true, composed: true });
  }
}

/** The room has another key from now on: its host said so. */
export class AcceptKeyEvent extends Event {
  constructor() {
    super('accept-key', { bubbles: true, composed: true });
  }
}

export class LeaveRoomEvent extends Event {
  constructor() {
    super('leave-room', { bubbles: true, composed: true });
  }
}

/** Do not wait for the next attempt. */
export class RetryNowEvent extends Event {
  constructor() {
    super('retry-now', { bubbles: true, composed: true });
  }
}

/** The recovery code has been kept. */
export class KitKeptEvent extends Event {
  constructor() {
    super('kit-kept', { bubbles: true, composed: true });
  }
}

/**
 * Save a text as a file. Whoever can do better than a browser's download prevents the default: a window on Linux
 * has none that says whether it went well.
 */
export class SaveTextEvent extends Event {
  readonly fileName: string;
  readonly text: string;

  constructor(fileName: string, text: string) {
    super('save-text', { bubbles: true, composed: true, cancelable: true });
    this.fileName = fileName;
    this.text = text;
  }
}

declare global {
  interface HTMLElementEventMap {
    'sign-up': SignUpEvent;
    'sign-in': SignInEvent;
    recover: RecoverEvent;
    'check-username': CheckUsernameEvent;
    'enter-as-guest': EnterAsGuestEvent;
    'use-code': UseCodeEvent;
    'switch-door': SwitchDoorEvent;
    'trust-key': TrustKeyEvent;
    'accept-key': AcceptKeyEvent;
    'leave-room': LeaveRoomEvent;
    'retry-now': RetryNowEvent;
    'kit-kept': KitKeptEvent;
    'save-text': SaveTextEvent;
  }
}
