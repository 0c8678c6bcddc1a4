import { formatAddress, parseAddress } from '../../server/protocol/address.ts';
import {
  DEFAULT_SETTINGS,
  SettingsChange,
  type Settings,
  type CardAddress,
  type Hosting,
  type RecentRoom,
} from '../../server/protocol/control.ts';
import { DEFAULT_PORT, type Id, type Language } from '../../server/protocol/entities.ts';
import * as v from 'valibot';
import { Observable } from './observable.ts';
import type { Link, Surroundings } from './ports.ts';
import { ControlRefused, problemOf, type Problem } from './problem.ts';
import { Visit } from './visit.ts';

const SETTINGS_KEY = 'settings';

/** The whole program as this window sees it: what was chosen, what is hosted, which room is visited. */
export class App extends Observable {
  settings: Settings = DEFAULT_SETTINGS;
  version = '';
  hosting: Hosting | null = null;
  recent: readonly RecentRoom[] = [];
  addresses: readonly CardAddress[] = [];
  computer = '';
  defaultPort = DEFAULT_PORT;
  visit: Visit | null = null;
  /** Whether the extension answers; a plain browser has none and needs none. */
  link: Link = 'up';
  /** Something that takes a moment: joining, or opening a room. */
  busy: 'joining' | 'opening' | null = null;
  /** Why the last of these did not work. */
  problem: Problem | null = null;
  readonly #surroundings: Surroundings;
  readonly #ownAddress: string;
  readonly #systemLanguage: Language;
  #ownerCode: string | null;

  /**
   * @param ownAddress - `host:port` of the room that served this page, when it is not in an app.
   * @param ownerCode - from the link that a headless host prints.
   */
  constructor(
    surroundings: Surroundings,
    ownAddress: string,
    systemLanguage: Language,
    ownerCode: string | null,
  ) {
    super();
    this.#surroundings = surroundings;
    this.#ownAddress = ownAddress;
    this.#systemLanguage = systemLanguage;
    this.#ownerCode = ownerCode;
  }

  get isApp(): boolean {
    return this.#surroundings.control !== null;
  }

  get language(): Language {
    return this.settings.language ?? this.#systemLanguage;
  }

  /** With it the sign-up at the door makes the room's owner. */
  get ownerCode(): string | null {
    return this.#ownerCodeFor(this.visit?.address ?? '');
  }

  #ownerCodeFor(address: string): string | null {
    if (this.isApp) return address === this.#home ? (this.hosting?.ownerCode ?? null) : null;
    return this.#ownerCode;
  }

  /** Reads what was kept, and goes where a reload left off. */
  async start(): Promise<void> {
    const { control } = this.#surroundings;
    if (control === null) {
      const kept = (await this.#surroundings.keep.all(SETTINGS_KEY))[0]?.[1];
      const settings = v.safeParse(SettingsChange, parse(kept ?? '{}'));
      if (settings.success) this.settings = { ...DEFAULT_SETTINGS, ...settings.output };
      this.changed();
      await this.#visit(this.#ownAddress, true);
      return;
    }
    control.onHosting((hosting) => {
      this.hosting = hosting;
      this.changed();
    });
    control.onLink((link) => {
      this.link = link;
      if (link === 'up') this.refresh().catch(() => undefined);
      this.changed();
    });
    await this.refresh();
    const { visiting } = this.#surroundings;
    if (visiting !== null) await this.#visit(visiting, true);
  }

  /** Asks the extension again what is hosted, and where we have been. */
  async refresh(): Promise<void> {
    const { control } = this.#surroundings;
    if (control === null) return;
    const state = await control.ask('app.state', {});
    this.version = state.version;
    this.settings = state.settings;
    this.hosting = state.hosting;
    this.recent = state.recent;
    this.addresses = state.addresses;
    this.computer = state.computer;
    this.defaultPort = state.defaultPort;
    this.changed();
  }

  async changeSettings(change: SettingsChange): Promise<void> {
    this.settings = { ...this.settings, ...change };
    this.changed();
    const { control, keep } = this.#surroundings;
    if (control === null) await keep.set(SETTINGS_KEY, JSON.stringify(this.settings));
    else await control.ask('settings.set', change);
  }

  /** A new room on this computer, or one that it hosted before; then goes in. The problem is in `problem`. */
  async host(wish: { name: string; port: number; roomId?: Id }): Promise<boolean> {
    const { control } = this.#surroundings;
    if (control === null) return false;
    return this.#trying('opening', async () => {
      this.hosting = await control.ask('room.host', wish);
      await this.#visit(this.#home, false);
    });
  }

  /** Into the room that this computer hosts already. */
  goHome(): Promise<boolean> {
    return this.#trying('joining', () => this.#visit(this.#home, false));
  }

  /** `typed` is what a person typed or pasted. The problem is in `problem`. */
  join(typed: string): Promise<boolean> {
    return this.#trying('joining', async () => {
      const address = parseAddress(typed);
      if (address === null) throw new ControlRefused('BAD_ADDRESS');
      await this.#visit(formatAddress(address), false);
    });
  }

  /** Back to the first screen. A hosted room stays open. */
  leave(): void {
    this.visit?.leave();
    this.visit = null;
    this.#surroundings.visiting = null;
    this.changed();
    void this.refresh();
  }

  /** Ends hosting: everybody is told. */
  async closeRoom(): Promise<void> {
    if (this.isHome) this.leave();
    await this.#surroundings.control?.ask('room.close', {});
    await this.refresh();
  }

  async forget(roomId: Id): Promise<void> {
    await this.#surroundings.control?.ask('recent.forget', { roomId });
    await this.refresh();
  }

  async openLink(url: string): Promise<void> {
    await this.#surroundings.control?.ask('link.open', { url });
  }

  async exit(): Promise<void> {
    this.visit?.leave();
    await this.#surroundings.control?.ask('app.exit', {});
  }

  clearProblem(): void {
    this.problem = null;
    this.changed();
  }

  get #home(): string {
    return `127.0.0.1:${this.hosting?.port ?? this.defaultPort}`;
  }

  /** Visiting the room that this computer hosts. */
  get isHome(): boolean {
    return this.hosting !== null && this.visit?.address === this.#home;
  }

  async #visit(address: string, persist: boolean): Promise<void> {
    this.visit?.leave();
    const visit = new Visit(
      this.#surroundings,
      address,
      () => this.language,
      this.#ownerCodeFor(address) === null,
    );
    this.visit = visit;
    this.#surroundings.visiting = address;
    let wasIn = false;
    visit.subscribe(() => {
      const isIn = visit.status === 'in';
      if (isIn && !wasIn) void this.#remember(visit);
      wasIn = isIn;
      this.changed();
    });
    this.changed();
    try {
      await visit.begin(persist);
    } catch (error) {
      // Its own sheet says why.
      if (visit.status === 'ended') return;
      visit.leave();
      // Somebody may have gone elsewhere meanwhile.
      if (this.visit !== visit) return;
      this.visit = null;
      this.#surroundings.visiting = null;
      throw error;
    } finally {
      this.changed();
    }
  }

  async #remember(visit: Visit): Promise<void> {
    const room = visit.room?.room;
    if (room === undefined) return;
    this.#ownerCode = null;
    await this.#surroundings.control?.ask('recent.remember', {
      roomId: room.id,
      name: room.name,
      address: visit.address,
    });
    await this.refresh();
  }

  async #trying(what: 'joining' | 'opening', work: () => Promise<void>): Promise<boolean> {
    this.busy = what;
    this.problem = null;
    this.changed();
    try {
      await work();
      return true;
    } catch (error) {
      this.problem = problemOf(error);
      return false;
    } finally {
      this.busy = null;
      this.changed();
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
