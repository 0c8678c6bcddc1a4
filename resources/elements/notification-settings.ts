import { html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Settings } from '../../server/protocol/control.ts';
import { ChangeSettingsEvent } from '../events/welcome.ts';
import { LocaleController, t } from '../locales/locale.ts';
import type { NotifierState } from '../notifier.ts';
import { base } from '../styles/base.ts';
import { buttons, fields, marks } from '../styles/controls.ts';
import { choiceRow, choiceRows } from './choice-row.ts';
import { AllowNotificationsEvent, ReadNotifierEvent, TryNotificationEvent } from './desktop-events.ts';
import './salon-icon.ts';
import { settingsSections } from './settings-dialog.styles.ts';
import { switchLine, switchLines } from './switch-line.ts';

/**
 * Which messages the system tells of, how, and whether it can here. Each choice applies at once.
 *
 * @fires {ChangeSettingsEvent} change-settings
 * @fires {ReadNotifierEvent} read-notifier
 * @fires {AllowNotificationsEvent} allow-notifications
 * @fires {TryNotificationEvent} try-notification
 */
@customElement('notification-settings')
export class NotificationSettings extends LitElement {
  @property({ attribute: false }) settings!: Settings;

  /** Null until it is known. */
  @state() private notifier: NotifierState | null = null;
  @state() private tried: 'yes' | 'no' | null = null;

  protected readonly locale = new LocaleController(this);

  override firstUpdated() {
    void this.#read(new ReadNotifierEvent());
  }

  override render() {
    const words = t().desktop;
    const { settings } = this;
    return html`<section aria-labelledby="notifications">
      <h3 id="notifications" tabindex="-1">${words.notifications}</h3>
      <p>${words.notificationsText}</p>
      ${choiceRow({
        name: 'notify',
        label: words.notifications,
        now: settings.notify,
        choices: { all: words.notifyAll, private: words.notifyPrivate, none: words.notifyNone },
        chosen: (notify) => this.#change({ notify }),
      })}
      ${settings.notify === 'none' ? nothing : this.#how()}
    </section>`;
  }

  #how() {
    const words = t().desktop;
    const { settings } = this;
    return html`${switchLine({
        id: 'notify-text',
        label: words.notifyText,
        hint: words.notifyTextHint,
        on: settings.notifyText,
        switched: (notifyText) => this.#change({ notifyText }),
      })}
      ${switchLine({
        id: 'notify-sound',
        label: words.notifySound,
        hint: words.notifySoundHint,
        on: settings.notifySound,
        switched: (notifySound) => this.#change({ notifySound }),
      })}
      ${this.#here()}
      ${
        this.notifier === 'ask'
          ? html`<button
              class="button"
              type="button"
              @click=${() => this.#read(new AllowNotificationsEvent())}
            >
              <salon-icon name="check"></salon-icon>${words.allow}
            </button>`
          : html`<button class="button" type="button" @click=${this.#try}>
              <salon-icon name="pulse"></salon-icon>${words.tryNow}
            </button>`
      }
      <p class="quiet-text" role="status">
        ${this.tried === null ? nothing : this.tried === 'yes' ? words.tried : words.notTried}
      </p>`;
  }

  /** Why there are none here, if there are none. */
  #here() {
    const sentence = this.notifier === null ? '' : t().desktop.states[this.notifier];
    if (sentence === '') return nothing;
    const isAsked = this.notifier === 'ask';
    return html`<p class="note ${isAsked ? '' : 'loss'}">
      <salon-icon name=${isAsked ? 'info' : 'alert'}></salon-icon><span>${sentence}</span>
    </p>`;
  }

  async #read(question: ReadNotifierEvent | AllowNotificationsEvent) {
    try {
      this.notifier = await question.askFrom(this);
    } catch {
      this.notifier = 'none';
    }
  }

  async #try() {
    this.tried = null;
    // Said again even if it is the same.
    await this.updateComplete;
    try {
      await new TryNotificationEvent().askFrom(this);
      this.tried = 'yes';
    } catch {
      this.tried = 'no';
    }
  }

  #change(settings: Partial<Settings>) {
    this.dispatchEvent(new ChangeSettingsEvent(settings));
  }

  static override styles = [base, buttons, fields, marks, settingsSections, choiceRows, switchLines];
}

declare global {
  interface HTMLElementTagNameMap {
    'notification-settings': NotificationSettings;
  }
}
