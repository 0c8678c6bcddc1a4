import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { Settings } from '../../server/protocol/control.ts';
import { ChangeSettingsEvent } from '../events/welcome.ts';
import { language, LocaleController, t } from '../locales/locale.ts';
import { base } from '../styles/base.ts';
import { buttons, fields } from '../styles/controls.ts';
import { settingsSections } from './settings-dialog.styles.ts';

const TEXT_SIZES = { least: 13, most: 20 };

/**
 * How Salon looks, which language it speaks, and what it tells a screen reader. Each choice applies at once.
 *
 * @fires {ChangeSettingsEvent} change-settings
 */
@customElement('look-settings')
export class LookSettings extends LitElement {
  @property({ attribute: false }) settings!: Settings;

  protected readonly locale = new LocaleController(this);

  override render() {
    return html`${this.#look()} ${this.#language()} ${this.#announcements()}`;
  }

  #look() {
    const {
      look,
      lookSystem,
      lookDay,
      lookEvening,
      textSize,
      textSizeNow,
      textSample,
      plainWallpaper,
      plainWallpaperText,
    } = t().room;
    const { settings } = this;
    return html`<section aria-labelledby="look">
      <h3 id="look" tabindex="-1">${look}</h3>
      ${this.#choice('look', settings.look, { system: lookSystem, day: lookDay, evening: lookEvening }, look)}
      <div class="size">
        <label for="text-size">${textSize}</label>
        <input
          id="text-size"
          type="range"
          min=${TEXT_SIZES.least}
          max=${TEXT_SIZES.most}
          step="1"
          .value=${live(String(settings.textSize))}
          aria-valuetext=${textSizeNow(settings.textSize)}
          @input=${(event: Event & { currentTarget: HTMLInputElement }) =>
            this.#change({ textSize: Number(event.currentTarget.value) })}
        />
        <output for="text-size">${textSizeNow(settings.textSize)}</output>
        <p class="quiet-text">${textSample}</p>
      </div>
      <div class="switch-line">
        <input
          class="switch"
          id="plain"
          type="checkbox"
          role="switch"
          aria-describedby="plain-text"
          .checked=${live(settings.plainWallpaper)}
          @change=${(event: Event & { currentTarget: HTMLInputElement }) =>
            this.#change({ plainWallpaper: event.currentTarget.checked })}
        />
        <span>
          <label for="plain">${plainWallpaper}</label>
          <span class="quiet-text" id="plain-text">${plainWallpaperText}</span>
        </span>
      </div>
    </section>`;
  }

  #language() {
    const words = t().room;
    return html`<section aria-labelledby="language">
      <h3 id="language" tabindex="-1">${words.language}</h3>
      ${this.#choice('language', this.settings.language ?? language(), { en: 'English', fr: 'Français' }, words.language)}
    </section>`;
  }

  #announcements() {
    const { announcements, announcementsText, announceAll, announcePrivate, announceNone } = t().room;
    const choices = { all: announceAll, private: announcePrivate, none: announceNone };
    return html`<section aria-labelledby="announcements">
      <h3 id="announcements" tabindex="-1">${announcements}</h3>
      <p>${announcementsText}</p>
      ${this.#choice('announce', this.settings.announce, choices, announcements)}
    </section>`;
  }

  #choice(
    name: 'look' | 'language' | 'announce',
    now: string,
    choices: Record<string, string>,
    label: string,
  ) {
    return html`<fieldset class="choice">
      <legend class="visually-hidden">${label}</legend>
      ${Object.entries(choices).map(
        ([value, text]) =>
          html`<label lang=${name === 'language' ? value : language()}>
            <input
              type="radio"
              name=${name}
              .checked=${live(value === now)}
              @change=${() => this.#change({ [name]: value })}
            />
            <span>${text}</span>
          </label>`,
      )}
    </fieldset>`;
  }

  #change(settings: Partial<Settings>) {
    this.dispatchEvent(new ChangeSettingsEvent(settings));
  }

  static override styles = [
    base,
    buttons,
    fields,
    settingsSections,
    css`
      .choice {
        display: flex;
        flex-wrap: wrap;
        gap: var(--s2);
      }
      .choice label {
        display: inline-flex;
        gap: var(--s2);
        align-items: center;
        min-block-size: var(--control);
        padding-inline: 12px 16px;
        border: 1px solid var(--line-2);
        border-radius: var(--r-m);
        cursor: pointer;
      }
      .choice label:hover {
        background: var(--paper-2);
      }
      .choice label:has(:checked) {
        border-color: var(--bottle);
        background: var(--bottle-soft);
        color: var(--bottle-text);
        font-weight: 600;
      }
      .choice label:has(:focus-visible) {
        outline: 2px solid var(--focus);
        outline-offset: 2px;
      }
      .choice input {
        margin: 0;
        inline-size: 18px;
        block-size: 18px;
        outline: none;
        accent-color: var(--bottle);
      }
      .size {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 4px var(--s3);
        align-items: center;
        max-inline-size: 440px;
      }
      .size label,
      .switch-line label {
        font-weight: 600;
      }
      .size label,
      .size p {
        grid-column: 1 / -1;
      }
      .size input {
        min-block-size: var(--target);
        accent-color: var(--bottle);
      }
      .size output {
        color: var(--ink-2);
      }
      .switch-line {
        display: flex;
        gap: var(--s3);
        align-items: start;
      }
      .switch-line label,
      .switch-line .quiet-text {
        display: block;
      }
      .switch-line .quiet-text {
        font-size: var(--t-small);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'look-settings': LookSettings;
  }
}
