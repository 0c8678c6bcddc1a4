import { events, extensions, init } from '@neutralinojs/lib';

/** The shell's bridge, used once: to ask the extension where its door is. */

const EXTENSION = 'app.salon.node';
const HELLO = 'salon:hello';
const DOOR = 'salon:door';

let initialised: Promise<void> | undefined;

export async function askShell(): Promise<{ url: string; token: string }> {
  initialised ??= connectBridge();
  await initialised;
  return new Promise((resolve, reject) => {
    const listen = ({ detail }: CustomEvent<{ port: number; token: string }>) => {
      void events.off(DOOR, listen);
      resolve({ url: `ws://127.0.0.1:${detail.port}/`, token: detail.token });
    };
    void events.on(DOOR, listen);
    extensions.dispatch(EXTENSION, HELLO, null).catch(reject);
  });
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
  init();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
