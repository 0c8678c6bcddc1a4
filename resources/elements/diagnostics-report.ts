import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { diagnosisWords, type Diagnosis, type Report, type Trial } from '../../server/protocol/diagnosis.ts';
import type { CardAddress } from '../../server/protocol/entities.ts';
import { formatNumber, language, LocaleController, plural, t } from '../locales/locale.ts';
import { base } from '../styles/base.ts';
import { buttons, marks } from '../styles/controls.ts';
import { ShowFolderEvent } from './desktop-events.ts';
import { reportStyles } from './diagnostics-report.styles.ts';
import { folds } from './folds.styles.ts';
import './salon-icon.ts';

type Verdict = 'good' | 'bad' | 'plain';

const MINUTE_MS = 60_000;
const MEGABYTE = 1_000_000;
const GIGABYTE = 1_000 * MEGABYTE;

/**
 * How this computer stands, line by line, and above that what stands between it and a room.
 *
 * @fires {ShowFolderEvent} show-folder
 */
@customElement('diagnostics-report')
export class DiagnosticsReport extends LitElement {
  @property({ attribute: false }) report!: Report;

  protected readonly locale = new LocaleController(this);

  override render() {
    const { report } = this;
    const words = t().diagnostics;
    return html`${report.diagnosis === null ? nothing : this.#way(report.diagnosis)}
      <dl>
        ${this.#fact(words.addresses, report.addresses.some(({ loopback }) => !loopback) ? 'good' : 'bad', this.#addresses())}
        ${this.#fact(words.announcements, report.multicast === 'ok' ? 'good' : 'bad', this.#announcements())}
        ${this.#fact(words.hosting, this.#hostingVerdict(), this.#hosting())}
        ${this.#fact(words.clock, this.#clockVerdict(), html`<p>${this.#clock()}</p>`)}
        ${this.#fact(words.disk, report.dataWritable ? 'good' : 'bad', this.#data())}
        ${this.#fact(words.versions, 'plain', html`<p>Salon ${report.version} · <bdi>${report.system}</bdi></p>`)}
      </dl>`;
  }

  #fact(name: string, verdict: Verdict, text: TemplateResult) {
    const icon = { good: 'check', bad: 'alert', plain: 'info' } as const;
    return html`<div class=${verdict}>
      <dt><salon-icon name=${icon[verdict]}></salon-icon>${name}</dt>
      <dd>${text}</dd>
    </div>`;
  }

  #way(diagnosis: Diagnosis) {
    const { way, trials } = t().diagnostics;
    const { what, advice } = diagnosisWords(diagnosis, language());
    const fine = diagnosis.code === 'fine';
    return html`<section class="way" aria-labelledby="way">
      <h3 id="way">${way}</h3>
      <div class="note ${fine ? 'fine' : 'loss'}">
        <salon-icon name=${fine ? 'check' : 'alert'}></salon-icon><b dir="auto">${what}</b
        ><span>${advice}</span>
      </div>
      ${
        diagnosis.trials.length === 0
          ? nothing
          : html`<h4>${trials}</h4>
              <ul class="trials">
                ${diagnosis.trials.map((trial) => this.#trial(trial))}
              </ul>`
      }
    </section>`;
  }

  #trial({ address, found, ms }: Trial) {
    const words = t().diagnostics;
    const fine = found === 'fine';
    return html`<li class=${fine ? 'good' : 'bad'}>
      <salon-icon name=${fine ? 'check' : 'x'}></salon-icon><bdi>${address}</bdi>
      <span>${fine ? words.reached(Math.round(ms)) : words.found[found]}</span>
    </li>`;
  }

  #addresses() {
    const { noAddresses, virtualCards, virtualText } = t().diagnostics;
    const { addresses } = this.report;
    const virtual = addresses.filter(({ kind }) => kind === 'virtual');
    const others = addresses.filter(({ kind }) => kind !== 'virtual');
    return html`${others.every(({ loopback }) => loopback) ? html`<p>${noAddresses}</p>` : nothing}
      <ul class="cards">
        ${others.map((each) => this.#card(each))}
      </ul>
      ${
        virtual.length === 0
          ? nothing
          : html`<details>
              <summary>
                <salon-icon name="forward"></salon-icon>${plural(virtual.length, virtualCards)}
              </summary>
              <p>${virtualText}</p>
              <ul class="cards">
                ${virtual.map((each) => this.#card(each))}
              </ul>
            </details>`
      }`;
  }

  #card({ address, card, kind }: CardAddress) {
    const words = t().diagnostics;
    return html`<li>
      <bdi>${address}</bdi>
      <span
        >${kind === 'loopback' ? words.loopback : words.kinds[kind]}${kind === 'loopback' || card === '' ? nothing : html` · <bdi>${card}</bdi>`}</span
      >
    </li>`;
  }

  #announcements() {
    const { multicast, nearby } = t().diagnostics;
    const { report } = this;
    return html`<p>
      ${multicast[report.multicast]}
      ${report.multicast === 'ok' || report.nearby > 0 ? plural(report.nearby, nearby) : nothing}
    </p>`;
  }

  #hostingVerdict(): Verdict {
    const { hosting } = this.report;
    if (hosting === null) return 'plain';
    return hosting.reached.some(({ found }) => found === 'fine') ? 'good' : 'bad';
  }

  #hosting() {
    const { hostsNothing, hostsAt, knocks, noKnocks } = t().diagnostics;
    const { hosting } = this.report;
    if (hosting === null) return html`<p>${hostsNothing}</p>`;
    return html`<p>
        ${hostsAt(hosting.port)} ${hosting.knocks === 0 ? noKnocks : plural(hosting.knocks, knocks)}
      </p>
      <ul class="trials">
        ${hosting.reached.map((trial) => this.#trial(trial))}
      </ul>`;
  }

  #data() {
    const { dataPlace, dataFolder } = this.report;
    return html`<p>${this.#disk()}</p>
      <p>${t().diagnostics.dataPlace[dataPlace]} <bdi>${dataFolder}</bdi></p>
      <button class="link-button" type="button" @click=${() => this.dispatchEvent(new ShowFolderEvent())}>
        ${t().desktop.folder}
      </button>`;
  }

  #disk(): string {
    const { diskFine, diskReadOnly, diskFree, gigabytes, megabytes } = t().diagnostics;
    const { dataWritable, freeDiskBytes: free } = this.report;
    if (!dataWritable) return diskReadOnly;
    if (free === null) return diskFine;
    const size =
      free >= GIGABYTE
        ? gigabytes(formatNumber(Math.round(free / GIGABYTE)))
        : megabytes(formatNumber(Math.round(free / MEGABYTE)));
    return `${diskFine} ${diskFree(size)}`;
  }

  get #minutesAhead(): number {
    return Math.round((this.report.clockAheadMs ?? 0) / MINUTE_MS);
  }

  #clockVerdict(): Verdict {
    if (this.report.clockAheadMs === null) return 'plain';
    return this.#minutesAhead === 0 ? 'good' : 'bad';
  }

  #clock(): string {
    const { clockUnknown, clockSame, clockAhead, clockBehind } = t().diagnostics;
    if (this.report.clockAheadMs === null) return clockUnknown;
    const minutes = this.#minutesAhead;
    if (minutes === 0) return clockSame;
    return plural(Math.abs(minutes), minutes > 0 ? clockAhead : clockBehind);
  }

  static override styles = [base, buttons, marks, folds, reportStyles];
}

declare global {
  interface HTMLElementTagNameMap {
    'diagnostics-report': DiagnosticsReport;
  }
}
