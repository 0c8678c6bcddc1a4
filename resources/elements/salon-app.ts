import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { Idle } from '../controllers/idle.ts';
import { Watch } from '../controllers/watch.ts';
import type { ToastGoneEvent } from '../events/toasts.ts';
import type {
  ChangeSettingsEvent,
  ForgetRoomEvent,
  HostRoomEvent,
  JoinRoomEvent,
  ReopenRoomEvent,
} from '../events/welcome.ts';
import { LocaleController, plural, setLanguage, t } from '../locales/locale.ts';
import { sentenceOf } from '../sentences.ts';
import type { App } from '../state/app.ts';
import { problemOf } from '../state/problem.ts';
import type { Visit } from '../state/visit.ts';
import { applyLook } from '../styles/look.ts';
import type { OpenLinkEvent, ShowNoticeEvent } from './room-events.ts';
import type { Toast } from './salon-toasts.ts';
import './confirm-dialog.ts';
import './link-lost.ts';
import './salon-toasts.ts';

/** Each screen comes when it is first needed: what is seen first is not kept waiting by the rest. */
const SCREENS = {
  welcome: () => Promise.all([import('./welcome-screen.ts'), import('./host-dialog.ts')]),
  door: () => Promise.all([import('./visit-door.ts'), import('./connection-sheet.ts')]),
  room: () => Promise.all([import('./room-screen.ts'), import('./recovery-kit.ts')]),
};

/** Which question stands before something that cannot be undone. */
type Question = 'closeRoom' | 'exit';

/** Salon as a whole: one screen at a time, and the wishes that only the program itself can fulfil. */
@customElement('salon-app')
export class SalonApp extends LitElement {
  @property({ attribute: false }) app!: App;

  @state() private hostDialog = false;
  @state() private question: Question | null = null;
  @state() private toasts: readonly Toast[] = [];
  /** What was typed at the address field, for the sentence that nobody answered there. */
  @state() private typedAddress = '';

  #kitOpen = false;
  protected readonly locale = new LocaleController(this);
  protected readonly watch = new Watch(this, () => [this.app, this.app.visit, this.app.visit?.room]);

  protected readonly idle = new Idle(this, (presence) => this.app.visit?.setPresence(presence));

  override willUpdate() {
    applyLook(this.app.settings);
    setLanguage(this.app.language);
    this.#load();
  }

  override updated() {
    const kitOpen = (this.app.visit?.recoveryCode ?? null) !== null;
    if (this.#kitOpen && !kitOpen) void this.#afterKit();
    this.#kitOpen = kitOpen;
    const room = this.app.visit?.room ?? null;
    const unread =
      room === null ? 0 : [room.lobby, ...room.directs].reduce((sum, each) => sum + each.unread, 0);
    const place = this.app.visit?.about?.room.name;
    document.title = `${unread > 0 ? `(${unread}) ` : ''}${place === undefined ? '' : `${place} – `}Salon`;
  }

  override render() {
    const { visit, link } = this.app;
    return html`<div
      class="app"
      @change-settings=${this.#changeSettings}
      @leave-room=${() => this.app.leave()}
      @exit-app=${this.#exit}
      @close-room=${this.#askToClose}
      @sign-out=${() => void visit?.signOut()}
      @retry-now=${() => visit?.tryNow()}
      @open-link=${this.#openLink}
      @show-notice=${this.#showNotice}
    >
      ${link === 'up' ? nothing : html`<link-lost .elsewhere=${link === 'elsewhere'}></link-lost>`}
      ${visit === null ? this.#renderWelcome() : this.#renderVisit(visit)} ${this.#renderQuestion()}
      <salon-toasts .toasts=${this.toasts} @toast-gone=${this.#toastGone}></salon-toasts>
    </div>`;
  }

  #load() {
    const { visit, isApp } = this.app;
    if (visit === null) {
      if (isApp) void SCREENS.welcome();
      return;
    }
    // Whoever stands at the door will be in the room in a moment.
    if (visit.room === null) void SCREENS.door();
    void SCREENS.room();
  }

  #renderWelcome() {
    const { app } = this;
    if (!app.isApp) return nothing;
    const failed = app.problem;
    const { hosting, busy } = app;
    return html`<welcome-screen
        .recent=${app.recent}
        .addresses=${app.addresses}
        .hosting=${hosting}
        .computer=${app.computer}
        .busy=${busy !== null}
        .problem=${failed === null || this.hostDialog ? '' : sentenceOf(failed, this.typedAddress)}
        .version=${app.version}
        @open-host-dialog=${this.#openHostDialog}
        @join-room=${this.#join}
        @reopen-room=${this.#reopen}
        @forget-room=${({ roomId }: ForgetRoomEvent) => void this.#try(app.forget(roomId))}
        @enter-hosted=${() => void app.goHome()}
      ></welcome-screen>
      <host-dialog
        .open=${this.hostDialog}
        .computer=${app.computer}
        .port=${app.defaultPort}
        .busy=${busy === 'opening' ? 'opening' : ''}
        .problem=${failed !== null && this.hostDialog ? sentenceOf(failed) : ''}
        .proposedPort=${failed?.code === 'PORT_TAKEN' && this.hostDialog ? Number(failed.why) : null}
        .platform=${/Mac/.test(navigator.userAgent) ? 'mac' : 'other'}
        @host-room=${this.#host}
        @dismissed=${this.#closeHostDialog}
      ></host-dialog>`;
  }

  #renderVisit(visit: Visit) {
    const { app } = this;
    const { room } = visit;
    if (room === null) {
      return html`<visit-door .visit=${visit} .ownerCode=${app.ownerCode} .canLeave=${app.isApp}></visit-door>
        <connection-sheet
          .reason=${visit.ending}
          .version=${app.version}
          .canLeave=${app.isApp}
          @dismissed=${this.#dismissEnded}
        ></connection-sheet>`;
    }
    return html`<room-screen
        .room=${room}
        .visit=${visit}
        .hosting=${app.isHome ? app.hosting : null}
        .address=${app.isHome ? this.#hostedAddress() : visit.address}
        .settings=${app.settings}
        .version=${app.version}
        .isApp=${app.isApp}
      ></room-screen>
      <recovery-kit
        .open=${visit.recoveryCode !== null}
        .code=${visit.recoveryCode ?? ''}
        .username=${room.self.username}
        .room=${room.room}
        @kit-kept=${this.#kitKept}
      ></recovery-kit>`;
  }

  #renderQuestion() {
    const { app, common } = t();
    const { question } = this;
    const here = [...(this.app.visit?.room?.members.values() ?? [])].filter(
      ({ presence }) => presence !== 'offline',
    );
    const others = Math.max(0, here.length - 1);
    return html`<confirm-dialog
      .open=${question !== null}
      .heading=${question === 'exit' ? app.exitTitle : app.closeTitle}
      .text=${app.closeText(others, plural(others, app.others))}
      .confirmLabel=${question === 'exit' ? common.exit : app.closeRoom}
      danger
      @confirmed=${this.#confirmed}
      @dismissed=${this.#closeQuestion}
    ></confirm-dialog>`;
  }

  /** Where others find the room that this computer hosts. */
  #hostedAddress(): string {
    const { hosting, addresses } = this.app;
    const best = addresses.find(({ loopback }) => !loopback) ?? addresses[0];
    return `${best?.address ?? '127.0.0.1'}:${hosting?.port ?? this.app.defaultPort}`;
  }

  #openHostDialog() {
    this.app.clearProblem();
    this.hostDialog = true;
  }

  /** In an app there is a first screen to go back to; a browser's page loads anew, perhaps newer. */
  #dismissEnded() {
    if (this.app.isApp) this.app.leave();
    else location.reload();
  }

  #kitKept() {
    this.app.visit?.keptRecoveryCode();
  }

  /** The kit stood before everything from the start: there is nothing else to go back to. */
  async #afterKit() {
    await this.renderRoot.querySelector('recovery-kit')?.updateComplete;
    this.renderRoot.querySelector('room-screen')?.focusComposer();
  }

  #closeHostDialog() {
    this.hostDialog = false;
  }

  #askToClose() {
    this.question = 'closeRoom';
  }

  #closeQuestion() {
    this.question = null;
  }

  async #host({ name, port }: HostRoomEvent) {
    if (await this.app.host({ name, port })) this.hostDialog = false;
  }

  async #reopen({ roomId }: ReopenRoomEvent) {
    const known = this.app.recent.find((room) => room.roomId === roomId);
    const port = Number(/:(\d+)$/.exec(known?.address ?? '')?.[1] ?? this.app.defaultPort);
    const wish = { name: known?.name ?? '', roomId };
    if (await this.app.host({ ...wish, port })) return;
    // Somebody else has its port now: the room moves to the next free one rather than stay shut.
    const { problem } = this.app;
    if (problem?.code === 'PORT_TAKEN') await this.app.host({ ...wish, port: Number(problem.why) });
  }

  #join({ address }: JoinRoomEvent) {
    this.typedAddress = address;
    void this.app.join(address);
  }

  #changeSettings({ settings }: ChangeSettingsEvent) {
    void this.#try(this.app.changeSettings(settings));
  }

  #exit() {
    if (this.app.hosting === null) void this.#try(this.app.exit());
    else this.question = 'exit';
  }

  #confirmed() {
    const { question } = this;
    this.question = null;
    void this.#try(question === 'exit' ? this.app.exit() : this.app.closeRoom());
  }

  #openLink(event: OpenLinkEvent) {
    if (!this.app.isApp) return;
    event.preventDefault();
    void this.#try(this.app.openLink(event.url));
  }

  #showNotice({ id, text, tone }: Pick<ShowNoticeEvent, 'id' | 'text' | 'tone'>) {
    this.toasts = [...this.toasts.filter((toast) => toast.id !== id), { id, text, tone }];
  }

  #toastGone({ id }: ToastGoneEvent) {
    this.toasts = this.toasts.filter((toast) => toast.id !== id);
  }

  async #try(work: Promise<unknown>) {
    try {
      await work;
    } catch (error) {
      const problem = problemOf(error);
      this.#showNotice({ id: problem.code, text: sentenceOf(problem), tone: 'loss' });
    }
  }

  static override styles = css`
    :host {
      display: block;
      min-block-size: 100vh;
      min-block-size: 100dvh;
    }
  `;
}

declare global {
  interface HTMLElementTagNameMap {
    'salon-app': SalonApp;
  }
}
