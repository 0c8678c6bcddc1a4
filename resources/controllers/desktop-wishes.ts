import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { capabilities } from '../capabilities.ts';
import type {
  AllowNotificationsEvent,
  ReadDesktopEvent,
  ReadNotifierEvent,
  SwitchDesktopEvent,
  TryNotificationEvent,
} from '../elements/desktop-events.ts';
import { t } from '../locales/locale.ts';
import type { Notice, Notifier } from '../notifier.ts';
import type { App } from '../state/app.ts';

interface Means {
  app: App;
  notifier: Notifier;
}

/** What is wished of the computer around Salon, and of its notifications. */
export class DesktopWishes implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #means: () => Means;

  constructor(host: ReactiveControllerHost & HTMLElement, means: () => Means) {
    this.#host = host;
    this.#means = means;
    host.addController(this);
  }

  hostConnected(): void {
    this.#host.addEventListener('read-notifier', this.#readNotifier);
    this.#host.addEventListener('allow-notifications', this.#allow);
    this.#host.addEventListener('try-notification', this.#try);
    this.#host.addEventListener('read-desktop', this.#readDesktop);
    this.#host.addEventListener('switch-desktop', this.#switchDesktop);
  }

  hostDisconnected(): void {
    this.#host.removeEventListener('read-notifier', this.#readNotifier);
    this.#host.removeEventListener('allow-notifications', this.#allow);
    this.#host.removeEventListener('try-notification', this.#try);
    this.#host.removeEventListener('read-desktop', this.#readDesktop);
    this.#host.removeEventListener('switch-desktop', this.#switchDesktop);
  }

  /** Sound and sight each where there is one. @throws when it cannot be shown. */
  async tell(notification: Notice, withSound: boolean): Promise<void> {
    if (withSound && capabilities.hasSound) void import('../chime.ts').then(({ chime }) => chime());
    await this.#means().notifier.show(notification);
  }

  readonly #readNotifier = (event: ReadNotifierEvent) => event.respondWith(this.#means().notifier.state());

  readonly #allow = (event: AllowNotificationsEvent) => event.respondWith(this.#means().notifier.allow());

  readonly #try = (event: TryNotificationEvent) => {
    const { testTitle, testText } = t().desktop;
    const { notifySound } = this.#means().app.settings;
    event.respondWith(this.tell({ title: testTitle, text: testText }, notifySound));
  };

  readonly #readDesktop = (event: ReadDesktopEvent) => event.respondWith(this.#means().app.desktop());

  readonly #switchDesktop = (event: SwitchDesktopEvent) =>
    event.respondWith(this.#means().app.switchDesktop(event.what, event.on));
}
