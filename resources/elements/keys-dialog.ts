import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { ModalController } from '../controllers/modal.ts';
import { DismissedEvent } from '../events/dialog.ts';
import { LocaleController, t } from '../locales/locale.ts';
import { base } from '../styles/base.ts';
import { buttons, marks } from '../styles/controls.ts';
import { dialogs } from '../styles/dialog.ts';
import { dialogHead } from './dialog-head.ts';

type Does = keyof ReturnType<typeof t>['room']['key'];

const isMac = /Mac/.test(navigator.userAgent);
const CTRL = isMac ? '⌘' : 'Ctrl';
const ALT = isMac ? '⌥' : 'Alt';

/** Each line: the ways to do it, each a row of keys. */
const PLACES: [Does, string[][]][] = [
  ['regions', [['F6'], ['Shift', 'F6']]],
  [
    'conversation',
    [
      [ALT, '↑'],
      [ALT, '↓'],
    ],
  ],
  [
    'unreadConversation',
    [
      [ALT, 'Shift', '↑'],
      [ALT, 'Shift', '↓'],
    ],
  ],
  ['newDirect', [[CTRL, 'Shift', 'N']]],
  ['people', [[CTRL, 'Shift', 'P']]],
  ['invite', [[ALT, 'I']]],
  ['settings', [[CTRL, ',']]],
  ['keys', [[CTRL, '/']]],
];
const MESSAGES: [Does, string[][]][] = [
  ['rows', [['↑'], ['↓']]],
  ['pages', [['Page ↑'], ['Page ↓']]],
  ['start', [['Home']]],
  ['end', [['End']]],
  ['inside', [['→'], ['Enter']]],
  ['outside', [['Esc']]],
  ['copy', [['C']]],
];
const WRITING: [Does, string[][]][] = [
  ['send', [['Enter']]],
  ['line', [['Shift', 'Enter']]],
  ['complete', [['Tab']]],
  ['private', [['@']]],
];

/**
 * The list of keys.
 *
 * @fires {DismissedEvent} dismissed
 */
@customElement('keys-dialog')
export class KeysDialog extends LitElement {
  @property({ type: Boolean }) open = false;

  protected readonly locale = new LocaleController(this);
  protected readonly modal = new ModalController(this, {
    open: () => this.open,
    wantsClose: () => this.#close(),
  });

  override render() {
    const { keysTitle, keysPlaces, keysMessages, keysWriting } = t().room;
    return html`<dialog class="dialog" aria-labelledby="title">
      ${dialogHead(keysTitle, this.#close, true)}
      <div class="content" tabindex="0" role="group" aria-labelledby="title">
        ${this.#part(keysPlaces, PLACES)} ${this.#part(keysMessages, MESSAGES)}
        ${this.#part(keysWriting, WRITING)}
      </div>
    </dialog>`;
  }

  #part(title: string, lines: readonly [Does, string[][]][]) {
    const { key, or } = t().room;
    return html`<section>
      <h3>${title}</h3>
      <dl>
        ${lines.map(
          ([does, ways]) =>
            html`<div>
              <dt>
                ${ways.map(
                  (keys, index) =>
                    html`${index > 0 ? html`<span> ${or} </span>` : ''}<span class="way"
                        >${keys.map((each) => html`<kbd>${each}</kbd>`)}</span
                      >`,
                )}
              </dt>
              <dd>${key[does]}</dd>
            </div>`,
        )}
      </dl>
    </section>`;
  }

  readonly #close = () => {
    this.dispatchEvent(new DismissedEvent());
  };

  static override styles = [
    base,
    buttons,
    marks,
    dialogs,
    css`
      :host {
        --dialog-size: 600px;
      }
      h3 {
        padding-block: 4px 6px;
        font: 650 var(--t-body) / 1.3 var(--font-display);
      }
      dl div {
        display: grid;
        grid-template-columns: minmax(0, 15em) minmax(0, 1fr);
        gap: 2px var(--s4);
        align-items: center;
        min-block-size: 34px;
        padding-block: 4px;
        border-block-end: 1px solid var(--line);
      }
      dl div:last-child {
        border: 0;
      }
      dt {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 6px;
        align-items: center;
        color: var(--ink-3);
        font-size: var(--t-small);
      }
      .way {
        display: inline-flex;
        gap: 3px;
      }
      @media (max-width: 480px) {
        dl div {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'keys-dialog': KeysDialog;
  }
}
