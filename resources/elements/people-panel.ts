import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Id, Member } from '../../server/protocol/entities.ts';
import { Watch } from '../controllers/watch.ts';
import { formatNumber, LocaleController, plural, t } from '../locales/locale.ts';
import type { RoomState } from '../state/room.ts';
import { base } from '../styles/base.ts';
import { buttons, fields } from '../styles/controls.ts';
import type { MenuAction } from './action-menu.ts';
import './action-menu.ts';
import './member-portrait.ts';
import { byPresence, membersLike } from './members-like.ts';
import { peoplePanelStyles } from './people-panel.styles.ts';
import type { ResetCodeDialog } from './reset-code-dialog.ts';
import './reset-code-dialog.ts';
import { OpenDirectEvent, ShowNoticeEvent, TogglePeopleEvent } from './room-events.ts';
import './room-wallpaper.ts';
import './salon-icon.ts';
import type { TextField } from './text-field.ts';
import './text-field.ts';
import { fullNameOf, presenceOf } from './titles.ts';

/** From this many people a field helps to find one. */
const FILTER_FROM = 12;

type Tab = 'online' | 'members';

/**
 * Who is here, and everybody who belongs to the room. A press on somebody opens the private conversation with them.
 *
 * @fires {OpenDirectEvent} open-direct
 * @fires {TogglePeopleEvent} toggle-people
 * @fires {MakeResetCodeEvent} make-reset-code
 * @fires {RevokeResetCodeEvent} revoke-reset-code
 * @fires {ShowNoticeEvent} show-notice
 */
@customElement('people-panel')
export class PeoplePanel extends LitElement {
  @property({ attribute: false }) room!: RoomState;
  @property() address = '';

  @state() private tab: Tab = 'online';
  @state() private typed = '';
  /** Several are being chosen; null while a press opens a conversation. */
  @state() private selected: ReadonlySet<Id> | null = null;

  @query('reset-code-dialog') private readonly resetCode!: ResetCodeDialog;
  @query('.address') private readonly addressText!: HTMLElement;

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
      ${this.selected === null ? this.#addressCard() : this.#selection(this.selected)}
      <reset-code-dialog></reset-code-dialog>
    </aside>`;
  }

  get #online(): Member[] {
    return [...this.room.members.values()].filter(({ presence }) => presence !== 'offline');
  }

  #tabs() {
    const { online, members, peopleViews } = t().room;
    const count = { online: this.#online.length, members: this.room.members.size };
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
    const { filter, noneFound, selectSeveral, nobodyElse, members } = t().room;
    const { away, here } = t().common;
    const { room, tab } = this;
    const canFilter = room.members.size > FILTER_FROM;
    const pool = tab === 'online' ? this.#online : [...room.members.values()];
    const wanted = canFilter && this.typed.trim() !== '' ? new Set(membersLike(room, this.typed)) : null;
    const shown = pool.filter((member) => wanted?.has(member) ?? true);
    const present = shown.filter(({ presence }) => presence === 'here').toSorted(ownerFirst);
    const absent = shown.filter(({ presence }) => presence === 'away').toSorted(byPresence);
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
    ${
      this.selected === null && room.members.size > 2
        ? html`<button
            class="button quiet small several"
            type="button"
            @click=${() => (this.selected = new Set())}
          >
            <salon-icon name="people"></salon-icon>${selectSeveral}
          </button>`
        : nothing
    }
    ${
      tab === 'online'
        ? html`${this.#group(here, present, true)} ${this.#group(away, absent)}`
        : this.#group(members, shown.toSorted(ownerFirst), true)
    }
    ${shown.length === 0 ? html`<p class="none" role="status">${noneFound}</p>` : nothing}
    ${pool.length === 1 && wanted === null ? html`<p class="none">${nobodyElse}</p>` : nothing}`;
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
    const { write, select, menuOf } = t().room;
    const { selected } = this;
    const isOff = member.presence === 'offline';
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
      ${member.role === 'owner' ? html`<span class="key"><salon-icon name="key"></salon-icon></span>` : nothing}
      <action-menu .label=${menuOf(member.username)} .actions=${this.#actions(member)}>
        <salon-icon name="more"></salon-icon>
      </action-menu>
    </li>`;
  }

  #face(member: Member) {
    const { owner, you } = t().room;
    const notes = [member.role === 'owner' ? owner : '', member.id === this.room.me ? you : ''].filter(
      (note) => note !== '',
    );
    const isOff = member.presence === 'offline';
    return html`<member-portrait
        name=${member.username}
        member-id=${member.id}
        .presence=${member.presence}
      ></member-portrait>
      <span class="words">
        <b><bdi>${member.username}</bdi></b>
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
    const { room } = this;
    const actions: MenuAction[] = [
      {
        label: messagePrivately,
        icon: 'edit',
        act: () => void this.dispatchEvent(new OpenDirectEvent([member.id])),
      },
    ];
    if (room.self.role === 'owner' && member.id !== room.me) {
      actions.push({ label: makeResetCode, icon: 'key', act: () => void this.resetCode.make(member) });
    }
    return actions;
  }

  #selection(selected: ReadonlySet<Id>) {
    const { writeTo, selectSome, stopSelecting } = t().room;
    const none = selected.size === 0;
    return html`<div class="card selection">
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

  #addressCard() {
    const { sameWallpaper, copyAddress, address } = t().room;
    return html`<section class="card" aria-label=${address}>
      <room-wallpaper swatch .seed=${this.room.room.id} .scale=${0.65}></room-wallpaper>
      <span>
        <b class="address"><bdi>${this.address}</bdi></b>
        <small>${sameWallpaper}</small>
      </span>
      <button
        class="icon-button"
        type="button"
        aria-label=${copyAddress}
        title=${copyAddress}
        @click=${() => void this.#copyAddress()}
      >
        <salon-icon name="copy"></salon-icon>
      </button>
    </section>`;
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

  async #copyAddress() {
    const { addressCopied, addressSelected } = t().room;
    try {
      await navigator.clipboard.writeText(this.address);
      this.dispatchEvent(new ShowNoticeEvent('address', addressCopied, 'good'));
    } catch {
      // A plain HTTP page has no clipboard: the person's own keys still work.
      getSelection()?.selectAllChildren(this.addressText);
      this.dispatchEvent(new ShowNoticeEvent('address', addressSelected));
    }
  }

  static override styles = [base, buttons, fields, peoplePanelStyles];
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
