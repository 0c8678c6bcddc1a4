import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Channel, Id, Member } from '../../server/protocol/entities.ts';
import { Watch } from '../controllers/watch.ts';
import { formatNumber, LocaleController, plural, t } from '../locales/locale.ts';
import type { RoomState } from '../state/room.ts';
import { base } from '../styles/base.ts';
import { buttons, fields, marks } from '../styles/controls.ts';
import type { MenuAction } from './action-menu.ts';
import './action-menu.ts';
import './address-card.ts';
import './member-portrait.ts';
import { byPresence, membersLike } from './members-like.ts';
import { peoplePanelStyles } from './people-panel.styles.ts';
import { guestNote } from './moments.ts';
import type { RemoveDialog } from './remove-dialog.ts';
import './remove-dialog.ts';
import type { ResetCodeDialog } from './reset-code-dialog.ts';
import './reset-code-dialog.ts';
import { OpenDirectEvent, TogglePeopleEvent } from './room-events.ts';
import './salon-icon.ts';
import type { TextField } from './text-field.ts';
import './text-field.ts';
import { calledAs, fullNameOf, presenceOf } from './titles.ts';

/** From this many people a field helps to find one. */
const FILTER_FROM = 12;

type Tab = 'online' | 'members';

/**
 * Who is here, and everybody who belongs to the room. A press on somebody opens the private conversation with them.
 *
 * @fires {OpenDirectEvent} open-direct
 * @fires {TogglePeopleEvent} toggle-people
 * @fires {OpenInviteEvent} open-invite
 * @fires {RemoveMemberEvent} remove-member
 * @fires {MakeResetCodeEvent} make-reset-code
 * @fires {RevokeResetCodeEvent} revoke-reset-code
 * @fires {ShowNoticeEvent} show-notice
 */
@customElement('people-panel')
export class PeoplePanel extends LitElement {
  @property({ attribute: false }) room!: RoomState;
  @property() address = '';
  @property() channel: Channel = 'app';

  @state() private tab: Tab = 'online';
  @state() private typed = '';
  /** Several are being chosen; null while a press opens a conversation. */
  @state() private selected: ReadonlySet<Id> | null = null;

  @query('reset-code-dialog') private readonly resetCode!: ResetCodeDialog;
  @query('remove-dialog') private readonly removal!: RemoveDialog;

  protected readonly locale = new LocaleController(this);
  protected readonly watch = new Watch(this, () => [this.room]);

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('[role=tab][aria-selected=true]')?.focus();
  }

  override render() {
    const { people, hidePeople } = t().room;
    return html`<aside aria-label=${people}>
      <header>
        ${this.#tabs()}
        <button
          class="icon-button"
          type="button"
          aria-label=${hidePeople}
          @click=${() => this.dispatchEvent(new TogglePeopleEvent())}
        >
          <salon-icon name="x"></salon-icon>
        </button>
      </header>
      <div class="panel" role="tabpanel" id="panel" aria-labelledby="tab-${this.tab}">${this.#panel()}</div>
      ${
        this.selected === null
          ? html`<address-card
              .room=${this.room}
              .address=${this.address}
              .channel=${this.channel}
            ></address-card>`
          : this.#selection(this.selected)
      }
      <reset-code-dialog></reset-code-dialog>
      <remove-dialog></remove-dialog>
    </aside>`;
  }

  get #online(): Member[] {
    return this.room.people.filter(({ presence }) => presence !== 'offline');
  }

  #tabs() {
    const { online, members, peopleViews } = t().room;
    const belonging = this.room.people.filter(({ role }) => role !== 'guest');
    const count = { online: this.#online.length, members: belonging.length };
    const label = { online, members };
    return html`<div class="tabs" role="tablist" aria-label=${peopleViews} @keydown=${this.#pressedOnTab}>
      ${(['online', 'members'] as const).map(
        (tab) =>
          html`<button
            id="tab-${tab}"
            role="tab"
            type="button"
            aria-selected=${tab === this.tab ? 'true' : 'false'}
            aria-controls="panel"
            tabindex=${tab === this.tab ? 0 : -1}
            @click=${() => this.#choose(tab)}
          >
            ${label[tab]} <span>${formatNumber(count[tab])}</span>
          </button>`,
      )}
    </div>`;
  }

  #panel() {
    const { filter, noneFound, nobodyElse, members, guests } = t().room;
    const { away, here } = t().common;
    const { room, tab } = this;
    const canFilter = room.people.length > FILTER_FROM;
    const pool = tab === 'online' ? this.#online : room.people;
    const wanted = canFilter && this.typed.trim() !== '' ? new Set(membersLike(room, this.typed)) : null;
    const shown = pool.filter((member) => wanted?.has(member) ?? true);
    const visiting = shown.filter(({ role }) => role === 'guest').toSorted(byPresence);
    const belonging = shown.filter(({ role }) => role !== 'guest').toSorted(ownerFirst);
    const present = belonging.filter(({ presence }) => presence === 'here');
    const absent = belonging.filter(({ presence }) => presence === 'away');
    return html`${
      canFilter
        ? html`<text-field
            label=${filter}
            label-hidden
            field-name="filter"
            icon="search"
            .example=${filter}
            .value=${this.typed}
            @input=${(event: Event & { currentTarget: TextField }) => (this.typed = event.currentTarget.value)}
          ></text-field>`
        : nothing
    }
    ${this.selected === null && room.addressees.length > 2 ? this.#selectSeveral() : nothing}
    ${
      tab === 'online'
        ? html`${this.#group(here, present, true)} ${this.#group(guests, visiting)}
          ${this.#group(away, absent)}`
        : html`${this.#group(members, belonging, true)} ${this.#group(guests, visiting)}`
    }
    ${shown.length === 0 ? html`<p class="none" role="status">${noneFound}</p>` : nothing}
    ${pool.length === 1 && wanted === null ? html`<p class="none">${nobodyElse}</p>` : nothing}`;
  }

  #selectSeveral() {
    return html`<button
      class="button quiet small several"
      type="button"
      @click=${() => (this.selected = new Set())}
    >
      <salon-icon name="people"></salon-icon>${t().room.selectSeveral}
    </button>`;
  }

  #group(title: string, members: readonly Member[], isTitleHidden = false) {
    if (members.length === 0) return nothing;
    return html`<h2 class=${isTitleHidden ? 'visually-hidden' : nothing}>${title}</h2>
      <ul>
        ${repeat(
          members,
          ({ id }) => id,
          (member) => this.#person(member),
        )}
      </ul>`;
  }

  #person(member: Member): TemplateResult {
    const { write, select } = t().room;
    const { selected, room } = this;
    const isOff = member.presence === 'offline';
    const canWrite = room.addressees.includes(member);
    if (!canWrite) {
      return html`<li class=${isOff ? 'off' : nothing}>
        <span class="person">${this.#face(member)}</span>
        ${this.#ends(member)}
      </li>`;
    }
    if (selected !== null) {
      return html`<li class=${isOff ? 'off' : nothing}>
        <label class="person">
          ${this.#face(member)}
          <input
            type="checkbox"
            aria-label=${select(member.username)}
            ?disabled=${member.id === this.room.me}
            .checked=${selected.has(member.id)}
            @change=${() => this.#select(member.id)}
          />
        </label>
      </li>`;
    }
    return html`<li class=${isOff ? 'off' : nothing}>
      <button
        class="person"
        type="button"
        title=${write(member.username)}
        @click=${() => this.dispatchEvent(new OpenDirectEvent([member.id]))}
      >
        ${this.#face(member)}
      </button>
      ${this.#ends(member)}
    </li>`;
  }

  /** At the end of a line: what somebody is, and what can be done. */
  #ends(member: Member) {
    const actions = this.#actions(member);
    const icon = member.role === 'owner' ? 'key' : member.role === 'guest' ? 'globe' : null;
    return html`${icon === null ? nothing : html`<span class="key ${member.role}"><salon-icon name=${icon}></salon-icon></span>`}
    ${
      actions.length === 0
        ? nothing
        : html`<action-menu .label=${t().room.menuOf(calledAs(this.room, member))} .actions=${actions}>
            <salon-icon name="more"></salon-icon>
          </action-menu>`
    }`;
  }

  #face(member: Member) {
    const { owner, guestNow, you } = t().room;
    const name = calledAs(this.room, member);
    const isSelf = member.id === this.room.me;
    const guest = isSelf ? guestNow : guestNote(this.room.settings);
    const notes = [{ owner, guest, member: '' }[member.role], isSelf ? you : ''].filter(
      (note) => note !== '',
    );
    const isOff = member.presence === 'offline';
    return html`<member-portrait
        name=${name}
        member-id=${member.id}
        .presence=${member.presence}
        ?guest=${member.role === 'guest'}
      ></member-portrait>
      <span class="words">
        <b><bdi>${name}</bdi></b>
        <span><bdi>${notes.length > 0 ? notes.join(', ') : fullNameOf(member)}</bdi></span>
        ${
          isOff
            ? html`<span class="seen">${presenceOf(member)}</span>`
            : html`<span class="visually-hidden">, ${presenceOf(member)}</span>`
        }
      </span>`;
  }

  #actions(member: Member): MenuAction[] {
    const { messagePrivately, makeResetCode } = t().room;
    const { askToLeave, ban, endStay } = t().invite;
    const { room } = this;
    const actions: MenuAction[] = [];
    if (room.addressees.includes(member)) {
      actions.push({
        label: messagePrivately,
        icon: 'edit',
        act: () => void this.dispatchEvent(new OpenDirectEvent([member.id])),
      });
    }
    if (room.self.role !== 'owner' || member.id === room.me) return actions;
    const isGuest = member.role === 'guest';
    const name = calledAs(room, member);
    if (!isGuest) {
      actions.push({ label: makeResetCode, icon: 'key', act: () => void this.resetCode.make(member) });
    }
    actions.push({
      label: isGuest ? endStay : askToLeave,
      icon: 'exit',
      act: () => this.removal.ask(member, name, isGuest ? 'stay' : 'leave'),
    });
    actions.push({ label: ban, icon: 'ban', isLoss: true, act: () => this.removal.ask(member, name, 'ban') });
    return actions;
  }

  #selection(selected: ReadonlySet<Id>) {
    const { writeTo, selectSome, stopSelecting } = t().room;
    const none = selected.size === 0;
    return html`<div class="selection">
      <button
        class="button primary"
        type="button"
        aria-disabled=${none ? 'true' : nothing}
        @click=${() => this.#writeTo(selected)}
      >
        <salon-icon name="edit"></salon-icon>${none ? selectSome : plural(selected.size, writeTo)}
      </button>
      <button class="button" type="button" @click=${() => (this.selected = null)}>${stopSelecting}</button>
    </div>`;
  }

  #choose(tab: Tab) {
    this.tab = tab;
  }

  #pressedOnTab(event: KeyboardEvent) {
    const others: Record<string, Tab> = { Home: 'online', End: 'members' };
    const other = this.tab === 'online' ? 'members' : 'online';
    const tab = event.key === 'ArrowLeft' || event.key === 'ArrowRight' ? other : others[event.key];
    if (tab === undefined) return;
    event.preventDefault();
    this.#choose(tab);
    void this.updateComplete.then(() => this.focus());
  }

  #select(id: Id) {
    const selected = new Set(this.selected);
    if (!selected.delete(id)) selected.add(id);
    this.selected = selected;
  }

  #writeTo(selected: ReadonlySet<Id>) {
    if (selected.size === 0) return;
    this.selected = null;
    this.dispatchEvent(new OpenDirectEvent([...selected]));
  }

  static override styles = [base, buttons, fields, marks, peoplePanelStyles];
}

/** The host before all others, then those who are here. */
function ownerFirst(a: Member, b: Member): number {
  return Number(b.role === 'owner') - Number(a.role === 'owner') || byPresence(a, b);
}

declare global {
  interface HTMLElementTagNameMap {
    'people-panel': PeoplePanel;
  }
}
