import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { diagnosisWords, type Diagnosis } from '../../server/protocol/diagnosis.ts';
import { findJoin, type Found } from '../../server/protocol/invite.ts';
import { isModalOpen } from '../controllers/file-drop.ts';
import type { FilesGivenEvent } from '../events/files.ts';
import { JoinRoomEvent } from '../events/welcome.ts';
import { language, LocaleController, t } from '../locales/locale.ts';
import { joinText, pastedJoin, readInvitation, type Readable } from '../state/join-text.ts';
import { base } from '../styles/base.ts';
import { buttons, fields, marks } from '../styles/controls.ts';
import './failed-join.ts';
import type { JoinField } from './join-field.ts';
import './join-field.ts';

/**
 * Being a guest: one field that takes an address, a link, a code or an invitation file, from wherever it comes, and why
 * the last try led nowhere. What was typed is never thrown away.
 *
 * @fires {JoinRoomEvent} join-room
 * @fires {JoinAgainEvent} join-again
 * @fires {OpenDiagnosticsEvent} open-diagnostics
 */
@customElement('join-form')
export class JoinForm extends LitElement {
  /** What stands in the field to begin with, and what was opened from outside. */
  @property() typed = '';
  @property({ type: Boolean }) busy = false;
  /** Why the last try led nowhere, as a sentence about what was typed. */
  @property() problem = '';
  /** The same, where the way was examined. */
  @property({ attribute: false }) diagnosis: Diagnosis | null = null;

  @state() private text = '';
  /** What was typed has changed since the problem was told. */
  @state() private changedSince = false;
  @state() private unreadable = '';
  /** What a screen reader is told about something that came into the field by itself. */
  @state() private announcement = '';
  @state() private dropping = false;

  @query('join-field') private readonly field!: JoinField;

  protected readonly locale = new LocaleController(this);

  constructor() {
    super();
    const listeners = {
      paste: this.#pasted,
      dragover: this.#dragged,
      dragleave: this.#left,
      drop: this.#dropped,
      'files-given': this.#given,
    };
    this.addController({
      hostConnected: () => {
        for (const [type, hear] of Object.entries(listeners)) addEventListener(type, hear as EventListener);
      },
      hostDisconnected: () => {
        for (const [type, hear] of Object.entries(listeners))
          removeEventListener(type, hear as EventListener);
      },
    });
  }

  override willUpdate(changed: PropertyValues<this>) {
    if (changed.has('typed') && this.typed !== '') this.text = this.typed;
    if (changed.has('problem') || changed.has('diagnosis')) this.changedSince = false;
  }

  override updated(changed: PropertyValues<this>) {
    const told = changed.has('problem') || changed.has('diagnosis') || changed.has('busy');
    if (told && this.#shownProblem() !== '') void this.field.updateComplete.then(() => this.field.focus());
  }

  override render() {
    const { address, addressExample, join, joining, dropHere } = t().welcome;
    return html`<form class=${this.dropping ? 'dropping' : nothing} novalidate @submit=${this.#join}>
        <join-field
          field-name="address"
          label=${address}
          label-hidden
          icon="link"
          example=${this.dropping ? dropHere : addressExample}
          input-kind="url"
          enter-key="go"
          .onfile=${(file: File) => void this.#read(file)}
          .value=${this.dropping ? '' : this.text}
          .problem=${this.#shownProblem()}
          .fine=${this.#fine()}
          ?locked=${this.busy}
          @input=${this.#typedIn}
        ></join-field>
        <button class="button large" aria-disabled=${this.busy ? 'true' : nothing}>
          ${this.busy ? html`<span class="spinner" aria-hidden="true"></span>` : nothing}${join}
        </button>
      </form>
      <p class=${this.busy ? 'hint' : 'visually-hidden'} role="status">
        ${this.busy ? joining : this.announcement}
      </p>
      <div role="alert">
        ${this.#shownDiagnosis() ? html`<failed-join .diagnosis=${this.diagnosis}></failed-join>` : nothing}
      </div>`;
  }

  /** What stands in the field, understood before anybody is asked. */
  #fine(): string {
    const { invitationTo, spokenFine } = t().welcome;
    const found = this.busy ? null : findJoin(this.text);
    if (found?.kind === 'code') return invitationTo(found.code.room);
    return found?.kind === 'spoken' ? spokenFine : '';
  }

  #shownProblem(): string {
    if (this.unreadable !== '') return this.unreadable;
    if (this.busy || this.changedSince) return '';
    return this.#isUnreadable(this.diagnosis) ? sentences(this.diagnosis) : this.problem;
  }

  #shownDiagnosis(): boolean {
    return this.diagnosis !== null && !this.busy && !this.changedSince && !this.#isUnreadable(this.diagnosis);
  }

  /** About what was typed, and so told at the field. */
  #isUnreadable(diagnosis: Diagnosis | null): diagnosis is Diagnosis {
    return diagnosis?.code === 'codeDamaged' || diagnosis?.code === 'codeNewer';
  }

  #typedIn(event: InputEvent & { currentTarget: JoinField }) {
    // The file's own input bubbles up here as well.
    if (event.target instanceof HTMLInputElement && event.target.type === 'file') return;
    this.#fill(event.currentTarget.value);
    this.announcement = '';
  }

  #fill(text: string) {
    this.text = text;
    // It was about another address.
    this.changedSince = true;
    this.unreadable = '';
  }

  #take(found: Readable) {
    this.#fill(joinText(found));
    this.announcement = t().welcome.filled[found.kind];
    this.field.focus();
  }

  #refuse(sentence: string) {
    this.unreadable = sentence;
    this.announcement = '';
    this.field.focus();
  }

  #join(event: Event) {
    event.preventDefault();
    if (this.busy) return;
    const found = findJoin(this.text);
    const sentence = sentenceAbout(found);
    if (sentence !== null) {
      this.#refuse(sentence);
      return;
    }
    this.changedSince = false;
    this.announcement = '';
    this.dispatchEvent(new JoinRoomEvent(this.text.trim()));
  }

  async #read(file: File) {
    if (this.busy) return;
    const found = await readInvitation(file).catch(() => null);
    if (found === null) this.#refuse(t().welcome.fileNone);
    else this.#take(found);
  }

  /** An invitation may be pasted without finding the field first. */
  readonly #pasted = (event: ClipboardEvent) => {
    if (this.busy || isTaken(event)) return;
    const [file] = event.clipboardData?.files ?? [];
    const text = event.clipboardData?.getData('text/plain') ?? '';
    const found = pastedJoin(text);
    if (found === null) {
      if (file !== undefined) void this.#read(file);
      return;
    }
    event.preventDefault();
    if (found.kind === 'unreadable') {
      this.#fill(text.trim());
      this.#refuse(sentenceAbout(found) ?? '');
    } else this.#take(found);
  };

  readonly #dragged = (event: DragEvent) => {
    if (this.busy || isTaken(event)) return;
    event.preventDefault();
    this.dropping = true;
  };

  readonly #left = (event: DragEvent) => {
    if (event.relatedTarget === null) this.dropping = false;
  };

  readonly #dropped = (event: DragEvent) => {
    this.dropping = false;
    if (this.busy || isTaken(event)) return;
    event.preventDefault();
    const [file] = event.dataTransfer?.files ?? [];
    if (file !== undefined) {
      void this.#read(file);
      return;
    }
    const text = event.dataTransfer?.getData('text/plain').trim() ?? '';
    if (text === '') return;
    const found = findJoin(text);
    if (found === null || found.kind === 'unreadable') this.#fill(text);
    else this.#take(found);
  };

  readonly #given = (event: FilesGivenEvent) => {
    if (this.busy || isModalOpen()) return;
    event.taker ??= {
      most: 1,
      take: ([file]) => {
        if (file !== undefined && file !== null) void this.#read(file);
      },
    };
  };

  static override styles = [
    base,
    buttons,
    fields,
    marks,
    css`
      :host {
        display: block;
        min-inline-size: 0;
      }
      form {
        display: flex;
        gap: var(--s2);
        align-items: start;
      }
      join-field {
        flex: 1;
        min-inline-size: 0;
      }
      form .box {
        min-block-size: 48px;
      }
      @media (max-width: 480px) {
        /* What may be typed is more than would fit beside it. */
        .box > salon-icon {
          display: none;
        }
      }
      .dropping .box {
        outline: 2px dashed var(--focus);
        outline-offset: 1px;
        background: var(--bottle-soft);
      }
      p.hint {
        margin-block-start: var(--s1);
      }
      [role='alert']:has(*) {
        margin-block-start: var(--s3);
      }
    `,
  ];
}

/** Why a text leads to no room; null when it does. */
function sentenceAbout(found: Found | null): string | null {
  if (found === null) return t().welcome.badAddress;
  if (found.kind !== 'unreadable') return null;
  const code = found.why === 'newer' ? 'codeNewer' : 'codeDamaged';
  return sentences({ code, address: '', detail: '', foundFingerprint: null, trials: [] });
}

function sentences(diagnosis: Diagnosis): string {
  const { what, advice } = diagnosisWords(diagnosis, language());
  return `${what} ${advice}`;
}

/** Meant for a dialog in front, or text for a field. */
function isTaken(event: ClipboardEvent | DragEvent): boolean {
  const carried = event instanceof DragEvent ? event.dataTransfer : event.clipboardData;
  const isFile = carried?.types.includes('Files') ?? false;
  return event
    .composedPath()
    .some(
      (node) =>
        node instanceof HTMLDialogElement ||
        (!isFile && (node instanceof HTMLInputElement || node instanceof HTMLTextAreaElement)),
    );
}

declare global {
  interface HTMLElementTagNameMap {
    'join-form': JoinForm;
  }
}
