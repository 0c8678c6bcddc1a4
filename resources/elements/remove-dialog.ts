import { html, LitElement } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Member } from '../../server/protocol/entities.ts';
import type { DismissedEvent } from '../events/dialog.ts';
import { LocaleController, t } from '../locales/locale.ts';
import { sentenceOf } from '../sentences.ts';
import { problemOf } from '../state/problem.ts';
import './confirm-dialog.ts';
import { RemoveMemberEvent } from './owner-events.ts';
import { ShowNoticeEvent } from './room-events.ts';
import { isolated } from './titles.ts';

/** To leave now; to leave and not come back; the end of a guest's stay. */
export type Removal = 'leave' | 'ban' | 'stay';

interface Asked {
  member: Member;
  /** How they are called. */
  name: string;
  removal: Removal;
}

/**
 * The question before somebody is asked to leave. It says what becomes of their messages.
 *
 * @fires {RemoveMemberEvent} remove-member
 * @fires {ShowNoticeEvent} show-notice
 */
@customElement('remove-dialog')
export class RemoveDialog extends LitElement {
  @state() private asked: Asked | null = null;

  protected readonly locale = new LocaleController(this);

  ask(member: Member, name: string, removal: Removal): void {
    this.asked = { member, name: isolated(name), removal };
  }

  override render() {
    const { asked } = this;
    const [heading, text, label] = asked === null ? ['', '', ''] : this.#words(asked);
    return html`<confirm-dialog
      .open=${asked !== null}
      .heading=${heading}
      .text=${text}
      .confirmLabel=${label}
      danger
      @confirmed=${this.#confirmed}
      @dismissed=${this.#dismissed}
    ></confirm-dialog>`;
  }

  #words({ member, name, removal }: Asked): [string, string, string] {
    const words = t().invite;
    const banText = member.role === 'guest' ? words.banGuestText : words.banText;
    if (removal === 'ban') return [words.banTitle(name), banText(name), words.banDo];
    if (removal === 'stay') return [words.stayTitle(name), words.stayText(name), words.stayDo];
    return [words.leaveTitle(name), words.leaveText(name), words.leaveDo];
  }

  #confirmed(event: Event) {
    event.stopPropagation();
    const { asked } = this;
    this.asked = null;
    if (asked !== null) void this.#remove(asked);
  }

  #dismissed(event: DismissedEvent) {
    event.stopPropagation();
    this.asked = null;
  }

  async #remove({ member, name, removal }: Asked) {
    const { hasLeft, isBanned, stayEnded } = t().invite;
    const said = { leave: hasLeft, ban: isBanned, stay: stayEnded }[removal];
    try {
      await new RemoveMemberEvent(member.id, removal === 'ban').askFrom(this);
      this.dispatchEvent(new ShowNoticeEvent('removed', said(name), 'good'));
    } catch (error) {
      this.dispatchEvent(new ShowNoticeEvent('removed', sentenceOf(problemOf(error)), 'loss'));
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'remove-dialog': RemoveDialog;
  }
}
