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
import type { NotificationText, Notifier } from '../notifier.ts';
import type { App } from '../state/app.ts';

interface Means {
  app: App;
  notifier: Notifier;
}

type Fulfil = {
  [T in keyof HTMLElementEventMap]?: (
    wishes: DesktopWishes,
    means: Means,
    event: HTMLElementEventMap[T],
  ) => void;
};

const FULFIL: Fulfil = {
  'read-notifier': (_, { notifier }, event: ReadNotifierEvent) => event.respondWith(notifier.state()),
  'allow-notifications': (_, { notifier }, event: AllowNotificationsEvent) =>
    event.respondWith(notifier.allow()),
  'try-notification': (wishes, { app }, event: TryNotificationEvent) => {
    const { testTitle, testText } = t().desktop;
    event.respondWith(wishes.tell({ title: testTitle, text: testText }, app.settings.notifySound));
  },
  'read-desktop': (_, { app }, event: ReadDesktopEvent) => event.respondWith(app.desktop()),
  'switch-desktop': (_, { app }, event: SwitchDesktopEvent) =>
    event.respondWith(app.switchDesktop(event.what, event.on)),
};

/** What is wished of the computer around Salon, and of its notifications. */
export class DesktopWishes implements ReactiveController {
  readonly #host: ReactiveControllerHost & EventTarget;
  readonly #means: () => Means;

  constructor(host: ReactiveControllerHost & EventTarget, means: () => Means) {
    this.#host = host;
    this.#means = means;
    host.addController(this);
  }

  hostConnected(): void {
    for (const type of Object.keys(FULFIL)) this.#host.addEventListener(type, this.#hear);
  }

  hostDisconnected(): void {
    for (const type of Object.keys(FULFIL)) this.#host.removeEventListener(type, this.#hear);
  }

  /** Sound and sight each where there is one. @throws when it cannot be shown. */
  async tell(notification: NotificationText, withSound: boolean): Promise<void> {
    if (withSound && capabilities.hasSound) void import('../chime.ts').then(({ chime }) => chime());
    await this.#means().notifier.show(notification);
  }

  readonly #hear = (event: Event): void => {
    const fulfil = FULFIL[event.type as keyof Fulfil] as
      | ((wishes: DesktopWishes, means: Means, event: Event) => void)
      | undefined;
    fulfil?.(this, this.#means(), event);
  };
}
