import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import type { Hosting, Settings } from '../../server/protocol/control.ts';
import { refusalSentence, type RefusalCode } from '../../server/protocol/errors.ts';
import { Countdown } from '../controllers/countdown.ts';
import { FileDrop, isModalOpen } from '../controllers/file-drop.ts';
import { Watch } from '../controllers/watch.ts';
import { RetryNowEvent } from '../events/door.ts';
import { formatTime, language, LocaleController, plural, t } from '../locales/locale.ts';
import type { ConversationState } from '../state/conversation.ts';
import type { RoomState } from '../state/room.ts';
import type { Upload } from '../state/uploads.ts';
import type { Visit } from '../state/visit.ts';
import { base } from '../styles/base.ts';
import { buttons, marks } from '../styles/controls.ts';
import { conversationViewStyles } from './conversation-view.styles.ts';
import './member-portrait.ts';
import type { MessageComposer } from './message-composer.ts';
import './message-composer.ts';
import type { MessageTimeline } from './message-timeline.ts';
import './message-timeline.ts';
import type { Looked } from './picture-dialog.ts';
import './picture-dialog.ts';
import './restored-notice.ts';
import {
  AskWhyEvent,
  DiscardMessageEvent,
  GoToEvent,
  OpenInviteEvent,
  TogglePeopleEvent,
  type EditMessageEvent,
  type LookAtPictureEvent,
  type PostMessageEvent,
} from './room-events.ts';
import './salon-icon.ts';
import { momentOf } from './moments.ts';
import { filesIn, MOST_STAGED, pastedFiles, pastedPicture } from './staging.ts';
import { isNotes, nameOf, ownerOf, partnerOf, presenceOf, titleOf } from './titles.ts';

/** What the room's screen shows of a visit. */
export type VisitShown = Pick<
  Visit,
  | 'status'
  | 'ending'
  | 'retryAt'
  | 'closedByHost'
  | 'reopening'
  | 'diagnosis'
  | 'movedTo'
  | 'recoveryCode'
  | 'about'
  | 'clearMoved'
>;

/**
 * One conversation: its title and who can read it, the messages, and the box.
 *
 * @fires {GoToEvent} go-to
 * @fires {TogglePeopleEvent} toggle-people
 * @fires {RetryNowEvent} retry-now
 * @fires {AskWhyEvent} ask-why
 * @fires {OpenInviteEvent} open-invite
 * @fires {DiscardMessageEvent} discard-message
 */
@customElement('conversation-view')
export class ConversationView extends LitElement {
  @property({ attribute: false }) room!: RoomState;
  @property({ attribute: false }) conversation!: ConversationState;
  @property({ attribute: false }) visit!: VisitShown;
  @property() announce: Settings['announce'] = 'all';
  @property({ type: Boolean, attribute: 'people-shown' }) peopleShown = false;
  /** This room's, when this computer hosts it. */
  @property({ attribute: false }) hosting: Hosting | null = null;
  /** When it was noticed that the room had been closed. */
  @property({ attribute: false }) closedAt: number | null = null;

  /** A guest has read that the page is not encrypted. */
  @state() private isWarned = false;
  @state() private looked: Looked | null = null;

  @query('message-timeline') readonly timeline!: MessageTimeline;
  @query('message-composer') readonly composer!: MessageComposer;

  protected readonly locale = new LocaleController(this);
  protected readonly watch = new Watch(this, () => [this.room, this.conversation]);
  protected readonly drop = new FileDrop(this, {
    takes: () => this.visit.status !== 'ended' && this.checkVisibility() && !isModalOpen(),
    dropped: (data) => this.composer.stage(filesIn(data)),
    given: () => {
      const { composer, conversation } = this;
      const most = MOST_STAGED - conversation.staged.length;
      return { most, take: (files, areTooMany) => composer.stage(files, conversation, areTooMany) };
    },
    pasted: (data) => void this.#paste(data),
  });
  readonly #countdown = new Countdown(this, () => this.visit.retryAt);

  override willUpdate(changed: PropertyValues<this>) {
    const former = changed.get('conversation');
    if (former !== undefined) this.room.dropUnborn(former);
  }

  override render() {
    const { room, conversation } = this;
    return html`<main
        @keydown=${this.#pressed}
        @post-message=${this.#posted}
        @edit-message=${this.#edit}
        @look-at-picture=${this.#look}
      >
        <header>${this.#header()} ${this.#readable()}</header>
        <div class="stage">
          ${this.#strip()}
          ${keyed(
            conversation,
            // Of another log nothing that the view knows is true: it opens again.
            keyed(
              conversation.resets,
              html`<message-timeline
                class=${this.#isLost ? 'under-strip' : ''}
                .room=${room}
                .conversation=${conversation}
                .announce=${this.announce}
              ></message-timeline>`,
            ),
          )}
        </div>
        <restored-notice .room=${room} .hosting=${this.hosting}></restored-notice>
        ${this.#trouble()} ${this.#warning()}
        <p class="typing" role="status">${this.#typing()}</p>
        <message-composer .room=${room} .conversation=${conversation}></message-composer>
        ${
          this.drop.isOver
            ? html`<div class="drop" aria-hidden="true">
                <p><salon-icon name="clip"></salon-icon><span>${this.#dropWords()}</span></p>
              </div>`
            : nothing
        }
      </main>
      <picture-dialog .looked=${this.looked} @dismissed=${this.#looked}></picture-dialog>`;
  }

  #header() {
    const { backToList, showPeople } = t().room;
    const { room, conversation } = this;
    const partner = partnerOf(room, conversation);
    return html`<div class="bar">
      <button
        class="icon-button back"
        type="button"
        aria-label=${backToList}
        @click=${() => this.dispatchEvent(new GoToEvent('list'))}
      >
        <salon-icon name="back"></salon-icon>
      </button>
      ${
        partner === null
          ? nothing
          : html`<member-portrait
              size="small"
              name=${partner.username}
              member-id=${partner.id}
              .presence=${partner.presence}
            ></member-portrait>`
      }
      <div class="titles">
        <h1><bdi>${titleOf(room, conversation)}</bdi></h1>
        <p class="about" title=${this.#about()}>${this.#about()}</p>
      </div>
      ${room.self.role === 'owner' && conversation.kind === 'lobby' ? this.#invite() : nothing}
      <button
        class="icon-button people"
        type="button"
        aria-label=${showPeople}
        title="${showPeople} (Ctrl Shift P)"
        aria-pressed=${this.peopleShown ? 'true' : 'false'}
        @click=${() => this.dispatchEvent(new TogglePeopleEvent())}
      >
        <salon-icon name="people"></salon-icon>
      </button>
    </div>`;
  }

  #invite() {
    const { open, title } = t().invite;
    return html`<button
      class="button small invite"
      type="button"
      title="${title} (Alt I)"
      @click=${() => this.dispatchEvent(new OpenInviteEvent())}
    >
      <salon-icon name="qr"></salon-icon><span>${open}</span>
    </button>`;
  }

  /** The simple door is everybody's business: what is said here can be overheard. */
  #readable() {
    const { room, conversation } = this;
    if (conversation.kind !== 'lobby' || room.settings.door !== 'simple') return nothing;
    return html`<p class="readable">
      <salon-icon name="eye"></salon-icon><span>${t().room.readable}</span>
    </p>`;
  }

  /** Messages wait because of something on this computer, or on the host's. Said, because nobody can see it. */
  #trouble() {
    const { outbox, uploads } = this.room;
    const isWaiting = [...outbox.pending, ...uploads.items].some(({ state }) => state === 'waiting');
    const trouble = this.room.hostTrouble ?? troubleIn(uploads.items);
    const unkept = outbox.pending.filter((item) => item.unkept === true).length;
    const text = [
      trouble !== null && isWaiting ? refusalSentence(trouble, language()) : '',
      unkept > 0 ? plural(unkept, t().restored.unkept) : '',
      outbox.unreadable > 0 ? plural(outbox.unreadable, t().restored.unreadable) : '',
    ];
    const said = text.filter((sentence) => sentence !== '').join(' ');
    return html`<div class="warning" role="status">
      ${
        said === ''
          ? nothing
          : html`<p class="note attention"><salon-icon name="alert"></salon-icon><span>${said}</span></p>`
      }
    </div>`;
  }

  /** Said once to whoever came by the simple door. */
  #warning() {
    if (this.isWarned || this.visit.about?.channel !== 'simple') return html`<div class="warning"></div>`;
    const { unencrypted, understood } = t().room;
    return html`<div class="warning">
      <p class="note attention">
        <salon-icon name="alert"></salon-icon>
        <span>${unencrypted}</span>
        <button class="link-button" type="button" @click=${this.#understand}>${understood}</button>
      </p>
    </div>`;
  }

  #understand() {
    this.isWarned = true;
    this.composer.focus();
  }

  /** What is true about who can read this. */
  #about(): string {
    const { lobbyFor, guestFor, onlyTwo, onlyMany, onlyMe } = t().room;
    const { room, conversation } = this;
    const { guestsUntil } = room.settings;
    if (this.visit.status === 'ended') return t().room.over;
    if (room.isGuest) return guestFor(guestsUntil === null ? '' : momentOf(guestsUntil));
    if (conversation.kind === 'lobby') return lobbyFor(ownerOf(room)?.username ?? '');
    if (isNotes(room, conversation)) return onlyMe;
    const partner = partnerOf(room, conversation);
    if (partner === null) return onlyMany(conversation.memberIds.length);
    const presence = presenceOf(partner);
    return `${presence.charAt(0).toLocaleUpperCase()}${presence.slice(1)}. ${onlyTwo}`;
  }

  get #isLost(): boolean {
    return this.visit.status !== 'in' || !this.room.connected;
  }

  /** Lies over the messages: nothing moves when it comes and goes. Read out once, not every second. */
  #strip() {
    const { lost, lostOnce, closedStrip, reopening, waitingCount } = t().room;
    const { outbox, uploads } = this.room;
    const waiting = [...outbox.pending, ...uploads.items].filter(({ state }) => state === 'waiting').length;
    const queued = waiting === 0 ? '' : ` ${plural(waiting, waitingCount)}`;
    const isOver = this.visit.status === 'ended';
    const closed = isOver
      ? t().room.over
      : this.visit.closedByHost
        ? closedStrip(formatTime(this.closedAt ?? Date.now()))
        : null;
    const plain = this.visit.reopening ? reopening : null;
    return html`<div class="strip ${this.#isLost ? 'shown' : ''}">
      <span class="visually-hidden" role="status"
        >${this.#isLost ? `${closed ?? plain ?? lostOnce}${queued}` : ''}</span
      >
      ${
        this.#isLost
          ? html`<salon-icon name=${closed === null ? 'offline' : 'door'}></salon-icon>
              <span aria-hidden="true">${closed ?? plain ?? lost(this.#countdown.seconds)}${queued}</span>
              <button
                class="link-button"
                type="button"
                ?hidden=${isOver}
                ?disabled=${this.visit.retryAt === null}
                @click=${() => this.dispatchEvent(new RetryNowEvent())}
              >
                ${t().common.tryNow}
              </button>
              ${
                this.visit.diagnosis === null || isOver
                  ? nothing
                  : html`<button
                      class="link-button"
                      type="button"
                      @click=${() => this.dispatchEvent(new AskWhyEvent())}
                    >
                      ${t().room.why}
                    </button>`
              }`
          : nothing
      }
    </div>`;
  }

  #typing() {
    const { typingOne, typingTwo, typingMany } = t().room;
    const [one, other, ...more] = this.conversation.typing.map((id) => nameOf(this.room, id));
    if (one === undefined) return nothing;
    const text =
      other === undefined ? typingOne(one) : more.length === 0 ? typingTwo(one, other) : typingMany;
    return html`<i aria-hidden="true"><span></span></i><span>${text}</span>`;
  }

  #pressed(event: KeyboardEvent) {
    // Whoever had something open has taken the key.
    if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return;
    event.preventDefault();
    void this.timeline.goToEnd();
    this.composer.focus();
  }

  #dropWords(): string {
    const { dropForAll, dropHere } = t().files;
    const { room, conversation } = this;
    return conversation.kind === 'lobby' ? dropForAll : dropHere(titleOf(room, conversation));
  }

  async #paste(data: DataTransfer | null) {
    const files = data === null ? [await pastedPicture()].filter((file) => file !== null) : pastedFiles(data);
    if (files.length > 0) this.composer.stage(files);
  }

  #look({ file, source, blob }: LookAtPictureEvent) {
    this.looked = { file, source, blob };
  }

  #looked(event: Event) {
    event.stopPropagation();
    this.looked = null;
  }

  #posted({ conversation }: PostMessageEvent) {
    if (conversation === this.conversation) void this.timeline.goToEnd();
  }

  #edit({ id, text }: EditMessageEvent) {
    const { conversation } = this;
    conversation.draft = conversation.draft.trim() === '' ? text : `${text}\n${conversation.draft}`;
    this.dispatchEvent(new DiscardMessageEvent(id));
    this.composer.focus();
  }

  static override styles = [base, buttons, marks, conversationViewStyles];
}

const OF_DISK: ReadonlySet<RefusalCode> = new Set(['FILE_SPACE', 'DISK_FULL', 'STORAGE']);

/** Why the host's disk does not take the files that wait for it. */
function troubleIn(uploads: readonly Upload[]): RefusalCode | null {
  const codes = uploads.map(({ state, refusal }) => (state === 'waiting' ? refusal : null));
  return codes.find((code) => code !== null && OF_DISK.has(code)) ?? null;
}

declare global {
  interface HTMLElementTagNameMap {
    'conversation-view': ConversationView;
  }
}
