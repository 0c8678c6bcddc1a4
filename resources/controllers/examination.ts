import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Report } from '../../server/protocol/diagnosis.ts';
import { problemOf, type Problem } from '../state/problem.ts';

/** What takes less time than this shows no progress. In milliseconds. */
const QUIET_MS = 400;

/** One look at how this computer stands, asked for by the diagnostics dialog. A later one takes the place of the former. */
export class Examination implements ReactiveController {
  report: Report | null = null;
  problem: Problem | null = null;
  /** It takes long enough to say so. */
  isSlow = false;
  isRunning = false;
  readonly #host: ReactiveControllerHost;
  readonly #examine: (typed: string) => Promise<Report>;
  #run = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost, examine: (typed: string) => Promise<Report>) {
    this.#host = host;
    this.#examine = examine;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.stop();
  }

  async start(typed: string): Promise<void> {
    this.stop();
    const run = this.#run;
    this.isRunning = true;
    this.problem = null;
    this.#timer = setTimeout(() => {
      this.isSlow = true;
      this.#host.requestUpdate();
    }, QUIET_MS);
    this.#host.requestUpdate();
    try {
      const report = await this.#examine(typed);
      if (run === this.#run) this.report = report;
    } catch (error) {
      if (run === this.#run) this.problem = problemOf(error);
    } finally {
      if (run === this.#run) this.stop();
    }
  }

  /** What is still found is not shown any more. */
  stop(): void {
    this.#run += 1;
    clearTimeout(this.#timer);
    this.isRunning = false;
    this.isSlow = false;
    this.#host.requestUpdate();
  }
}
