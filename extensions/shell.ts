import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { WebSocket } from 'ws';

/**
 * The line to the Neutralino shell. It carries the hello of the page and the life of the window, nothing else: data goes
 * over the loopback door, which is a hundred times quicker and does not stop while a dialog is open.
 */

/** What the shell writes on our standard input before it closes it. */
const Credentials = v.object({
  nlPort: v.string(),
  nlToken: v.string(),
  nlConnectToken: v.string(),
  nlExtensionId: v.string(),
});

const Event = v.object({ event: v.string(), data: v.optional(v.unknown()) });
const ProcessId = v.object({
  method: v.literal('app.getProcessId'),
  data: v.object({ returnValue: v.number() }),
});
const Message = v.pipe(v.string(), v.parseJson(), v.union([Event, ProcessId]));

/** The page asks where the door is; we answer, with null when there is none any more. Named so that no DOM event is meant. */
const HELLO = 'salon:hello';
const DOOR = 'salon:door';
/** The page was asked to close, and asks back. */
const ASKING = 'salon:asking';
/** Somebody chose to exit. By this way too, because the engine may hang. */
const EXIT = 'salon:exit';

/** Whoever started us may die without a word, and its connection outlive it in a child. In milliseconds. */
const PARENT_POLL_MS = 250;
/** A page that hangs does not close its window: then we do. In milliseconds. */
const CLOSE_PATIENCE_MS = 1_500;
/** A page that went away and did not come back: the window is of no use. In milliseconds. */
const PAGE_PATIENCE_MS = 10_000;
/** Between the ways to end a shell, from asking to killing. In milliseconds. */
const EXIT_STEP_MS = 1_000;

/** Null: there is no door, nor will there be. */
export type DoorPlace = { port: number; token: string } | null;

export interface ShellListener {
  /** Where the page finds its door; undefined while there is none yet. */
  door(): DoorPlace | undefined;
  /** The window is to close, and its page does not see to it. */
  close(): void;
  /** Files were dropped on the window, whose page was not shown them. */
  dropped(paths: string[]): void;
  /** The shell is gone. */
  gone(): void;
}

export interface Shell {
  /** The origin of the shell's own page. */
  origin: string;
  /** There is a door now, or never will be: a page that asked is answered. */
  answer(): void;
  /** Brings the window forward. */
  focus(): void;
  /** Takes the window away at once, before its end, where that is safe. */
  hide(): void;
  /** Ends the shell, whatever it takes. */
  exit(): void;
}

export function connectShell(listener: ShellListener): Shell {
  const { nlPort, nlToken, nlConnectToken, nlExtensionId } = v.parse(
    Credentials,
    JSON.parse(readFileSync(0, 'utf8')),
  );
  const socket = new WebSocket(
    `ws://127.0.0.1:${nlPort}/?extensionId=${nlExtensionId}&connectToken=${nlConnectToken}`,
  );
  const call = (method: string, data: unknown = null) => {
    const text = JSON.stringify({ id: crypto.randomUUID(), method, accessToken: nlToken, data });
    if (socket.readyState === WebSocket.OPEN) socket.send(text);
    else if (socket.readyState === WebSocket.CONNECTING) socket.once('open', () => socket.send(text));
  };
  let closing: NodeJS.Timeout | undefined;
  let pageLost: NodeJS.Timeout | undefined;
  let processId: number | null = null;
  let asked = false;

  const answer = () => {
    const door = listener.door();
    if (!asked || door === undefined) return;
    // A door stays where it is: whoever is answered once knows it. That there is none is for all who ask.
    call('app.broadcast', { event: DOOR, data: door });
  };
  const heard: Record<string, (data: unknown) => void> = {
    [HELLO]: () => {
      clearTimeout(pageLost);
      asked = true;
      answer();
    },
    [ASKING]: () => clearTimeout(closing),
    [EXIT]: () => listener.close(),
    filesDropped: (data) => {
      const paths = v.safeParse(v.array(v.string()), data);
      // Elsewhere the shell does not take them (scripts/parts/shell-config.mjs): it would be the page that says so.
      if (paths.success && process.platform === 'linux') listener.dropped(paths.output);
    },
    windowClose: () => {
      clearTimeout(closing);
      closing = setTimeout(() => listener.close(), CLOSE_PATIENCE_MS);
    },
    appClientDisconnect: () => {
      clearTimeout(pageLost);
      pageLost = setTimeout(() => listener.close(), PAGE_PATIENCE_MS);
    },
    appClientConnect: () => clearTimeout(pageLost),
  };
  socket.on('open', () => call('app.getProcessId'));
  socket.on('message', (text: Buffer) => {
    const message = v.safeParse(Message, text.toString());
    if (!message.success) return;
    if ('event' in message.output) {
      const { event, data } = message.output;
      if (Object.hasOwn(heard, event)) heard[event]?.(data);
    } else {
      processId = message.output.data.returnValue;
      if (process.platform === 'win32') endWithout(processId, () => listener.gone());
    }
  });
  socket.on('close', () => listener.gone());
  socket.on('error', () => listener.gone());
  endWithParent(() => listener.gone());

  return {
    origin: `http://127.0.0.1:${nlPort}`,
    answer,
    focus: () => {
      // The last one is for Linux, where the others lie until the window's own thread wakes up: it is asked for in that one.
      for (const method of ['window.show', 'window.unminimize', 'window.focus', 'window.show']) call(method);
    },
    // On Linux in the thread of the network as well, and with much to say to the screen: there the window stays for that moment.
    hide: () => {
      if (process.platform !== 'linux') call('window.hide');
    },
    exit: () => {
      // On Linux `app.exit` takes the window down in the thread of the network, while GTK draws it in its own: now and then
      // that is a crash. The other way ends the process at once, with the status of a Ctrl-C.
      if (process.platform === 'linux') call('app.killProcess');
      else call('app.exit', { code: 0 });
      setTimeout(() => call('app.killProcess'), EXIT_STEP_MS);
      setTimeout(() => {
        if (processId !== null) killed(processId, 'SIGKILL');
      }, 2 * EXIT_STEP_MS);
    },
  };
}

/** Ends when whoever started this process has. */
export function endWithParent(gone: () => void): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) gone();
  }, PARENT_POLL_MS).unref();
}

/** On Windows the parent is a command line that lives as long as we do. */
function endWithout(processId: number, gone: () => void): void {
  setInterval(() => {
    if (!killed(processId, 0)) gone();
  }, PARENT_POLL_MS).unref();
}

/** False when there is no such process. */
function killed(processId: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(processId, signal);
  } catch {
    return false;
  }
}
