import { css, html, LitElement, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Fingerprint } from '../../server/protocol/entities.ts';
import { language, LocaleController, t } from '../locales/locale.ts';
import { keyWords } from '../state/key-words.ts';
import { base } from '../styles/base.ts';

/** A room's key as six words: to be compared aloud, or side by side. */
@customElement('six-words')
export class SixWords extends LitElement {
  @property() fingerprint: Fingerprint = '';

  @state() private words: readonly string[] = [];

  protected readonly locale = new LocaleController(this);
  /** What the words are of: the key and the language. */
  #wanted = '';

  override willUpdate(_changed: PropertyValues<this>) {
    const wanted = `${language()} ${this.fingerprint}`;
    if (wanted === this.#wanted || this.fingerprint === '') return;
    this.#wanted = wanted;
    void this.#find(wanted);
  }

  override render() {
    const { words, wordsLoading } = t().invite;
    return html`<ol aria-label=${words} aria-busy=${this.words.length === 0 ? 'true' : 'false'}>
      ${
        this.words.length === 0
          ? html`<li class="waiting">${wordsLoading}</li>`
          : this.words.map((word) => html`<li>${word}</li>`)
      }
    </ol>`;
  }

  async #find(wanted: string) {
    try {
      const words = await keyWords(this.fingerprint, language());
      if (wanted === this.#wanted) this.words = words;
    } catch {
      // The lists are part of the page: it is reloaded, or the words are asked for again with the next drawing.
      this.#wanted = '';
    }
  }

  static override styles = [
    base,
    css`
      :host {
        display: block;
        container-type: inline-size;
      }
      ol {
        display: grid;
        grid-template-columns: repeat(3, auto);
        gap: 2px var(--s4);
        justify-content: start;
        min-block-size: 2.7em;
        font: 650 var(--t-small) / 1.35 var(--font-display);
        user-select: text;
      }
      @container (max-width: 230px) {
        ol {
          grid-template-columns: repeat(2, auto);
        }
      }
      .waiting {
        grid-column: 1 / -1;
        color: var(--ink-2);
        font-weight: 400;
      }
      li {
        overflow-wrap: anywhere;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'six-words': SixWords;
  }
}
