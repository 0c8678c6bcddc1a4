import { ulid } from 'ulid';
import type { Id, Seq, Timestamp } from '../protocol/entities.ts';
import { record } from './audit.ts';
import { storableText, type Database } from './database.ts';
import { append } from './log.ts';
import { readMeta, readRestoration, readSettings, writeMeta } from './meta.ts';
import type { Store, StoredRoom } from './records.ts';

/** Fills new tables with a room that has nobody in it yet: its names, and the lobby with its first event. */
export function createRoom(db: Database, name: string, now: Timestamp): void {
  writeMeta(db, 'roomId', ulid());
  writeMeta(db, 'roomName', storableText(name));
  writeMeta(db, 'epoch', ulid());
  writeMeta(db, 'openedAt', now);
  writeMeta(db, 'starts', 0);
  writeMeta(db, 'clean', 1);
  db.all(`INSERT INTO conversation(uid, kind, last_at) VALUES (?, 'lobby', ?)`, ulid(), now);
  append(db, lobby(db), { type: 'conversation.opened', author: null, detail: { memberIds: [] } }, now);
  record(db, { at: now, action: 'room.opened', actorId: null, targetId: null, detail: '' });
}

/** The conversation that is everybody's, by its internal number. */
export function lobby(db: Database): number {
  const row = db.one<{ id: number }>(`SELECT id FROM conversation WHERE kind = 'lobby'`);
  if (row === undefined) throw new Error('a room without a lobby');
  return row.id;
}

/** The number of its last event. */
export function lobbyHead(db: Database): Seq {
  return (
    db.one<{ head: Seq }>('SELECT last_seq AS head FROM conversation WHERE id = ?', lobby(db))?.head ?? 0
  );
}

export function hasOwner(db: Database): boolean {
  return ownerId(db) !== null;
}

function ownerId(db: Database): Id | null {
  return db.one<{ id: Id }>(`SELECT uid AS id FROM member WHERE role = 'owner'`)?.id ?? null;
}

export function readRoom(db: Database): StoredRoom {
  return {
    id: readMeta(db, 'roomId'),
    name: readMeta(db, 'roomName'),
    openedAt: readMeta(db, 'openedAt'),
    epoch: readMeta(db, 'epoch'),
    hasOwner: hasOwner(db),
    ownerId: ownerId(db),
    settings: readSettings(db),
    restored: readRestoration(db),
  };
}

export const room = (db: Database): Pick<Store, 'room'> => ({
  room: () => readRoom(db),
});
