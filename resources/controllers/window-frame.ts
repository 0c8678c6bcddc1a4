import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { AppWindow } from '../environment.ts';
import { language, plural, t } from '../locales/locale.ts';

/** Between two changes around the page, in milliseconds. */
const PAUSE_MS = 1_000;

interface Frame {
  /** Null in a browser, which shows the page's own title. */
  window(): AppWindow | null;
  /** Of the room, if there is one. */
  title(): string;
  unread(): number;
  /** Whether anybody would show a symbol in the tray. */
  hasTray(): Promise<boolean>;
  /** Somebody wants to end Salon. */
  exit(): void;
}

/** What stands around the page: its title, and in a window of its own the symbol in the tray and the menu of a Mac. */
export class WindowFrame implements ReactiveController {
  /** Whether the tray took the symbol; null until it was asked. */
  hasTray: boolean | null = null;
  readonly #frame: Frame;
  #laid = { title: '', unread: -1, language: '' };
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost, frame: Frame) {
    this.#frame = frame;
    host.addController(this);
  }

  hostDisconnected(): void {
    clearTimeout(this.#pause);
    this.#pause = undefined;
  }

  hostUpdated(): void {
    const unread = this.#frame.unread();
    const title = `${unread > 0 ? `(${unread}) ` : ''}${this.#frame.title()}`;
    const before = this.#laid;
    if (before.title === title && before.unread === unread && before.language === language()) return;
    this.#laid = { title, unread, language: language() };
    document.title = title;
    const window = this.#frame.window();
    if (window === null) return;
    if (before.language === '') this.#listen(window);
    if (before.language !== language()) void this.#setMenu(window);
    // A lively room must not keep the shell busy, whose calls are few and slow.
    this.#pause ??= setTimeout(() => {
      this.#pause = undefined;
      window.setTitle(this.#laid.title);
      void this.#setTray(window, this.#laid.unread);
    }, PAUSE_MS);
  }

  #listen(window: AppWindow): void {
    window.onTray((id) => {
      window.comeForward();
      if (id === 'exit') this.#frame.exit();
    });
  }

  async #setTray(window: AppWindow, unread: number): Promise<void> {
    // A tray that is not there is not asked for again.
    if (this.hasTray === null && !(await this.#frame.hasTray())) this.hasTray = false;
    if (this.hasTray === false) return;
    const { open, nothingUnread, unread: count } = t().desktop;
    this.hasTray = await window.setTray(unread > 0, [
      { id: 'open', text: open },
      { text: unread > 0 ? plural(unread, count) : nothingUnread, isDisabled: true },
      { text: '-' },
      { id: 'exit', text: t().common.exit },
    ]);
  }

  /** Without it the keys for copying and pasting do nothing on a Mac. */
  async #setMenu(window: AppWindow): Promise<void> {
    if ((await window.system()) !== 'Darwin') return;
    const { edit, undo, redo, cut, copy, paste, selectAll } = t().desktop;
    window.setMenu([
      { id: 'salon', text: 'Salon', menuItems: [{ id: 'exit', text: t().common.exit, shortcut: 'q' }] },
      {
        id: 'edit',
        text: edit,
        menuItems: [
          { id: 'undo', text: undo, action: 'undo:', shortcut: 'z' },
          { id: 'redo', text: redo, action: 'redo:', shortcut: 'Z' },
          { text: '-' },
          { id: 'cut', text: cut, action: 'cut:', shortcut: 'x' },
          { id: 'copy', text: copy, action: 'copy:', shortcut: 'c' },
          { id: 'paste', text: paste, action: 'paste:', shortcut: 'v' },
          { id: 'selectAll', text: selectAll, action: 'selectAll:', shortcut: 'a' },
        ],
      },
    ]);
  }
}
