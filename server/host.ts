import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { ownNames } from './addresses.ts';
import { systemClock, type Clock } from './clock.ts';
import type { HostContext } from './commands/index.ts';
import { CONNECTION_LIMITS, createDoor, type ConnectionLimits } from './http.ts';
import { Hub } from './hub.ts';
import { Turn } from './outgoing.ts';
import { readPage, type Page } from './page.ts';
import { Proofs } from './proofs.ts';
import type { Room } from './protocol/entities.ts';
import { SalonError } from './protocol/errors.ts';
import { Session } from './session.ts';
import { openStore } from './store/remote.ts';
import { VERSION } from './version.ts';

export interface HostOptions {
  /** Everything the room knows lives here, readable by its owner alone. Made if it is missing. */
  directory: string;
  /** The room's name, when it is opened for the first time. */
  name: string;
  /** 0 takes a free one. */
  port: number;
  /** The built interface. */
  pageDirectory: string;
  /** Which of this computer's addresses to listen on; all of them by default. */
  address?: string;
  clock?: Clock;
  limits?: Partial<ConnectionLimits>;
  /** Bugs and failures, whole. Never a body, a token or a code. */
  log?: (text: string) => void;
  /** The disk failed beyond repair: the host has closed. */
  onFailure?: () => void;
}

export interface Host {
  room: Room;
  port: number;
  /** Makes the first account the owner's. Null once there is an owner. */
  ownerCode(): string | null;
  online(): number;
  /** Members are told, what was acknowledged is on disk. At most three seconds. */
  close(): Promise<void>;
}

/** Somebody else listens on that port. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken';
  readonly port: number;
  constructor(port: number) {
    super(`port ${port} is in use`);
    this.port = port;
  }
}

/** How long closing waits for what is being handled, and for members to hear of it. In milliseconds. */
const CLOSING_MS = 1_000;

/**
 * Opens the room kept in `directory`, or a new one.
 *
 * @throws PortTaken; DirectoryInUse, DamagedDatabase, NewerDatabase, UnwritableDirectory from the store.
 */
export async function openHost(options: HostOptions): Promise<Host> {
  const clock = options.clock ?? systemClock;
  const log = options.log ?? ((text: string) => process.stderr.write(`${text}\n`));
  const page: Page = readPage(options.pageDirectory);
  const opened = await openStore({
    directory: options.directory,
    roomName: options.name,
    onFailure: () => options.onFailure?.(),
  });
  const { store } = opened;
  try {
    const room = await store.room();
    const hub = new Hub(clock);
    const sessions = new Set<Session>();
    const handling = new Set<Promise<unknown>>();
    let ownerCode = room.hasOwner ? null : makeOwnerCode();
    let closing = false;

    const context: HostContext = {
      store,
      hub,
      clock,
      proofs: new Proofs(store, clock, hostSecret(options.directory)),
      isOwnerCode: (code) => ownerCode !== null && sameText(code, ownerCode),
      ownerArrived: () => {
        ownerCode = null;
      },
      isClosing: () => closing,
      during: (work) => {
        handling.add(work);
        const done = () => handling.delete(work);
        work.then(done, done);
        return work;
      },
      report: (error) => {
        const refusal = error instanceof SalonError ? error : new SalonError('INTERNAL', { why: ulid() });
        // The disk's failures have a cause that only this log tells; the others are the rules at work.
        const cause = refusal === error ? refusal.retry && refusal.cause : error;
        if (cause) {
          const at = new Date(clock.now()).toISOString();
          const { code, detail } = refusal;
          log(JSON.stringify({ at, level: 'error', code, id: detail.why, error: describe(cause) }));
        }
        return refusal;
      },
      endSessions: (ids) => {
        for (const session of sessions) {
          if (session.sessionId !== null && ids.includes(session.sessionId)) session.end('sessionEnded');
        }
      },
      left: (session) => sessions.delete(session),
    };

    const turn = new Turn();
    const server = createDoor({
      page,
      clock,
      limits: { ...CONNECTION_LIMITS, ...options.limits },
      doorkeeper: { names: cached(ownNames, clock), port: () => portOf(server) },
      unsigned: () => [...sessions].filter(({ memberId }) => memberId === null).length,
      health: () => ({ status: closing ? 'closing' : 'ok', version: VERSION, online: hub.online }),
      arrived: (socket, stream, address) => {
        if (closing) socket.close(1001);
        else sessions.add(new Session(socket, stream, address, turn, context));
      },
    });
    await listen(server, options.port, options.address);

    let closed: Promise<void> | null = null;
    const close = async () => {
      closing = true;
      await atMost(CLOSING_MS, Promise.allSettled(handling));
      for (const session of sessions) session.end('closing');
      const stopped = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      await atMost(CLOSING_MS, untilEmpty(sessions));
      for (const session of sessions) session.terminate();
      server.closeAllConnections();
      await atMost(CLOSING_MS, stopped);
      hub.close();
      await opened.close();
    };
    return {
      room: { id: room.id, name: room.name, openedAt: room.openedAt },
      port: portOf(server),
      ownerCode: () => ownerCode,
      online: () => hub.online,
      close: () => (closed ??= close()),
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** The first port from `first` on that nobody listens on. */
export async function freePort(first: number, address?: string): Promise<number> {
  const { createServer } = await import('node:http');
  for (let port = first; port < Math.min(first + 200, 65_536); port++) {
    const probe = createServer();
    try {
      await listen(probe, port, address);
      await new Promise((resolve) => probe.close(resolve));
      return port;
    } catch (error) {
      if (!(error instanceof PortTaken)) throw error;
    }
  }
  return 0;
}

function listen(server: Server, port: number, address: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' || error.code === 'EACCES' ? new PortTaken(port) : error);
    });
    server.listen({ port, exclusive: true, ...(address === undefined ? {} : { host: address }) }, resolve);
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

/** Read aloud or typed from a terminal at most once: 60 bits, alive until there is an owner. */
function makeOwnerCode(): string {
  return [...randomBytes(12)]
    .map((byte) => '0123456789ABCDEFGHJKMNPQRSTVWXYZ'[byte % 32])
    .join('')
    .replace(/(.{4})(?=.)/g, '$1-');
}

function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text.toUpperCase()).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** Kept beside the database, not in it: whoever has only the database cannot tell real names from pretended ones. */
function hostSecret(directory: string): Uint8Array {
  const path = join(directory, 'secret.key');
  try {
    const secret = readFileSync(path);
    if (secret.length === 32) return secret;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const secret = randomBytes(32);
  writeFileSync(path, secret, { mode: 0o600 });
  return secret;
}

/** Asked on every request, changed when a cable is pulled: looked up again after five seconds. */
function cached<T>(look: () => T, clock: Clock): () => T {
  let value = look();
  let at = clock.monotonic();
  return () => {
    if (clock.monotonic() - at > 5_000) {
      value = look();
      at = clock.monotonic();
    }
    return value;
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function atMost(ms: number, work: Promise<unknown>): Promise<unknown> {
  return Promise.race([work, new Promise((resolve) => setTimeout(resolve, ms))]);
}

async function untilEmpty(set: ReadonlySet<unknown>): Promise<void> {
  while (set.size > 0) await new Promise((resolve) => setTimeout(resolve, 10));
}
