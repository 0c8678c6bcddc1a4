import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Which look the page has now, whether the person or the system chose it. Draws its element again when it changes. */
export class LookController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #dark = matchMedia('(prefers-color-scheme: dark)');
  readonly #root = new MutationObserver(() => this.#host.requestUpdate());
  readonly #changed = () => this.#host.requestUpdate();

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  get evening(): boolean {
    const look = document.documentElement.dataset['look'];
    return look === 'evening' || (look !== 'day' && this.#dark.matches);
  }

  hostConnected(): void {
    this.#dark.addEventListener('change', this.#changed);
    this.#root.observe(document.documentElement, { attributes: true, attributeFilter: ['data-look'] });
  }

  hostDisconnected(): void {
    this.#dark.removeEventListener('change', this.#changed);
    this.#root.disconnect();
  }
}
