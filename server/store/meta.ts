import type { Access, BrowserDoor, Id, Restoration, RoomSettings, Timestamp } from '../protocol/entities.ts';
import type { Database, Value } from './database.ts';

/** The few facts about the room as a whole. `clean` is 1 while nothing runs on it. */
interface Meta {
  roomId: Id;
  roomName: string;
  epoch: Id;
  openedAt: Timestamp;
  starts: number;
  clean: number;
  /** Missing in a room that nobody has changed. */
  access: Access | undefined;
  door: BrowserDoor | undefined;
  /** 0 or missing is not at all. */
  guestsUntil: Timestamp | undefined;
  /** Missing in a room that never was restored: of when the copy was, and when it took the room's place. */
  restoredFrom: Timestamp | undefined;
  restoredAt: Timestamp | undefined;
  /** Only in a copy: when it was made. */
  copiedAt: Timestamp | undefined;
}

export function readMeta<K extends keyof Meta>(db: Database, key: K): Meta[K] {
  const row = db.one<{ v: Value }>('SELECT v FROM meta WHERE k = ?', key);
  return row?.v as Meta[K];
}

export function writeMeta<K extends keyof Meta>(db: Database, key: K, value: NonNullable<Meta[K]>): void {
  db.all('INSERT INTO meta(k, v) VALUES (?, ?) ON CONFLICT (k) DO UPDATE SET v = excluded.v', key, value);
}

export function dropMeta(db: Database, key: keyof Meta): void {
  db.all('DELETE FROM meta WHERE k = ?', key);
}

export function readSettings(db: Database): RoomSettings {
  return {
    access: readMeta(db, 'access') ?? 'open',
    door: readMeta(db, 'door') ?? 'none',
    guestsUntil: readMeta(db, 'guestsUntil') || null,
  };
}

export function readRestoration(db: Database): Restoration | null {
  const from = readMeta(db, 'restoredFrom');
  const at = readMeta(db, 'restoredAt');
  return from === undefined || at === undefined ? null : { from, at };
}
