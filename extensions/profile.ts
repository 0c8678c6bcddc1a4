import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { openIdentity } from '../server/identity.ts';
import { DEFAULT_SETTINGS, RecentRoom, SettingsChange, type Settings } from '../server/protocol/control.ts';
import { type Fingerprint, Id, Timestamp } from '../server/protocol/entities.ts';
import { rename } from '../server/store/files.ts';
import { patiently } from '../server/store/patience.ts';
import { UNFINISHED, writeWhole } from '../server/whole-file.ts';

/**
 * What this computer remembers between starts, in one folder of its owner's: settings, rooms visited and hosted, and the
 * small texts of the page, whose own storage a window loses at each start.
 */

const Remembered = v.object({
  ...RecentRoom.entries,
  /** The folder under `rooms/` in which a hosted room lives. */
  folder: v.optional(Id),
});
export type Remembered = v.InferOutput<typeof Remembered>;

/** As it was written before rooms had keys: a room was known by its address. */
const Former = v.object({
  roomId: Id,
  name: v.string(),
  address: v.string(),
  lastAt: Timestamp,
  folder: v.optional(Id),
});
type Former = v.InferOutput<typeof Former>;

/** In the folder of each room that is hosted here: how the list knows it, on the day that the list is lost. */
const ENTRY = 'known.json';

const MOST_RECENT = 30;
/** A laptop that hosts in several places has an address in each. */
const MOST_ADDRESSES = 12;

export class Profile {
  readonly directory: string;
  /** Files that could not be read, where they were put. The rest is here. */
  readonly putAside: string[] = [];
  settings: Settings;
  #recent: Remembered[];
  /** What was read in the former way, until it is migrated. */
  #former: Former[];
  /** What was not understood in the list: a newer Salon may. */
  readonly #strange: unknown[] = [];
  readonly #kept = new Map<string, string>();

  /** @throws when the folder cannot be written. */
  static async open(directory: string): Promise<Profile> {
    const profile = new Profile(directory);
    await profile.#migrate();
    profile.#mark();
    return profile;
  }

  private constructor(directory: string) {
    this.directory = directory;
    mkdirSync(join(directory, 'keep'), { recursive: true, mode: 0o700 });
    mkdirSync(join(directory, 'rooms'), { recursive: true, mode: 0o700 });
    this.settings = { ...DEFAULT_SETTINGS, ...this.#read(this.#path('settings.json'), SettingsChange, {}) };
    this.#recent = [];
    this.#former = [];
    for (const entry of this.#read(this.#path('recent.json'), v.array(v.unknown()), [])) {
      if (v.is(Remembered, entry)) this.#recent.push(entry);
      else if (v.is(Former, entry)) this.#former.push(entry);
      else this.#strange.push(entry);
    }
    this.#adopt();
    for (const name of readdirSync(this.#path('keep'))) {
      // Of somebody who was killed while writing it. Nobody would ever write it to its end: each message has a name of its own.
      if (name.endsWith(UNFINISHED)) rmSync(this.#path('keep', name), { force: true });
      if (!name.endsWith('.json')) continue;
      const isItsName = ([key]: [string, string]) => fileOf(key) === name;
      const Entry = v.nullable(v.pipe(v.tuple([v.string(), v.string()]), v.check(isItsName)));
      const entry = this.#read(this.#path('keep', name), Entry, null);
      if (entry !== null) this.#kept.set(...entry);
    }
  }

  changeSettings(change: SettingsChange): Settings {
    this.settings = { ...this.settings, ...change };
    writeWhole(this.#path('settings.json'), JSON.stringify(this.settings));
    return this.settings;
  }

  /** The latest first. */
  get recent(): readonly Remembered[] {
    return this.#recent;
  }

  /** One room for each key, wherever it is found. Its addresses gather, those of now first. */
  remember(room: Remembered): void {
    const before = this.#recent.find(({ fingerprint }) => fingerprint === room.fingerprint);
    const folder = room.folder ?? before?.folder;
    const { folder: _, ...rest } = room;
    const entry: Remembered = {
      ...rest,
      addresses: merged(room.addresses, before?.addresses ?? []),
      hosted: folder !== undefined,
      ...(folder === undefined ? {} : { folder }),
    };
    const others = this.#recent.filter(({ fingerprint }) => fingerprint !== room.fingerprint);
    // A hosted room is never forgotten for being old: its folder would be hard to find again.
    this.#recent = [entry, ...others].filter((each, i) => i < MOST_RECENT || each.folder !== undefined);
    if (room.folder !== undefined)
      writeWhole(join(this.roomDirectory(room.folder), ENTRY), JSON.stringify(entry));
    this.#write();
  }

  /** Where a known room was found just now. Of a room that is not known, nothing is kept. */
  foundAt(fingerprint: Fingerprint, address: string): void {
    const room = this.known(fingerprint);
    if (room === undefined || room.addresses[0] === address) return;
    room.addresses = merged([address], room.addresses);
    this.#write();
  }

  known(fingerprint: Fingerprint): Remembered | undefined {
    return this.#recent.find((room) => room.fingerprint === fingerprint);
  }

  /** Takes a room off the list, but none that is hosted here: nothing else leads to its folder. */
  forget(fingerprint: Fingerprint): void {
    this.#recent = this.#recent.filter(
      (room) => room.fingerprint !== fingerprint || room.folder !== undefined,
    );
    this.#write();
  }

  roomDirectory(folder: Id): string {
    return this.#path('rooms', folder);
  }

  kept(prefix: string): [string, string][] {
    return [...this.#kept].filter(([key]) => key.startsWith(prefix));
  }

  /** On disk when this returns. Null removes. */
  keep(key: string, value: string | null): void {
    const path = this.#path('keep', fileOf(key));
    if (value === null) {
      patiently(() => rmSync(path, { force: true }));
      this.#kept.delete(key);
    } else {
      writeWhole(path, JSON.stringify([key, value]));
      this.#kept.set(key, value);
    }
  }

  /**
   * A room that was hosted here gets its key now, and stays in the list. One that was visited is known by nothing that
   * could be trusted: it leaves the list, which is kept beside the new one as it was.
   */
  async #migrate(): Promise<void> {
    const former = this.#former;
    this.#former = [];
    if (former.length === 0) return;
    const path = this.#path('recent.json');
    copyFileSync(path, `${path}.former`);
    for (const { folder, address, ...room } of former) {
      // Without its folder there is nothing to open any more.
      if (folder === undefined || !existsSync(this.roomDirectory(folder))) continue;
      const identity = await openIdentity(this.roomDirectory(folder), Date.now()).catch(() => null);
      if (identity === null) continue;
      const { fingerprint } = identity;
      this.#recent.push({ ...room, folder, fingerprint, addresses: [address], hosted: true });
    }
    this.#recent = this.#recent.toSorted((a, b) => b.lastAt - a.lastAt);
    this.#write();
  }

  /** Rooms of the list that were hosted before their folders said so. */
  #mark(): void {
    for (const room of this.#recent) {
      if (room.folder === undefined) continue;
      const directory = this.roomDirectory(room.folder);
      if (!existsSync(directory) || existsSync(join(directory, ENTRY))) continue;
      writeWhole(join(directory, ENTRY), JSON.stringify(room));
    }
  }

  /** Rooms whose folders are here and which the list does not name: it was damaged, or they were brought here. */
  #adopt(): void {
    for (const folder of readdirSync(this.#path('rooms'))) {
      if (this.#recent.some((room) => room.folder === folder)) continue;
      const entry = this.#read(join(this.#path('rooms', folder), ENTRY), v.nullable(Remembered), null);
      if (entry?.folder !== folder) continue;
      const before = this.known(entry.fingerprint);
      // Of two copies of one room, the one in the list is meant.
      if (before?.folder !== undefined) continue;
      this.#recent = [...this.#recent.filter((room) => room !== before), entry];
    }
    this.#recent = this.#recent.toSorted((a, b) => b.lastAt - a.lastAt);
  }

  #write(): void {
    writeWhole(this.#path('recent.json'), JSON.stringify([...this.#recent, ...this.#strange]));
  }

  /** A missing file is a first start. A damaged one is put aside, not written over. */
  #read<S extends v.GenericSchema>(path: string, schema: S, otherwise: v.InferOutput<S>): v.InferOutput<S> {
    try {
      return v.parse(schema, JSON.parse(utf8.decode(readFileSync(path))));
    } catch (error) {
      const aside = (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : setAside(path);
      if (aside !== null) this.putAside.push(aside);
      return otherwise;
    }
  }

  #path(...parts: string[]): string {
    return join(this.directory, ...parts);
  }
}

/** Refuses what is no text. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Under which name a text is kept: its key may hold anything. */
function fileOf(key: string): string {
  return `${createHash('sha256').update(key).digest('base64url')}.json`;
}

/** The first list first, each once, as many as are kept. */
function merged(now: readonly string[], before: readonly string[]): string[] {
  return [...new Set([...now, ...before])].slice(0, MOST_ADDRESSES);
}

/** Null when it could not even be moved: it will be read again next time. */
function setAside(path: string): string | null {
  const aside = `${path}.damaged`;
  try {
    // What was put aside before stays too.
    const free = existsSync(aside) ? `${aside}-${Date.now()}` : aside;
    rename(path, free);
    return free;
  } catch {
    return null;
  }
}
