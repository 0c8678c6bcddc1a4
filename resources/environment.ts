import * as v from 'valibot';
import { AppLink } from './app-link.ts';
import { keepInApp, keepInBrowser } from './keep.ts';
import { WebSocketRoom } from './room-socket.ts';
import { Destination } from './state/destination.ts';
import type { Surroundings } from './state/ports.ts';
import { stretch } from './stretch.ts';

/** Window or browser? The only file that knows. */

const VISITING = 'salon.visiting';

/** The address of this page's own room, when it is not in an app. */
export const ownAddress = location.host;

/** What the link that opened this page brings: a join code, or the code of a room's first owner. */
export interface Brought {
  join: string | null;
  owner: string | null;
}

/** Each is taken once: it opens doors, and need not stay in the address bar and the history. */
export function takeBrought(): Brought {
  const here = new URLSearchParams(location.hash.slice(1));
  const [join, owner] = [here.get('join'), here.get('owner')];
  if (join !== null || owner !== null) history.replaceState(null, '', location.pathname + location.search);
  return { join, owner };
}

export async function findSurroundings(): Promise<Surroundings> {
  const link = findLink();
  return {
    control: link,
    keep: link === null ? await keepInBrowser() : keepInApp(link),
    openRoom: (target) => (link === null ? new WebSocketRoom() : link.openRoom(target)),
    stretch,
    device: deviceName(navigator.userAgent),
    get visiting() {
      const kept = v.safeParse(KeptDestination, sessionStorage.getItem(VISITING));
      return kept.success ? kept.output : null;
    },
    set visiting(destination) {
      if (destination === null) sessionStorage.removeItem(VISITING);
      else sessionStorage.setItem(VISITING, JSON.stringify(destination));
    },
  };
}

const KeptDestination = v.pipe(v.string(), v.parseJson(), Destination);

/** The extension, by one of two ways: the shell's bridge, or the token in the address that the extension itself opened. */
function findLink(): AppLink | null {
  const here = new URLSearchParams(location.hash.slice(1));
  const token = here.get('app');
  if (token !== null) return new AppLink(() => Promise.resolve({ url: `ws://${location.host}/`, token }));
  if (!isWindow()) return null;
  return new AppLink(async () => {
    const { askShell } = await import('./shell.ts');
    return askShell();
  });
}

function isWindow(): boolean {
  return new URLSearchParams(location.search).has('window');
}

/** The window around this page, which does nothing by itself when somebody closes it. A browser's tab needs no such help. */
export interface AppWindow {
  onClose(listener: () => void): void;
  /** The page asks back: the window is not to be closed for it. */
  keep(): void;
  /** Ends the program well, by a way that is open even when the engine hangs. */
  exit(): void;
  /** Ends the program, also without an extension. */
  close(): void;
  /** `Linux`, `Darwin` or `Windows`. */
  system(): Promise<string>;
  setTitle(title: string): void;
  /** False where there is no tray. */
  setTray(isUnread: boolean, menu: readonly TrayEntry[]): Promise<boolean>;
  /** The tray's menu, or that of a Mac. */
  onTray(listener: (id: string) => void): void;
  setMenu(menu: readonly MenuEntry[]): void;
  comeForward(): void;
  /** @throws when the shell refuses. Not on Linux, where it says so of what nobody sees. */
  notify(title: string, text: string): Promise<void>;
}

export interface TrayEntry {
  id?: string;
  /** `-` is a line. */
  text: string;
  isDisabled?: boolean;
}

export interface MenuEntry {
  id?: string;
  text: string;
  /** What the system does by itself, as it calls it. */
  action?: string;
  shortcut?: string;
  menuItems?: MenuEntry[];
}

/** As the shell finds the page's files. */
const DOCUMENT_ROOT = '/build/page/';
const ICONS = { plain: 'icons/appIcon.png', unread: 'icons/unread.png' };

export function findWindow(): AppWindow | null {
  if (!isWindow()) return null;
  const shell = () => import('./shell.ts');
  return {
    onClose: (listener) => addEventListener('windowClose', listener),
    // What the shell does not answer, the extension sees to.
    keep: () => void shell().then(({ keepWindow }) => keepWindow()),
    exit: () => void shell().then(({ exitProgram }) => exitProgram()),
    close: () => void shell().then(({ closeWindow }) => closeWindow()),
    system: () => shell().then(({ systemName }) => systemName()),
    setTitle: (title) => void shell().then(({ setWindowTitle }) => setWindowTitle(title)),
    setTray: async (isUnread, menu) => {
      const { setTray } = await shell();
      try {
        await setTray(`${DOCUMENT_ROOT}${isUnread ? ICONS.unread : ICONS.plain}`, menu);
        return true;
      } catch {
        return false;
      }
    },
    onTray: (listener) => {
      for (const name of ['trayMenuItemClicked', 'mainMenuItemClicked'])
        addEventListener(name, (event) => listener(clickedIn(event)));
    },
    setMenu: (menu) => void shell().then(({ setMenu }) => setMenu(menu)),
    comeForward: () => void shell().then(({ comeForward }) => comeForward()),
    notify: async (title, text) => (await shell()).notify(title, text),
  };
}

const Clicked = v.object({ detail: v.object({ id: v.string() }) });

function clickedIn(event: Event): string {
  const clicked = v.safeParse(Clicked, event);
  return clicked.success ? clicked.output.detail.id : '';
}

/** "Firefox on Linux": enough to tell one's devices apart, and no more. */
export function deviceName(userAgent: string): string {
  const browser =
    /(Firefox|Edg|OPR|Chrome|Safari)\//.exec(userAgent.replace(/Chrome\/\S+(.*(Edg|OPR)\/)/, '$1'))?.[1] ??
    'Browser';
  const system = /(Windows|Android|iPhone|iPad|Macintosh|Linux)/.exec(userAgent)?.[1] ?? '';
  const names: Record<string, string> = { Edg: 'Edge', OPR: 'Opera', Macintosh: 'Mac' };
  return [names[browser] ?? browser, names[system] ?? system].filter((name) => name !== '').join(', ');
}
