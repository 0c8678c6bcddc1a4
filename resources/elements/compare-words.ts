import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Fingerprint, Language } from '../../server/protocol/entities.ts';
import { language, LocaleController, t } from '../locales/locale.ts';
import { keyWords } from '../state/key-words.ts';
import { base } from '../styles/base.ts';

const LANGUAGES: readonly Language[] = ['en', 'fr'];

/** Six words of a key, to compare by voice: in the reader's language, and below in the other, which the host may have. */
@customElement('compare-words')
export class CompareWords extends LitElement {
  @property({ attribute: false }) fingerprint: Fingerprint | null = null;

  @state() private words: ReadonlyMap<Language, readonly string[]> = new Map();

  protected readonly locale = new LocaleController(this);

  override willUpdate(changed: PropertyValues<this>) {
    if (changed.has('fingerprint')) void this.#find(this.fingerprint);
  }

  override render() {
    const first = language();
    return html`${[first, ...LANGUAGES.filter((each) => each !== first)].map((each) => this.#list(each))}`;
  }

  #list(of: Language) {
    const words = this.words.get(of);
    if (words === undefined) return nothing;
    const own = of === language();
    return html`<ol lang=${of} class=${own ? 'own' : 'other'} aria-label=${t().trust.words}>
      ${words.map((word) => html`<li>${word}</li>`)}
    </ol>`;
  }

  async #find(fingerprint: Fingerprint | null) {
    this.words = new Map();
    if (fingerprint === null) return;
    const found = await Promise.all(
      LANGUAGES.map(async (each) => [each, await keyWords(fingerprint, each)] as const),
    );
    // Another key may have come meanwhile.
    if (fingerprint === this.fingerprint) this.words = new Map(found);
  }

  static override styles = [
    base,
    css`
      :host {
        display: grid;
        gap: var(--s2);
        /* The words take their place before they are there. */
        min-block-size: calc(var(--t-lead) * 4.6);
      }
      ol {
        display: grid;
        /* Three in a row, or two where a long word would be cut. */
        grid-template-columns: repeat(auto-fill, minmax(calc(var(--t-body) * 7.6), 1fr));
        gap: 2px var(--s3);
        counter-reset: word;
      }
      li {
        display: flex;
        gap: 6px;
        align-items: baseline;
        min-inline-size: 0;
        overflow-wrap: anywhere;
        counter-increment: word;
      }
      li::before {
        content: counter(word);
        color: var(--ink-3);
        font: 500 var(--t-tiny) / 1 var(--font-text);
      }
      .own {
        font: 650 var(--t-lead) / 1.4 var(--font-text);
      }
      .other {
        color: var(--ink-2);
        font-size: var(--t-small);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'compare-words': CompareWords;
  }
}
