import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { AppWindow } from '../environment.ts';
import { language, plural, t } from '../locales/locale.ts';

/** What stands around the page in a window of its own: its title, its symbol in the tray, the menu of a Mac. */
export class WindowFrame implements ReactiveController {
  /** Whether the tray took the symbol; null until it was asked. */
  hasTray: boolean | null = null;
  readonly #window: () => AppWindow | null;
  readonly #unread: () => number;
  readonly #exit: () => void;
  #laid = '';
  #isListening = false;

  constructor(
    host: ReactiveControllerHost,
    frame: { window(): AppWindow | null; unread(): number; exit(): void },
  ) {
    this.#window = () => frame.window();
    this.#unread = () => frame.unread();
    this.#exit = () => frame.exit();
    host.addController(this);
  }

  /** The page's title is that of the drawing that just ended. */
  hostUpdated(): void {
    const window = this.#window();
    const unread = this.#unread();
    const laid = `${document.title} ${unread} ${language()}`;
    if (window === null || laid === this.#laid) return;
    const languageBefore = this.#laid.slice(-2);
    this.#laid = laid;
    window.setTitle(document.title);
    if (language() !== languageBefore) void this.#setMenu(window);
    void this.#setTray(window, unread);
    if (this.#isListening) return;
    this.#isListening = true;
    window.onTray((id) => {
      window.comeForward();
      if (id === 'exit') this.#exit();
    });
  }

  async #setTray(window: AppWindow, unread: number): Promise<void> {
    // A tray that is not there is not asked for again.
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
