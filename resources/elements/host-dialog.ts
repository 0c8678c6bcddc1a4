import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { DEFAULT_PORT, LIMITS, type Access } from '../../server/protocol/entities.ts';
import { ModalController } from '../controllers/modal.ts';
import { DismissedEvent } from '../events/dialog.ts';
import { HostRoomEvent } from '../events/welcome.ts';
import { LocaleController, t } from '../locales/locale.ts';
import { base } from '../styles/base.ts';
import { choices } from '../styles/choices.ts';
import { buttons, fields, marks } from '../styles/controls.ts';
import { dialogs } from '../styles/dialog.ts';
import './confirm-dialog.ts';
import { dialogHead } from './dialog-head.ts';
import { folds } from './folds.styles.ts';
import './salon-icon.ts';
import type { TextField } from './text-field.ts';
import './text-field.ts';

/**
 * Opens a new room on this computer. Asks before it closes only if something was typed.
 *
 * @fires {HostRoomEvent} host-room
 * @fires {DismissedEvent} dismissed
 */
@customElement('host-dialog')
export class HostDialog extends LitElement {
  @property({ type: Boolean }) open = false;
  /** The name of this computer, proposed for the room. */
  @property() computer = '';
  @property({ type: Number }) port: number = DEFAULT_PORT;
  @property() busy: '' | 'opening' = '';
  /** Why it did not open, as a sentence. */
  @property() problem = '';
  /** The port was taken, and this one is free. */
  @property({ attribute: false }) proposedPort: number | null = null;
  @property() platform: 'mac' | 'other' = 'other';

  @state() private name = '';
  @state() private access: Access = 'open';
  @state() private portTyped = '';
  @state() private judged = false;
  @state() private asking = false;

  @query('.name') private readonly nameField!: TextField;
  @query('.port') private readonly portField!: TextField;
  @query('details') private readonly advanced!: HTMLDetailsElement;

  protected readonly locale = new LocaleController(this);
  protected readonly modal = new ModalController(this, {
    open: () => this.open,
    wantsClose: () => this.#askToClose(),
    // Too easily done by mistake with a form open.
    pressBeside: () => false,
  });

  override willUpdate(changed: PropertyValues<this>) {
    if (changed.has('open') && this.open) {
      this.name = this.computer;
      this.access = 'open';
      this.portTyped = String(this.port);
      this.judged = false;
      this.asking = false;
    }
  }

  override render() {
    const words = t().welcome;
    return html`<dialog class="dialog" aria-labelledby="title">
        <form novalidate @submit=${this.#submit}>
          ${dialogHead(words.hostTitle, this.#askToClose)}
          <div class="content">
            <p>${words.hostText}</p>
            <text-field
              class="name"
              field-name="room-name"
              label=${words.roomName}
              first
              needed
              .hint=${words.roomNameHint}
              .value=${this.name}
              .problem=${this.judged ? this.#nameProblem() : ''}
              ?locked=${this.busy !== ''}
              @input=${this.#typeName}
            ></text-field>
            <fieldset class="choices">
              <legend class="label">${words.access}</legend>
              ${this.#choice('open', words.accessOpen, words.accessOpenText)}
              ${this.#choice('invited', words.accessInvited, words.accessInvitedText)}
            </fieldset>
            <details>
              <summary><salon-icon name="forward"></salon-icon>${words.advanced}</summary>
              <text-field
                class="port"
                field-name="port"
                label=${words.port}
                input-kind="numeric"
                .hint=${words.portHint}
                .value=${this.portTyped}
                .problem=${this.judged ? this.#portProblem() : ''}
                ?locked=${this.busy !== ''}
                @input=${this.#typePort}
              ></text-field>
            </details>
            <p class="note">
              <salon-icon name="info"></salon-icon>
              <span>
                ${
                  this.platform === 'mac'
                    ? words.firewallMac
                    : html`${words.firewall[0]}<em>${words.firewall[1]}</em>${words.firewall[2]}`
                }
              </span>
            </p>
            <div role="alert">${this.#refused()}</div>
          </div>
          <div class="foot">
            <div class="working" role="status">
              ${
                this.busy === ''
                  ? nothing
                  : html`<div class="progress"></div>
                      <p class="hint">${words.opening}</p>`
              }
            </div>
            <button class="button" type="button" ?disabled=${this.busy !== ''} @click=${this.#askToClose}>
              ${t().common.cancel}
            </button>
            <button class="button primary" aria-disabled=${this.busy === '' ? nothing : 'true'}>
              <salon-icon name="door"></salon-icon>${words.openTheRoom}
            </button>
          </div>
        </form>
      </dialog>
      <confirm-dialog
        ?open=${this.asking}
        heading=${t().common.discardTitle}
        text=${t().common.discardText}
        confirm-label=${t().common.discard}
        cancel-label=${t().common.keepEditing}
        danger
        @confirmed=${this.#discard}
        @dismissed=${this.#keep}
      ></confirm-dialog>`;
  }

  #choice(access: Access, label: string, text: string) {
    return html`<label>
      <input
        type="radio"
        name="access"
        .checked=${this.access === access}
        ?disabled=${this.busy !== ''}
        aria-labelledby="${access}-label"
        aria-describedby="${access}-text"
        @change=${() => (this.access = access)}
      />
      <b id="${access}-label">${label}</b><span id="${access}-text">${text}</span>
    </label>`;
  }

  #refused() {
    const { portTaken, openOn } = t().welcome;
    const { proposedPort } = this;
    if (proposedPort !== null) {
      return html`<p class="note attention">
        <salon-icon name="alert"></salon-icon><span>${portTaken(Number(this.portTyped), proposedPort)}</span>
        <span
          ><button
            class="button small"
            type="button"
            ?disabled=${this.busy !== ''}
            @click=${() => this.#openOn(proposedPort)}
          >
            ${openOn(proposedPort)}
          </button></span
        >
      </p>`;
    }
    if (this.problem === '') return nothing;
    return html`<p class="note loss"><salon-icon name="alert"></salon-icon><span>${this.problem}</span></p>`;
  }

  #nameProblem(): string {
    const { roomNameEmpty, roomNameLong } = t().welcome;
    const length = [...this.name.trim()].length;
    if (length === 0) return roomNameEmpty;
    return length > LIMITS.roomNameCharacters ? roomNameLong : '';
  }

  #portProblem(): string {
    const port = Number(this.portTyped.trim());
    return Number.isInteger(port) && port >= 1024 && port <= 65535 ? '' : t().welcome.portProblem;
  }

  #typeName(event: Event & { currentTarget: TextField }) {
    this.name = event.currentTarget.value;
  }

  #typePort(event: Event & { currentTarget: TextField }) {
    this.portTyped = event.currentTarget.value;
  }

  #submit(event: Event) {
    event.preventDefault();
    this.#open();
  }

  #openOn(port: number) {
    this.portTyped = String(port);
    this.#open();
  }

  #open() {
    if (this.busy !== '') return;
    this.judged = true;
    if (this.#nameProblem() !== '') {
      this.nameField.focus();
    } else if (this.#portProblem() !== '') {
      this.advanced.open = true;
      this.portField.focus();
    } else {
      this.dispatchEvent(new HostRoomEvent(this.name.trim(), Number(this.portTyped), this.access));
    }
  }

  #askToClose() {
    if (this.busy !== '') return;
    const typed =
      this.name !== this.computer || this.portTyped !== String(this.port) || this.access !== 'open';
    if (typed) this.asking = true;
    else this.dispatchEvent(new DismissedEvent());
  }

  #discard(event: Event) {
    event.stopPropagation();
    this.asking = false;
    this.dispatchEvent(new DismissedEvent());
  }

  #keep(event: Event) {
    // The question is dismissed, not this dialog.
    event.stopPropagation();
    this.asking = false;
  }

  static override styles = [
    base,
    buttons,
    fields,
    marks,
    dialogs,
    choices,
    folds,
    css`
      .choices legend {
        margin-block-end: var(--s1);
      }
      details {
        display: grid;
      }
      details text-field {
        display: block;
        max-inline-size: 20em;
        padding-block: var(--s1) var(--s2);
      }
      .content {
        gap: var(--s3);
      }
      [role='alert']:not(:has(*)) {
        position: absolute;
      }
      .working:not(:has(*)) {
        position: absolute;
      }
      .working {
        flex: 1 1 8em;
        display: grid;
        gap: var(--s1);
        align-content: center;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'host-dialog': HostDialog;
  }
}
