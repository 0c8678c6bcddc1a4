import { css, html, LitElement } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { Access } from '../../server/protocol/entities.ts';
import { Watch } from '../controllers/watch.ts';
import { LocaleController, t } from '../locales/locale.ts';
import { problemOf, type Problem } from '../state/problem.ts';
import type { RoomState } from '../state/room.ts';
import { base } from '../styles/base.ts';
import { choices } from '../styles/choices.ts';
import { marks } from '../styles/controls.ts';
import { inviteParts } from './invite-sheet.styles.ts';
import { ChangeRoomEvent } from './owner-events.ts';
import { problemAlert } from './problem-alert.ts';

/**
 * Whether a code is needed to come in. Each choice applies at once.
 *
 * @fires {ChangeRoomEvent} change-room
 */
@customElement('room-access')
export class RoomAccess extends LitElement {
  @property({ attribute: false }) room!: RoomState;

  @state() private problem: Problem | null = null;

  protected readonly locale = new LocaleController(this);
  protected readonly watch = new Watch(this, () => [this.room]);

  override render() {
    const { access, accessText, openTo, invitedOnly } = t().invite;
    const words = { open: openTo, invited: invitedOnly };
    return html`<fieldset class="choices" aria-describedby="access-text">
        <legend>${access}</legend>
        ${(['open', 'invited'] as const).map(
          (each) =>
            html`<label>
              <input
                type="radio"
                name="access"
                .checked=${live(each === this.room.settings.access)}
                @change=${() => void this.#choose(each)}
              />
              <b>${words[each]}</b>
            </label>`,
        )}
      </fieldset>
      <p class="hint" id="access-text">${accessText}</p>
      ${problemAlert(this.problem)}`;
  }

  async #choose(access: Access) {
    this.problem = null;
    try {
      await new ChangeRoomEvent({ access }).askFrom(this);
    } catch (error) {
      this.problem = problemOf(error);
    }
  }

  static override styles = [
    base,
    marks,
    choices,
    inviteParts,
    css`
      .choices {
        grid-template-columns: repeat(auto-fit, minmax(200px, 1fr));
      }
      legend {
        grid-column: 1 / -1;
      }
      .hint {
        color: var(--ink-2);
        font-size: var(--t-small);
        line-height: 1.4;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'room-access': RoomAccess;
  }
}
