import { hostname } from 'node:os';
import { WebSocket } from 'ws';
import { ownAddresses } from '../server/addresses.ts';
import { announceSeen, type Announcement } from '../server/announce.ts';
import { examine } from '../server/doctor.ts';
import type { DataDirectory } from '../server/data-directory.ts';
import type { Dialled } from '../server/dial.ts';
import type { Nearby } from '../server/nearby.ts';
import { parseAddress } from '../server/protocol/address.ts';
import {
  CONTROL,
  CONTROL_PREFIX,
  ControlAsk,
  type ControlFrame,
  type ControlInput,
  type ControlName,
  type ControlResult,
  type RecentRoom,
} from '../server/protocol/control.ts';
import { DEFAULT_PORT, type Fingerprint } from '../server/protocol/entities.ts';
import { check } from '../server/protocol/frames.ts';
import { findJoin } from '../server/protocol/invite.ts';
import { VERSION } from '../server/version.ts';
import { Dropped } from './desktop/dropped.ts';
import { showNotification } from './desktop/notification.ts';
import { isOpenable, openFolder, openLink } from './desktop/open.ts';
import { desktopState, type Places } from './desktop/places.ts';
import { Saving } from './desktop/saving.ts';
import { findRoom } from './finding.ts';
import { Refused, type HostMode } from './hosting.ts';
import type { Profile } from './profile.ts';
import { Relay } from './relay.ts';

type Handlers = {
  [C in ControlName]: (input: ControlInput<C>) => Promise<ControlResult<C>> | ControlResult<C>;
};

export interface Means {
  profile: Profile;
  /** Where that is kept, and why there. */
  data: DataDirectory;
  hostMode: HostMode;
  nearby: Nearby;
  places: Places;
  /** What Salon was opened with, once. */
  takeOpened: () => string | null;
  /** Ends the program. */
  exit: () => void;
}

/** How long to listen whether a room that was entered announces itself. In milliseconds. */
const LISTEN_MS = 10_000;

/** One page at the loopback door: grants what it asks of this computer, and relays the rest to its room. */
export class PageControl {
  readonly #page: WebSocket;
  readonly #means: Means;
  #relay: Relay | null = null;
  #visited: { fingerprint: Fingerprint; address: string } | null = null;
  #seen: Announcement | null = null;
  /** Ends waiting for the room's own announcement. */
  #stopListening: (() => void) | null = null;
  #stopWatching: (() => void) | null = null;
  #saving: Saving | null = null;
  readonly #dropped = new Dropped();

  constructor(page: WebSocket, means: Means) {
    this.#page = page;
    this.#means = means;
    page.on('message', (data, isBinary) => {
      if (!isBinary) void this.#receive((data as Buffer).toString());
    });
    page.on('close', () => {
      this.#stopWatching?.();
      this.#giveUpSaving();
      void this.leave();
    });
    page.on('error', () => page.terminate());
  }

  /** Leaves the room, if it is in one. */
  async leave(): Promise<void> {
    this.#relay?.end();
    this.#relay = null;
    await this.#left();
  }

  tell(frame: ControlFrame): void {
    if (this.#page.readyState === WebSocket.OPEN) this.#page.send(JSON.stringify(frame));
  }

  async #receive(text: string): Promise<void> {
    if (!text.startsWith(CONTROL_PREFIX)) return this.#relay?.send(text);
    let id = 0;
    try {
      const ask = check(ControlAsk, JSON.parse(text));
      id = ask.id;
      this.tell({ t: 'app.answer', id, result: await this.#handle(ask.command, ask.input) });
    } catch (error) {
      const refused = error instanceof Refused ? error : new Refused('FAILED');
      if (refused !== error)
        process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      this.tell({ t: 'app.refused', id, code: refused.code, detail: refused.detail });
    }
  }

  #handle(command: string, input: unknown): unknown {
    if (!isControlName(command)) throw new Refused('FAILED', command);
    const handler = this.#handlers[command] as (input: unknown) => unknown;
    return handler(check(CONTROL[command].input, input));
  }

  #opened(relay: number, { fingerprint, address, binding }: Dialled): void {
    this.#visited = { fingerprint, address };
    this.#tellOthers();
    const channel = { fingerprint, address, binding };
    this.tell({ t: 'app.relay', relay, open: true, code: 0, reason: '', channel, diagnosis: null });
  }

  /**
   * Whoever is in a room says where it is, so that those find it who knew it elsewhere. Not of a room that was only
   * looked at, nor of our own, which announces itself, nor of one that does not: it may have been told to keep quiet.
   */
  #tellOthers(): void {
    const { profile, hostMode, nearby } = this.#means;
    if (this.#visited === null || this.#seen !== null || this.#stopListening !== null) return;
    const { fingerprint, address } = this.#visited;
    if (profile.known(fingerprint) === undefined || fingerprint === hostMode.fingerprint) return;
    if (isLoopback(address)) return;
    const listen = () => {
      if (!nearby.now.rooms.some(({ prefix }) => fingerprint.startsWith(prefix))) return;
      this.#stopListening?.();
      this.#seen ??= announceSeen(fingerprint, address);
    };
    const patience = setTimeout(() => this.#stopListening?.(), LISTEN_MS).unref();
    const ends = [nearby.watch(), nearby.onFound(listen), () => clearTimeout(patience)];
    this.#stopListening = () => {
      this.#stopListening = null;
      for (const end of ends) end();
    };
    listen();
  }

  async #left(): Promise<void> {
    this.#stopListening?.();
    const seen = this.#seen;
    this.#seen = this.#visited = null;
    await seen?.end();
  }

  /** Files were dropped on the page's window. */
  async dropped(paths: string[]): Promise<void> {
    const files = await this.#dropped.take(paths);
    this.tell({ t: 'app.dropped', files, areAll: paths.length > 0 && files.length === paths.length });
  }

  #giveUpSaving(): void {
    const saving = this.#saving;
    this.#saving = null;
    void saving?.giveUp();
  }

  /** @throws Refused, and nothing of the file stays. */
  async #save<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.#giveUpSaving();
      throw new Refused('NOT_SAVED', String(error));
    }
  }

  readonly #handlers: Handlers = {
    'app.state': () => ({
      version: VERSION,
      settings: this.#means.profile.settings,
      hosting: this.#means.hostMode.hosting,
      recent: this.#means.profile.recent.map(forPage),
      addresses: ownAddresses(),
      nearby: this.#means.nearby.now,
      opened: this.#means.takeOpened(),
      computer: hostname(),
      defaultPort: DEFAULT_PORT,
      putAside: this.#means.profile.putAside,
    }),
    'settings.set': (change) => this.#means.profile.changeSettings(change),
    'room.host': (wish) => this.#means.hostMode.open(wish),
    'room.close': async () => {
      await this.#means.hostMode.close();
      return {};
    },
    'room.connect': ({ relay, target }) => {
      if (!target.addresses.every((typed) => parseAddress(typed) !== null)) throw new Refused('BAD_ADDRESS');
      void this.leave();
      const ended = { t: 'app.relay', relay, open: false, channel: null } as const;
      this.#relay = new Relay((signal) => findRoom(target, this.#means, signal), this.#page, {
        opened: (dialled) => this.#opened(relay, dialled),
        failed: (diagnosis) => this.tell({ ...ended, code: 1006, reason: '', diagnosis }),
        closed: (code, reason) => {
          void this.#left();
          this.tell({ ...ended, code, reason, diagnosis: null });
        },
      });
      return {};
    },
    'room.disconnect': () => {
      void this.leave();
      return {};
    },
    'recent.remember': (room) => {
      // Some of it is as the host told it: what is no address is not worth remembering.
      const addresses = room.addresses.filter((typed) => parseAddress(typed) !== null);
      this.#means.profile.remember({ ...room, addresses, hosted: false, lastAt: Date.now() });
      this.#tellOthers();
      return {};
    },
    'recent.forget': ({ fingerprint }) => {
      this.#means.profile.forget(fingerprint);
      return {};
    },
    'keep.all': ({ prefix }) => ({ entries: this.#means.profile.kept(prefix) }),
    'keep.set': ({ key, value }) => {
      this.#means.profile.keep(key, value);
      return {};
    },
    'nearby.watch': ({ on }) => {
      const before = this.#stopWatching;
      this.#stopWatching = on ? this.#means.nearby.watch() : null;
      before?.();
      return this.#means.nearby.now;
    },
    'doctor.run': ({ typed }) => {
      const found = typed.trim() === '' ? null : findJoin(typed);
      if (found === null && typed.trim() !== '') throw new Refused('BAD_ADDRESS');
      const { data, hostMode, nearby } = this.#means;
      const { hosting, knocks } = hostMode;
      return examine({
        found,
        data,
        nearby,
        hosting: hosting === null ? null : { port: hosting.port, fingerprint: hosting.fingerprint, knocks },
      });
    },
    'link.open': async ({ url }) => {
      if (!isOpenable(url)) throw new Refused('BAD_LINK');
      if (!(await openLink(url))) throw new Refused('FAILED');
      return {};
    },
    'desktop.state': () => desktopState(this.#means.places),
    'desktop.set': async ({ what, on }) => {
      const { places } = this.#means;
      await places[what]?.set(on).catch((error: unknown) => {
        throw new Refused('FAILED', String(error));
      });
      return desktopState(places);
    },
    'notification.show': async ({ title, text }) => {
      if (!(await showNotification(title, text))) throw new Refused('NO_NOTIFICATIONS');
      return {};
    },
    'saving.begin': async ({ name }) => {
      const saving = await this.#save(() => Saving.begin(name));
      // Another one, or one whose page went meanwhile.
      this.#giveUpSaving();
      this.#saving = saving;
      if (this.#page.readyState !== this.#page.OPEN) this.#giveUpSaving();
      return { name: saving.name };
    },
    'saving.write': async ({ data }) => {
      const saving = this.#saving;
      if (saving === null) throw new Refused('NOT_SAVED');
      await this.#save(() => saving.write(Buffer.from(data, 'base64')));
      return {};
    },
    'saving.end': async () => {
      const saving = this.#saving;
      if (saving === null) throw new Refused('NOT_SAVED');
      await this.#save(() => saving.end());
      this.#saving = null;
      return {};
    },
    'dropped.read': async ({ id, offset }) => {
      try {
        return { data: (await this.#dropped.read(id, offset)).toString('base64url') };
      } catch (error) {
        throw new Refused('NOT_READ', String(error));
      }
    },
    'folder.show': async () => {
      if (!(await openFolder(this.#means.data.directory))) throw new Refused('FAILED');
      return {};
    },
    'app.exit': () => {
      // After the answer is on its way.
      setImmediate(this.#means.exit);
      return {};
    },
  };
}

function forPage({ roomId, name, fingerprint, addresses, hosted, lastAt }: RecentRoom): RecentRoom {
  return { roomId, name, fingerprint, addresses, hosted, lastAt };
}

/** Means another computer to whoever hears of it. */
function isLoopback(address: string): boolean {
  return /^(127\.|\[::1\]|localhost:)/.test(address);
}

function isControlName(name: string): name is ControlName {
  return Object.hasOwn(CONTROL, name);
}
