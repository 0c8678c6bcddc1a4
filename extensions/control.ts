import { hostname } from 'node:os';
import { WebSocket } from 'ws';
import { ownAddresses } from '../server/addresses.ts';
import { formatAddress, parseAddress } from '../server/protocol/address.ts';
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
import { DEFAULT_PORT } from '../server/protocol/entities.ts';
import { check } from '../server/protocol/frames.ts';
import { VERSION } from '../server/version.ts';
import { Refused, type HostMode } from './hosting.ts';
import { isOpenable, openLink } from './link.ts';
import type { Profile } from './profile.ts';
import { Relay } from './relay.ts';

type Handlers = {
  [C in ControlName]: (input: ControlInput<C>) => Promise<ControlResult<C>> | ControlResult<C>;
};

export interface Means {
  profile: Profile;
  hostMode: HostMode;
  /** Ends the program. */
  exit: () => void;
}

/** One page at the loopback door: grants what it asks of this computer, and relays the rest to its room. */
export class PageControl {
  readonly #page: WebSocket;
  readonly #means: Means;
  #relay: Relay | null = null;

  constructor(page: WebSocket, means: Means) {
    this.#page = page;
    this.#means = means;
    page.on('message', (data, isBinary) => {
      if (!isBinary) void this.#receive((data as Buffer).toString());
    });
    page.on('close', () => this.#relay?.end());
    page.on('error', () => page.terminate());
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

  readonly #handlers: Handlers = {
    'app.state': () => ({
      version: VERSION,
      settings: this.#means.profile.settings,
      hosting: this.#means.hostMode.hosting,
      recent: this.#means.profile.recent.map(forPage),
      addresses: ownAddresses(),
      computer: hostname(),
      defaultPort: DEFAULT_PORT,
    }),
    'settings.set': (change) => this.#means.profile.changeSettings(change),
    'room.host': (wish) => this.#means.hostMode.open(wish),
    'room.close': async () => {
      await this.#means.hostMode.close();
      return {};
    },
    'room.connect': ({ relay, address: typed }) => {
      const address = parseAddress(typed);
      if (address === null) throw new Refused('BAD_ADDRESS');
      this.#relay?.end();
      this.#relay = new Relay(formatAddress(address), this.#page, {
        opened: () => this.tell({ t: 'app.relay', relay, open: true, code: 0, reason: '' }),
        closed: (code, reason) => this.tell({ t: 'app.relay', relay, open: false, code, reason }),
      });
      return {};
    },
    'room.disconnect': () => {
      this.#relay?.end();
      this.#relay = null;
      return {};
    },
    'recent.remember': (room) => {
      this.#means.profile.remember({ ...room, hosted: false, lastAt: Date.now() });
      return {};
    },
    'recent.forget': ({ roomId }) => {
      this.#means.profile.forget(roomId);
      return {};
    },
    'keep.all': ({ prefix }) => ({ entries: this.#means.profile.kept(prefix) }),
    'keep.set': ({ key, value }) => {
      this.#means.profile.keep(key, value);
      return {};
    },
    'link.open': async ({ url }) => {
      if (!isOpenable(url)) throw new Refused('BAD_LINK');
      if (!(await openLink(url))) throw new Refused('FAILED');
      return {};
    },
    'app.exit': () => {
      // After the answer is on its way.
      setImmediate(this.#means.exit);
      return {};
    },
  };
}

function forPage({ roomId, name, address, hosted, lastAt }: RecentRoom): RecentRoom {
  return { roomId, name, address, hosted, lastAt };
}

function isControlName(name: string): name is ControlName {
  return Object.hasOwn(CONTROL, name);
}
