import { html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { reportText } from '../../server/protocol/report-text.ts';
import { Examination } from '../controllers/examination.ts';
import type { DismissedEvent } from '../events/dialog.ts';
import type { ExamineEvent } from '../events/welcome.ts';
import { language, LocaleController, t } from '../locales/locale.ts';
import type { App } from '../state/app.ts';
import './diagnostics-dialog.ts';

/**
 * The diagnostics of this computer: carries the wishes of `<diagnostics-dialog>` to the program, and its reports back.
 *
 * @fires {DismissedEvent} dismissed
 */
@customElement('app-diagnostics')
export class AppDiagnostics extends LitElement {
  @property({ attribute: false }) app!: App;
  /** The address or code that they begin with; null while they are closed. */
  @property({ attribute: false }) typed: string | null = null;
  /** In a window of its own, whether the tray took its symbol. */
  @property({ attribute: false }) tray: boolean | null = null;

  protected readonly locale = new LocaleController(this);
  readonly #examination = new Examination(this, (typed) => this.app.examine(typed));

  override render() {
    const { report, problem, isRunning, isSlow } = this.#examination;
    return html`<diagnostics-dialog
      .open=${this.typed !== null}
      .typed=${this.typed ?? ''}
      .tray=${this.tray}
      .busy=${isRunning}
      .slow=${isSlow}
      .report=${report}
      .text=${report === null ? '' : reportText(report, language())}
      .problem=${problem === null ? '' : t().diagnostics.failed}
      @examine=${({ typed }: ExamineEvent) => void this.#examination.start(typed)}
      @dismissed=${this.#closed}
    ></diagnostics-dialog>`;
  }

  /** To close it is to give up. The wish itself goes on. */
  #closed(_event: DismissedEvent) {
    this.#examination.stop();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'app-diagnostics': AppDiagnostics;
  }
}
