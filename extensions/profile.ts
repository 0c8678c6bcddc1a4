import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { DEFAULT_SETTINGS, RecentRoom, SettingsChange, type Settings } from '../server/protocol/control.ts';
import { Id } from '../server/protocol/entities.ts';

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

const MOST_RECENT = 30;

/** The folder when none is named: where each system keeps a person's own data. */
export function defaultDirectory(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const home = homedir();
  if (platform === 'win32') return join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'Salon');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Salon');
  return join(env['XDG_DATA_HOME'] ?? join(home, '.local', 'share'), 'salon');
}

export class Profile {
  readonly directory: string;
  settings: Settings;
  #recent: Remembered[];
  readonly #kept = new Map<string, string>();

  /** @throws when the folder cannot be written. */
  constructor(directory: string) {
    this.directory = directory;
    mkdirSync(join(directory, 'keep'), { recursive: true, mode: 0o700 });
    mkdirSync(join(directory, 'rooms'), { recursive: true, mode: 0o700 });
    this.settings = { ...DEFAULT_SETTINGS, ...readJson(this.#path('settings.json'), SettingsChange, {}) };
    this.#recent = readJson(this.#path('recent.json'), v.array(Remembered), []);
    for (const name of readdirSync(this.#path('keep'))) {
      if (!name.endsWith('.json')) continue;
      const entry = readJson(this.#path('keep', name), v.nullable(v.tuple([v.string(), v.string()])), null);
      if (entry !== null) this.#kept.set(...entry);
    }
  }

  changeSettings(change: SettingsChange): Settings {
    this.settings = { ...this.settings, ...change };
    writeJson(this.#path('settings.json'), this.settings);
    return this.settings;
  }

  /** The latest first. */
  get recent(): readonly Remembered[] {
    return this.#recent;
  }

  remember(room: Remembered): void {
    const before = this.#recent.find(({ roomId }) => roomId === room.roomId);
    const folder = room.folder ?? before?.folder;
    const entry = { ...room, hosted: folder !== undefined, ...(folder === undefined ? {} : { folder }) };
    const others = this.#recent.filter(({ roomId }) => roomId !== room.roomId);
    // A hosted room is never forgotten for being old: its folder would be hard to find again.
    this.#recent = [entry, ...others].filter((each, i) => i < MOST_RECENT || each.folder !== undefined);
    writeJson(this.#path('recent.json'), this.#recent);
  }

  /** Takes a room off the list. The folder of a hosted one stays. */
  forget(roomId: Id): void {
    this.#recent = this.#recent.filter((room) => room.roomId !== roomId);
    writeJson(this.#path('recent.json'), this.#recent);
  }

  roomDirectory(folder: Id): string {
    return this.#path('rooms', folder);
  }

  kept(prefix: string): [string, string][] {
    return [...this.#kept].filter(([key]) => key.startsWith(prefix));
  }

  /** On disk when this returns. Null removes. */
  keep(key: string, value: string | null): void {
    const path = this.#path('keep', `${createHash('sha256').update(key).digest('base64url')}.json`);
    if (value === null) {
      this.#kept.delete(key);
      rmSync(path, { force: true });
    } else {
      this.#kept.set(key, value);
      writeJson(path, [key, value]);
    }
  }

  #path(...parts: string[]): string {
    return join(this.directory, ...parts);
  }
}

function readJson<S extends v.GenericSchema>(
  path: string,
  schema: S,
  otherwise: v.InferOutput<S>,
): v.InferOutput<S> {
  try {
    return v.parse(schema, JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    // A missing file is a first start. A damaged one is set aside, not written over.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') setAside(path);
    return otherwise;
  }
}

function setAside(path: string): void {
  try {
    renameSync(path, `${path}.damaged`);
  } catch {
    // It cannot even be moved: it will be read again next time.
  }
}

/** Whole or not at all, also when the power goes. */
function writeJson(path: string, value: unknown): void {
  const temporary = `${path}.new`;
  const file = openSync(temporary, 'w', 0o600);
  try {
    writeSync(file, JSON.stringify(value));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
}
