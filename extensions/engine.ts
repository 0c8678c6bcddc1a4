import * as v from 'valibot';
import { Nearby } from '../server/nearby.ts';
import { findPageDirectory } from '../server/page-directory.ts';
import { readPage } from '../server/page.ts';
import type { Hosting } from '../server/protocol/control.ts';
import { PageControl } from './control.ts';
import { placesFor } from './desktop/places.ts';
import { findStarter } from './desktop/starter.ts';
import { openDoor, type Door } from './door.ts';
import { HostMode, Refused } from './hosting.ts';
import { CANNOT_START, HURRY_MS, Order, type OpenRoom, type Report } from './line.ts';
import { Profile } from './profile.ts';

/** How long a room's folder and own port are waited for, in milliseconds: the engine before may be ending. And how often. */
const PATIENCE_MS = 2_000;
const TRY_PAUSE_MS = 100;
/** How many other ports are tried after that: one that was free a moment ago may be taken. */
const OTHER_PORTS = 5;

type Beginning = Extract<Order, { t: 'begin' }>;

/** The half that does the work: the profile, host mode, and the door of the page. It ends with its supervisor. */
export function runEngine(): void {
  let engine: Promise<Engine> | null = null;
  const end = (withinMs: number) => {
    setTimeout(() => process.exit(0), withinMs);
    void (engine ?? Promise.resolve(null)).then((running) => running?.close()).finally(() => process.exit(0));
  };
  process.on('disconnect', () => end(HURRY_MS));
  // The supervisor hears them as well, and says when.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  // Whoever reads our output may go before we do.
  process.stderr.on('error', () => undefined);

  process.on('message', (message) => {
    const order = v.parse(Order, message);
    if (order.t === 'begin') engine ??= Engine.open(order);
    else if (order.t === 'open') void engine?.then((running) => running.take(order.typed, order.forNext));
    else if (order.t === 'dropped') void engine?.then((running) => running.dropped(order.paths));
    else if (order.t === 'ping') report({ t: 'pong' });
    else end(order.withinMs);
  });
}

function report(word: Report): void {
  if (process.connected) process.send?.(word, undefined, undefined, () => undefined);
}

class Engine {
  readonly #hostMode: HostMode;
  readonly #pages = new Set<PageControl>();
  #typed: string | null;
  #door: Door | null = null;

  static async open(beginning: Beginning): Promise<Engine> {
    const profile = await openProfile(beginning.directory);
    const engine = new Engine(profile, beginning.typed);
    // Before the door: a page that comes back finds its room.
    if (beginning.room !== null) await engine.#reopen(beginning.room);
    await engine.#openDoor(profile, beginning);
    return engine;
  }

  private constructor(profile: Profile, typed: string | null) {
    this.#typed = typed === '' ? null : typed;
    this.#hostMode = new HostMode(profile, findPageDirectory(), (hosting) => {
      const room = hosting === null ? null : openRoomOf(hosting);
      report({ t: 'room', room });
      this.#tell({ t: 'app.hosting', hosting });
    });
  }

  /** Salon was opened once more, with this. */
  take(typed: string, forNext: boolean): void {
    if (forNext || this.#pages.size === 0) {
      this.#typed = typed;
      return;
    }
    report({ t: 'taken' });
    this.#tell({ t: 'app.opened', typed });
  }

  dropped(paths: string[]): void {
    for (const page of this.#pages) void page.dropped(paths);
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.#hostMode.close(), ...[...this.#pages].map((page) => page.leave())]);
    this.#door?.close();
  }

  async #openDoor(profile: Profile, beginning: Beginning): Promise<void> {
    const { directory, place, origin, port, token } = beginning;
    const nearby = new Nearby({
      isOwn: (prefix) => this.#hostMode.fingerprint?.startsWith(prefix) === true,
      changed: (now) => this.#tell({ t: 'app.nearby', nearby: now }),
    });
    const means = {
      profile,
      data: { directory, place },
      hostMode: this.#hostMode,
      nearby,
      // Without the person's words the system would start another Salon, with other data.
      places: placesFor(place === 'named' ? null : findStarter()),
      takeOpened: () => this.#takeOpened(),
      exit: () => report({ t: 'exit' }),
    };
    const page = origin === null ? readPage(findPageDirectory()) : null;
    this.#door = await openDoor({ page, origin, port, token }, (socket) => {
      const arrived = new PageControl(socket, means);
      this.#pages.add(arrived);
      socket.on('close', () => this.#pages.delete(arrived));
    });
    report({ t: 'ready', port: this.#door.port });
  }

  async #reopen(room: OpenRoom): Promise<void> {
    const since = Date.now();
    let [port, others] = [room.port, OTHER_PORTS];
    for (;;) {
      try {
        await this.#hostMode.open({ ...room, port });
        return;
      } catch (error) {
        const why = error instanceof Refused ? error : null;
        const isPatient = Date.now() - since < PATIENCE_MS;
        const isTaken = why?.code === 'PORT_TAKEN';
        if (isPatient && (isTaken || why?.code === 'ROOM_BUSY')) {
          await new Promise((resolve) => setTimeout(resolve, TRY_PAUSE_MS));
          continue;
        }
        if (isTaken && others > 0) {
          // Better elsewhere than closed: the room is known by its key.
          others -= 1;
          port = Number(why.detail);
          continue;
        }
        // The page finds it closed, and opens it again with a sentence about what is in the way.
        process.stderr.write(`The room could not be opened again: ${String(error)}\n`);
        report({ t: 'room', room: null });
        return;
      }
    }
  }

  #takeOpened(): string | null {
    const typed = this.#typed;
    this.#typed = null;
    if (typed !== null) report({ t: 'taken' });
    return typed;
  }

  #tell(frame: Parameters<PageControl['tell']>[0]): void {
    for (const page of this.#pages) page.tell(frame);
  }
}

async function openProfile(directory: string): Promise<Profile> {
  try {
    return await Profile.open(directory);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(
      `Salon cannot write to ${directory} (${reason}). Start it with --data and a folder of yours.\n`,
    );
    process.exit(CANNOT_START);
  }
}

function openRoomOf({ roomId, name, port }: Hosting): OpenRoom {
  return { roomId, name, port };
}
