import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Desktop } from '../../server/protocol/control.ts';
import { capabilities } from '../capabilities.ts';
import { LocaleController, t } from '../locales/locale.ts';
import type { NotifierState } from '../notifier.ts';
import { base } from '../styles/base.ts';
import { ReadDesktopEvent, ReadNotifierEvent } from './desktop-events.ts';
import './salon-icon.ts';

/** By the word in front of the version; each also claims to be those after it. */
const ENGINES = [
  ['Firefox', 'Firefox'],
  ['Chrome', 'Chromium'],
  ['Version', 'WebKit'],
] as const;

/**
 * What this page or window can do, line by line, and what to do without it.
 *
 * @fires {ReadDesktopEvent} read-desktop
 * @fires {ReadNotifierEvent} read-notifier
 */
@customElement('ability-list')
export class AbilityList extends LitElement {
  /** In a window of its own, whether the tray took its symbol; null in a browser. */
  @property({ attribute: false }) tray: boolean | null = null;

  @state() private desktop: Desktop | null = null;
  @state() private notifier: NotifierState | null = null;

  protected readonly locale = new LocaleController(this);

  override firstUpdated() {
    void this.#ask();
  }

  override render() {
    const words = t().desktop;
    const engine = engineOf(navigator.userAgent);
    const { desktop, notifier, tray } = this;
    if (notifier === null) return nothing;
    return html`<h3 id="abilities" tabindex="-1">${words.abilities}</h3>
      <table aria-labelledby="abilities">
        <tbody>
          ${this.#row(words.shownIn, true, tray === null ? words.browser(engine) : words.window(engine))}
          ${this.#row(words.secure, capabilities.isSecure, capabilities.isSecure ? '' : words.secureNo)}
          ${this.#row(words.clipboard, capabilities.clipboard !== null, capabilities.clipboard === null ? words.clipboardNo : '')}
          ${this.#row(words.files, true, tray === null ? words.filesBrowser : words.filesWindow)}
          ${this.#row(words.notifications, notifier === 'ready' || notifier === 'ask', words.states[notifier])}
          ${this.#row(words.sound, capabilities.hasSound, capabilities.hasSound ? '' : words.soundNo)}
          ${desktop === null ? nothing : this.#onDesktop(desktop)}
        </tbody>
      </table>`;
  }

  /** Of an app only. */
  #onDesktop(desktop: Desktop) {
    const words = t().desktop;
    const { tray } = this;
    const rows = [
      [words.tray, tray === true, tray === null ? words.trayBrowser : words.trayNo],
      [words.atLogin, desktop.atLogin !== 'none', words.atLoginNo],
      [words.links, desktop.links !== 'none', words.linksNo],
    ] as const;
    return rows.map(([name, can, without]) => this.#row(name, can, can ? '' : without));
  }

  #row(name: string, can: boolean, note: string) {
    const { yes, no } = t().desktop;
    return html`<tr class=${can ? 'good' : 'plain'}>
      <th scope="row">
        <div><salon-icon name=${can ? 'check' : 'x'}></salon-icon>${name}</div>
      </th>
      <td>${note === '' ? (can ? yes : no) : note}</td>
    </tr>`;
  }

  async #ask() {
    this.desktop = await new ReadDesktopEvent().askFrom(this).catch(() => null);
    this.notifier = await new ReadNotifierEvent().askFrom(this).catch(() => 'none' as const);
  }

  static override styles = [
    base,
    css`
      :host {
        display: grid;
        gap: var(--s2);
      }
      h3 {
        margin: 0;
        font: 650 calc(var(--t-body) * 17 / 15) / 1.2 var(--font-display);
      }
      table {
        border-collapse: collapse;
        font-size: var(--t-small);
        line-height: 1.5;
      }
      tr {
        border-block-start: 1px solid var(--line);
      }
      th,
      td {
        padding: var(--s2) 0;
        text-align: start;
        vertical-align: top;
      }
      th {
        inline-size: 188px;
        padding-inline: 0 var(--s4);
        font-weight: 600;
      }
      th div {
        display: flex;
        gap: var(--s2);
        align-items: start;
      }
      salon-icon {
        margin-block-start: 1px;
        color: var(--ink-3);
      }
      .good salon-icon {
        color: var(--bottle);
      }
    `,
  ];
}

/** "WebKit 26.0", "Chromium 156.0": what draws the page, and how new it is. */
function engineOf(userAgent: string): string {
  for (const [word, name] of ENGINES) {
    const version = new RegExp(`${word}/(\\d+\\.\\d+)`).exec(userAgent)?.[1];
    if (version !== undefined) return `${name} ${version}`;
  }
  return '?';
}

declare global {
  interface HTMLElementTagNameMap {
    'ability-list': AbilityList;
  }
}
