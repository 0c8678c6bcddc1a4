import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { WebSocket } from 'ws';

/**
 * The line to the Neutralino shell. It carries the hello of the page and the end of the window, nothing else: data goes
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

/** The page asks where the door is; we answer. Named so that no DOM event is ever meant. */
const HELLO = 'salon:hello';
const DOOR = 'salon:door';

/** Whoever started us may die without a word, and its connection outlive it in a child. In milliseconds. */
const PARENT_POLL_MS = 500;
/** A page that hangs does not close its window: then we do. In milliseconds. */
const CLOSE_PATIENCE_MS = 1_500;
/** A page that went away and did not come back: the window is of no use. In milliseconds. */
const PAGE_PATIENCE_MS = 10_000;

export interface Shell {
  /** The origin of the shell's own page. */
  origin: string;
  /** The door is open: a page that asked too early is answered now. */
  ready(): void;
  /** Closes the window. */
  exit(): void;
}

/**
 * @param door - where the page finds us; null until it is open.
 * @param gone - the shell is gone, or its window closes: end.
 */
export function connectShell(door: () => { port: number; token: string } | null, gone: () => void): Shell {
  const { nlPort, nlToken, nlConnectToken, nlExtensionId } = v.parse(
    Credentials,
    JSON.parse(readFileSync(0, 'utf8')),
  );
  const socket = new WebSocket(
    `ws://127.0.0.1:${nlPort}/?extensionId=${nlExtensionId}&connectToken=${nlConnectToken}`,
  );
  const call = (method: string, data: unknown) => {
    if (socket.readyState !== WebSocket.OPEN) return;
    socket.send(JSON.stringify({ id: crypto.randomUUID(), method, accessToken: nlToken, data }));
  };
  let pageLost: NodeJS.Timeout | undefined;

  let asked = false;

  const answer = () => {
    const open = door();
    if (asked && open !== null)
      call('app.broadcast', { event: DOOR, data: { port: open.port, token: open.token } });
  };
  const closeWindow = () => {
    call('app.exit', { code: 0 });
    setTimeout(() => call('app.killProcess', null), 1_000).unref();
  };
  socket.on('message', (text: Buffer) => {
    const event = v.safeParse(Event, JSON.parse(text.toString()));
    if (!event.success) return;
    if (event.output.event === HELLO) {
      clearTimeout(pageLost);
      asked = true;
      answer();
    } else if (event.output.event === 'windowClose') {
      setTimeout(closeWindow, CLOSE_PATIENCE_MS).unref();
    } else if (event.output.event === 'appClientDisconnect') {
      clearTimeout(pageLost);
      pageLost = setTimeout(closeWindow, PAGE_PATIENCE_MS);
    } else if (event.output.event === 'appClientConnect') {
      clearTimeout(pageLost);
    }
  });
  socket.on('close', gone);
  socket.on('error', gone);
  endWithParent(gone);

  return { origin: `http://127.0.0.1:${nlPort}`, ready: answer, exit: closeWindow };
}

/** Ends when whoever started this process has. */
export function endWithParent(gone: () => void): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) gone();
  }, PARENT_POLL_MS).unref();
}
