import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { Settings } from '../../server/protocol/control.ts';
import { ChangeSettingsEvent } from '../events/welcome.ts';
import { language, LocaleController, t } from '../locales/locale.ts';
import { base } from '../styles/base.ts';
import { buttons, fields } from '../styles/controls.ts';
import { choiceRow, choiceRows } from './choice-row.ts';
import { settingsSections } from './settings-dialog.styles.ts';
import { switchLine, switchLines } from './switch-line.ts';

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
      ${choiceRow({
        name: 'look',
        label: look,
        now: settings.look,
        choices: { system: lookSystem, day: lookDay, evening: lookEvening },
        chosen: (chosen) => this.#change({ look: chosen }),
      })}
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
      ${switchLine({
        id: 'plain',
        label: plainWallpaper,
        hint: plainWallpaperText,
        on: settings.plainWallpaper,
        switched: (on) => this.#change({ plainWallpaper: on }),
      })}
    </section>`;
  }

  #language() {
    const words = t().room;
    return html`<section aria-labelledby="language">
      <h3 id="language" tabindex="-1">${words.language}</h3>
      ${choiceRow({
        name: 'language',
        label: words.language,
        now: this.settings.language ?? language(),
        choices: { en: 'English', fr: 'Français' },
        langOf: (value) => value,
        chosen: (chosen) => this.#change({ language: chosen }),
      })}
    </section>`;
  }

  #announcements() {
    const { announcements, announcementsText, announceAll, announcePrivate, announceNone } = t().room;
    return html`<section aria-labelledby="announcements">
      <h3 id="announcements" tabindex="-1">${announcements}</h3>
      <p>${announcementsText}</p>
      ${choiceRow({
        name: 'announce',
        label: announcements,
        now: this.settings.announce,
        choices: { all: announceAll, private: announcePrivate, none: announceNone },
        chosen: (chosen) => this.#change({ announce: chosen }),
      })}
    </section>`;
  }

  #change(settings: Partial<Settings>) {
    this.dispatchEvent(new ChangeSettingsEvent(settings));
  }

  static override styles = [
    base,
    buttons,
    fields,
    settingsSections,
    choiceRows,
    switchLines,
    css`
      .size {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 4px var(--s3);
        align-items: center;
        max-inline-size: 440px;
      }
      .size label {
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
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'look-settings': LookSettings;
  }
}
