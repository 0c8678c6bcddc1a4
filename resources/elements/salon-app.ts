import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { DroppedFile } from '../../server/protocol/control.ts';
import type { FileHash } from '../../server/protocol/entities.ts';
import { DesktopWishes } from '../controllers/desktop-wishes.ts';
import { Idle } from '../controllers/idle.ts';
import { JoinTries } from '../controllers/join-tries.ts';
import { NearbyWatch } from '../controllers/nearby-watch.ts';
import { News } from '../controllers/news.ts';
import { Watch } from '../controllers/watch.ts';
import { WindowFrame } from '../controllers/window-frame.ts';
import type { AppWindow } from '../environment.ts';
import type { OpenDiagnosticsEvent } from '../events/dialog.ts';
import type { SaveTextEvent, UseCodeEvent } from '../events/door.ts';
import { FilesGivenEvent } from '../events/files.ts';
import type { ToastGoneEvent } from '../events/toasts.ts';
import type {
  ChangeSettingsEvent,
  ForgetRoomEvent,
  HostRoomEvent,
  JoinNearbyEvent,
  JoinRecentEvent,
  JoinRoomEvent,
  ReopenRoomEvent,
} from '../events/welcome.ts';
import { formatList, loadLanguages, LocaleController, plural, setLanguage, t } from '../locales/locale.ts';
import { isLookedAt } from '../looked-at.ts';
import type { Notifier } from '../notifier.ts';
import { sentenceOf } from '../sentences.ts';
import type { App } from '../state/app.ts';
import type { ConversationState } from '../state/conversation.ts';
import { ControlRefused, problemOf } from '../state/problem.ts';
import type { RoomState } from '../state/room.ts';
import type { Visit } from '../state/visit.ts';
import { applyLook } from '../styles/look.ts';
import { saveBlob } from './copying.ts';
import { fetchProblem } from './file-words.ts';
import type { OpenLinkEvent, SaveFileEvent, ShowNoticeEvent } from './room-events.ts';
import type { Toast } from './salon-toasts.ts';
import { ownerOf } from './titles.ts';
import './confirm-dialog.ts';
import './link-lost.ts';
import './salon-toasts.ts';

/** Each screen comes when it is first needed, or there is time: what is seen first is not kept waiting by the rest. */
const SCREENS = {
  welcome: () => Promise.all([import('./welcome-screen.ts'), import('./host-dialog.ts')]),
  door: () =>
    Promise.all([import('./visit-door.ts'), import('./first-meeting.ts'), import('./other-key.ts')]),
  room: () => Promise.all([import('./room-screen.ts'), import('./recovery-kit.ts')]),
  end: () => import('./end-sheet.ts'),
  diagnostics: () => import('./app-diagnostics.ts'),
};

const IDLE_MS = 200;
/** In a sentence about who is here. */
const MOST_NAMES = 4;

/** Which question stands before something that cannot be undone. */
type Question = 'closeRoom' | 'exit' | 'leave' | 'signOut' | 'open';

/**
 * Salon as a whole: one screen at a time, and the wishes that only the program itself can fulfil.
 *
 * @fires screen-shown - Once: there is something to see.
 */
@customElement('salon-app')
export class SalonApp extends LitElement {
  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) notifier!: Notifier;
  /** Null in a browser. */
  @property({ attribute: false }) appWindow: AppWindow | null = null;

  @state() private hostDialog = false;
  /** The diagnostics are open, and begin with this. */
  @state() private diagnostics: string | null = null;
  @state() private question: Question | null = null;
  @state() private toasts: readonly Toast[] = [];
  /** Where one writes: notices stand above it. */
  #foot: HTMLElement | null = null;
  /** The visit whose end was read and put away. */
  @state() private readOn: Visit | null = null;

  /** What the page looks like now. To write it again would be a new style for every element. */
  #laid: App['settings'] | null = null;
  #kitOpen = false;
  #toldPutAside: readonly string[] = [];
  readonly #fetched = new Set<keyof typeof SCREENS>();
  readonly #saving = new Set<FileHash>();
  protected readonly locale = new LocaleController(this);
  protected readonly watch = new Watch(this, () => [this.app, this.app.visit, ...this.#inRoom]);
  protected readonly idle = new Idle(this, (presence) => this.app.visit?.setPresence(presence));
  protected readonly nearbyWatch = new NearbyWatch(
    this,
    () => this.app,
    () => this.#isWelcome,
  );
  readonly #tries = new JoinTries(() => this.app);
  readonly #desktop = new DesktopWishes(this, () => this);
  protected readonly news = new News(this, {
    room: () => this.app.visit?.room ?? null,
    settings: () => this.app.settings,
    isLookedAt,
    show: (notification, withSound) =>
      void this.#desktop.tell(notification, withSound).catch(() => undefined),
  });
  readonly #frame = new WindowFrame(this, {
    window: () => this.appWindow,
    title: () => {
      const place = this.app.visit?.about?.room.name;
      return place === undefined ? 'Salon' : `${place} – Salon`;
    },
    unread: () => this.#conversations.reduce((sum, each) => sum + each.unread, 0),
    hasTray: () =>
      this.app.desktop().then(
        ({ tray }) => tray,
        () => false,
      ),
    exit: () => this.wantExit(),
  });

  override willUpdate() {
    const { settings } = this.app;
    if (settings !== this.#laid) applyLook(settings);
    this.#laid = settings;
    // Sentences that cannot be fetched now are asked for again with the next drawing.
    setLanguage(this.app.language).catch(() => undefined);
    this.#tries.follow();
    this.#load();
    this.#tellPutAside();
    // They have been sent, or given up: nothing keeps anybody here any more.
    if (this.app.toOpen !== null && !this.app.hasUnsentFiles) void this.#try(this.app.answerOpen(true));
  }

  override updated() {
    const kitOpen = (this.app.visit?.recoveryCode ?? null) !== null;
    if (this.#kitOpen && !kitOpen) void this.#afterKit();
    this.#kitOpen = kitOpen;
  }

  get #conversations(): readonly ConversationState[] {
    const room = this.app.visit?.room ?? null;
    return room === null ? [] : [room.lobby, ...room.directs];
  }

  /** What is unread stands in the page's title. */
  get #inRoom() {
    return [this.app.visit?.room, ...this.#conversations];
  }

  override render() {
    const { visit, link } = this.app;
    return html`<div
      class="app"
      @change-settings=${this.#changeSettings}
      @leave-room=${() => this.#askAboutFiles('leave')}
      @exit-app=${this.wantExit}
      @close-room=${this.#askToClose}
      @sign-out=${() => this.#askAboutFiles('signOut')}
      @retry-now=${() => visit?.tryNow()}
      @open-diagnostics=${this.#openDiagnostics}
      @open-link=${this.#openLink}
      @save-file=${this.#saveFile}
      @save-text=${this.#saveText}
      @show-notice=${this.#showNotice}
      @show-folder=${this.#showFolder}
    >
      ${link === 'up' ? nothing : html`<link-lost .link=${link}></link-lost>`}
      ${this.#isWelcome || visit === null ? this.#renderWelcome() : this.#renderVisit(visit)}
      ${
        this.app.isApp
          ? html`<app-diagnostics
              .app=${this.app}
              .typed=${this.diagnostics}
              .tray=${this.appWindow === null ? null : this.#frame.hasTray === true}
              @dismissed=${this.#closeDiagnostics}
            ></app-diagnostics>`
          : nothing
      }
      ${this.#renderQuestion()}
      <salon-toasts .toasts=${this.toasts} .foot=${this.#foot} @toast-gone=${this.#toastGone}></salon-toasts>
    </div>`;
  }

  /** Whoever joins from the first screen stays there until somebody answers: what was typed is still to be seen. */
  get #isWelcome(): boolean {
    const { visit, isApp } = this.app;
    return isApp && (visit === null || this.#tries.isUnderWay);
  }

  /** Once: what could not be read at this start. */
  #tellPutAside() {
    const { putAside } = this.app;
    if (putAside.length === 0 || putAside === this.#toldPutAside) return;
    this.#toldPutAside = putAside;
    const text = plural(putAside.length, t().restored.putAside);
    const [path] = putAside;
    this.#toast({ id: 'put-aside', text, tone: 'loss', ...(path === undefined ? {} : { path }) });
  }

  #load() {
    const { visit } = this.app;
    if (this.diagnostics !== null) void this.#fetch('diagnostics');
    if (visit?.status === 'ended') void this.#fetch('end');
    if (this.#isWelcome) void this.#fetch('welcome');
    else if (visit !== null) void this.#fetch(visit.room === null ? 'door' : 'room');
  }

  async #fetch(screen: keyof typeof SCREENS) {
    if (this.#fetched.has(screen)) return;
    const isFirst = this.#fetched.size === 0;
    this.#fetched.add(screen);
    try {
      await SCREENS[screen]();
    } catch {
      // The host is away: asked for again with the next drawing.
      this.#fetched.delete(screen);
      return;
    }
    if (!isFirst) return;
    await this.updateComplete;
    this.dispatchEvent(new Event('screen-shown'));
    // Now there is time for what may be needed next.
    whenIdle(() => {
      void this.#fetch('door');
      void this.#fetch('room');
      loadLanguages().catch(() => undefined);
    });
  }

  #renderWelcome() {
    const { app } = this;
    if (!app.isApp) return nothing;
    const failed = app.problem;
    const { hosting, busy } = app;
    const isHosting = this.hostDialog;
    return html`<welcome-screen
        .nearby=${app.nearby}
        .recent=${app.recent}
        .addresses=${app.addresses}
        .hosting=${hosting}
        .busy=${busy !== null}
        .typed=${this.#tries.typed}
        .problem=${failed === null || isHosting ? '' : sentenceOf(failed, this.#tries.subject)}
        .diagnosis=${isHosting ? null : app.diagnosis}
        .version=${app.version}
        @open-host-dialog=${this.#openHostDialog}
        @join-room=${({ typed }: JoinRoomEvent) => this.#tries.typedIn(typed)}
        @join-nearby=${({ room }: JoinNearbyEvent) => this.#tries.begin(() => app.joinNearby(room), room.addresses[0])}
        @join-recent=${({ room }: JoinRecentEvent) => this.#tries.begin(() => app.joinRecent(room), room.addresses[0])}
        @join-again=${() => this.#tries.again()}
        @reopen-room=${this.#reopen}
        @forget-room=${({ fingerprint }: ForgetRoomEvent) => void this.#try(app.forget(fingerprint))}
        @enter-hosted=${() => this.#tries.begin(() => app.enterHosted())}
      ></welcome-screen>
      <host-dialog
        .open=${this.hostDialog}
        .computer=${app.computer}
        .port=${app.defaultPort}
        .busy=${busy === 'opening' ? 'opening' : ''}
        .problem=${failed !== null && isHosting ? sentenceOf(failed) : ''}
        .proposedPort=${failed?.code === 'PORT_TAKEN' && isHosting ? Number(failed.why) : null}
        .platform=${/Mac/.test(navigator.userAgent) ? 'mac' : 'other'}
        @host-room=${this.#host}
        @dismissed=${this.#closeHostDialog}
      ></host-dialog>`;
  }

  #renderVisit(visit: Visit) {
    return html`${visit.room === null ? this.#renderDoor(visit) : this.#renderRoom(visit, visit.room)}
      <end-sheet
        .reason=${visit.status === 'ended' && this.readOn !== visit ? visit.ending : null}
        .fingerprint=${visit.fingerprint}
        .host=${visit.room === null ? '' : (ownerOf(visit.room)?.username ?? '')}
        .version=${this.app.version}
        .history=${visit.room !== null}
        .canLeave=${this.app.isApp}
        @dismissed=${() => (this.readOn = visit)}
        @retry-now=${this.#loadAnew}
      ></end-sheet>`;
  }

  #renderDoor(visit: Visit) {
    const { isApp } = this.app;
    if (visit.status === 'meeting') {
      return html`<first-meeting
        .fingerprint=${visit.fingerprint ?? ''}
        .room=${visit.name}
        @trust-key=${() => void this.#try(visit.trust())}
      ></first-meeting>`;
    }
    return html`<visit-door
        .visit=${visit}
        .canLeave=${isApp}
        @use-code=${({ typed }: UseCodeEvent) => void this.app.useCode(typed)}
      ></visit-door>
      <other-key
        .keys=${visit.status === 'otherKey' ? visit.otherKey : null}
        .room=${visit.name}
        @accept-key=${() => void this.#try(visit.acceptKey())}
      ></other-key>`;
  }

  #renderRoom(visit: Visit, room: RoomState) {
    const { app } = this;
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
        .fingerprint=${room.fingerprint}
        @kit-kept=${this.#kitKept}
      ></recovery-kit>`;
  }

  #renderQuestion() {
    const { app, common, files, room } = t();
    const question = this.#asked;
    const [heading, label] = {
      closeRoom: [app.closeTitle, app.closeRoom],
      exit: [app.exitTitle, common.exit],
      leave: [files.unsentTitle, common.leave],
      signOut: [files.unsentTitle, room.signOut],
      open: [files.unsentTitle, common.leave],
    }[question ?? 'exit'];
    const endsRoom = this.app.hosting !== null && (question === 'exit' || question === 'closeRoom');
    const text = [endsRoom ? this.#aboutOthers() : '', this.app.hasUnsentFiles ? files.unsentText : ''];
    return html`<confirm-dialog
      .open=${question !== null}
      .heading=${heading}
      .text=${text.filter((sentence) => sentence !== '').join(' ')}
      .confirmLabel=${label}
      danger
      @confirmed=${this.#confirmed}
      @dismissed=${this.#closeQuestion}
    ></confirm-dialog>`;
  }

  #aboutOthers(): string {
    const { closeText, others: count } = t().app;
    const names = this.#namesAtHome;
    const others = names?.length ?? this.app.hosting?.online ?? 0;
    return closeText(others, names === null ? plural(others, count) : whoIsHere(names));
  }

  /** The question that is open: the person's own wish comes before what Salon was opened with. */
  get #asked(): Question | null {
    return this.question ?? (this.app.toOpen === null ? null : 'open');
  }

  /** Who else is in the room that this computer hosts; null while another room is looked at, or none. */
  get #namesAtHome(): string[] | null {
    const room = this.app.visit?.room ?? null;
    if (room === null || !this.app.isHome) return null;
    const here = [...room.members.values()].filter(
      ({ id, presence }) => presence !== 'offline' && id !== room.me,
    );
    return here.map(({ username }) => username);
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

  /** A browser's page has no first screen to go back to; loaded anew it may be newer, and asks again. */
  #loadAnew(event: Event) {
    event.stopPropagation();
    location.reload();
  }

  #openDiagnostics({ typed }: OpenDiagnosticsEvent) {
    const { isApp, visit } = this.app;
    const meant = this.#isWelcome ? this.#tries.subject : (visit?.address ?? '');
    if (isApp) this.diagnostics = typed ?? meant;
  }

  #closeDiagnostics() {
    this.diagnostics = null;
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
    this.#ask('closeRoom');
  }

  #closeQuestion() {
    if (this.#asked === 'open') void this.app.answerOpen(false);
    this.question = null;
  }

  async #host({ name, port, access }: HostRoomEvent) {
    if (await this.app.hostRoom(name, port, access)) this.hostDialog = false;
  }

  async #reopen({ room: { roomId, name, addresses } }: ReopenRoomEvent) {
    const port = Number(/:(\d+)$/.exec(addresses[0] ?? '')?.[1] ?? this.app.defaultPort);
    await this.app.host({ name, roomId, port });
  }

  #changeSettings({ settings }: ChangeSettingsEvent) {
    void this.#try(this.app.changeSettings(settings));
  }

  /** Ends Salon; with a room open, or files on their way, it asks first. Whether it asks. */
  wantExit(): boolean {
    const asks = this.app.hosting !== null || this.app.hasUnsentFiles;
    if (asks) this.#ask('exit');
    else this.#exit();
    return asks;
  }

  #exit() {
    void this.#try(this.app.exit());
    this.appWindow?.exit();
  }

  /**
   * Somebody dropped or pasted a file. The first screen takes those that hold an invitation.
   *
   * @param isHidden - the browser does not show it.
   */
  refuseFiles(isHidden: boolean) {
    const text = isHidden ? t().files.hidden : t().app.noFiles;
    if ((this.app.visit?.room ?? null) !== null) this.#toast({ id: 'files', text });
  }

  /**
   * Files were dropped on the window, which the page was not shown. Who gets them is decided now: to read them takes a moment,
   * in which somebody may go elsewhere.
   */
  async takeDropped(dropped: readonly DroppedFile[], areAll: boolean) {
    if (!areAll) this.refuseFiles(true);
    if (dropped.length === 0) return;
    const given = new FilesGivenEvent();
    dispatchEvent(given);
    const { taker } = given;
    if (taker === null) return this.refuseFiles(false);
    const read = async () => {
      const { files, areTooMany, areAllRead } = await this.app.readDropped(dropped, taker.most);
      taker.take(files, areTooMany);
      if (!areAllRead) throw new ControlRefused('NOT_READ');
    };
    await this.#try(read());
  }

  #ask(question: Question) {
    this.question = question;
    // How many are in the room, if it is not the one that is looked at.
    this.app.refresh().catch(() => undefined);
  }

  #confirmed() {
    const question = this.#asked;
    this.question = null;
    if (question === 'closeRoom') void this.#try(this.app.closeRoom());
    else if (question === 'open') void this.#try(this.app.answerOpen(true));
    else if (question !== null) this.#go(question);
  }

  #askAboutFiles(way: 'leave' | 'signOut') {
    if (this.app.hasUnsentFiles) this.question = way;
    else this.#go(way);
  }

  #go(way: Exclude<Question, 'closeRoom' | 'open'>) {
    if (way === 'exit') this.#exit();
    else if (way === 'leave') this.app.leave();
    else void this.app.visit?.signOut();
  }

  #openLink(event: OpenLinkEvent) {
    if (!this.app.isApp) return;
    event.preventDefault();
    void this.#try(this.app.openLink(event.url));
  }

  /** Here, and not where it was wished: that may have been scrolled away when the file is there. */
  async #saveFile({ file, source }: SaveFileEvent) {
    const room = this.app.visit?.room ?? null;
    // Whoever presses again, because it takes long, wants it once.
    if (room === null || this.#saving.has(file.hash)) return;
    this.#saving.add(file.hash);
    try {
      const blob = await room.downloads.fetch(file, source);
      if (this.appWindow === null) saveBlob(blob, file.name);
      else await this.#saveInWindow(this.appWindow, blob, file.name);
    } catch (error) {
      this.#toast({ id: 'file', text: fetchProblem(error), tone: 'loss' });
    } finally {
      this.#saving.delete(file.hash);
    }
  }

  #saveText(event: SaveTextEvent) {
    if (this.appWindow === null) return;
    event.preventDefault();
    this.#saveInWindow(this.appWindow, new Blob([event.text]), event.fileName).catch((error: unknown) =>
      this.#toast({ id: 'file', text: fetchProblem(error), tone: 'loss' }),
    );
  }

  /**
   * A browser shows its downloads. A window says nothing, and on Linux does nothing where a file of that name is. Elsewhere it
   * also marks what comes from others, and the system asks before it is started.
   */
  async #saveInWindow(around: AppWindow, blob: Blob, wanted: string) {
    const isOurs = (await around.system()) === 'Linux';
    if (!isOurs) saveBlob(blob, wanted);
    const name = isOurs ? await this.app.saveFile(blob, wanted) : wanted;
    this.#toast({ id: 'file', text: t().files.saved(name), tone: 'good' });
  }

  async #showFolder() {
    try {
      await this.app.showFolder();
    } catch {
      this.#showNotice({ id: 'folder', text: t().desktop.notShown, tone: 'loss' });
    }
  }

  #showNotice({ id, text, tone }: Pick<ShowNoticeEvent, 'id' | 'text' | 'tone'>) {
    this.#toast({ id, text, tone });
  }

  #toast(toast: Toast) {
    this.#foot = this.renderRoot.querySelector('room-screen')?.foot ?? null;
    this.toasts = [...this.toasts.filter(({ id }) => id !== toast.id), toast];
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

/** "ada, bob and 3 others are". */
function whoIsHere(names: readonly string[]): string {
  const { namesAre, more } = t().app;
  const rest = names.length - MOST_NAMES;
  const shown = rest > 0 ? [...names.slice(0, MOST_NAMES), plural(rest, more)] : names;
  return namesAre(formatList(shown), names.length);
}

/** Once the browser has nothing better to do; WebKit's does not say when that is. */
function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(work);
  else setTimeout(work, IDLE_MS);
}

declare global {
  interface HTMLElementTagNameMap {
    'salon-app': SalonApp;
  }
}
