import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import { LIMITS, type Id, type Member } from '../../server/protocol/entities.ts';
import { refusalSentence, type RefusalCode } from '../../server/protocol/errors.ts';
import { usernameKey, utf8Length } from '../../server/protocol/names.ts';
import { Watch } from '../controllers/watch.ts';
import { language, LocaleController, plural, t } from '../locales/locale.ts';
import type { ConversationState } from '../state/conversation.ts';
import type { Address } from '../state/private.ts';
import type { RoomState } from '../state/room.ts';
import { base } from '../styles/base.ts';
import { buttons, marks } from '../styles/controls.ts';
import { isComposing } from './composing.ts';
import './member-portrait.ts';
import { membersLike } from './members-like.ts';
import { messageComposerStyles } from './message-composer.styles.ts';
import { PostMessageEvent, TellTypingEvent } from './room-events.ts';
import type { UnstageEvent } from './staged-files.ts';
import './staged-files.ts';
import { MOST_STAGED, stage, unstage } from './staging.ts';
import './salon-icon.ts';
import { calledAs, fullNameOf, isNotes, isolated, namesOf, presenceOf, titleOf } from './titles.ts';

/** From this many characters left, the rest is counted. */
const COUNT_FROM = 1_000;
const MOST_NAMES = 8;
/** A name being typed at the end of the text. */
const NAME_BEGUN = /@([^\s@]{0,64})$/u;

/**
 * Where a member writes. Enter sends, Shift Enter starts a new line. A text that ends with names goes to those people
 * alone, and says so before it is sent.
 *
 * @fires {PostMessageEvent} post-message
 * @fires {TellTypingEvent} tell-typing
 */
@customElement('message-composer')
export class MessageComposer extends LitElement {
  @property({ attribute: false }) room!: RoomState;
  @property({ attribute: false }) conversation!: ConversationState;

  /** The name that nobody has, once somebody tried to send it. */
  @state() private unknownName: string | null = null;
  /** Why this would be refused, once somebody tried to send it: guests and private messages do not go together. */
  @state() private refused: RefusalCode | null = null;
  @state() private isTooLong = false;
  /** Which files were left out, and why. */
  @state() private leftOut: readonly string[] = [];
  /** The list of names was closed for this text. */
  @state() private closedFor: string | null = null;
  @state() private chosen = 0;

  @query('textarea') private readonly area!: HTMLTextAreaElement;
  @query('input[type=file]') private readonly chooser!: HTMLInputElement;

  protected readonly locale = new LocaleController(this);
  protected readonly watch = new Watch(this, () => [this.room, this.conversation]);
  /** Somebody went to another name with the arrows: Enter takes it, whatever is typed. */
  #hasChosen = false;
  #isAtEnd = true;
  #grownFor: string | null = null;

  constructor() {
    super();
    this.addController({
      hostConnected: () => window.addEventListener('resize', this.#resized),
      hostDisconnected: () => window.removeEventListener('resize', this.#resized),
    });
  }

  override focus(): void {
    this.area.focus();
  }

  /**
   * Puts files into the box of a conversation, by default the one that is shown. Null stands for a folder.
   *
   * @param areTooMany - there were more of them.
   */
  stage(files: readonly (File | null)[], conversation = this.conversation, areTooMany = false): void {
    this.#forgive();
    const { folder, tooMany } = t().files;
    const leftOut = stage(
      conversation,
      files.filter((file) => file !== null),
    );
    const more = areTooMany ? [plural(MOST_STAGED, tooMany)] : [];
    this.leftOut = [...new Set([...leftOut, ...more, ...(files.includes(null) ? [folder] : [])])];
    this.focus();
  }

  override willUpdate(changed: PropertyValues<this>) {
    if (changed.has('conversation')) this.#forgive();
  }

  override updated(changed: PropertyValues) {
    const { draft } = this.conversation;
    // Drawn with each message that arrives: what makes the browser lay out the page is for when something was typed.
    if (draft !== this.#grownFor) this.#grow();
    this.#grownFor = draft;
    if (changed.has('chosen') || changed.has('closedFor'))
      this.renderRoot.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }

  override render() {
    const { draft, staged } = this.conversation;
    const address = this.room.readAddress(draft, staged.length > 0);
    const names = this.#names();
    const { attach } = t().files;
    return html`<form @submit=${this.#submit}>
      <div class="above">${this.#notes(address)} ${this.#list(names)}</div>
      <div class="field">
        <div class="box">
          <staged-files
            .files=${staged}
            @unstage=${({ file }: UnstageEvent) => this.#unstage(file)}
          ></staged-files>
          <textarea
            rows="1"
            dir="auto"
            aria-label=${this.#label()}
            placeholder=${this.#label()}
            aria-describedby="about"
            aria-autocomplete="list"
            aria-controls=${names.length > 0 ? 'names' : nothing}
            aria-activedescendant=${names.length > 0 ? `name-${this.chosen}` : nothing}
            autocapitalize="sentences"
            enterkeyhint="send"
            .value=${live(draft)}
            @input=${this.#typed}
            @keydown=${this.#pressed}
            @select=${this.#moved}
            @click=${this.#moved}
            @keyup=${this.#moved}
            @blur=${this.#left}
          ></textarea>
          <div class="bar">
            <input type="file" multiple hidden @change=${this.#chosenFiles} />
            <button
              class="icon-button"
              type="button"
              aria-label=${attach}
              title=${attach}
              @click=${() => this.chooser.click()}
            >
              <salon-icon name="clip"></salon-icon>
            </button>
            ${this.#count(draft)}
            <span class="hint" id="about">${t().room.sendHint}</span>
            <button
              class="send"
              aria-label=${t().room.send}
              title="${t().room.send} (Enter)"
              aria-disabled=${draft.trim() === '' && staged.length === 0 ? 'true' : nothing}
            >
              <salon-icon name="arrow-up"></salon-icon>
            </button>
          </div>
        </div>
      </div>
      <div class="visually-hidden" role="status">
        ${names.length > 0 ? plural(names.length, t().room.matches) : nothing}
        ${staged.length > 0 ? plural(staged.length, t().files.stagedCount) : nothing}
      </div>
    </form>`;
  }

  #label(): string {
    const { messageEveryone, messageTo, messageNotes } = t().room;
    if (this.conversation.kind === 'lobby') return messageEveryone;
    return isNotes(this.room, this.conversation)
      ? messageNotes
      : messageTo(titleOf(this.room, this.conversation));
  }

  /** Above the box: who will see this, and why something was not sent. */
  #notes(address: Address) {
    const { unknownName, unknownNameHere, sendAsIs, tooLong, notYet } = t().room;
    const isLobby = this.conversation.kind === 'lobby';
    return html`<div role="status">
        ${address.kind === 'private' ? this.#privateNote(address.memberIds) : nothing}
      </div>
      <div role="alert">
        ${
          this.unknownName === null
            ? nothing
            : html`<p class="note attention">
                <salon-icon name="at"></salon-icon>
                <span>
                  <span class="visually-hidden">${notYet}</span>
                  ${isLobby ? unknownName(isolated(this.unknownName)) : unknownNameHere(isolated(this.unknownName))}
                  <button class="link-button" type="button" @click=${this.#sendLiterally}>${sendAsIs}</button>
                </span>
              </p>`
        }
        ${this.refused === null ? nothing : this.#refusedNote(this.refused)}
        ${
          this.isTooLong
            ? html`<p class="note loss"><salon-icon name="alert"></salon-icon><span>${tooLong}</span></p>`
            : nothing
        }
        ${
          this.leftOut.length === 0
            ? nothing
            : html`<p class="note loss">
                <salon-icon name="alert"></salon-icon><span>${this.leftOut.join(' ')}</span>
              </p>`
        }
      </div>`;
  }

  #refusedNote(code: RefusalCode) {
    const { notYet, sendToEveryone, sendHere } = t().room;
    return html`<p class="note attention">
      <salon-icon name="at"></salon-icon>
      <span>
        <span class="visually-hidden">${notYet}</span>
        ${refusalSentence(code, language())}
        <button class="link-button" type="button" @click=${this.#sendLiterally}>
          ${this.conversation.kind === 'lobby' ? sendToEveryone : sendHere}
        </button>
      </span>
    </p>`;
  }

  #privateNote(memberIds: readonly Id[]) {
    const { privateTo, onlyTwoSee, onlyManySee, onlyMeSee, sendToEveryone, sendHere } = t().room;
    const { room } = this;
    const others = memberIds.filter((id) => id !== room.me);
    const sees =
      others.length === 0 ? onlyMeSee : others.length === 1 ? onlyTwoSee : onlyManySee(others.length + 1);
    return html`<p class="note private">
      <span class="portraits">
        ${memberIds
          .slice(0, 4)
          .map(
            (id) =>
              html`<member-portrait
                size="small"
                name=${room.members.get(id)?.username ?? ''}
                member-id=${id}
                .presence=${room.members.get(id)?.presence ?? null}
              ></member-portrait>`,
          )}
      </span>
      <span>
        <strong>${privateTo(namesOf(room, memberIds))}</strong> ${sees}
        <button class="link-button" type="button" @click=${this.#sendLiterally}>
          ${this.conversation.kind === 'lobby' ? sendToEveryone : sendHere}
        </button>
      </span>
    </p>`;
  }

  #list(names: readonly Member[]) {
    if (names.length === 0) return nothing;
    return html`<ul class="names" id="names" role="listbox" aria-label=${t().room.memberNames}>
      ${repeat(
        names,
        ({ id }) => id,
        (member, index) =>
          html`<li
            id="name-${index}"
            role="option"
            aria-selected=${index === this.chosen ? 'true' : 'false'}
            @pointerdown=${(event: Event) => event.preventDefault()}
            @click=${() => this.#complete(member)}
          >
            <member-portrait
              size="small"
              name=${calledAs(this.room, member)}
              member-id=${member.id}
              .presence=${member.presence}
              ?guest=${member.role === 'guest'}
            ></member-portrait>
            <b><bdi>${calledAs(this.room, member)}</bdi></b>
            <span>${this.#whoIs(member)} · ${presenceOf(member)}</span>
          </li>`,
      )}
    </ul>`;
  }

  #whoIs(member: Member) {
    return member.role === 'guest'
      ? html`<i class="tag">${t().room.guest}</i>`
      : html`<bdi>${fullNameOf(member)}</bdi>`;
  }

  #count(draft: string) {
    if (draft.length < LIMITS.bodyCharacters - COUNT_FROM)
      return html`<span class="count" aria-live="polite"></span>`;
    const { charactersLeft, charactersOver } = t().room;
    const left = LIMITS.bodyCharacters - [...draft].length;
    return html`<span class="count ${left < 0 ? 'over' : ''}" aria-live="polite">
      ${left < 0 ? plural(-left, charactersOver) : plural(left, charactersLeft)}
    </span>`;
  }

  // Names.

  /** Who could be meant by what is being typed; empty when no name is. */
  #names(): readonly Member[] {
    const { draft } = this.conversation;
    if (!this.#isAtEnd || this.closedFor === draft || this.room.isGuest) return [];
    const match = NAME_BEGUN.exec(draft);
    const isBare = match !== null && draft.slice(0, match.index).trim() === '';
    if (match === null || (isBare && this.conversation.staged.length === 0)) return [];
    const { room } = this;
    const names = membersLike(room, match[1] ?? '', (member) => member.id !== room.me).slice(0, MOST_NAMES);
    // Typed to its end: there is nothing to suggest.
    const [only, ...more] = names;
    return only !== undefined && more.length === 0 && this.#isWhole(only) ? [] : names;
  }

  #complete(member: Member) {
    const { conversation } = this;
    this.#setDraft(conversation.draft.replace(NAME_BEGUN, `@${member.username}`));
    this.closedFor = conversation.draft;
    this.focus();
  }

  /** What is typed is a name already: Enter sends it. */
  #isWhole(member: Member): boolean {
    const typed = NAME_BEGUN.exec(this.conversation.draft)?.[1] ?? '';
    return usernameKey(typed) === usernameKey(member.username);
  }

  // Typing.

  #setDraft(text: string) {
    this.conversation.draft = text;
    this.#forgive();
    this.chosen = 0;
    this.#hasChosen = false;
    this.requestUpdate();
  }

  #forgive() {
    this.unknownName = null;
    this.refused = null;
    this.isTooLong = false;
    this.leftOut = [];
  }

  #typed() {
    this.#moved();
    this.closedFor = null;
    this.#setDraft(this.area.value);
    if (this.area.value !== '' && this.room.readAddress(this.area.value).kind === 'plain') {
      this.dispatchEvent(new TellTypingEvent(this.conversation));
    }
  }

  #moved() {
    const isAtEnd = this.area.selectionStart === this.area.value.length;
    if (isAtEnd === this.#isAtEnd) return;
    this.#isAtEnd = isAtEnd;
    this.requestUpdate();
  }

  #left() {
    this.closedFor = this.conversation.draft;
  }

  #pressed(event: KeyboardEvent) {
    if (isComposing(event)) return;
    const names = this.#names();
    if (names.length > 0 && this.#pressedInList(event, names)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (event.key === 'Escape' && this.#isWarned) {
      event.preventDefault();
      event.stopPropagation();
      this.#forgive();
      return;
    }
    if (event.key !== 'Enter' || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.#send();
  }

  get #isWarned(): boolean {
    return this.unknownName !== null || this.refused !== null || this.isTooLong || this.leftOut.length > 0;
  }

  /** True when the list has used the key. */
  #pressedInList(event: KeyboardEvent, names: readonly Member[]): boolean {
    const member = names[this.chosen];
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp':
        this.chosen = (this.chosen + (event.key === 'ArrowDown' ? 1 : names.length - 1)) % names.length;
        this.#hasChosen = true;
        return true;
      case 'Escape':
        this.closedFor = this.conversation.draft;
        return true;
      case 'Tab':
      case 'Enter':
        if (member === undefined || event.shiftKey) return false;
        // Tab leaves, unless a name was chosen on purpose.
        if (event.key === 'Tab' && !this.#hasChosen) return false;
        if (this.#isWhole(member) && !this.#hasChosen) {
          this.closedFor = this.conversation.draft;
          return false;
        }
        this.#complete(member);
        return true;
      default:
        return false;
    }
  }

  /** Its lines break elsewhere now. */
  readonly #resized = () => this.#grow();

  /** Up to the height that the style sheet allows; then it scrolls. */
  #grow() {
    const { area } = this;
    area.style.blockSize = 'auto';
    area.style.blockSize = `${area.scrollHeight}px`;
  }

  // Files.

  #chosenFiles() {
    this.stage([...(this.chooser.files ?? [])]);
    // The same file may be chosen again.
    this.chooser.value = '';
  }

  #unstage(file: File) {
    unstage(this.conversation, file);
    this.focus();
  }

  // Sending.

  #submit(event: Event) {
    event.preventDefault();
    this.#send();
    this.focus();
  }

  #send() {
    const { conversation, room } = this;
    const { draft, staged } = conversation;
    if (draft.trim() === '' && staged.length === 0) return;
    const address = room.readAddress(draft, staged.length > 0);
    if (address.kind === 'unknown') {
      this.unknownName = address.name;
      return;
    }
    if (address.kind === 'refused') {
      this.refused = address.code;
      return;
    }
    if (address.kind === 'private') this.#post(room.direct(address.memberIds), address.text);
    else this.#post(conversation, draft);
  }

  readonly #sendLiterally = () => {
    this.#post(this.conversation, this.conversation.draft);
    this.focus();
  };

  #post(target: ConversationState, text: string) {
    const body = text.trimEnd().replace(/^(?:[^\S\n]*\n)+/, '');
    if ([...body].length > LIMITS.bodyCharacters || utf8Length(body) > LIMITS.bodyBytes) {
      this.isTooLong = true;
      return;
    }
    const { staged } = this.conversation;
    this.#setDraft('');
    this.conversation.staged = [];
    this.dispatchEvent(new PostMessageEvent(target, body, staged));
  }

  static override styles = [base, buttons, marks, messageComposerStyles];
}

declare global {
  interface HTMLElementTagNameMap {
    'message-composer': MessageComposer;
  }
}
