import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { Watch } from '../controllers/watch.ts';
import { LocaleController, t } from '../locales/locale.ts';
import type { RoomState } from '../state/room.ts';
import { base } from '../styles/base.ts';
import { buttons } from '../styles/controls.ts';
import './member-portrait.ts';
import { guestNote } from './moments.ts';
import { SignOutEvent } from './room-events.ts';
import './salon-icon.ts';
import { settingsSections } from './settings-dialog.styles.ts';
import { calledAs } from './titles.ts';

/**
 * What a guest has of their own: a name for the stay, and the way out.
 *
 * @fires {SignOutEvent} sign-out
 */
@customElement('guest-settings')
export class GuestSettings extends LitElement {
  @property({ attribute: false }) room!: RoomState;

  protected readonly locale = new LocaleController(this);
  protected readonly watch = new Watch(this, () => [this.room]);

  override render() {
    const { you_, guestStay } = t().room;
    const { self, settings } = this.room;
    const name = calledAs(this.room, self);
    return html`<section aria-labelledby="you">
      <h3 id="you" tabindex="-1">${you_}</h3>
      <div class="me">
        <member-portrait size="large" guest name=${name} member-id=${self.id}></member-portrait>
        <div>
          <b><bdi>${name}</bdi></b>
          <p>${guestNote(settings)}</p>
        </div>
      </div>
      <p>${guestStay}</p>
      <button class="button" type="button" @click=${() => this.dispatchEvent(new SignOutEvent())}>
        <salon-icon name="exit"></salon-icon>${t().common.leave}
      </button>
    </section>`;
  }

  static override styles = [
    base,
    buttons,
    settingsSections,
    css`
      .me {
        display: flex;
        gap: var(--s4);
        align-items: center;
        min-inline-size: 0;
        overflow-wrap: anywhere;
      }
      .me b {
        font: 700 var(--t-title) / 1.2 var(--font-display);
      }
      .me p {
        color: var(--ink-2);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'guest-settings': GuestSettings;
  }
}
