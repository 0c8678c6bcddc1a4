import * as v from 'valibot';
import {
  DEFAULT_SETTINGS,
  SettingsChange,
  NOTIFICATION,
  type ControlInput,
  type Desktop,
  type DroppedFile,
  type Hosting,
  type Nearby,
  type NearbyRoom,
  type RecentRoom,
  type Settings,
} from '../../server/protocol/control.ts';
import type { Diagnosis, Report } from '../../server/protocol/diagnosis.ts';
import {
  DEFAULT_PORT,
  type Access,
  type CardAddress,
  type Fingerprint,
  type Id,
  type Language,
} from '../../server/protocol/entities.ts';
import { findJoin } from '../../server/protocol/invite.ts';
import {
  destinationOf,
  toAddress,
  toHosted,
  toNearby,
  toRecent,
  unionOf,
  type Destination,
} from './destination.ts';
import { readDropped, type FilesRead } from './dropped.ts';
import { Observable } from './observable.ts';
import type { Control, Link, Surroundings } from './ports.ts';
import { ControlRefused, diagnosisOf, NoWayIn, problemOf, type Problem } from './problem.ts';
import { saveThrough } from './saving.ts';
import { Visit, type Around } from './visit.ts';

/** Between looking for a free port and taking it somebody else may have. */
const PORT_TRIES = 5;
const SETTINGS_KEY = 'settings';

/** The whole program as this window sees it: what was chosen, what is hosted, which room is visited. */
export class App extends Observable {
  settings: Settings = DEFAULT_SETTINGS;
  version = '';
  hosting: Hosting | null = null;
  recent: readonly RecentRoom[] = [];
  nearby: Nearby = { state: 'looking', rooms: [] };
  addresses: readonly CardAddress[] = [];
  computer = '';
  defaultPort = DEFAULT_PORT;
  /** Files of this computer's that could not be read at this start, where they are now. */
  putAside: readonly string[] = [];
  visit: Visit | null = null;
  /** What Salon was opened with while files were unsent here: leaving them is the person's decision. */
  toOpen: string | null = null;
  /** Whether the extension answers; a plain browser has none and needs none. */
  link: Link = 'up';
  /** Something that takes a moment: joining, or opening a room. */
  busy: 'joining' | 'opening' | null = null;
  /** Why the last of these did not work, */
  problem: Problem | null = null;
  /** or what was found out about it; at most one of the two. */
  diagnosis: Diagnosis | null = null;
  readonly #surroundings: Surroundings;
  readonly #ownAddress: string;
  readonly #systemLanguage: Language;
  /** Files take turns at it. */
  #saving: Promise<unknown> = Promise.resolve();
  /** Brought by the link that opened this page. */
  #brought: { join: string | null; owner: string | null };
  /** What was remembered last, so that the same is not said again. */
  #remembered = '';

  /** @param ownAddress - `host:port` of the room that served this page, when it is not in an app. */
  constructor(
    surroundings: Surroundings,
    ownAddress: string,
    systemLanguage: Language,
    brought: { join: string | null; owner: string | null } = { join: null, owner: null },
  ) {
    super();
    this.#surroundings = surroundings;
    this.#ownAddress = ownAddress;
    this.#systemLanguage = systemLanguage;
    this.#brought = brought;
  }

  get isApp(): boolean {
    return this.#surroundings.control !== null;
  }

  /** They are lost with the page, and when the room is left. */
  get hasUnsentFiles(): boolean {
    return this.visit?.status !== 'ended' && this.visit?.room?.hasUnsentFiles === true;
  }

  /** The extension has answered, and still does. */
  get isReady(): boolean {
    return this.link === 'up' && this.version !== '';
  }

  get language(): Language {
    return this.settings.language ?? this.#systemLanguage;
  }

  /** With it the sign-up at the door makes the room's owner. */
  get ownerCode(): string | null {
    return this.visit?.ownerCode ?? null;
  }

  /** Reads what was kept, and goes where a reload left off. */
  async start(): Promise<void> {
    const { control, visiting } = this.#surroundings;
    if (control === null) return this.#startInBrowser();
    control.onHosting((hosting) => {
      this.hosting = hosting;
      this.changed();
    });
    control.onNearby((nearby) => {
      this.nearby = nearby;
      this.changed();
    });
    control.onOpened((typed) => void this.open(typed));
    control.onLink((link) => {
      this.link = link;
      if (link === 'up') this.refresh().catch(() => undefined);
      this.changed();
    });
    await this.refresh();
    // What Salon was opened with comes before where it was.
    if (this.visit === null && this.busy === null && visiting !== null) await this.#go(visiting, true);
  }

  async #startInBrowser(): Promise<void> {
    const { keep, visiting } = this.#surroundings;
    const kept = (await keep.all(SETTINGS_KEY))[0]?.[1];
    const settings = v.safeParse(SettingsChange, parse(kept ?? '{}'));
    if (settings.success) this.settings = { ...DEFAULT_SETTINGS, ...settings.output };
    this.changed();
    const code = this.#brought.join ?? visiting?.code ?? null;
    await this.#go({ ...toAddress(this.#ownAddress), code }, true);
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
    this.nearby = state.nearby;
    this.addresses = state.addresses;
    this.computer = state.computer;
    this.defaultPort = state.defaultPort;
    this.putAside = state.putAside;
    this.changed();
    if (state.opened !== null) void this.open(state.opened);
  }

  async changeSettings(change: SettingsChange): Promise<void> {
    this.settings = { ...this.settings, ...change };
    this.changed();
    const { control, keep } = this.#surroundings;
    if (control === null) await keep.set(SETTINGS_KEY, JSON.stringify(this.settings));
    else await control.ask('settings.set', change);
  }

  /** A new room on this computer, or one that it hosted before; then goes in. The problem is in `problem`. */
  async host(wish: { name: string; port: number; roomId?: Id; access?: Access }): Promise<boolean> {
    const { control } = this.#surroundings;
    if (control === null) return false;
    return this.#trying('opening', async () => {
      this.hosting = await this.#openRoom(control, wish);
      await this.#go(toHosted(this.hosting), false);
    });
  }

  /**
   * The usual port, and that of a room which had it before, are nobody's wish in particular: when it is taken, the next
   * free one does, and codes follow.
   */
  async #openRoom(control: Control, wish: ControlInput<'room.host'>): Promise<Hosting> {
    const anyWillDo = wish.port === this.defaultPort || wish.roomId !== undefined;
    for (let port = wish.port, left = PORT_TRIES; ; left -= 1) {
      try {
        return await control.ask('room.host', { ...wish, port });
      } catch (error) {
        const isTaken = error instanceof ControlRefused && error.code === 'PORT_TAKEN';
        if (!isTaken || !anyWillDo || left === 0) throw error;
        port = Number(error.detail);
      }
    }
  }

  /** A new room on this computer; then goes in. */
  hostRoom(name: string, port: number, access: Access = 'open'): Promise<boolean> {
    return this.host({ name, port, access });
  }

  /** Into the room that this computer hosts already. */
  async enterHosted(): Promise<boolean> {
    const { hosting } = this;
    if (hosting === null) return false;
    return this.#trying('joining', () => this.#go(toHosted(hosting), false));
  }

  /** `typed` is what a person typed, pasted or opened. What went wrong is in `problem` or `diagnosis`. */
  join(typed: string): Promise<boolean> {
    return this.#trying('joining', async () => {
      const found = findJoin(typed);
      if (found === null) throw new ControlRefused('BAD_ADDRESS');
      if (found.kind === 'unreadable')
        throw new NoWayIn(diagnosisOf(found.why === 'newer' ? 'codeNewer' : 'codeDamaged'));
      await this.#go(destinationOf(found), false);
    });
  }

  /** One that announces itself as a room that we know must have that room's key. */
  joinNearby(room: NearbyRoom): Promise<boolean> {
    const known = this.recent.find(
      ({ fingerprint }) => room.prefix !== '' && fingerprint.startsWith(room.prefix),
    );
    const { target, ...rest } = toNearby(room);
    const fingerprint = known?.fingerprint ?? null;
    return this.#trying('joining', () => this.#go({ ...rest, target: { ...target, fingerprint } }, false));
  }

  joinRecent(room: RecentRoom): Promise<boolean> {
    return this.#trying('joining', () => this.#go(toRecent(room), false));
  }

  /**
   * Salon, or a browser's page, was opened with a join code. Whoever is in that very room stays there; whoever has files
   * here that were not sent is asked first: see `toOpen`.
   */
  async open(typed: string): Promise<void> {
    const found = findJoin(typed);
    const { visit } = this;
    if (found?.kind === 'code' && visit?.status === 'in' && visit.fingerprint === found.code.fingerprint)
      return;
    const leadsSomewhere = !this.isApp || (found !== null && found.kind !== 'unreadable');
    if (!leadsSomewhere || !this.hasUnsentFiles) return this.#follow(typed);
    this.toOpen = typed;
    this.changed();
  }

  /** The answer about `toOpen`: goes there, or forgets it. */
  async answerOpen(goes: boolean): Promise<void> {
    const { toOpen } = this;
    this.toOpen = null;
    this.changed();
    if (goes && toOpen !== null) await this.#follow(toOpen);
  }

  async #follow(typed: string): Promise<void> {
    if (this.isApp) await this.join(typed);
    else await this.#go({ ...toAddress(this.#ownAddress), code: typed }, true);
  }

  /** To the same room again, with a join code or short form that its door asked for. */
  async useCode(typed: string): Promise<void> {
    const { visit } = this;
    const found = findJoin(typed);
    if (visit === null || (found?.kind !== 'code' && found?.kind !== 'spoken')) return;
    await this.#go({ ...visit.destination, code: found.kind === 'code' ? found.text : found.spoken }, true);
  }

  /** Looks for rooms on this network, or stops; what is found is in `nearby`. */
  async watchNearby(on: boolean): Promise<void> {
    const { control } = this.#surroundings;
    if (control === null) return;
    this.nearby = await control.ask('nearby.watch', { on });
    this.changed();
  }

  /** How this computer stands; with an address or a join code also what stands in between. @throws ControlRefused. */
  async examine(typed: string): Promise<Report> {
    return this.#control().ask('doctor.run', { typed });
  }

  /** Back to the first screen. A hosted room stays open. */
  leave(): void {
    this.visit?.leave();
    this.visit = null;
    this.#surroundings.visiting = null;
    this.changed();
    this.refresh().catch(() => undefined);
  }

  /** Ends hosting: everybody is told. */
  async closeRoom(): Promise<void> {
    if (this.isHome) this.leave();
    await this.#surroundings.control?.ask('room.close', {});
    await this.refresh();
  }

  async forget(fingerprint: Fingerprint): Promise<void> {
    await this.#surroundings.control?.ask('recent.forget', { fingerprint });
    await this.refresh();
  }

  async openLink(url: string): Promise<void> {
    await this.#surroundings.control?.ask('link.open', { url });
  }

  /** What Salon is to the desktop around it. @throws ControlRefused. */
  async desktop(): Promise<Desktop> {
    return this.#control().ask('desktop.state', {});
  }

  /** @throws ControlRefused. */
  async switchDesktop(what: 'atLogin' | 'links', on: boolean): Promise<Desktop> {
    return this.#control().ask('desktop.set', { what, on });
  }

  /** By the system's program. @throws ControlRefused. */
  async notify(title: string, text: string): Promise<void> {
    await this.#control().ask('notification.show', {
      title: title.slice(0, NOTIFICATION.title),
      text: text.slice(0, NOTIFICATION.text),
    });
  }

  /** Into the person's downloads, one file after the other. @returns the name that it has there. @throws ControlRefused. */
  saveFile(blob: Blob, name: string): Promise<string> {
    const saving = this.#saving.then(() => saveThrough(this.#control(), blob, name));
    this.#saving = saving.catch(() => undefined);
    return saving;
  }

  /** What was dropped on the window, so many files of it. @throws ControlRefused. */
  async readDropped(dropped: readonly DroppedFile[], most: number): Promise<FilesRead> {
    return readDropped(this.#control(), dropped, most);
  }

  /** The data folder, in the system's program for folders. @throws ControlRefused. */
  async showFolder(): Promise<void> {
    await this.#control().ask('folder.show', {});
  }

  /** @throws ControlRefused in a plain browser. */
  #control(): Control {
    const { control } = this.#surroundings;
    if (control === null) throw new ControlRefused('FAILED');
    return control;
  }

  async exit(): Promise<void> {
    this.visit?.leave();
    await this.#surroundings.control?.ask('app.exit', {});
  }

  clearProblem(): void {
    this.problem = null;
    this.diagnosis = null;
    this.changed();
  }

  /** Visiting the room that this computer hosts. */
  get isHome(): boolean {
    if (this.hosting === null || this.visit === null) return false;
    const { fingerprint, destination } = this.visit;
    return (fingerprint ?? destination.target.fingerprint) === this.hosting.fingerprint;
  }

  readonly #around: Around = {
    language: () => this.language,
    knows: (key) => this.#withKey(key) !== undefined || this.hosting?.fingerprint === key,
    keyAt: (address) => this.recent.find(({ addresses }) => addresses[0] === address)?.fingerprint ?? null,
    ownerCode: () => {
      if (!this.isApp) return this.#brought.owner;
      return this.isHome ? (this.hosting?.ownerCode ?? null) : null;
    },
  };

  #withKey(key: Fingerprint): RecentRoom | undefined {
    return this.recent.find(({ fingerprint }) => fingerprint === key);
  }

  /** Wherever a room is said to be, it may also be where it was before, or on this very computer. */
  #alsoWhereKnown(destination: Destination): Destination {
    const { target } = destination;
    const { fingerprint } = target;
    if (fingerprint === null) return destination;
    const home = this.hosting?.fingerprint === fingerprint ? toHosted(this.hosting).target.addresses : [];
    const before = this.#withKey(fingerprint)?.addresses ?? [];
    return { ...destination, target: { ...target, addresses: unionOf(home, target.addresses, before) } };
  }

  async #go(destination: Destination, persist: boolean): Promise<void> {
    this.visit?.leave();
    const visit = new Visit(this.#surroundings, this.#alsoWhereKnown(destination), this.#around);
    this.visit = visit;
    this.#remembered = '';
    this.#surroundings.visiting = visit.destination;
    visit.subscribe(() => {
      if (this.visit === visit) {
        this.#surroundings.visiting = visit.destination;
        // An extension that is away just now is told at the next change.
        this.#remember(visit).catch(() => (this.#remembered = ''));
      }
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

  /** The room that somebody is in, by its key, and where it may be on the day that it is not where it was. */
  async #remember(visit: Visit): Promise<void> {
    const { room, status, addresses } = visit;
    if (status !== 'in' || room === null) return;
    this.#brought = { join: null, owner: null };
    const { control } = this.#surroundings;
    const { id: roomId, name } = room.room;
    const known = { roomId, name, fingerprint: room.fingerprint, addresses: [...addresses] };
    const text = JSON.stringify(known);
    if (control === null || text === this.#remembered) return;
    this.#remembered = text;
    await control.ask('recent.remember', known);
    await this.refresh();
  }

  async #trying(what: 'joining' | 'opening', work: () => Promise<void>): Promise<boolean> {
    this.busy = what;
    this.problem = null;
    this.diagnosis = null;
    this.changed();
    try {
      await work();
      return true;
    } catch (error) {
      if (error instanceof NoWayIn) this.diagnosis = error.diagnosis;
      else this.problem = problemOf(error);
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
