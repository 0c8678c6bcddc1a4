import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { App } from '../state/app.ts';

/** Looks for rooms nearby while they are shown, and not longer: nothing is asked of the network by itself. */
export class NearbyWatch implements ReactiveController {
  readonly #app: () => App;
  readonly #isShown: () => boolean;
  #isOn = false;

  constructor(host: ReactiveControllerHost, app: () => App, isShown: () => boolean) {
    this.#app = app;
    this.#isShown = isShown;
    host.addController(this);
  }

  hostUpdated(): void {
    const app = this.#app();
    // An extension that comes back knows nothing of what was wished before.
    if (app.link !== 'up') this.#isOn = false;
    else this.#turn(this.#isShown());
  }

  hostDisconnected(): void {
    this.#turn(false);
  }

  #turn(on: boolean): void {
    if (on === this.#isOn) return;
    this.#isOn = on;
    // The extension went away: whoever tells that the link is down tells enough.
    this.#app()
      .watchNearby(on)
      .catch(() => {
        this.#isOn = !on;
      });
  }
}
