import { html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Settings } from '../../server/protocol/control.ts';
import type { Channel } from '../../server/protocol/entities.ts';
import { ModalController } from '../controllers/modal.ts';
import { Watch } from '../controllers/watch.ts';
import { DismissedEvent } from '../events/dialog.ts';
import { LocaleController, t } from '../locales/locale.ts';
import type { RoomState } from '../state/room.ts';
import { base } from '../styles/base.ts';
import { buttons } from '../styles/controls.ts';
import { dialogs } from '../styles/dialog.ts';
import './ability-list.ts';
import './account-settings.ts';
import './computer-settings.ts';
import './guest-settings.ts';
import './look-settings.ts';
import './notification-settings.ts';
import './room-journal.ts';
import './room-settings.ts';
import './session-list.ts';
import { dialogHead } from './dialog-head.ts';
import { settingsDialogStyles } from './settings-dialog.styles.ts';

/**
 * One page of settings with its sections at the side. What is chosen applies at once; what is asked of the host stays
 * typed when it is refused.
 *
 * @fires {ChangeSettingsEvent} change-settings
 * @fires {RenameEvent} rename
 * @fires {CheckNewUsernameEvent} check-new-username
 * @fires {ChangePasswordEvent} change-password
 * @fires {RenewRecoveryEvent} renew-recovery
 * @fires {ListSessionsEvent} list-sessions
 * @fires {EndSessionEvent} end-session
 * @fires {ReadJournalEvent} read-journal
 * @fires {ListBansEvent} list-bans
 * @fires {LiftBanEvent} lift-ban
 * @fires {SignOutEvent} sign-out
 * @fires {ReadNotifierEvent} read-notifier
 * @fires {AllowNotificationsEvent} allow-notifications
 * @fires {TryNotificationEvent} try-notification
 * @fires {ReadDesktopEvent} read-desktop
 * @fires {SwitchDesktopEvent} switch-desktop
 * @fires {ShowNoticeEvent} show-notice
 * @fires {DismissedEvent} dismissed
 */
@customElement('settings-dialog')
export class SettingsDialog extends LitElement {
  @property({ type: Boolean }) open = false;
  @property({ attribute: false }) room!: RoomState;
  @property({ attribute: false }) settings!: Settings;
  @property() version = '';
  @property() channel: Channel = 'app';
  @property({ attribute: false }) isApp = false;

  protected readonly locale = new LocaleController(this);
  protected readonly watch = new Watch(this, () => [this.room]);
  protected readonly modal = new ModalController(this, {
    open: () => this.open,
    wantsClose: () => this.#close(),
    // Too easily done by mistake with something typed.
    pressBeside: () => false,
  });

  override render() {
    const { settings, version, sections } = t().room;
    return html`<dialog class="dialog" aria-labelledby="title">
      ${dialogHead(settings, this.#close, true)}
      <div class="body">
        <nav aria-label=${sections}>
          <ul>
            ${this.#sections().map(
              ([id, label]) =>
                html`<li>
                  <button type="button" @click=${() => this.#goTo(id)}>${label}</button>
                </li>`,
            )}
          </ul>
          ${this.version === '' ? nothing : html`<p>${version(this.version)}</p>`}
        </nav>
        <div class="page">${this.open ? this.#page() : nothing}</div>
      </div>
    </dialog>`;
  }

  #sections(): [id: string, label: string][] {
    const { you_, password, recovery, sessions, look, language, announcements, journal } = t().room;
    const { isGuest, self } = this.room;
    const account: [string, string][] = [
      ['password', password],
      ['recovery', recovery],
      ['sessions', sessions],
    ];
    return [
      ['you', you_],
      ...(isGuest ? [] : account),
      ['look', look],
      ['language', language],
      ['announcements', announcements],
      ['notifications', t().desktop.notifications],
      this.isApp ? ['computer', t().desktop.computer] : ['abilities', t().desktop.abilities],
      ['room', t().invite.room],
      ...(self.role === 'owner' ? ([['journal', journal]] as [string, string][]) : []),
    ];
  }

  #page() {
    const { room, settings } = this;
    return html`${
        room.isGuest
          ? html`<guest-settings .room=${room}></guest-settings>`
          : html`<account-settings .room=${room}></account-settings><session-list></session-list>`
      }
      <look-settings .settings=${settings}></look-settings>
      <notification-settings .settings=${settings}></notification-settings>
      ${
        this.isApp
          ? html`<computer-settings></computer-settings>`
          : html`<ability-list class="section"></ability-list>`
      }
      <room-settings .room=${room} .channel=${this.channel}></room-settings>
      ${room.self.role === 'owner' ? html`<room-journal .room=${room}></room-journal>` : nothing}`;
  }

  /** The sections stand in the shadow roots of their elements. */
  #goTo(id: string) {
    for (const element of this.renderRoot.querySelectorAll('.page > *')) {
      const heading = element.shadowRoot?.getElementById(id);
      if (heading === null || heading === undefined) continue;
      heading.scrollIntoView({ block: 'start' });
      heading.focus({ preventScroll: true });
    }
  }

  readonly #close = () => {
    this.dispatchEvent(new DismissedEvent());
  };

  static override styles = [base, buttons, dialogs, settingsDialogStyles];
}

declare global {
  interface HTMLElementTagNameMap {
    'settings-dialog': SettingsDialog;
  }
}
