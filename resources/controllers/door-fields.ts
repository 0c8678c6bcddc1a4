import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { normaliseUsername, personNameProblem, usernameProblem } from '../../server/protocol/names.ts';
import { passwordProblem } from '../../server/protocol/passwords.ts';
import type { CodeKind } from '../events/door.ts';
import { t } from '../locales/locale.ts';

export type DoorMode = 'signIn' | 'signUp' | 'forgot';
export type DoorField = 'lastName' | 'firstName' | 'username' | 'password' | 'code';

/** In the order in which they stand. */
export const FIELDS: Record<DoorMode, readonly DoorField[]> = {
  signUp: ['lastName', 'firstName', 'username', 'password'],
  signIn: ['username', 'password'],
  forgot: ['username', 'code', 'password'],
};

/** Letters and digits of a code, without what people put between them. */
export const CODE_LENGTHS: Record<CodeKind, number> = { recovery: 25, reset: 12 };
export const bareCode = (typed: string) => typed.replace(/[\s\p{Pd}]/gu, '').toUpperCase();

/**
 * What somebody has typed at the door, kept from one way in to the next, and what is wrong with it. A field is judged
 * once it was left or sent, and from then on at each key, so that nobody is corrected in the middle of a word.
 */
export class DoorFields implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #values: Record<DoorField, string> = {
    lastName: '',
    firstName: '',
    username: '',
    password: '',
    code: '',
  };
  readonly #judged = new Set<DoorField>();
  /** The host's word on a value, good until the value changes. */
  readonly #refused = new Map<DoorField, string>();

  mode: DoorMode = 'signIn';
  kind: CodeKind = 'recovery';
  roomName = '';

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#values.password = '';
    this.#values.code = '';
  }

  value(field: DoorField): string {
    return this.#values[field];
  }

  type(field: DoorField, value: string): void {
    this.#values[field] = value;
    this.#refused.delete(field);
    this.#host.requestUpdate();
  }

  /** The cursor left a field: an empty one is not wrong yet. */
  leave(field: DoorField): void {
    if (this.#values[field] === '') return;
    this.#judged.add(field);
    this.#host.requestUpdate();
  }

  refuse(field: DoorField, sentence: string): void {
    this.#refused.set(field, sentence);
    this.#host.requestUpdate();
  }

  /** Another way in asks for other things. */
  forgive(): void {
    this.#judged.clear();
    this.#refused.clear();
    this.#host.requestUpdate();
  }

  /** What to say about a field now; empty when nothing. */
  problem(field: DoorField): string {
    return this.#refused.get(field) ?? (this.#judged.has(field) ? this.verdict(field) : '');
  }

  /** Judges all fields of this way in. The first wrong one, or null when they may be sent. */
  firstWrong(): DoorField | null {
    const fields = FIELDS[this.mode];
    for (const field of fields) this.#judged.add(field);
    this.#host.requestUpdate();
    return fields.find((field) => this.problem(field) !== '') ?? null;
  }

  /** What is wrong with a field, asked or not. */
  verdict(field: DoorField): string {
    const { errors } = t();
    const value = this.#values[field];
    switch (field) {
      case 'lastName':
      case 'firstName': {
        const problem = personNameProblem(value);
        return problem === null ? '' : errors.personName[problem];
      }
      case 'username':
        return this.#usernameVerdict(value);
      case 'password':
        return this.#passwordVerdict(value);
      case 'code':
        return this.#codeVerdict(value);
    }
  }

  /** Only a new name is judged: an old one may be from before a rule. */
  #usernameVerdict(value: string): string {
    const { errors } = t();
    if (this.mode !== 'signUp') return normaliseUsername(value) === '' ? errors.usernameEmpty : '';
    const problem = usernameProblem(value);
    return problem === null ? '' : errors.username[problem];
  }

  #passwordVerdict(value: string): string {
    const { errors } = t();
    if (value === '') return errors.passwordEmpty;
    if (this.mode === 'signIn') return '';
    const names = this.mode === 'signUp' ? this.#values : { firstName: '', lastName: '' };
    const problem = passwordProblem(value, {
      username: this.#values.username,
      firstName: names.firstName,
      lastName: names.lastName,
      roomName: this.roomName,
    });
    return problem === null ? '' : errors.password[problem];
  }

  #codeVerdict(value: string): string {
    const { errors } = t();
    const code = bareCode(value);
    if (code === '') return errors.codeEmpty;
    if (code.length === CODE_LENGTHS[this.kind] && /^[A-Z0-9]+$/.test(code)) return '';
    return this.kind === 'recovery' ? errors.recoveryCodeShape : errors.resetCodeShape;
  }
}
