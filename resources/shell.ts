import { app, events, extensions, init, os, window as frame } from '@neutralinojs/lib';
import type { MenuEntry, TrayEntry } from './environment.ts';
import { ExtensionGone } from './app-link.ts';

/** The shell's bridge: asked once where the extension's door is, and told how the window is to end. */

const EXTENSION = 'app.salon.node';
const HELLO = 'salon:hello';
const DOOR = 'salon:door';
const ASKING = 'salon:asking';
const EXIT = 'salon:exit';

let initialised: Promise<void> | undefined;
/** The extension has left the bridge. The shell does not start another. */
let isGone = false;

/** @throws ExtensionGone. */
export async function askShell(): Promise<{ url: string; token: string }> {
  initialised ??= connectBridge();
  await initialised;
  if (isGone) throw new ExtensionGone();
  return new Promise((resolve, reject) => {
    const settle = (work: () => void) => {
      void events.off(DOOR, listen);
      void events.off('extClientDisconnect', lose);
      work();
    };
    const listen = ({ detail }: CustomEvent<{ port: number; token: string } | null>) => {
      settle(() => {
        if (detail === null) reject(new ExtensionGone());
        else resolve({ url: `ws://127.0.0.1:${detail.port}/`, token: detail.token });
      });
    };
    const lose = ({ detail }: CustomEvent<string>) => {
      if (detail === EXTENSION) settle(() => reject(new ExtensionGone()));
    };
    void events.on(DOOR, listen);
    void events.on('extClientDisconnect', lose);
    extensions.dispatch(EXTENSION, HELLO, null).catch((error: unknown) => {
      settle(() => reject(error instanceof Error ? error : new Error('the shell refused')));
    });
  });
}

/** The window was to close, and asks back: it is not to be closed for us. */
export async function keepWindow(): Promise<void> {
  await extensions.dispatch(EXTENSION, ASKING, null);
}

/** Everything is to be ended well. */
export async function exitProgram(): Promise<void> {
  await extensions.dispatch(EXTENSION, EXIT, null);
}

/** Ends the shell, and with it everything. On Linux by the only way that never ends in a crash (extensions/shell.ts). */
export async function closeWindow(): Promise<void> {
  await ((await systemName()) === 'Linux' ? app.killProcess() : app.exit());
}

/** `Linux`, `Darwin` or `Windows`. */
export async function systemName(): Promise<string> {
  initialised ??= connectBridge();
  await initialised;
  return String((globalThis as Record<string, unknown>)['NL_OS']);
}

export async function setWindowTitle(title: string): Promise<void> {
  await systemName();
  await frame.setTitle(title);
  await wakeWindow();
}

export async function comeForward(): Promise<void> {
  await frame.show();
  await frame.unminimize();
  await frame.focus();
  await wakeWindow();
}

/**
 * On Linux the thread of the network asks the screen. What it asks, and what it happens to hear, lies there until the window's
 * own thread has something to do, perhaps when the pointer comes by. To be shown is asked in that thread, and wakes it.
 */
async function wakeWindow(): Promise<void> {
  if ((await systemName()) === 'Linux') await frame.show();
}

/** @throws where there is no tray. */
export async function setTray(icon: string, menuItems: readonly TrayEntry[]): Promise<void> {
  await systemName();
  await os.setTray({ icon, menuItems: [...menuItems] });
  await wakeWindow();
}

export async function setMenu(menu: readonly MenuEntry[]): Promise<void> {
  await systemName();
  await frame.setMainMenu([...menu]);
}

export async function notify(title: string, text: string): Promise<void> {
  await os.showNotification(title, text);
}

/** The shell's globals, read as text: as a script they break in a folder whose name holds an apostrophe. */
async function connectBridge(): Promise<void> {
  const text = await (await fetch('/__neutralino_globals.js')).text();
  const globals = globalThis as Record<string, unknown>;
  for (const [, name = '', quoted, bare] of text.matchAll(
    /var (NL_\w+)=(?:'((?:[^']|'(?!;))*)'|([^;]*));/g,
  )) {
    globals[name] = quoted ?? parse(bare ?? '');
  }
  void events.on('extClientDisconnect', ({ detail }: CustomEvent<string>) => {
    if (detail === EXTENSION) isGone = true;
  });
  init();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
