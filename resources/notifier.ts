import { capabilities } from './capabilities.ts';
import type { AppWindow } from './environment.ts';
import type { App } from './state/app.ts';

/**
 * Whether notifications show here. `ask`: the browser wants to be asked by a press. `refused`: somebody told it no.
 * `plain`: the page came over plain HTTP, where browsers show none. `never`: this browser shows none. `none`: the system
 * has no program for them.
 */
export type NotifierState = 'ready' | 'ask' | 'refused' | 'plain' | 'never' | 'none';

/** What a notification says. */
export interface NotificationText {
  title: string;
  text: string;
}

type Way = 'desktop' | 'window' | 'browser' | 'plain' | 'never' | 'none';

/**
 * Shows notifications in the one way that this place has: the system's program by the extension, the window's shell, or
 * the browser. Nobody may count on a press on one coming back.
 */
export class Notifier {
  readonly #app: App;
  readonly #window: AppWindow | null;
  #found: Promise<Way> | null = null;
  #shown: { close(): void } | null = null;

  constructor(app: App, window: AppWindow | null) {
    this.#app = app;
    this.#window = window;
  }

  async state(): Promise<NotifierState> {
    const way = await this.#way();
    if (way === 'plain' || way === 'never' || way === 'none') return way;
    if (way !== 'browser') return 'ready';
    const permission = capabilities.notifications?.permission;
    return permission === 'granted' ? 'ready' : permission === 'denied' ? 'refused' : 'ask';
  }

  /** The browser asks the person. Only ever after a press. */
  async allow(): Promise<NotifierState> {
    await capabilities.notifications?.requestPermission();
    return this.state();
  }

  /** @throws when it cannot be shown. */
  async show({ title, text }: NotificationText): Promise<void> {
    switch (await this.#way()) {
      case 'desktop':
        // Its program may be there without a desktop that shows what it says.
        return this.#app.notify(title, text).catch(() => this.#showInBrowser({ title, text }));
      case 'window':
        return this.#window?.notify(title, text);
      case 'browser':
        return this.#showInBrowser({ title, text });
      case 'plain':
      case 'never':
      case 'none':
        throw new Error('nothing shows notifications here');
    }
  }

  #showInBrowser({ title, text }: NotificationText): void {
    const Shown = capabilities.notifications;
    if (Shown?.permission !== 'granted') throw new Error('the browser does not allow it');
    // A later one takes the place of the one before, but not under its name: that would come without a sound.
    this.#shown?.close();
    const shown = new Shown(title, { body: text });
    shown.onclick = () => window.focus();
    this.#shown = shown;
  }

  /** Found once: what this place has does not change while the page is open. */
  #way(): Promise<Way> {
    this.#found ??= this.#find().catch((error: unknown) => {
      this.#found = null;
      throw error;
    });
    return this.#found;
  }

  async #find(): Promise<Way> {
    if (this.#app.isApp) {
      const { notifications } = await this.#app.desktop();
      if (notifications) return 'desktop';
    }
    // On Linux the shell calls a program that may not be there, and says that all went well.
    if (this.#window !== null) return (await this.#window.system()) === 'Linux' ? 'none' : 'window';
    if (capabilities.notifications !== null) return 'browser';
    return capabilities.isSecure ? 'never' : 'plain';
  }
}
