import { randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, realpathSync, rmdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import * as v from 'valibot';
import { folderDigest, takeLock } from '../server/store/lock.ts';
import { writeWhole } from '../server/whole-file.ts';
import { readText } from './read-text.ts';

/**
 * One Salon for each data folder. Who is first is decided by a lock that the system frees with its process; whoever is
 * second tells the first, by a socket that only this user reaches, what it was opened with.
 */

/** What a second Salon tells the first. */
const Call = v.object({
  /** What it was opened with. */
  typed: v.nullable(v.string()),
  /** It opens the first one's page, if that is in a browser, which then takes the place of the one that is open. */
  opensPage: v.boolean(),
});
export type Call = v.InferOutput<typeof Call>;
/** Where a page of ours is, and nothing else: it will be opened. */
const OWN_PAGE = /^http:\/\/127\.0\.0\.1:\d{1,5}\/#app=[\w-]+$/;
const Answer = v.object({ url: v.nullable(v.pipe(v.string(), v.regex(OWN_PAGE))) });

export interface First {
  isFirst: true;
  /** The data folder's real path. */
  directory: string;
  release(): Promise<void>;
}

export interface Second {
  isFirst: false;
  /** Where the first one's page is; null when it has a window of its own, which has come forward. */
  url: string | null;
}

/** Another Salon has the data folder, and says nothing. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** How long the first is asked, in milliseconds: it may be just beginning, or just ending. */
const PATIENCE_MS = 8_000;
const PAUSE_MS = 50;
const LISTEN_TRIES = 5;
const MOST_BYTES = 64 * 1024;
/** Nobody joins by more. */
const MOST_LETTERS = 10_000;

/**
 * @param call - what this Salon says if it is not the first.
 * @param called - to the first: another one was started; answers where the first one's page is.
 * @throws NoAnswer; UnwritableDirectory, or as `mkdir` does, when the folder cannot be used.
 */
export async function takeInstance(
  directory: string,
  call: Call,
  called: (call: Call) => Promise<string | null>,
): Promise<First | Second> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const real = realpathSync(directory);
  for (const until = Date.now() + PATIENCE_MS; ; await wait(PAUSE_MS)) {
    const free = await takeLock(real, 'app');
    if (free !== null) {
      const socket = await listenFor(real, called);
      return { isFirst: true, directory: real, release: () => release(socket, free) };
    }
    const path = socketPath(real);
    const url = path === null ? undefined : await tell(path, call, until - Date.now());
    if (url !== undefined) return { isFirst: false, url };
    if (Date.now() > until) throw new NoAnswer(`another Salon has ${real} and does not answer`);
  }
}

/**
 * Where the first one listens. Null when this computer has no place that is this user's alone: then a second Salon learns
 * no more than that it is one.
 */
function socketPath(directory: string): string | null {
  if (process.platform === 'win32') return readPipe(directory);
  const name = folderDigest(directory).slice(0, 24);
  const folder = runtimeFolder();
  return folder === null ? null : join(folder, `${name}.sock`);
}

/** A name that could be foretold might be another user's pipe: this one is read in the data folder. */
const PIPE = /^\\\\\.\\pipe\\salon-call-[0-9a-f]{32}$/;
const PIPE_FILE = 'call.pipe';

function makePipe(directory: string): string | null {
  const path = `\\\\.\\pipe\\salon-call-${randomBytes(16).toString('hex')}`;
  try {
    writeWhole(join(directory, PIPE_FILE), path);
    return path;
  } catch {
    return null;
  }
}

function readPipe(directory: string): string | null {
  const path = readText(join(directory, PIPE_FILE));
  return PIPE.test(path) ? path : null;
}

/** In a temporary folder that all users share, somebody else may have been there first. */
function runtimeFolder(): string | null {
  const user = process.getuid?.() ?? 0;
  const own = process.env['XDG_RUNTIME_DIR'];
  const folder = own === undefined || own === '' ? join(tmpdir(), `salon-${user}`) : join(own, 'salon');
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch {
    // It is there already, or cannot be made: what follows tells.
  }
  const found = lstatSync(folder, { throwIfNoEntry: false });
  const isPrivate = found?.isDirectory() === true && found.uid === user && (found.mode & 0o077) === 0;
  return isPrivate ? folder : null;
}

interface Listening {
  server: Server;
  path: string;
}

/** Null when this computer has no place for it: there is still but one Salon, but nobody can call it. */
async function listenFor(
  directory: string,
  called: (call: Call) => Promise<string | null>,
): Promise<Listening | null> {
  // One that ends takes the folder with it, if nobody else's socket is there yet.
  for (let left = LISTEN_TRIES; left > 0; left -= 1) {
    const path = process.platform === 'win32' ? makePipe(directory) : socketPath(directory);
    const server = path === null ? null : await listen(path, called);
    if (path === null) return null;
    if (server !== null) return { server, path };
  }
  return null;
}

/** The lock is ours, so whatever lies at `path` was left behind by one that was killed. */
async function listen(path: string, called: (call: Call) => Promise<string | null>): Promise<Server | null> {
  if (process.platform !== 'win32') rmSync(path, { force: true });
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    firstLine(socket)
      .then((line) => called(v.parse(v.pipe(v.string(), v.parseJson(), Call), line)))
      .then((url) => socket.end(`${JSON.stringify({ url })}\n`))
      .catch(() => socket.destroy());
  });
  server.unref();
  return new Promise((resolve) => {
    server.once('error', () => resolve(null));
    server.listen(path, () => resolve(server));
  });
}

/** Undefined when nobody listens (any more, or yet), or the answer does not come. */
async function tell(path: string, call: Call, withinMs: number): Promise<string | null | undefined> {
  const socket = connect(path);
  socket.on('error', () => socket.destroy());
  socket.setTimeout(Math.max(1, withinMs), () => socket.destroy());
  socket.write(`${JSON.stringify({ ...call, typed: call.typed?.slice(0, MOST_LETTERS) ?? null })}\n`);
  const answer = v.safeParse(v.pipe(v.string(), v.parseJson(), Answer), await firstLine(socket));
  socket.destroy();
  return answer.success ? answer.output.url : undefined;
}

/** Empty when there is none, or far too much. */
function firstLine(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let bytes = 0;
    socket.on('data', (data) => {
      bytes += data.length;
      if (bytes > MOST_BYTES) socket.destroy();
    });
    const lines = createInterface({ input: socket });
    // It tells of the socket's errors once more, which would end us if nobody listened.
    lines.on('error', () => undefined);
    lines.once('line', resolve);
    socket.once('close', () => resolve(''));
  });
}

async function release(socket: Listening | null, free: () => Promise<void>): Promise<void> {
  socket?.server.close();
  if (socket !== null && process.platform !== 'win32') {
    rmSync(socket.path, { force: true });
    try {
      rmdirSync(dirname(socket.path));
    } catch {
      // Another Salon of this user's has its own there.
    }
  }
  await free();
}
