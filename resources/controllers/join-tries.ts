import { salonLink } from '../../server/protocol/invite.ts';
import type { App } from '../state/app.ts';
import type { Visit } from '../state/visit.ts';

/** What was tried last to get into a room from the first screen: kept, so that it can be mended and tried again. */
export class JoinTries {
  /** What stands in the field. */
  typed = '';
  /** The address or code that the last try was about. */
  subject = '';
  readonly #app: () => App;
  #last: (() => Promise<unknown>) | null = null;
  #running = 0;
  #seen: Visit | null = null;

  constructor(app: () => App) {
    this.#app = app;
  }

  /** Nobody has answered yet. */
  get isUnderWay(): boolean {
    const { visit, busy } = this.#app();
    const isFromHere = this.#running > 0 || busy === 'opening';
    return isFromHere && visit?.status === 'connecting' && visit.about === null;
  }

  typedIn(typed: string): void {
    this.typed = typed;
    this.begin(() => this.#app().join(typed), typed);
  }

  begin(work: () => Promise<unknown>, subject = ''): void {
    this.subject = subject;
    this.#last = work;
    void this.#run(work);
  }

  again(): void {
    if (this.#last !== null && this.#running === 0) void this.#run(this.#last);
  }

  /** Also of what Salon was opened with; and forgets what led into a room. Before each drawing. */
  follow(): void {
    const { visit, busy } = this.#app();
    if (visit?.status === 'in') this.typed = '';
    if (visit === this.#seen) return;
    this.#seen = visit;
    const code = visit?.destination.code ?? null;
    if (visit === null || code === null || busy !== 'joining' || this.#running > 0) return;
    this.typed = code.length > 40 ? salonLink(code) : code;
    const { typed } = this;
    this.subject = typed;
    this.#last = () => this.#app().join(typed);
  }

  async #run(work: () => Promise<unknown>): Promise<void> {
    this.#running += 1;
    try {
      await work();
    } finally {
      this.#running -= 1;
    }
  }
}
