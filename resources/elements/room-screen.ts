import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Hosting, Settings } from '../../server/protocol/control.ts';
import type { Channel } from '../../server/protocol/entities.ts';
import { Regions } from '../controllers/regions.ts';
import { ReturnNotice } from '../controllers/return-notice.ts';
import { RoomWishes } from '../controllers/room-wishes.ts';
import { Watch } from '../controllers/watch.ts';
import { LocaleController, t } from '../locales/locale.ts';
import type { ConversationState } from '../state/conversation.ts';
import { Observable } from '../state/observable.ts';
import type { RoomState } from '../state/room.ts';
import { base } from '../styles/base.ts';
import type { SheetReason } from './connection-sheet.ts';
import './connection-sheet.ts';
import type { ConversationList } from './conversation-list.ts';
import './conversation-list.ts';
import type { ConversationView, VisitShown } from './conversation-view.ts';
import './conversation-view.ts';
import './keys-dialog.ts';
import './new-direct-dialog.ts';
import type { PeoplePanel } from './people-panel.ts';
import './people-panel.ts';
import type {
  GoToEvent,
  OpenConversationEvent,
  OpenDirectEvent,
  PostMessageEvent,
  RoomPlace,
} from './room-events.ts';
import { roomScreenStyles } from './room-screen.styles.ts';
import './settings-dialog.ts';
import { ownerOf } from './titles.ts';

type Dialog = 'settings' | 'keys' | 'newDirect' | 'invite';

/** Only owners need it: it comes when one opens it. */
const loadInviteSheet = () => import('./invite-sheet.ts');

/**
 * The room: its conversations, the messages, the people. Where a window is too narrow for all of them, one is shown at
 * a time. What can be done with the room's state alone is done here (`RoomWishes`); the other wishes bubble on.
 *
 * @fires {LeaveRoomEvent} leave-room
 * @fires {SignOutEvent} sign-out
 * @fires {CloseRoomEvent} close-room
 * @fires {ExitAppEvent} exit-app
 * @fires {RetryNowEvent} retry-now
 * @fires {ChangeSettingsEvent} change-settings
 * @fires {OpenDiagnosticsEvent} open-diagnostics
 * @fires {OpenLinkEvent} open-link - Unless prevented, the browser opens it.
 * @fires {ShowNoticeEvent} show-notice
 */
@customElement('room-screen')
export class RoomScreen extends LitElement {
  @property({ attribute: false }) room!: RoomState;
  @property({ attribute: false }) visit!: VisitShown;
  /** This room's, when this computer hosts it. */
  @property({ attribute: false }) hosting: Hosting | null = null;
  @property() address = '';
  @property({ attribute: false }) settings!: Settings;
  @property() version = '';
  @property({ attribute: false }) isApp = false;

  @state() private current!: ConversationState;
  /** The one region that a narrow window shows. */
  @state() private place: RoomPlace = 'conversation';
  /** Beside the messages, where there is room for them. */
  @state() private peopleBeside = true;
  /** Over the messages, where there is not. */
  @state() private peopleOver = false;
  @state() private dialog: Dialog | null = null;
  /** The sheet was read and put away. */
  @state() private dismissed: SheetReason | null = null;
  /** The invite sheet has come: an element that is upgraded later would lose what it was told meanwhile. */
  @state() private hasInvite = false;
  @state() private closedAt: number | null = null;
  /** Somebody asked why the room does not answer. */
  @state() private askedWhy = false;

  @query('conversation-list') private readonly list!: ConversationList;
  @query('conversation-view') private readonly view!: ConversationView;
  @query('people-panel') private readonly people!: PeoplePanel;

  protected readonly locale = new LocaleController(this);
  protected readonly watch = new Watch(this, () => [
    this.room,
    this.room.outbox,
    this.visit instanceof Observable ? this.visit : null,
  ]);
  protected readonly wishes = new RoomWishes(this, () => this.room);
  protected readonly returning = new ReturnNotice(this, () => this);
  readonly #narrow = matchMedia('(max-width: 720px)');
  readonly #medium = matchMedia('(max-width: 1080px)');
  readonly #touch = matchMedia('(pointer: coarse)');
  readonly #regions = new Regions(this, () => [
    {
      element: this.list,
      focus: () => this.list.focus(),
      isShown: !this.#narrow.matches || this.place === 'list',
    },
    { element: this.view.timeline, focus: () => this.view.timeline.focus(), isShown: this.#isViewShown },
    { element: this.view.composer, focus: () => this.view.composer.focus(), isShown: this.#isViewShown },
    { element: this.people, focus: () => this.people.focus(), isShown: this.#arePeopleShown },
  ]);
  #peopleOpener: HTMLElement | null = null;
  #hasKit = false;

  constructor() {
    super();
    this.addController({
      hostConnected: () => {
        window.addEventListener('keydown', this.#pressed);
        this.#narrow.addEventListener('change', this.#resized);
        this.#medium.addEventListener('change', this.#resized);
      },
      hostDisconnected: () => {
        window.removeEventListener('keydown', this.#pressed);
        this.#narrow.removeEventListener('change', this.#resized);
        this.#medium.removeEventListener('change', this.#resized);
      },
    });
  }

  override willUpdate(changed: PropertyValues<this>) {
    if (changed.has('room')) this.current = this.room.lobby;
    if (this.visit.closedByHost && this.visit.status === 'lost') this.closedAt ??= Date.now();
    else this.closedAt = null;
    if (this.visit.status === 'in') this.dismissed = null;
    if (this.visit.status !== 'lost') this.askedWhy = false;
    this.#followKit();
  }

  override firstUpdated() {
    this.focusComposer();
  }

  override render() {
    const { room, visit } = this;
    return html`<div
      class="screen"
      data-place=${this.place}
      data-people=${this.#arePeopleShown ? 'shown' : 'hidden'}
      @open-conversation=${({ conversation }: OpenConversationEvent) => this.#show(conversation)}
      @open-direct=${({ memberIds }: OpenDirectEvent) => this.#show(room.direct(memberIds))}
      @post-message=${this.#posted}
      @new-direct=${() => this.#openDialog('newDirect')}
      @open-settings=${() => this.#openDialog('settings')}
      @open-keys=${() => this.#openDialog('keys')}
      @open-invite=${() => this.#openDialog('invite')}
      @ask-why=${this.#askWhy}
      @toggle-people=${this.#togglePeople}
      @go-to=${({ place }: GoToEvent) => this.#goTo(place)}
      @keydown=${this.#pressedInPeople}
    >
      <a class="skip" href="#writing" @click=${this.#skip}>${t().room.skip}</a>
      <conversation-list
        .room=${room}
        .current=${this.current}
        .hosting=${this.hosting?.roomId === room.room.id ? this.hosting : null}
        .address=${this.address}
        .channel=${this.#channel}
        .isApp=${this.isApp}
      ></conversation-list>
      <conversation-view
        id="writing"
        .room=${room}
        .conversation=${this.current}
        .visit=${visit}
        .announce=${this.settings.announce}
        .hosting=${this.hosting?.roomId === room.room.id ? this.hosting : null}
        .closedAt=${this.closedAt}
        .peopleShown=${this.#arePeopleShown}
      ></conversation-view>
      ${this.#medium.matches && this.peopleOver ? html`<div class="veil" @click=${this.#togglePeople}></div>` : nothing}
      <people-panel .room=${room} .address=${this.address} .channel=${this.#channel}></people-panel>
      ${this.#dialogs()}
    </div>`;
  }

  #dialogs() {
    const close = () => this.#openDialog(null);
    const { room } = this;
    return html`<settings-dialog
        .open=${this.dialog === 'settings'}
        .room=${room}
        .settings=${this.settings}
        .version=${this.version}
        .channel=${this.#channel}
        .isApp=${this.isApp}
        @dismissed=${close}
      ></settings-dialog>
      <keys-dialog .open=${this.dialog === 'keys'} @dismissed=${close}></keys-dialog>
      <new-direct-dialog
        .open=${this.dialog === 'newDirect'}
        .room=${room}
        @dismissed=${close}
      ></new-direct-dialog>
      ${
        this.hasInvite && room.self.role === 'owner'
          ? html`<invite-sheet
              .open=${this.dialog === 'invite'}
              .room=${room}
              .channel=${this.#channel}
              @dismissed=${close}
            ></invite-sheet>`
          : nothing
      }
      <connection-sheet
        .reason=${this.#sheet}
        .diagnosis=${this.visit.diagnosis}
        .fingerprint=${room.fingerprint}
        .room=${room.room}
        .host=${ownerOf(room)?.username ?? ''}
        .at=${this.closedAt}
        .canLeave=${this.isApp}
        @dismissed=${this.#dismissSheet}
      ></connection-sheet>`;
  }

  #openDialog(dialog: Dialog | null) {
    this.dialog = dialog;
    if (dialog === 'invite') void this.#loadInvite();
  }

  async #loadInvite() {
    await loadInviteSheet();
    this.hasInvite = true;
  }

  #askWhy() {
    this.askedWhy = true;
  }

  #dismissSheet() {
    this.askedWhy = false;
    this.dismissed = this.#sheet;
  }

  get #channel(): Channel {
    return this.visit.about?.channel ?? 'app';
  }

  get #sheet(): SheetReason | null {
    const { status, closedByHost, diagnosis } = this.visit;
    if (status !== 'lost') return null;
    if (this.askedWhy && diagnosis !== null) return 'unreachable';
    return closedByHost && this.dismissed !== 'closed' ? 'closed' : null;
  }

  get #isViewShown(): boolean {
    return !this.#narrow.matches || this.place === 'conversation';
  }

  get #arePeopleShown(): boolean {
    if (this.#narrow.matches) return this.place === 'people';
    return this.#medium.matches ? this.peopleOver : this.peopleBeside;
  }

  // Going around.

  #show(conversation: ConversationState) {
    this.current = conversation;
    this.place = 'conversation';
    this.peopleOver = false;
    this.focusComposer();
  }

  #goTo(place: RoomPlace) {
    this.place = place;
    void this.updateComplete.then(() => {
      if (place === 'list') this.list.focus();
      else if (place === 'people') this.people.focus();
      else this.focusComposer();
    });
  }

  /** What notices should not lie over. */
  get foot(): HTMLElement | null {
    return this.view?.composer ?? null;
  }

  /** Where one goes on writing. Not where that would bring up a keyboard over half the screen. */
  focusComposer() {
    if (this.#touch.matches) return;
    void this.updateComplete.then(() => this.view.updateComplete).then(() => this.view.composer.focus());
  }

  readonly #skip = (event: Event) => {
    event.preventDefault();
    this.place = 'conversation';
    void this.updateComplete.then(() => this.view.composer.focus());
  };

  #posted({ conversation }: PostMessageEvent) {
    if (conversation !== this.current) this.#show(conversation);
  }

  readonly #togglePeople = () => {
    const show = !this.#arePeopleShown;
    if (show) this.#peopleOpener = this.#regions.focused;
    if (this.#narrow.matches) this.place = show ? 'people' : 'conversation';
    else if (this.#medium.matches) this.peopleOver = show;
    else this.peopleBeside = show;
    void this.updateComplete.then(() => {
      if (show) this.people.focus();
      else if (this.#peopleOpener?.isConnected === true) this.#peopleOpener.focus();
      else this.focusComposer();
    });
  };

  /** Esc closes what lies over the messages. */
  #pressedInPeople(event: KeyboardEvent) {
    const isOver = this.#medium.matches && this.#arePeopleShown && this.dialog === null;
    if (event.key !== 'Escape' || event.defaultPrevented || !isOver) return;
    if (!event.composedPath().includes(this.people) || isInDialog(event)) return;
    event.preventDefault();
    this.#togglePeople();
  }

  readonly #resized = () => {
    this.peopleOver = false;
    if (this.place === 'people') this.place = 'conversation';
    this.requestUpdate();
  };

  readonly #pressed = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || isInDialog(event) || this.dialog !== null) return;
    if (this.#doKey(event)) event.preventDefault();
  };

  #doKey(event: KeyboardEvent): boolean {
    const { key, altKey, shiftKey } = event;
    const isCtrl = event.ctrlKey || event.metaKey;
    if (key === 'F6') return this.#regions.go(shiftKey ? -1 : 1);
    if (altKey && !isCtrl && (key === 'ArrowUp' || key === 'ArrowDown')) {
      this.#step(key === 'ArrowDown' ? 1 : -1, shiftKey);
      return true;
    }
    if (altKey && !isCtrl && !shiftKey && event.code === 'KeyI' && this.room.self.role === 'owner') {
      this.#openDialog('invite');
      return true;
    }
    if (!isCtrl || altKey) return false;
    if (shiftKey && key.toLowerCase() === 'p') this.#togglePeople();
    else if (shiftKey && key.toLowerCase() === 'n' && !this.room.isGuest) this.dialog = 'newDirect';
    else if (!shiftKey && key === ',') this.dialog = 'settings';
    // On many keyboards the slash is a shifted key.
    else if (key === '/') this.dialog = 'keys';
    else return false;
    return true;
  }

  #step(by: 1 | -1, isUnreadOnly: boolean) {
    const { room } = this;
    if (room.isGuest) return;
    const groups = room.directs.filter(({ others }) => others.length > 1);
    const single = room.directs.filter(({ others }) => others.length === 1);
    const all = [room.lobby, ...groups, ...single];
    const wanted = all.filter((each) => each === this.current || !isUnreadOnly || each.unread > 0);
    const next = wanted[(wanted.indexOf(this.current) + by + wanted.length) % wanted.length];
    if (next !== undefined && next !== this.current) this.#show(next);
  }

  /** The owner of a new room has kept the recovery code: now the others are let in. */
  #followKit() {
    const hasKit = this.visit.recoveryCode !== null;
    const isKept = this.#hasKit && !hasKit;
    this.#hasKit = hasKit;
    const { room } = this;
    if (isKept && room.self.role === 'owner' && room.people.length === 1) this.#openDialog('invite');
  }

  // The connection.

  static override styles = [base, roomScreenStyles];
}

function isInDialog(event: Event): boolean {
  return event.composedPath().some((target) => target instanceof HTMLDialogElement);
}

declare global {
  interface HTMLElementTagNameMap {
    'room-screen': RoomScreen;
  }
}
