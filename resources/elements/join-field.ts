import { html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { t } from '../locales/locale.ts';
import './salon-icon.ts';
import { TextField } from './text-field.ts';

/** The field for an address, a link or a code, with a button beside it that reads an invitation from a file. */
@customElement('join-field')
export class JoinField extends TextField {
  /** What the file chosen with the button is handed to. */
  onfile: ((file: File) => void) | null = null;

  protected override renderEnd() {
    const { chooseFile } = t().welcome;
    return html`<input
        class="file"
        type="file"
        accept=".salon,.txt,text/plain"
        tabindex="-1"
        hidden
        @change=${this.#chosen}
      />
      <button
        class="icon-button"
        type="button"
        aria-label=${chooseFile}
        title=${chooseFile}
        ?disabled=${this.locked}
        @click=${this.#choose}
      >
        <salon-icon name="clip"></salon-icon>
      </button>`;
  }

  #choose() {
    this.renderRoot.querySelector<HTMLInputElement>('.file')?.click();
  }

  #chosen(event: Event & { currentTarget: HTMLInputElement }) {
    const { currentTarget } = event;
    const file = currentTarget.files?.[0];
    // The same file may be chosen again.
    currentTarget.value = '';
    if (file !== undefined) this.onfile?.(file);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'join-field': JoinField;
  }
}
