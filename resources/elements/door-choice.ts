import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { fromBase64url } from '../../server/protocol/base64url.ts';
import type { BrowserDoor, Fingerprint } from '../../server/protocol/entities.ts';
import { t } from '../locales/locale.ts';
import { tonight } from './moments.ts';
import './salon-icon.ts';
import './six-words.ts';

/** The two doors for browsers with what each means, and for how long guests are let in. */

const HOUR_MS = 3_600_000;
/** A host takes no less. In milliseconds. */
const LEAST_MS = 60_000;

export type OpenDoor = Exclude<BrowserDoor, 'none'>;
export type Lasting = 'forHour' | 'tonight' | 'day';

const LASTING: Record<Lasting, () => number> = {
  forHour: () => HOUR_MS,
  tonight: () => Math.max(LEAST_MS, tonight() - Date.now()),
  day: () => 24 * HOUR_MS,
};

export function guestsForMs(lasting: Lasting): number {
  return LASTING[lasting]();
}

export function doorChoice(chosen: BrowserDoor, choose: (door: OpenDoor) => void) {
  const { whichDoor, encrypted, encryptedText, simple, simpleText } = t().invite;
  const words = { encrypted: [encrypted, encryptedText], simple: [simple, simpleText] } as const;
  return html`<fieldset class="choices">
    <legend>${whichDoor}</legend>
    ${(['encrypted', 'simple'] as const).map(
      (door) =>
        html`<label>
          <input
            type="radio"
            name="door"
            .checked=${live(door === chosen)}
            aria-describedby="${door}-text"
            @change=${() => choose(door)}
          />
          <b>${words[door][0]}</b>
          <span id="${door}-text">${words[door][1]}</span>
        </label>`,
    )}
  </fieldset>`;
}

/** What a browser says of a certificate that nobody vouches for, told before it frightens anybody. */
export function browserWarning(fingerprint: Fingerprint, certificate: string) {
  const { warningTitle, warningText, warningHow, warningCompare, warningSure } = t().invite;
  return html`<section class="note attention" aria-labelledby="warning">
    <salon-icon name="alert"></salon-icon>
    <h4 id="warning">${warningTitle}</h4>
    <p>${warningText}</p>
    <p>${warningHow}</p>
    <p>${warningCompare}</p>
    <six-words .fingerprint=${fingerprint}></six-words>
    ${
      certificate === ''
        ? nothing
        : html`<p>${warningSure}</p>
            <p class="print" dir="ltr">${hexOf(certificate)}</p>`
    }
  </section>`;
}

/** As browsers write a fingerprint: `9C:26:D6 …`. */
function hexOf(hash: string): string {
  return [...fromBase64url(hash)].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(':');
}

export function lastingChoice(chosen: Lasting, choose: (lasting: Lasting) => void) {
  const { guestsFor, forHour, tonight: midnight, day } = t().invite;
  const options: [Lasting, string][] = [
    ['forHour', forHour],
    ['tonight', midnight],
    ['day', day],
  ];
  const chose = ({ currentTarget }: Event & { currentTarget: HTMLSelectElement }) => {
    const option = options[currentTarget.selectedIndex];
    if (option !== undefined) choose(option[0]);
  };
  return html`<div class="line">
    <label for="lasting">${guestsFor}</label>
    <select class="select" id="lasting" .value=${live(chosen)} @change=${chose}>
      ${options.map(
        ([value, text]) => html`<option value=${value} ?selected=${value === chosen}>${text}</option>`,
      )}
    </select>
  </div>`;
}
