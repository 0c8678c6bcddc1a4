import { css, html, LitElement, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Knock } from '../../server/protocol/entities.ts';
import { isRefusalCode, refusalSentence } from '../../server/protocol/errors.ts';
import { Poll } from '../controllers/poll.ts';
import { formatMoment, formatTime, language, LocaleController, t } from '../locales/locale.ts';
import { sentenceOf } from '../sentences.ts';
import { problemOf, type Problem } from '../state/problem.ts';
import { base } from '../styles/base.ts';
import { marks } from '../styles/controls.ts';
import { inviteParts } from './invite-sheet.styles.ts';
import { ListKnocksEvent } from './owner-events.ts';
import './salon-icon.ts';

const EVERY_MS = 3_000;
const SHOWN = 30;

/**
 * Who tried to come in, and how far they got: it tells a wrong code from a firewall. Asked for while it is unfolded.
 *
 * @fires {ListKnocksEvent} list-knocks
 */
@customElement('knock-list')
export class KnockList extends LitElement {
  @state() private open = false;
  @state() private knocks: readonly Knock[] | null = null;
  @state() private problem: Problem | null = null;

  protected readonly locale = new LocaleController(this);
  protected readonly poll = new Poll(this, {
    wanted: () => this.open,
    ask: () => this.#load(),
    everyMs: EVERY_MS,
  });

  override render() {
    const { knocks, knocksEmpty } = t().invite;
    return html`<details @toggle=${this.#toggled}>
      <summary>${knocks}<salon-icon name="down"></salon-icon></summary>
      ${this.knocks === null && this.problem === null ? html`<div class="progress"></div>` : nothing}
      ${this.knocks?.length === 0 ? html`<p class="hint">${knocksEmpty}</p>` : nothing}
      <ul>
        ${(this.knocks ?? []).slice(0, SHOWN).map((knock) => this.#knock(knock))}
      </ul>
      ${
        this.problem === null
          ? nothing
          : html`<p class="note loss">
              <salon-icon name="alert"></salon-icon><span>${sentenceOf(this.problem)}</span>
            </p>`
      }
    </details>`;
  }

  #knock(knock: Knock) {
    const { times } = t().invite;
    const { at, address } = knock;
    return html`<li>
      <salon-icon name=${knock.reached === 'in' ? 'check' : 'door'}></salon-icon>
      <span>
        <b><bdi>${address}</bdi></b>
        <span>${wordsOf(knock)}</span>
      </span>
      <time datetime=${new Date(at).toISOString()} title=${formatMoment(at)}
        >${formatTime(at)}${knock.times > 1 ? html`<br />${times(knock.times)}` : nothing}</time
      >
    </li>`;
  }

  #toggled(event: Event & { currentTarget: HTMLDetailsElement }) {
    this.open = event.currentTarget.open;
  }

  async #load() {
    try {
      this.knocks = merged(await new ListKnocksEvent().askFrom(this));
      this.problem = null;
    } catch (error) {
      this.problem = problemOf(error);
    }
  }

  static override styles = [
    base,
    marks,
    inviteParts,
    css`
      li {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto;
        gap: 0 var(--s3);
        padding-block: 8px;
        border-block-end: 1px solid var(--line);
        line-height: 1.35;
      }
      li:last-child {
        border: 0;
      }
      li > salon-icon {
        color: var(--ink-2);
      }
      b {
        display: block;
        font: 600 var(--t-small) / 1.4 var(--font-mono);
        overflow-wrap: anywhere;
      }
      li span span,
      time {
        color: var(--ink-2);
        font-size: var(--t-small);
      }
      time {
        text-align: end;
      }
      .hint {
        color: var(--ink-2);
        font-size: var(--t-small);
        line-height: 1.4;
      }
    `,
  ];
}

/** A browser opens several connections at once: what looks the same is one line. The latest stays first. */
function merged(knocks: readonly Knock[]): Knock[] {
  const lines = new Map<string, Knock>();
  for (const knock of knocks) {
    const key = [knock.address, knock.reached, knock.ended].join(' ');
    const line = lines.get(key);
    lines.set(key, line === undefined ? knock : { ...line, times: line.times + knock.times });
  }
  return [...lines.values()];
}

/** How far somebody got, or why no further: a refusal brings its own sentence. */
function wordsOf({ reached, ended }: Knock): string {
  const { reached: places, knockEnded } = t().invite;
  if (ended === null) return places[reached];
  if (isRefusalCode(ended)) return `${places[reached]}. ${refusalSentence(ended, language())}`;
  return Object.hasOwn(knockEnded, ended) ? knockEnded[ended as keyof typeof knockEnded] : places[reached];
}

declare global {
  interface HTMLElementTagNameMap {
    'knock-list': KnockList;
  }
}
