import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Channel } from '../../server/protocol/entities.ts';
import { Watch } from '../controllers/watch.ts';
import { LocaleController, t } from '../locales/locale.ts';
import type { RoomState } from '../state/room.ts';
import { base } from '../styles/base.ts';
import './ban-list.ts';
import './room-wallpaper.ts';
import './salon-icon.ts';
import { settingsSections } from './settings-dialog.styles.ts';
import './six-words.ts';

/** Which room this is, for comparing, how it is reached, and for its owner who may not come back. */
@customElement('room-settings')
export class RoomSettings extends LitElement {
  @property({ attribute: false }) room!: RoomState;
  @property() channel: Channel = 'app';

  protected readonly locale = new LocaleController(this);
  protected readonly watch = new Watch(this, () => [this.room]);

  override render() {
    const { room: title, wordsText, channelText } = t().invite;
    const { room, channel } = this;
    return html`<section aria-labelledby="room">
      <h3 id="room" tabindex="-1">${title}</h3>
      <p class="channel">
        <salon-icon name=${channel === 'simple' ? 'unlocked' : 'lock'}></salon-icon>
        <span>${channelText[channel]}</span>
      </p>
      ${
        channel === 'simple'
          ? nothing
          : html`<div class="key">
              <room-wallpaper swatch .seed=${room.fingerprint} .scale=${0.65}></room-wallpaper>
              <div>
                <six-words .fingerprint=${room.fingerprint}></six-words>
                <p class="hint">${wordsText}</p>
              </div>
            </div>`
      }
      ${room.self.role === 'owner' ? html`<ban-list .room=${room}></ban-list>` : nothing}
    </section>`;
  }

  static override styles = [
    base,
    settingsSections,
    css`
      .channel {
        display: flex;
        gap: 10px;
        align-items: start;
      }
      .channel salon-icon {
        margin-block-start: 2px;
      }
      .key {
        display: flex;
        gap: var(--s4);
        align-items: start;
      }
      .key > div {
        display: grid;
        gap: var(--s2);
        min-inline-size: 0;
      }
      .hint {
        max-inline-size: 56ch;
        color: var(--ink-2);
        font-size: var(--t-small);
        line-height: 1.4;
      }
      ban-list {
        margin-block-start: var(--s2);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'room-settings': RoomSettings;
  }
}
