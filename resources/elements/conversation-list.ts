import { html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Hosting } from '../../server/protocol/control.ts';
import type { Channel } from '../../server/protocol/entities.ts';
import { Watch } from '../controllers/watch.ts';
import { LeaveRoomEvent } from '../events/door.ts';
import { ExitAppEvent } from '../events/welcome.ts';
import { formatDay, formatTime, LocaleController, plural, t } from '../locales/locale.ts';
import type { ConversationState } from '../state/conversation.ts';
import type { RoomState } from '../state/room.ts';
import { base } from '../styles/base.ts';
import { buttons, marks } from '../styles/controls.ts';
import type { MenuAction } from './action-menu.ts';
import './action-menu.ts';
import { conversationListStyles } from './conversation-list.styles.ts';
import './member-portrait.ts';
import { guestNote } from './moments.ts';
import {
  CloseRoomEvent,
  NewDirectEvent,
  OpenConversationEvent,
  OpenInviteEvent,
  OpenKeysEvent,
  OpenSettingsEvent,
  SignOutEvent,
} from './room-events.ts';
import './room-wallpaper.ts';
import './salon-icon.ts';
import { calledAs, fullNameOf, partnerOf, presenceOf, titleOf } from './titles.ts';

const DAY_MS = 86_400_000;

/**
 * The room's plate, its conversations, and oneself at the foot.
 *
 * @fires {OpenConversationEvent} open-conversation
 * @fires {NewDirectEvent} new-direct
 * @fires {OpenSettingsEvent} open-settings
 * @fires {OpenInviteEvent} open-invite
 * @fires {OpenKeysEvent} open-keys
 * @fires {SignOutEvent} sign-out
 * @fires {LeaveRoomEvent} leave-room
 * @fires {CloseRoomEvent} close-room
 * @fires {ExitAppEvent} exit-app
 */
@customElement('conversation-list')
export class ConversationList extends LitElement {
  @property({ attribute: false }) room!: RoomState;
  @property({ attribute: false }) current!: ConversationState;
  /** This room's, when this computer hosts it. */
  @property({ attribute: false }) hosting: Hosting | null = null;
  @property() address = '';
  /** How this page came in: whether what is said here can be overheard. */
  @property() channel: Channel = 'app';
  /** In a window of its own: there is a way back to the first screen, and out. */
  @property({ attribute: false }) isApp = false;

  protected readonly locale = new LocaleController(this);
  protected readonly watch = new Watch(this, () => [this.room, this.room.lobby, ...this.room.directs]);

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('[aria-current]')?.focus();
  }

  override render() {
    const { conversations, groups, people, newGroup, newDirect, noGroups, noPeople } = t().room;
    const { room } = this;
    const several = room.directs.filter(({ others }) => others.length > 1);
    const single = room.directs.filter(({ others }) => others.length === 1);
    return html`<nav aria-label=${conversations}>
      ${this.#plate()}
      <div class="list">
        <ul>
          ${this.#item(room.lobby)}
        </ul>
        ${
          room.isGuest
            ? nothing
            : html`${this.#section(groups, newGroup, noGroups, several)}
              ${this.#section(people, newDirect, noPeople, single)}`
        }
      </div>
      ${this.hosting === null ? nothing : this.#hosting(this.hosting)} ${this.#self()}
    </nav>`;
  }

  #plate() {
    const { roomMenu, hereCount } = t().room;
    const { channelMark, channelText } = t().invite;
    const { channel, room } = this;
    return html`<room-wallpaper class="plate" .seed=${room.fingerprint} .scale=${1.5}>
      <action-menu named-by-content .label=${roomMenu} .actions=${this.#actions()}>
        <span class="plate-words">
          <b><bdi>${room.room.name}</bdi></b>
          <span title=${channelText[channel]}
            ><salon-icon name=${channel === 'simple' ? 'unlocked' : 'lock'}></salon-icon
            >${channelMark[channel]} · ${plural(this.#here, hereCount)}</span
          >
          <salon-icon class="down" name="down"></salon-icon>
          <span class="visually-hidden">${channelText[channel]}</span>
          <span class="visually-hidden">${roomMenu}</span>
        </span>
      </action-menu>
    </room-wallpaper>`;
  }

  get #here(): number {
    return this.room.people.filter(({ presence }) => presence !== 'offline').length;
  }

  #actions(): MenuAction[] {
    const { settings, keys, signOut, closeRoom } = t().room;
    const { isGuest, self } = this.room;
    const { leave, exit } = t().common;
    const wish = (event: () => Event) => () => void this.dispatchEvent(event());
    const actions: MenuAction[] = [];
    if (self.role === 'owner') {
      actions.push({ label: t().invite.title, icon: 'qr', act: wish(() => new OpenInviteEvent()) });
    }
    actions.push(
      { label: settings, icon: 'settings', act: wish(() => new OpenSettingsEvent()) },
      { label: keys, icon: 'info', act: wish(() => new OpenKeysEvent()) },
    );
    if (this.isApp) actions.push({ label: leave, icon: 'back', act: wish(() => new LeaveRoomEvent()) });
    // A guest has nothing to sign in to: whoever goes, goes.
    if (!isGuest) actions.push({ label: signOut, icon: 'person', act: wish(() => new SignOutEvent()) });
    else if (!this.isApp) actions.push({ label: leave, icon: 'exit', act: wish(() => new SignOutEvent()) });
    if (this.hosting !== null) {
      actions.push({ label: closeRoom, icon: 'door', isLoss: true, act: wish(() => new CloseRoomEvent()) });
    }
    if (this.isApp) actions.push({ label: exit, icon: 'exit', act: wish(() => new ExitAppEvent()) });
    return actions;
  }

  #section(title: string, add: string, none: string, conversations: readonly ConversationState[]) {
    return html`<h2>
        ${title}
        <button
          class="icon-button"
          type="button"
          aria-label=${add}
          title=${add}
          @click=${() => this.dispatchEvent(new NewDirectEvent())}
        >
          <salon-icon name="plus"></salon-icon>
        </button>
      </h2>
      ${
        conversations.length === 0
          ? html`<p class="none">${none}</p>`
          : html`<ul>
              ${repeat(
                conversations,
                (each) => each,
                (each) => this.#item(each),
              )}
            </ul>`
      }`;
  }

  #item(conversation: ConversationState) {
    const { room } = this;
    const { draft, unread } = t().room;
    const isCurrent = conversation === this.current;
    const title = titleOf(room, conversation);
    const partner = partnerOf(room, conversation);
    const isUnread = conversation.unread > 0;
    const hasDraft = conversation.draft.trim() !== '' && !isCurrent;
    return html`<li>
      <button
        class="conversation ${isUnread ? 'unread' : ''}"
        type="button"
        aria-current=${isCurrent ? 'true' : nothing}
        @click=${() => this.dispatchEvent(new OpenConversationEvent(conversation))}
      >
        ${
          partner === null
            ? html`<span class="icon"
                ><salon-icon name=${conversation.kind === 'lobby' ? 'door' : 'people'}></salon-icon
              ></span>`
            : html`<member-portrait
                size="small"
                name=${partner.username}
                member-id=${partner.id}
                .presence=${partner.presence}
              ></member-portrait>`
        }
        <span class="name" title=${partner === null ? title : `${title} · ${fullNameOf(partner)}`}
          ><bdi>${title}</bdi></span
        >
        ${partner === null ? nothing : html`<span class="visually-hidden">, ${presenceOf(partner)}</span>`}
        ${
          hasDraft
            ? html`<span class="draft" title=${draft}
                ><salon-icon name="edit"></salon-icon><span class="visually-hidden">, ${draft}</span></span
              >`
            : nothing
        }
        ${
          isUnread
            ? html`<span class="visually-hidden">, ${plural(conversation.unread, unread)}</span
                ><span class="count ${conversation.kind === 'direct' ? 'attention' : ''}" aria-hidden="true"
                  >${conversation.unread > 999 ? '999+' : conversation.unread}</span
                >`
            : nothing
        }
      </button>
    </li>`;
  }

  #hosting({ since }: Hosting) {
    const { hosting, hereSince, hereCount } = t().room;
    const when =
      Date.now() - since < DAY_MS ? formatTime(since) : `${formatDay(since)}, ${formatTime(since)}`;
    return html`<section class="hosting" aria-label=${hosting}>
      <salon-icon name="door"></salon-icon>
      <div>
        <b>${hosting}</b>
        <span>${hereSince(plural(this.#here, hereCount), when)}</span>
        <span class="address"><bdi>${this.address}</bdi></span>
      </div>
    </section>`;
  }

  #self() {
    const { self, connected, isGuest } = this.room;
    const { offline } = t().common;
    const { settings } = t().room;
    return html`<div class="self">
      <member-portrait
        size="small"
        name=${calledAs(this.room, self)}
        member-id=${self.id}
        .presence=${connected ? 'here' : 'offline'}
        ?guest=${this.room.isGuest}
      ></member-portrait>
      <span class="who">
        <b title=${fullNameOf(self)}><bdi>${calledAs(this.room, self)}</bdi></b>
        <span>${connected ? (isGuest ? guestNote(this.room.settings) : t().common.here) : offline}</span>
      </span>
      <button
        class="icon-button"
        type="button"
        aria-label=${settings}
        title="${settings} (Ctrl ,)"
        @click=${() => this.dispatchEvent(new OpenSettingsEvent())}
      >
        <salon-icon name="settings"></salon-icon>
      </button>
    </div>`;
  }

  static override styles = [base, buttons, marks, conversationListStyles];
}

declare global {
  interface HTMLElementTagNameMap {
    'conversation-list': ConversationList;
  }
}
