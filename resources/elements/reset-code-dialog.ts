import { css, html, LitElement, nothing } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { Member, Timestamp } from '../../server/protocol/entities.ts';
import { ModalController } from '../controllers/modal.ts';
import { formatTime, LocaleController, plural, t } from '../locales/locale.ts';
import { sentenceOf } from '../sentences.ts';
import { problemOf, type Problem } from '../state/problem.ts';
import { base } from '../styles/base.ts';
import { buttons, marks } from '../styles/controls.ts';
import { dialogs } from '../styles/dialog.ts';
import { copyOrSelect } from './copying.ts';
import { dialogHead } from './dialog-head.ts';
import { MakeResetCodeEvent, RevokeResetCodeEvent, ShowNoticeEvent } from './room-events.ts';
import './salon-icon.ts';

const MINUTE_MS = 60_000;

/**
 * Makes a one-time code for somebody who forgot the password, and shows it once.
 *
 * @fires {MakeResetCodeEvent} make-reset-code
 * @fires {RevokeResetCodeEvent} revoke-reset-code
 * @fires {ShowNoticeEvent} show-notice
 */
@customElement('reset-code-dialog')
export class ResetCodeDialog extends LitElement {
  @state() private member: Member | null = null;
  @state() private made: { code: string; expiresAt: Timestamp } | null = null;
  @state() private problem: Problem | null = null;
  @state() private isCopied = false;

  @query('.code') private readonly code!: HTMLElement;

  protected readonly locale = new LocaleController(this);
  protected readonly modal = new ModalController(this, {
    open: () => this.member !== null,
    wantsClose: () => this.#close(),
    // The code is shown once: a press beside it must not lose it.
    pressBeside: () => false,
  });

  async make(member: Member): Promise<void> {
    this.member = member;
    this.made = this.problem = null;
    this.isCopied = false;
    try {
      this.made = await new MakeResetCodeEvent(member.id).askFrom(this);
    } catch (error) {
      this.problem = problemOf(error);
    }
  }

  override render() {
    const { resetTitle } = t().room;
    const name = this.member?.username ?? '';
    return html`<dialog class="dialog" aria-labelledby="title">
      ${dialogHead(resetTitle(name), this.#close)}
      <div class="content">
        <div role="status">${this.#body(name)}</div>
      </div>
      <div class="foot">
        ${
          this.made === null
            ? nothing
            : html`<button class="button quiet loss" type="button" @click=${() => void this.#revoke()}>
                ${t().room.resetRevoke}
              </button>`
        }
        <button class="button primary" type="button" @click=${this.#close}>${t().room.resetDone}</button>
      </div>
    </dialog>`;
  }

  #body(name: string) {
    const { resetMaking, resetText, resetValid, minutes, resetCode } = t().room;
    if (this.problem !== null) {
      return html`<p class="note loss">
        <salon-icon name="alert"></salon-icon><span>${sentenceOf(this.problem)}</span>
      </p>`;
    }
    if (this.made === null)
      return html`<div class="progress"></div>
        <p>${resetMaking}</p>`;
    const { code, expiresAt } = this.made;
    const left = Math.max(1, Math.round((expiresAt - Date.now()) / MINUTE_MS));
    const { copy, copied } = t().common;
    return html`<div class="made">
        <p class="code" role="group" aria-label=${resetCode}><bdi>${code}</bdi></p>
        <button class="button" type="button" @click=${() => void this.#copy(code)}>
          <salon-icon name=${this.isCopied ? 'check' : 'copy'}></salon-icon>${this.isCopied ? copied : copy}
        </button>
      </div>
      <p><strong>${resetValid(formatTime(expiresAt), plural(left, minutes))}</strong></p>
      <p dir="auto">${resetText(name)}</p>`;
  }

  readonly #close = () => {
    this.member = null;
  };

  async #copy(code: string) {
    this.isCopied = (await copyOrSelect(code, this.code)) === 'copied';
  }

  async #revoke() {
    const { member } = this;
    if (member === null) return;
    try {
      await new RevokeResetCodeEvent(member.id).askFrom(this);
      this.dispatchEvent(new ShowNoticeEvent('reset-code', t().room.resetRevoked, 'good'));
      this.#close();
    } catch (error) {
      this.problem = problemOf(error);
    }
  }

  static override styles = [
    base,
    buttons,
    marks,
    dialogs,
    css`
      [role='status'] {
        display: grid;
        gap: var(--s3);
        color: var(--ink-2);
      }
      strong {
        color: var(--ink);
      }
      .made {
        display: flex;
        flex-wrap: wrap;
        gap: var(--s3);
        align-items: center;
        justify-content: space-between;
        padding: 14px 16px;
        border: 1px solid var(--saffron-line);
        border-radius: 12px;
        background: var(--saffron-soft);
      }
      .code {
        color: var(--ink);
        font: 700 var(--t-title) / 1.2 var(--font-mono);
        overflow-wrap: anywhere;
        user-select: all;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'reset-code-dialog': ResetCodeDialog;
  }
}
