import { html, LitElement } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { diagnosisWords } from '../../server/protocol/diagnosis.ts';
import { refusalSentence } from '../../server/protocol/errors.ts';
import { Watch } from '../controllers/watch.ts';
import type {
  CheckUsernameEvent,
  EnterAsGuestEvent,
  RecoverEvent,
  SignInEvent,
  SignUpEvent,
} from '../events/door.ts';
import { language, LocaleController, t } from '../locales/locale.ts';
import { sentenceOf } from '../sentences.ts';
import { problemOf, type Problem } from '../state/problem.ts';
import type { Visit } from '../state/visit.ts';
import type { DoorScreen } from './door-screen.ts';
import './door-screen.ts';
import type { GuestDoor } from './guest-door.ts';
import './guest-door.ts';

type Which = 'members' | 'guests';

/**
 * The door of the room that is visited: for members or for guests. Carries the wishes of either to the visit, and its
 * answers back.
 */
@customElement('visit-door')
export class VisitDoor extends LitElement {
  @property({ attribute: false }) visit!: Visit;
  @property({ attribute: false }) canLeave = true;

  @state() private busy: DoorScreen['busy'] = '';
  @state() private problem: Problem | null = null;
  @state() private usernameProblem: string | null | undefined = undefined;
  /** Chosen by the person; null until then. */
  @state() private chosen: Which | null = null;

  /** What stood here when a code was given at the door: shown until the room has answered anew. */
  #before: { about: Visit['about']; fingerprint: Visit['fingerprint']; which: Which } | null = null;
  /** Where it began at the door, which is not where the person may have gone since. */
  #begunWith: DoorScreen['mode'] | null = null;

  protected readonly locale = new LocaleController(this);
  protected readonly watch = new Watch(this, () => [this.visit]);

  override willUpdate() {
    if (this.visit.about !== null) this.#before = null;
    if (this.visit.status === 'door') this.#begunWith ??= this.#firstMode();
  }

  override render() {
    return this.#which() === 'guests' ? this.#guests() : this.#members();
  }

  get #about(): Visit['about'] {
    return this.visit.about ?? this.#before?.about ?? null;
  }

  get #fingerprint(): Visit['fingerprint'] {
    return this.visit.fingerprint ?? this.#before?.fingerprint ?? null;
  }

  #members() {
    const { visit } = this;
    const about = this.#about;
    const { status, people, outBecause, address, name, diagnosis, ownerCode } = visit;
    const refusal = this.problem ?? (outBecause === null ? null : ({ code: 'SESSION_ENDED' } as const));
    const silence = diagnosis === null ? null : diagnosisWords(diagnosis, language());
    return html`<door-screen
      .room=${about?.room ?? null}
      .status=${status === 'door' ? 'ready' : status === 'lost' ? 'lost' : 'connecting'}
      .needsOwner=${about?.needsOwner ?? false}
      .ownerCode=${about?.channel === 'simple' ? null : ownerCode}
      .mode=${this.#begunWith ?? this.#firstMode()}
      .busy=${this.busy}
      .refusal=${refusal === null ? null : this.#refusal(refusal)}
      .waitUntil=${this.problem?.waitUntil ?? null}
      .usernameProblem=${this.usernameProblem}
      .people=${people}
      .address=${address || name}
      .silence=${silence === null ? '' : `${silence.what} ${silence.advice}`}
      .fingerprint=${this.#fingerprint}
      .channel=${about?.channel ?? 'app'}
      .access=${about?.settings.access ?? 'open'}
      .invite=${visit.invite}
      .inviteProblem=${this.#inviteProblem()}
      .guests=${visit.canEnterAsGuest}
      .canLeave=${this.canLeave}
      @sign-up=${this.#signUp}
      @sign-in=${this.#signIn}
      @recover=${this.#recover}
      @check-username=${this.#checkUsername}
      @use-code=${this.#remember}
      @switch-door=${() => this.#choose('guests')}
      @retry-now=${() => visit.tryNow()}
    ></door-screen>`;
  }

  #guests() {
    const { visit } = this;
    const about = this.#about;
    return html`<guest-door
      .room=${about?.room.name ?? ''}
      .fingerprint=${this.#fingerprint ?? ''}
      .channel=${about?.channel ?? 'simple'}
      .lost=${visit.status === 'lost'}
      .ask=${this.#guestAsk()}
      .until=${about?.settings.guestsUntil ?? null}
      .inviteProblem=${this.#inviteProblem()}
      .busy=${this.busy !== '' || visit.status === 'connecting'}
      .refusal=${this.#guestRefusal()}
      .canLeave=${this.canLeave}
      @enter-as-guest=${this.#enterAsGuest}
      @use-code=${this.#remember}
      @switch-door=${() => this.#choose('members')}
      @retry-now=${() => visit.tryNow()}
    ></guest-door>`;
  }

  /** A page is for guests where they are let in; an app is for members. Who was here before, or is to be, signs in. */
  #which(): Which {
    if (this.#before !== null) return this.#before.which;
    const { about, people, invite, canEnterAsGuest, ownerCode } = this.visit;
    if (about === null || about.needsOwner) return 'members';
    if (about.channel === 'simple') return 'guests';
    if (this.chosen !== null) return this.chosen;
    if (people.length > 0 || ownerCode !== null || invite?.role === 'member') return 'members';
    return canEnterAsGuest || invite?.role === 'guest' ? 'guests' : 'members';
  }

  #guestAsk(): GuestDoor['ask'] {
    const about = this.#about;
    const { canEnterAsGuest, invite } = this.visit;
    if (canEnterAsGuest) return 'name';
    const until = about?.settings.guestsUntil ?? null;
    const isTime = until !== null && until > Date.now();
    return isTime && about?.settings.access === 'invited' && invite === null ? 'code' : 'off';
  }

  /** Whoever was here before signs in; whoever was not signs up. */
  #firstMode(): DoorScreen['mode'] {
    const about = this.#about;
    const { people, ownerCode } = this.visit;
    return about?.needsOwner === true || ownerCode !== null || people.length === 0 ? 'signUp' : 'signIn';
  }

  #inviteProblem(): string {
    const { inviteProblem, diagnosis } = this.visit;
    if (inviteProblem === null) return '';
    if (diagnosis?.code !== 'clock') return refusalSentence(inviteProblem, language());
    const { what, advice } = diagnosisWords(diagnosis, language());
    return `${what} ${advice}`;
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

  #guestRefusal(): GuestDoor['refusal'] {
    const { problem } = this;
    if (problem === null) return null;
    const field = problem.code.startsWith('NAME_');
    const rules: Record<string, string> = t().errors.personName;
    return { sentence: (field && rules[problem.why ?? '']) || sentenceOf(problem), field };
  }

  /** The wish itself goes on: whoever goes to the room anew is not this element. */
  #remember() {
    const { about, fingerprint } = this.visit;
    this.#before = { about, fingerprint, which: this.#which() };
  }

  #choose(which: Which) {
    this.problem = null;
    // Who says that they have an account has one.
    if (which === 'members') this.#begunWith = 'signIn';
    this.chosen = which;
  }

  #signUp({ lastName, firstName, username, password }: SignUpEvent) {
    const { ownerCode } = this.visit;
    void this.#try(() => this.visit.signUp({ lastName, firstName, username, password }, ownerCode));
  }

  #signIn({ username, password }: SignInEvent) {
    void this.#try(() => this.visit.signIn(username, password));
  }

  #recover({ username, code, password }: RecoverEvent) {
    void this.#try(() => this.visit.recover(username, code, password));
  }

  #enterAsGuest({ name }: EnterAsGuestEvent) {
    void this.#try(() => this.visit.enterAsGuest(name), 'asking');
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

  async #try(work: () => Promise<void>, busy: DoorScreen['busy'] = 'locking') {
    this.busy = busy;
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
