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
 * Save a text as a file. Whoever can do better than a browser's download prevents the default: the shell's windows on
 * Linux and macOS have none.
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
    'leave-room': LeaveRoomEvent;
    'retry-now': RetryNowEvent;
    'kit-kept': KitKeptEvent;
    'save-text': SaveTextEvent;
  }
}
