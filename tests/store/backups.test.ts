import fs, {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BackupTimes, COPY_TIMES } from '../../server/store/backup-times.ts';
import { backUp, backupsIn } from '../../server/store/backups.ts';
import { Database } from '../../server/store/database.ts';
import { DamagedDatabase, UnwritableDirectory } from '../../server/store/failures.ts';
import { readMeta } from '../../server/store/meta.ts';
import { closeDatabase, openDatabase, reopenFromMemory } from '../../server/store/opening.ts';
import type { PostedMessage } from '../../server/store/records.ts';
import { markDamaged } from '../../server/store/restoring.ts';
import { createStore } from '../../server/store/store.ts';
import { DAY, message, NOON, openRoom, scratch } from './scratch.ts';

const open = (directory: string, now = NOON) => openDatabase({ directory, roomName: 'Other', now });
const at = (directory: string) => join(directory, 'room.db');

/** A room with a copy that has one message, closed after a second one. */
function copiedRoom(copiedAt = NOON) {
  const { directory, db, store, lobby, ada, close } = openRoom();
  const epoch = readMeta(db, 'epoch');
  store.post(message(ada, lobby, 'in the copy'));
  db.checkpoint('TRUNCATE');
  backUp(db.path, 5, copiedAt);
  store.post(message(ada, lobby, 'after it'));
  close();
  return { directory, epoch, ada };
}

/** What the room says after an opening that had to restore it. */
function restored(directory: string) {
  const { db, restored } = open(directory, NOON + DAY);
  const bodies = db.all<{ body: string }>('SELECT body FROM event WHERE body IS NOT NULL ORDER BY id');
  const [entry] = createStore(db).auditEntries(null, 1);
  const told = createStore(db).room();
  closeDatabase(db);
  return { restored, told, entry, bodies: bodies.map(({ body }) => body) };
}

const copying = suite('Copies of a room');

copying('are the owner’s alone, whole rooms, and of each of the last days the last one', () => {
  const { directory, db, close } = openRoom();
  db.checkpoint('TRUNCATE');
  for (const [hours, lastEvent] of [
    [0, 4],
    [1, 5],
    [24, 6],
    [47, 7],
    [48, 8],
    [72, 9],
  ] as const) {
    assert.ok(backUp(db.path, lastEvent, NOON + hours * 60 * 60_000));
  }
  close();
  assert.equal(
    backupsIn(directory).map(({ day, lastEvent }) => [day, lastEvent]),
    [
      ['2026-11-26', 9],
      ['2026-11-25', 8],
      ['2026-11-24', 6],
    ],
  );
  const [newest] = backupsIn(directory);
  assert.ok(newest);
  if (process.platform !== 'win32') {
    assert.is(statSync(newest.path).mode & 0o777, 0o600);
    assert.is(statSync(dirname(newest.path)).mode & 0o777, 0o700);
  }
  assert.is(readdirSync(dirname(newest.path)).length, 3);
  const copy = new Database(newest.path);
  assert.is(copy.all('SELECT id FROM member').length, 3);
  copy.close();
});

copying('are never made of a damaged room, and leave nothing half done', () => {
  const { directory, db, store, lobby, ada, close } = openRoom();
  for (let i = 0; i < 300; i += 1) store.post(message(ada, lobby, 'x'.repeat(300)));
  close();
  const bytes = readFileSync(at(directory));
  bytes.fill(0xff, 12 * 4_096, 12 * 4_096 + 64);
  writeFileSync(at(directory), bytes);
  assert.throws(
    () => backUp(db.path, 9, NOON),
    (error: unknown) => /malformed|damaged/.test(String(error)),
  );
  assert.equal(backupsIn(directory), []);
  assert.equal(readdirSync(join(directory, 'backups')), []);
});

copying('come by themselves when the room has been quiet, and not again without a change', () => {
  const { directory, db, store, lobby, ada, close } = openRoom();
  const real = performance.now.bind(performance);
  let later = 0;
  performance.now = () => real() + later;
  try {
    const times = new BackupTimes(db, () => NOON + later);
    const count = () => (times.tick(), backupsIn(directory).length);
    const post = (input: PostedMessage) => (store.post(input), times.committed([]));
    assert.is(count(), 0, 'just opened');
    later += 60 * 60_000;
    const first = message(ada, lobby, 'first');
    post(first);
    assert.is(count(), 0, 'somebody has just written');
    later += COPY_TIMES[0]?.idleMs ?? 0;
    assert.is(count(), 1);
    later += 2 * DAY;
    assert.is(count(), 1, 'nobody has asked for anything');
    const { head } = store.page(lobby, ada, { before: 1e6 }, 1);
    post(first);
    store.mark(lobby, ada, head, head, NOON);
    times.committed([]);
    later += 60_000;
    assert.is(count(), 1, 'what was asked had been done before');
    assert.is(times.lastCopy(), null);
    post(message(ada, lobby, 'second'));
    later += 60_000;
    assert.is(count(), 2);
    post(message(ada, lobby, 'third'));
    later += 60_000;
    assert.is(count(), 2, 'too soon');
  } finally {
    performance.now = real;
    close();
  }
});

copying('come late to a room that is never quiet', () => {
  const { directory, db, store, lobby, ada, close } = openRoom();
  const real = performance.now.bind(performance);
  let later = 0;
  performance.now = () => real() + later;
  try {
    const times = new BackupTimes(db, () => NOON + later);
    const { everyMs = 0 } = COPY_TIMES[0] ?? {};
    const hours = everyMs / 60 / 60_000;
    const copies = Array.from({ length: 4 * hours }, () => {
      later += 60 * 60_000;
      store.post(message(ada, lobby, 'hourly'));
      times.committed([]);
      times.tick();
      return backupsIn(directory).length;
    });
    assert.is(copies[hours - 1], 0, 'there may still be a quiet moment');
    assert.is(copies[2 * hours - 1], 1);
    assert.is(copies.at(-1), 2, 'and not with every change');
  } finally {
    performance.now = real;
    close();
  }
});

copying.run();

const restoring = suite('A damaged room');

const DAMAGES: Record<string, (file: string) => void> = {
  'is garbage': (file) => writeFileSync(file, 'garbage\n'.repeat(2_000)),
  'is empty': (file) => truncateSync(file),
  'is cut off': (file) => truncateSync(file, 5 * 4_096 + 100),
  'is gone': (file) => rmSync(file),
  'is gone, but its log is there': (file) => (rmSync(file), writeFileSync(`${file}-wal`, 'log')),
  'is another program’s': (file) => {
    rmSync(file);
    const foreign = new Database(file, { create: true });
    foreign.script('CREATE TABLE theirs(x)');
    foreign.close();
  },
  'has a hole in a log': (file) => {
    const db = new Database(file);
    db.all('DELETE FROM event WHERE id = 3');
    db.close();
  },
};

for (const [what, damage] of Object.entries(DAMAGES)) {
  restoring(`that ${what} is put aside, and its last copy takes its place`, () => {
    const { directory, epoch, ada } = copiedRoom();
    damage(at(directory));
    const files = readdirSync(directory).filter((name) => name.startsWith('room.db'));
    const damaged = files.map((name) => [name, readFileSync(join(directory, name))] as const);
    const { restored: done, told, entry, bodies } = restored(directory);

    assert.equal(bodies, ['in the copy']);
    assert.equal([done?.from, done?.at], [NOON, NOON + DAY]);
    assert.equal(told.restored, { from: NOON, at: NOON + DAY });
    assert.is.not(told.epoch, epoch);
    assert.equal([told.name, told.ownerId], ['Kitchen', ada]);
    assert.equal([entry?.action, entry?.at], ['room.restored', NOON + DAY]);
    // Nothing was deleted.
    assert.is(done?.aside === null, damaged.length === 0);
    for (const [name, bytes] of damaged) assert.equal(readFileSync(join(done?.aside ?? '', name)), bytes);

    // It is said again for as long as the room lives, but it happened once.
    const again = open(directory);
    assert.is(again.restored, null);
    assert.equal(createStore(again.db).room().restored, told.restored);
    closeDatabase(again.db);
  });
}

restoring('is restored from an older copy when the newest is damaged too', () => {
  const { directory } = copiedRoom();
  const folder = join(directory, 'backups');
  const newest = join(folder, 'room-2026-11-24T00-00-00-6.db');
  for (const content of ['half a', '']) {
    writeFileSync(newest, content);
    writeFileSync(at(directory), 'garbage');
    const { restored: done, bodies } = restored(directory);
    assert.equal(bodies, ['in the copy']);
    assert.is(done?.from, NOON);
    assert.is(readFileSync(join(done?.aside ?? '', basename(newest)), 'utf8'), content);
    assert.not(existsSync(newest));
  }
  assert.is(readdirSync(directory).filter((name) => name.startsWith('damaged-')).length, 2);
});

restoring('is refused and left as it is where there is no good copy', () => {
  const { directory } = copiedRoom();
  const [backup] = backupsIn(directory);
  writeFileSync(backup?.path ?? '', 'garbage');
  writeFileSync(at(directory), 'rubbish');
  assert.throws(
    () => open(directory),
    (error: unknown) => error instanceof DamagedDatabase,
  );
  assert.is(readFileSync(at(directory), 'utf8'), 'rubbish');
  assert.is(readFileSync(backup?.path ?? '', 'utf8'), 'garbage');
  assert.equal(readdirSync(directory).toSorted(), ['backups', 'room.db']);
});

restoring('that is gone is never taken for a new one, even without a copy', () => {
  const directory = scratch();
  writeFileSync(join(directory, 'room.key'), 'the key');
  assert.throws(
    () => open(directory),
    (error: unknown) => error instanceof DamagedDatabase && /is gone/.test(error.message),
  );
});

restoring('that was found damaged while it ran is read as a whole at the next start', () => {
  const { directory } = copiedRoom();
  markDamaged(at(directory));
  // It was a false alarm: nothing happens to a room that is whole.
  const { db, restored: done } = open(directory);
  assert.is(done, null);
  assert.is(db.all('SELECT 1 FROM event WHERE body IS NOT NULL').length, 2);
  closeDatabase(db);
  assert.equal(readdirSync(directory).toSorted(), ['backups', 'room.db']);
});

restoring('is restored at the next start wherever a kill interrupted the restoring', () => {
  const { directory } = copiedRoom();
  // The damaged files are put aside already, the copy is not in place yet.
  mkdirSync(join(directory, 'damaged-2026-11-24T12-00-00'));
  rmSync(at(directory));
  writeFileSync(join(directory, 'room.db.new'), 'half a copy');
  const { restored: done, bodies } = restored(directory);
  assert.equal(bodies, ['in the copy']);
  assert.is(done?.aside, null);
});

restoring('is restored from an older copy when the disk cannot read the newest, which stays', () => {
  const { directory } = copiedRoom();
  const newest = join(directory, 'backups', 'room-2026-11-24T00-00-00-6.db');
  writeFileSync(newest, 'what the disk does not give back');
  writeFileSync(at(directory), 'garbage');
  const well = withUnreadable(newest);
  try {
    assert.equal(restored(directory).bodies, ['in the copy']);
  } finally {
    well();
  }
  const kept = readdirSync(dirname(newest)).find((name) => name.endsWith(basename(newest)));
  assert.is(kept, `former-5-${basename(newest)}`);
});

restoring('is refused where the disk reads its only copy, and cannot write it', () => {
  const { directory } = copiedRoom();
  writeFileSync(at(directory), 'garbage');
  const real = fs.copyFileSync;
  fs.copyFileSync = () => {
    throw diskError();
  };
  syncBuiltinESMExports();
  try {
    assert.throws(
      () => open(directory),
      (error: unknown) => error instanceof UnwritableDirectory,
    );
  } finally {
    fs.copyFileSync = real;
    syncBuiltinESMExports();
  }
  assert.equal(restored(directory).bodies, ['in the copy']);
});

const diskError = () => Object.assign(new Error('EIO: i/o error'), { code: 'EIO', syscall: 'read' });

/** The disk does not give back one file; until the answer is called. */
function withUnreadable(path: string): () => void {
  const { copyFileSync, openSync } = fs;
  fs.copyFileSync = (from, to, mode) => {
    if (from === path) throw diskError();
    copyFileSync(from, to, mode);
  };
  fs.openSync = (file, flags, mode) => {
    if (file === path) throw diskError();
    return openSync(file, flags, mode);
  };
  syncBuiltinESMExports();
  return () => {
    Object.assign(fs, { copyFileSync, openSync });
    syncBuiltinESMExports();
  };
}

restoring.run();

const whole = suite('A room that is whole');

whole('is not restored because its header says that it has no log', () => {
  const { directory } = copiedRoom();
  const file = at(directory);
  // As the engine copies it, and as it is after `journal_mode = DELETE`.
  const db = new Database(file);
  db.copyInto(`${file}.vacuumed`);
  db.close();
  renameSync(`${file}.vacuumed`, file);
  assert.equal([...readFileSync(file).subarray(18, 20)], [1, 1]);
  const { db: opened, restored: done } = open(directory, NOON + DAY);
  assert.is(done, null);
  assert.is(opened.all('SELECT 1 FROM event WHERE body IS NOT NULL').length, 2);
  assert.is(opened.pragma('journal_mode'), 'wal');
  closeDatabase(opened);
  assert.equal([...readFileSync(file).subarray(18, 20)], [2, 2]);
});

whole('has a log from the moment its copy out of memory has its name', () => {
  const { db } = openRoom();
  const header = () => [...readFileSync(db.path).subarray(18, 20)];
  const real = fs.renameSync;
  let renamed: number[] = [];
  fs.renameSync = (from, to) => {
    real(from, to);
    renamed = header();
  };
  syncBuiltinESMExports();
  try {
    closeDatabase(reopenFromMemory(db));
  } finally {
    fs.renameSync = real;
    syncBuiltinESMExports();
  }
  assert.equal(renamed, [2, 2]);
});

whole('that goes on from an older copy keeps its own copies, and those of the other story apart', () => {
  const { directory, db, store, lobby, ada, close } = openRoom();
  const lastEvent = (of: Database) => of.one<{ id: number }>('SELECT max(id) AS id FROM event')?.id ?? 0;
  const copies: string[] = [];
  for (let day = 0; day < 3; day += 1) {
    for (let i = 0; i < 10; i += 1) store.post(message(ada, lobby, `day ${day}`));
    db.checkpoint('TRUNCATE');
    backUp(db.path, lastEvent(db), NOON + day * DAY);
    copies.unshift(backupsIn(directory)[0]?.path ?? '');
  }
  close();
  // Somebody takes the oldest one.
  copyFileSync(copies[2] ?? '', at(directory));
  const again = open(directory, NOON + 3 * DAY).db;
  createStore(again).post(message(ada, lobby, 'new'));
  again.checkpoint('TRUNCATE');
  backUp(again.path, lastEvent(again), NOON + 3 * DAY);
  closeDatabase(again);
  assert.equal(
    backupsIn(directory).map(({ at: when }) => when),
    [NOON + 3 * DAY, NOON],
  );
  const names = readdirSync(join(directory, 'backups'));
  for (const path of copies.slice(0, 2)) assert.ok(names.includes(`former-14-${basename(path)}`));

  writeFileSync(at(directory), 'garbage');
  assert.is(restored(directory).bodies.at(-1), 'new');
});

whole.run();
