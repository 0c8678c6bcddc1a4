import { html, LitElement, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Desktop } from '../../server/protocol/control.ts';
import { LocaleController, t } from '../locales/locale.ts';
import { sentenceOf } from '../sentences.ts';
import { problemOf } from '../state/problem.ts';
import { base } from '../styles/base.ts';
import { buttons, fields } from '../styles/controls.ts';
import { ReadDesktopEvent, SwitchDesktopEvent } from './desktop-events.ts';
import { ShowNoticeEvent } from './room-events.ts';
import { settingsSections } from './settings-dialog.styles.ts';
import { switchLine, switchLines } from './switch-line.ts';

type What = 'atLogin' | 'links';

/**
 * What the system starts Salon for, or why it cannot.
 *
 * @fires {ReadDesktopEvent} read-desktop
 * @fires {SwitchDesktopEvent} switch-desktop
 * @fires {ShowNoticeEvent} show-notice
 */
@customElement('computer-settings')
export class ComputerSettings extends LitElement {
  @state() private desktop: Desktop | null = null;
  @state() private asked = false;

  protected readonly locale = new LocaleController(this);

  override firstUpdated() {
    void this.#ask(new ReadDesktopEvent());
  }

  override render() {
    const { computer, computerText, atLoginNo } = t().desktop;
    if (!this.asked) return nothing;
    const switches = (['atLogin', 'links'] as const).filter(
      (what) => (this.desktop?.[what] ?? 'none') !== 'none',
    );
    return html`<section aria-labelledby="computer">
      <h3 id="computer" tabindex="-1">${computer}</h3>
      <p>${switches.length === 0 ? atLoginNo : computerText}</p>
      ${switches.map((what) => this.#switch(what))}
    </section>`;
  }

  #switch(what: What) {
    const words = t().desktop;
    return switchLine({
      id: what,
      label: words[what],
      hint: what === 'links' ? words.linksHint : words.atLoginHint,
      on: this.desktop?.[what] === 'on',
      switched: (on) => void this.#ask(new SwitchDesktopEvent(what, on)),
    });
  }

  async #ask(question: ReadDesktopEvent | SwitchDesktopEvent) {
    try {
      this.desktop = await question.askFrom(this);
    } catch (error) {
      // The switch goes back to how it is.
      this.requestUpdate();
      if (question instanceof SwitchDesktopEvent)
        this.dispatchEvent(new ShowNoticeEvent('desktop', sentenceOf(problemOf(error)), 'loss'));
    }
    this.asked = true;
  }

  static override styles = [base, buttons, fields, settingsSections, switchLines];
}

declare global {
  interface HTMLElementTagNameMap {
    'computer-settings': ComputerSettings;
  }
}
