import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import { LIMITS, type Id, type Member } from '../../server/protocol/entities.ts';
import { ModalController } from '../controllers/modal.ts';
import { Watch } from '../controllers/watch.ts';
import { DismissedEvent } from '../events/dialog.ts';
import { LocaleController, plural, t } from '../locales/locale.ts';
import type { RoomState } from '../state/room.ts';
import { base } from '../styles/base.ts';
import { buttons } from '../styles/controls.ts';
import { dialogs } from '../styles/dialog.ts';
import { isComposing } from './composing.ts';
import './member-portrait.ts';
import { dialogHead } from './dialog-head.ts';
import { membersLike } from './members-like.ts';
import { OpenDirectEvent } from './room-events.ts';
import './salon-icon.ts';
import { fullNameOf, nameOf, presenceOf } from './titles.ts';

/**
 * Whom a private conversation is with: one field, with a chip for each person chosen.
 *
 * @fires {OpenDirectEvent} open-direct
 * @fires {DismissedEvent} dismissed
 */
@customElement('new-direct-dialog')
export class NewDirectDialog extends LitElement {
  @property({ type: Boolean }) open = false;
  @property({ attribute: false }) room!: RoomState;

  @state() private chosen: readonly Id[] = [];
  @state() private typed = '';
  @state() private active = 0;

  @query('input') private readonly input!: HTMLInputElement;

  protected readonly locale = new LocaleController(this);
  protected readonly watch = new Watch(this, () => [this.room]);
  protected readonly modal = new ModalController(this, {
    open: () => this.open,
    wantsClose: () => this.#close(),
  });

  override willUpdate(changed: PropertyValues<this>) {
    if (!changed.has('open') || !this.open) return;
    this.chosen = [];
    this.typed = '';
    this.active = 0;
  }

  override updated() {
    if (!this.open) return;
    this.renderRoot.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }

  override render() {
    const { newDirectTitle, newDirectText, to, toHint, start, matches } = t().room;
    const options = this.#options();
    return html`<dialog class="dialog" aria-labelledby="title">
      ${dialogHead(newDirectTitle, this.#close)}
      <div class="content">
        <p>${newDirectText}</p>
        <div class="field" @click=${() => this.input.focus()}>
          <label for="to">${to}</label>
          ${repeat(
            this.chosen,
            (id) => id,
            (id) => this.#chip(id),
          )}
          <input
            id="to"
            type="text"
            role="combobox"
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            dir="auto"
            autofocus
            aria-expanded=${options.length > 0 ? 'true' : 'false'}
            aria-controls="people"
            aria-autocomplete="list"
            aria-activedescendant=${options.length > 0 ? `person-${this.active}` : nothing}
            aria-describedby="how"
            .value=${live(this.typed)}
            @input=${this.#typing}
            @keydown=${this.#pressed}
          />
        </div>
        <p class="visually-hidden" id="how">${toHint}</p>
        <p class="visually-hidden" role="status">
          ${this.typed === '' ? nothing : plural(options.length, matches)}
        </p>
        ${this.#list(options)}
      </div>
      <div class="foot">
        <button class="button" type="button" @click=${this.#close}>${t().common.cancel}</button>
        <button
          class="button primary"
          type="button"
          aria-disabled=${this.chosen.length === 0 ? 'true' : nothing}
          @click=${this.#start}
        >
          <salon-icon name="edit"></salon-icon>${start}
        </button>
      </div>
    </dialog>`;
  }

  #chip(id: Id) {
    const name = nameOf(this.room, id);
    return html`<span class="chip">
      <member-portrait
        size="small"
        name=${this.room.members.get(id)?.username ?? ''}
        member-id=${id}
      ></member-portrait>
      <bdi>${name}</bdi>
      <button
        class="icon-button"
        type="button"
        aria-label=${t().room.remove(name)}
        @click=${() => this.#remove(id)}
      >
        <salon-icon name="x"></salon-icon>
      </button>
    </span>`;
  }

  #list(options: readonly Member[]) {
    const { memberNames, noMatch, everybodyChosen } = t().room;
    if (options.length === 0)
      return html`<p class="none">${this.typed === '' ? everybodyChosen : noMatch}</p>`;
    return html`<ul id="people" role="listbox" aria-label=${memberNames}>
      ${repeat(
        options,
        ({ id }) => id,
        (member, index) =>
          html`<li
            id="person-${index}"
            role="option"
            aria-selected=${index === this.active ? 'true' : 'false'}
            @pointerdown=${(event: Event) => event.preventDefault()}
            @click=${() => this.#choose(member)}
          >
            <member-portrait
              name=${member.username}
              member-id=${member.id}
              .presence=${member.presence}
            ></member-portrait>
            <span>
              <b><bdi>${member.username}</bdi></b>
              <span dir="auto">${fullNameOf(member)} · ${presenceOf(member)}</span>
            </span>
          </li>`,
      )}
    </ul>`;
  }

  #options(): Member[] {
    if (this.chosen.length + 1 >= LIMITS.directMembers) return [];
    return membersLike(
      this.room,
      this.typed,
      ({ id, role }) => id !== this.room.me && role !== 'guest' && !this.chosen.includes(id),
    );
  }

  #choose({ id }: Member) {
    this.chosen = [...this.chosen, id];
    this.typed = '';
    this.active = 0;
    this.input.focus();
  }

  #remove(id: Id) {
    this.chosen = this.chosen.filter((each) => each !== id);
    this.input.focus();
  }

  #typing() {
    this.typed = this.input.value;
    this.active = 0;
  }

  #pressed(event: KeyboardEvent) {
    if (isComposing(event)) return;
    const options = this.#options();
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp': {
        const step = event.key === 'ArrowDown' ? 1 : options.length - 1;
        if (options.length > 0) this.active = (this.active + step) % options.length;
        break;
      }
      case 'Enter': {
        // With people chosen and nothing typed there is nothing left to choose.
        const member = options[this.active];
        if (this.typed.trim() === '' && this.chosen.length > 0) this.#start();
        else if (member !== undefined) this.#choose(member);
        break;
      }
      case 'Backspace':
        if (this.typed !== '') return;
        this.chosen = this.chosen.slice(0, -1);
        break;
      default:
        return;
    }
    event.preventDefault();
  }

  readonly #start = () => {
    if (this.chosen.length === 0) return;
    const { chosen } = this;
    this.dispatchEvent(new DismissedEvent());
    this.dispatchEvent(new OpenDirectEvent(chosen));
  };

  readonly #close = () => {
    this.dispatchEvent(new DismissedEvent());
  };

  static override styles = [
    base,
    buttons,
    dialogs,
    css`
      .field {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        align-items: center;
        min-block-size: 48px;
        padding: 6px 12px;
        border: 1px solid var(--edge);
        border-radius: var(--r-m);
        cursor: text;
      }
      input:focus-visible {
        outline: none;
      }
      .field:has(input:focus) {
        outline: 2px solid var(--focus);
        outline-offset: 1px;
      }
      label {
        color: var(--ink-2);
        font-weight: 600;
      }
      input {
        flex: 1;
        min-inline-size: 120px;
        min-block-size: 34px;
        padding: 0;
        border: 0;
        outline: 0;
        background: none;
      }
      .chip {
        display: inline-flex;
        gap: 6px;
        align-items: center;
        max-inline-size: 100%;
        padding: 2px;
        padding-inline-start: 4px;
        border-radius: var(--r-m);
        background: var(--bottle-soft);
        color: var(--bottle-text);
        font-weight: 600;
      }
      .chip bdi {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .chip .icon-button {
        color: inherit;
        --icon-size: 15px;
      }
      @media (pointer: fine) {
        .chip .icon-button {
          inline-size: 28px;
          block-size: 28px;
        }
      }
      ul {
        block-size: min(320px, 40vh);
        margin-inline: calc(-1 * var(--s2));
        overflow: auto;
        scrollbar-width: thin;
      }
      li {
        display: flex;
        gap: 12px;
        align-items: center;
        min-block-size: 46px;
        padding: 4px 10px;
        border-radius: var(--r-m);
        cursor: pointer;
      }
      li > span {
        min-inline-size: 0;
      }
      li b,
      li span span {
        display: block;
        overflow: hidden;
        line-height: 1.3;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      li b {
        font-weight: 600;
      }
      li span span {
        color: var(--ink-2);
        font-size: var(--t-small);
      }
      li:hover {
        background: var(--paper-3);
      }
      li[aria-selected='true'] {
        background: var(--bottle-soft);
      }
      .content > .none {
        block-size: min(320px, 40vh);
        padding: 8px 2px;
      }
      @media (forced-colors: active) {
        li[aria-selected='true'] {
          outline: 2px solid Highlight;
          outline-offset: -2px;
        }
        .chip {
          border: 1px solid;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'new-direct-dialog': NewDirectDialog;
  }
}
