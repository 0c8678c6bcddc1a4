import { html, LitElement } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { Watch } from '../controllers/watch.ts';
import type { CheckUsernameEvent, RecoverEvent, SignInEvent, SignUpEvent } from '../events/door.ts';
import { LocaleController } from '../locales/locale.ts';
import { sentenceOf } from '../sentences.ts';
import { problemOf, type Problem } from '../state/problem.ts';
import type { Visit } from '../state/visit.ts';
import type { DoorScreen } from './door-screen.ts';
import './door-screen.ts';

/** The door of the room that is visited: carries the wishes of `<door-screen>` to the visit, and its answers back. */
@customElement('visit-door')
export class VisitDoor extends LitElement {
  @property({ attribute: false }) visit!: Visit;
  @property({ attribute: false }) ownerCode: string | null = null;
  @property({ attribute: false }) canLeave = true;

  @state() private busy: DoorScreen['busy'] = '';
  @state() private problem: Problem | null = null;
  @state() private usernameProblem: string | null | undefined = undefined;

  protected readonly locale = new LocaleController(this);
  protected readonly watch = new Watch(this, () => [this.visit]);

  override render() {
    const { about, status, people, outBecause, address } = this.visit;
    const refusal = this.problem ?? (outBecause === null ? null : ({ code: 'SESSION_ENDED' } as const));
    return html`<door-screen
      .room=${about?.room ?? null}
      .status=${status === 'door' ? 'ready' : status === 'lost' ? 'lost' : 'connecting'}
      .needsOwner=${about?.needsOwner ?? false}
      .ownerCode=${this.ownerCode}
      .mode=${this.#firstMode()}
      .busy=${this.busy}
      .refusal=${refusal === null ? null : this.#refusal(refusal)}
      .waitUntil=${this.problem?.waitUntil ?? null}
      .usernameProblem=${this.usernameProblem}
      .people=${people}
      .address=${address}
      .unencrypted=${!address.startsWith('127.0.0.1:') && !address.startsWith('localhost:')}
      .canLeave=${this.canLeave}
      @sign-up=${this.#signUp}
      @sign-in=${this.#signIn}
      @recover=${this.#recover}
      @check-username=${this.#checkUsername}
      @retry-now=${() => this.visit.tryNow()}
    ></door-screen>`;
  }

  /** Whoever was here before signs in; whoever was not signs up. */
  #firstMode(): DoorScreen['mode'] {
    const isNew =
      this.visit.about?.needsOwner === true || this.ownerCode !== null || this.visit.people.length === 0;
    return isNew ? 'signUp' : 'signIn';
  }

  #refusal(problem: Problem): DoorScreen['refusal'] {
    const { code, why, path } = problem;
    return {
      code,
      sentence: sentenceOf(problem),
      ...(why === undefined ? {} : { why }),
      ...(path === 'username' || path === 'firstName' || path === 'lastName' || path === 'code'
        ? { field: path }
        : {}),
    };
  }

  #signUp({ lastName, firstName, username, password }: SignUpEvent) {
    void this.#try(() => this.visit.signUp({ lastName, firstName, username, password }, this.ownerCode));
  }

  #signIn({ username, password }: SignInEvent) {
    void this.#try(() => this.visit.signIn(username, password));
  }

  #recover({ username, code, password }: RecoverEvent) {
    void this.#try(() => this.visit.recover(username, code, password));
  }

  async #checkUsername({ username }: CheckUsernameEvent) {
    this.usernameProblem = undefined;
    try {
      const { problem } = await this.visit.checkUsername(username);
      if (problem === null) this.usernameProblem = null;
      else if (problem === 'NAME_TAKEN') this.usernameProblem = sentenceOf({ code: 'NAME_TAKEN' });
      else this.usernameProblem = sentenceOf({ code: 'NAME_INVALID', why: problem });
    } catch {
      // The answer will come with the sign-up itself.
      this.usernameProblem = undefined;
    }
  }

  async #try(work: () => Promise<void>) {
    this.busy = 'locking';
    this.problem = null;
    try {
      await work();
    } catch (error) {
      this.problem = problemOf(error);
    } finally {
      this.busy = '';
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'visit-door': VisitDoor;
  }
}
