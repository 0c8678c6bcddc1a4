import type { RoomSettings } from '../protocol/entities.ts';
import { record } from './audit.ts';
import { endStays, stayingGuests } from './guests.ts';
import { readSettings, writeMeta } from './meta.ts';
import type { Database } from './database.ts';
import type { SettingsChange, Store } from './records.ts';

/** What the owner decided about the door. */

export const settings = (db: Database): Pick<Store, 'changeSettings'> => ({
  changeSettings: (change, by, now) =>
    db.atomic(() => {
      const before = readSettings(db);
      const after: RoomSettings = {
        access: change.access ?? before.access,
        door: change.door ?? before.door,
        guestsUntil: change.guestsUntil === undefined ? before.guestsUntil : change.guestsUntil,
      };
      writeMeta(db, 'access', after.access);
      writeMeta(db, 'door', after.door);
      writeMeta(db, 'guestsUntil', after.guestsUntil ?? 0);
      const said = difference(before, after);
      if (said !== '')
        record(db, { at: now, action: 'room.changed', actorId: by, targetId: null, detail: said });
      const leaving = after.guestsUntil === null ? stayingGuests(db) : [];
      return { settings: after, ...endStays(db, leaving, by, now) };
    }),
});

/** For the journal: `access=invited guestsUntil=2026-11-23T14:00:00.000Z`. */
function difference(before: RoomSettings, after: SettingsChange): string {
  const words = (['access', 'door'] as const).flatMap((key) =>
    before[key] === after[key] ? [] : [`${key}=${after[key]}`],
  );
  if (before.guestsUntil !== after.guestsUntil) {
    const until = after.guestsUntil;
    words.push(
      `guestsUntil=${until === null || until === undefined ? 'never' : new Date(until).toISOString()}`,
    );
  }
  return words.join(' ');
}
