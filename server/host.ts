import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { ownAddresses, ownNames } from './addresses.ts';
import { systemClock, type Clock } from './clock.ts';
import type { HostContext } from './commands/index.ts';
import { makeInvite } from './commands/invites.ts';
import { Departures } from './departures.ts';
import { Files } from './files.ts';
import { CONNECTION_LIMITS, createDoor, type ConnectionLimits } from './http.ts';
import { Hub } from './hub.ts';
import { Handling } from './handling.ts';
import { openIdentity } from './identity.ts';
import { Invites } from './invites.ts';
import { Knocks } from './knocks.ts';
import { Buckets, ROOM_LIMITS, WrongTries, type RoomLimits } from './limits.ts';
import { Turn } from './outgoing.ts';
import { readPage, type Page } from './page.ts';
import { Roster } from './people.ts';
import { Proofs } from './proofs.ts';
import { toBase64url } from './protocol/base64url.ts';
import type { InputOf } from './protocol/commands.ts';
import type {
  BrowserDoor,
  CardAddress,
  Channel,
  Fingerprint,
  Invite,
  Knock as KnockEntry,
  Room,
  RoomSettings,
} from './protocol/entities.ts';
import { SalonError } from './protocol/errors.ts';
import { writeJoinCode } from './protocol/invite.ts';
import { Rules, type RulesChange } from './rules.ts';
import { Session } from './session.ts';
import { ASIDE } from './store/files.ts';
import { openStore } from './store/remote.ts';
import type { Restored } from './store/restoring.ts';
import { VERSION } from './version.ts';
import { Whereabouts } from './whereabouts.ts';
import { writeWhole } from './whole-file.ts';

/** `access`, `door` and `guestsForMs` are what the owner could change as well; left out, they stay as they were. */
export interface HostOptions extends RulesChange {
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
  /** For tests that pull cables: this computer's network cards, as if the host listened on all of them. */
  cards?: () => CardAddress[];
  limits?: Partial<ConnectionLimits & RoomLimits>;
  /** Bugs and failures, whole. Never a body, a token or a code. */
  log?: (text: string) => void;
  /** The disk failed beyond repair, or the room was found damaged (DamagedDatabase): nothing can be stored any more. */
  onFailure?: (error: Error) => void;
}

export interface Host {
  room: Room;
  /** The room was damaged, and a copy took its place at this opening; null most of the time. */
  restored: Restored | null;
  /** Of the room's key: what it is known by, wherever it is. */
  fingerprint: Fingerprint;
  port: number;
  /** Makes the first account the owner's. Null once there is an owner. */
  ownerCode(): string | null;
  /** The same as a join code with the addresses of this moment. */
  ownerJoinCode(): string | null;
  settings(): RoomSettings;
  /** Who tried to come in lately, the latest first. */
  knocks(): KnockEntry[];
  /** In the owner's name. @throws SalonError `OWNER_FIRST`, `TOO_MANY_INVITES`. */
  makeInvite(wish: InputOf<'invite.create'>): Promise<Invite>;
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

/** Connections that the system keeps until we take them: a room of a thousand comes back in one moment after a break. */
const BACKLOG = 2_048;
/** How often each connection is looked at. In milliseconds. */
const WATCH_MS = 1_000;
/** How long closing waits for what is being handled, and for members to hear of it. In milliseconds. */
const CLOSING_MS = 1_000;

/**
 * Opens the room kept in `directory`, or a new one.
 *
 * @throws PortTaken; DirectoryInUse, DamagedDatabase, NewerDatabase, UnfinishedWriting, UnwritableDirectory from the store.
 */
export async function openHost(options: HostOptions): Promise<Host> {
  const clock = options.clock ?? systemClock;
  const log = options.log ?? ((text: string) => process.stderr.write(`${text}\n`));
  const page: Page = readPage(options.pageDirectory);
  const sessions = new Set<Session>();
  let reopened = () => Promise.resolve();
  const opened = await openStore({
    directory: options.directory,
    roomName: options.name,
    onFailure: (error) => options.onFailure?.(error),
    onReopened: () => void reopened(),
  });
  const { store } = opened;
  const clocks: { close(): void }[] = [];
  try {
    const identity = await openIdentity(options.directory, clock.now());
    const knocks = new Knocks(clock);
    const room = await store.room();
    const limits = { ...CONNECTION_LIMITS, ...ROOM_LIMITS, ...options.limits };
    const turn = new Turn();
    const hub = new Hub(clock, turn);
    clocks.push(hub);
    // One for all: five thousand members would be as many timers.
    clocks.push({ close: clock.every(WATCH_MS, () => sessions.forEach((session) => session.watch())) });
    const departures = new Departures(sessions);
    const handling = new Handling();
    let ownerCode = room.hasOwner ? null : makeOwnerCode();
    let closing = false;

    const report = (error: unknown): SalonError => {
      const refusal = error instanceof SalonError ? error : new SalonError('INTERNAL', { why: ulid() });
      // The disk's failures have a cause that only this log tells; the others are the rules at work.
      const cause = refusal === error ? refusal.retry && refusal.cause : error;
      if (cause) {
        const at = new Date(clock.now()).toISOString();
        const { code, detail } = refusal;
        log(JSON.stringify({ at, level: 'error', code, id: detail.why, error: describe(cause) }));
      }
      return refusal;
    };
    const whereabouts = new Whereabouts({
      clock,
      port: () => portOf(door.port),
      only: options.cards === undefined ? options.address : undefined,
      // Asked for each who comes in.
      cards: options.cards ?? cached(() => ownAddresses(), clock),
      changed: (addresses) => hub.signal({ type: 'addresses', addresses }, null),
    });
    clocks.push(whereabouts);
    const rules = new Rules({
      store,
      hub,
      clock,
      settings: room.settings,
      guestsEnded: (memberIds) => departures.sendAway(memberIds, 'guestEnded'),
      doorChanged: () => {
        for (const session of sessions)
          if (!lets(rules.settings.door, session.channel)) session.end('closing');
      },
      report,
    });
    clocks.push(rules);
    /** What was refused may have happened: what is known here by heart is read again, and everybody enters anew. */
    reopened = async () => {
      try {
        const { settings, hasOwner } = await store.room();
        rules.reread(settings);
        if (hasOwner) ownerCode = null;
      } catch (error) {
        report(error);
      }
      for (const session of sessions) session.end('reopening');
    };
    const secret = hostSecret(options.directory);
    const wrongTries = new WrongTries(20, clock);

    const files = new Files({ directory: options.directory, store, clock, limits, report });
    clocks.push({ close: () => void files.close() });
    // What a copy of the room does not know of may be needed by the room that it took the place of, or by its pages.
    if (room.restored === null && !hasSomethingAside(options.directory)) void files.tidy();

    const context: HostContext = {
      store,
      files,
      hub,
      roster: new Roster(store, hub),
      clock,
      rules,
      whereabouts,
      limits,
      signUps: new Buckets(limits.signUps, clock),
      proofs: new Proofs(store, clock, secret, wrongTries),
      invites: new Invites(store, clock, secret, identity.fingerprint, wrongTries),
      fingerprint: identity.fingerprint,
      certificateHash: identity.certificateHash,
      roomName: room.name,
      port: () => portOf(door.port),
      knocks: () => knocks.list(),
      isOwnerCode: (code) => ownerCode !== null && sameText(code, ownerCode),
      ownerArrived: () => {
        ownerCode = null;
      },
      isClosing: () => closing,
      handling,
      report,
      endSessions: (ids) => {
        for (const session of sessions) {
          if (session.sessionId !== null && ids.includes(session.sessionId)) session.end('sessionEnded');
        }
      },
      sendAway: (ids, reason) => departures.sendAway(ids, reason),
      without: (memberId, reason, work) => departures.without(memberId, reason, work),
      isLeaving: (memberId) => departures.has(memberId),
      left: (session) => sessions.delete(session),
    };

    const door = createDoor({
      identity,
      page,
      clock,
      knocks,
      limits,
      doorkeeper: { names: cached(ownNames, clock), port: () => portOf(door.port) },
      settings: () => rules.settings,
      unsigned: () => count(sessions, ({ memberId }) => memberId === null),
      health: () => ({ status: closing ? 'closing' : 'ok', version: VERSION, online: hub.online }),
      arrived: (socket, stream, address, channel, knock) => {
        if (closing) socket.close(1001);
        else sessions.add(new Session({ socket, stream, address, channel, knock }, turn, context));
      },
    });
    await applyOptions(rules, options);
    await rules.endIfTimeIsUp();
    await listen(door.port, options.port, options.address);

    let closed: Promise<void> | null = null;
    const close = async () => {
      closing = true;
      await atMost(CLOSING_MS, handling.over());
      for (const session of sessions) session.end('closing');
      const stopped = new Promise((resolve) => door.port.close(resolve));
      door.closeIdle();
      await atMost(CLOSING_MS, untilEmpty(sessions));
      for (const session of sessions) session.terminate();
      door.closeAll();
      await atMost(CLOSING_MS, stopped);
      for (const one of clocks) one.close();
      await files.close();
      await opened.close();
    };
    return {
      room: { id: room.id, name: room.name, openedAt: room.openedAt },
      restored: opened.restored,
      port: portOf(door.port),
      fingerprint: identity.fingerprint,
      ownerCode: () => ownerCode,
      ownerJoinCode: () => {
        if (ownerCode === null) return null;
        return writeJoinCode({
          fingerprint: identity.fingerprint,
          addresses: whereabouts.addresses(),
          // It is no invite: the secret alone decides.
          id: room.id,
          secret: toBase64url(Buffer.from(ownerCode)),
          role: 'owner',
          expiresAt: null,
          uses: 1,
          room: room.name,
        });
      },
      settings: () => rules.settings,
      knocks: () => knocks.list(),
      makeInvite: async (wish) => {
        const { ownerId } = await store.room();
        if (ownerId === null) throw new SalonError('OWNER_FIRST');
        return makeInvite(context, wish, ownerId);
      },
      online: () => hub.online,
      close: () => (closed ??= close()),
    };
  } catch (error) {
    for (const one of clocks) one.close();
    await opened.close();
    throw error;
  }
}

function hasSomethingAside(directory: string): boolean {
  return readdirSync(directory).some((name) => name.startsWith(ASIDE));
}

async function applyOptions(rules: Rules, { access, door, guestsForMs }: HostOptions): Promise<void> {
  if (access === undefined && door === undefined && guestsForMs === undefined) return;
  await rules.change({ access, door, guestsForMs }, null);
}

/** Whether whoever came by a channel may still be here. */
function lets(door: BrowserDoor, channel: Channel): boolean {
  return channel === 'app' || door === 'simple' || (door === 'encrypted' && channel === 'encrypted');
}

/** The first port from `first` on that nobody listens on. */
export async function freePort(first: number, address?: string): Promise<number> {
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
    const where = address === undefined ? {} : { host: address };
    server.listen({ port, exclusive: true, backlog: BACKLOG, ...where }, resolve);
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
  writeWhole(path, secret);
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

function count<T>(all: Iterable<T>, counts: (one: T) => boolean): number {
  let number = 0;
  for (const one of all) if (counts(one)) number += 1;
  return number;
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
