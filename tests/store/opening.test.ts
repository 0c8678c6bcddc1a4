import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { backUp } from '../../server/store/backups.ts';
import { Database } from '../../server/store/database.ts';
import {
  DamagedDatabase,
  DirectoryInUse,
  NewerDatabase,
  UnfinishedWriting,
  UnwritableDirectory,
} from '../../server/store/failures.ts';
import { readMeta } from '../../server/store/meta.ts';
import { MIGRATIONS } from '../../server/store/migrations.ts';
import { closeDatabase, openDatabase } from '../../server/store/opening.ts';
import { createStore } from '../../server/store/store.ts';
import { takeOwnership } from '../../server/store/owner-lock.ts';
import { startHost } from './hosts.ts';
import { message, NOON, openRoom, scratch, snapshotOf } from './scratch.ts';

const open = (directory: string, migrations = MIGRATIONS) =>
  openDatabase({ directory, roomName: 'Kitchen', now: NOON, migrations }).db;

const fails = (directory: string, kind: new (message: string) => Error, pattern = /./) =>
  assert.throws(
    () => open(directory),
    (error: unknown) => error instanceof kind && pattern.test(error.message),
  );

/** The files as a kill would leave them, in another folder. */
function afterKill(directory: string): string {
  const copy = scratch();
  cpSync(directory, copy, { recursive: true });
  return copy;
}

/** A room that was closed well. */
function closedRoom(): string {
  const { directory, close } = openRoom();
  close();
  return directory;
}

const opening = suite('Opening a room');

opening('makes it once, and finds the same one again', () => {
  const directory = scratch();
  const first = open(directory);
  const epoch = readMeta(first, 'epoch');
  assert.equal([readMeta(first, 'starts'), readMeta(first, 'clean')], [1, 0]);
  closeDatabase(first);
  assert.equal(readdirSync(directory), ['room.db']);
  const second = openDatabase({ directory, roomName: 'Another', now: NOON + 5 }).db;
  assert.equal([readMeta(second, 'starts'), readMeta(second, 'clean')], [2, 0]);
  assert.equal([readMeta(second, 'roomName'), readMeta(second, 'epoch')], ['Kitchen', epoch]);
  closeDatabase(second);
});

opening('keeps everything acknowledged after a kill, which leaves the engine’s lock behind', () => {
  const { directory, store, lobby, ada, close } = openRoom();
  const { seq } = store.post(message(ada, lobby, 'Kept'));
  const copy = afterKill(directory);
  assert.ok(existsSync(join(copy, 'room.db.lock')));
  const again = open(copy);
  assert.is(again.one<{ body: string }>('SELECT body FROM event WHERE seq = ?', seq)?.body, 'Kept');
  again.close();
  close();
});

opening('files are the owner’s alone', async () => {
  if (process.platform === 'win32') return;
  const directory = join(scratch(), 'new', 'data');
  const ownership = await takeOwnership(directory);
  const db = open(directory);
  const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
  assert.is(mode(directory), '700');
  for (const name of ['room.db', 'room.db-wal', 'host.json'])
    assert.is(mode(join(directory, name)), '600', name);
  closeDatabase(db);
  await ownership.release();
});

opening('what a kill left of making or copying a room is cleared away', () => {
  const directory = scratch();
  for (const name of ['room.db.new', 'room.db.new-journal', 'room.db.new-copy']) {
    writeFileSync(join(directory, name), 'half');
  }
  mkdirSync(join(directory, 'room.db.new.lock'));
  closeDatabase(open(directory));
  assert.equal(readdirSync(directory), ['room.db']);
});

opening('refuses a room in which another program was writing, untouched', () => {
  const directory = closedRoom();
  // A copy is no reason to put the room aside: it may be whole.
  backUp(join(directory, 'room.db'), 4, NOON);
  writeFileSync(join(directory, 'room.db-journal'), 'hot');
  const before = readFileSync(join(directory, 'room.db'));
  fails(directory, UnfinishedWriting, /another program/i);
  assert.equal(readFileSync(join(directory, 'room.db')), before);
  assert.equal(readdirSync(directory).toSorted(), ['backups', 'room.db', 'room.db-journal']);
});

opening('clears away what another program left when it had finished', () => {
  for (const left of ['', Buffer.alloc(512)]) {
    const directory = closedRoom();
    writeFileSync(join(directory, 'room.db-journal'), left);
    const db = open(directory);
    assert.is(db.all('SELECT uid FROM member').length, 3);
    closeDatabase(db);
    assert.equal(readdirSync(directory), ['room.db']);
  }
});

opening('refuses a log without its room', () => {
  const directory = scratch();
  writeFileSync(join(directory, 'room.db-wal'), 'log');
  fails(directory, DamagedDatabase, /is gone/);
});

opening('refuses a room that a newer Salon has changed', () => {
  const directory = closedRoom();
  const db = new Database(join(directory, 'room.db'));
  db.pragma('user_version = 99');
  db.close();
  fails(directory, NewerDatabase);
});

opening('refuses what is not a room, untouched', () => {
  for (const content of ['', 'garbage\n'.repeat(2_000)]) {
    const directory = scratch();
    writeFileSync(join(directory, 'room.db'), content);
    fails(directory, DamagedDatabase);
    assert.is(readFileSync(join(directory, 'room.db'), 'utf8'), content);
  }
  const directory = scratch();
  const foreign = new Database(join(directory, 'room.db'), { create: true });
  foreign.script('CREATE TABLE theirs(x)');
  foreign.close();
  fails(directory, DamagedDatabase, /not a room/);
});

opening('reads the whole file after a kill, and refuses a damaged one', () => {
  const { directory, db, store, lobby, ada, close } = openRoom();
  db.transaction(() => {
    for (let i = 0; i < 500; i += 1) store.post(message(ada, lobby, 'x'.repeat(200)));
  });
  db.checkpoint('TRUNCATE');
  const copy = afterKill(directory);
  close();
  const file = join(copy, 'room.db');
  const bytes = readFileSync(file);
  bytes.fill(0xff, 20 * 4096, 20 * 4096 + 64);
  writeFileSync(file, bytes);
  fails(copy, DamagedDatabase);
});

opening('says so when the folder cannot be made', async () => {
  const file = join(scratch(), 'file');
  writeFileSync(file, '');
  const error = await takeOwnership(join(file, 'data')).catch((reason: unknown) => reason);
  assert.instance(error, UnwritableDirectory);
});

opening.run();

const upgrading = suite('Upgrading a room');

upgrading('copies it first, and does each step whole or not at all', () => {
  const directory = closedRoom();
  const good = `ALTER TABLE member ADD COLUMN motto TEXT`;
  const bad = `CREATE TABLE half(x); INSERT INTO nowhere VALUES (1)`;
  assert.throws(() => open(directory, [...MIGRATIONS, good, bad]), /no such table/);

  const copies = readdirSync(directory).filter((name) =>
    name.startsWith(`room.db.version-${MIGRATIONS.length}.2026-11-23T12-00-00`),
  );
  assert.is(copies.length, 1);
  const stopped = new Database(join(directory, 'room.db'));
  assert.is(stopped.pragma('user_version'), MIGRATIONS.length + 1);
  assert.is(stopped.one(`SELECT 1 FROM sqlite_master WHERE name = 'half'`), undefined);
  stopped.close();

  const copied = scratch();
  cpSync(join(directory, copies[0]!), join(copied, 'room.db'));
  const old = open(copied);
  assert.is(old.all('SELECT uid FROM member').length, 3);
  old.close();
});

upgrading('keeps a room of the first version as it was: open, no browsers, no guests', () => {
  const directory = scratch();
  // As the first version wrote it.
  const first = open(directory, MIGRATIONS.slice(0, 1));
  first.script(`
    INSERT INTO member VALUES (1, 'A', 'ada', 'ada', 'ada', 'Ada', 'Lovelace', 'owner', 5, 5, 6);
    INSERT INTO session VALUES (1, 'S', zeroblob(32), 1, 'Firefox', 5, 6);
    INSERT INTO conversation_member VALUES (1, 1, 5, 0, 0);
    UPDATE conversation SET last_seq = 2;
    INSERT INTO event VALUES (2, 1, 2, 2, 1, NULL, 5, NULL, '{"member":{"id":"A","username":"ada","firstName":"Ada","lastName":"Lovelace","role":"owner","lastSeenAt":5}}');
  `);
  closeDatabase(first);

  const db = open(directory);
  const store = createStore(db);
  const ada = { id: 'A', username: 'ada', firstName: 'Ada', lastName: 'Lovelace', role: 'owner' } as const;
  assert.equal(store.room().settings, { access: 'open', door: 'none', guestsUntil: null });
  assert.equal(store.member('A'), { ...ada, joinedAt: 5, lastSeenAt: 6, leftAt: null });
  const [lobby] = snapshotOf(store, 'A').conversations;
  assert.equal([lobby?.first, lobby?.head], [1, 2]);
  const [joined] = store.page(lobby!.id, 'A', { after: 1 }, 1).events;
  assert.equal(joined?.type === 'member.joined' && joined.member, {
    ...ada,
    ...{ lastSeenAt: 5, joinedAt: 5, leftAt: null, presence: 'offline' },
  });
  assert.is(store.resumeSession(Buffer.alloc(32).toString('base64url'), 99, 99, 7)?.role, 'owner');
  closeDatabase(db);
});

upgrading('keeps shut the places that guests were banned from', () => {
  const directory = scratch();
  const second = open(directory, MIGRATIONS.slice(0, 2));
  second.script(`
    INSERT INTO member VALUES (1, 'A', 'ada', 'ada', 'ada', 'Ada', 'Lovelace', 'owner', 5, 5, 6, NULL, NULL);
    INSERT INTO member VALUES (2, 'M', 'mamie', ':M', ':M', 'Mamie', '', 'member', 6, 6, 6, 2, 7);
    INSERT INTO ban VALUES (1, 'B', 2, 7, 99, '10.0.0.7');
    INSERT INTO ban VALUES (2, 'C', 1, 7, NULL, NULL);
  `);
  closeDatabase(second);

  const db = open(directory);
  const store = createStore(db);
  assert.equal(
    store.bans(98).map(({ id, until }) => [id, until]),
    [
      ['C', null],
      ['B', 99],
    ],
  );
  assert.is(store.addressIsBanned('10.0.0.7', 98), true);
  assert.is(store.addressIsBanned('10.0.0.7', 99), false);
  store.liftBan('B', 'A', 8);
  assert.is(store.addressIsBanned('10.0.0.7', 98), false);
  closeDatabase(db);
});

upgrading('leaves no row without the row it belongs to', () => {
  const directory = closedRoom();
  const orphan = `INSERT INTO conversation_member(conversation_id, member_id, joined_at) VALUES (99, 99, 0)`;
  assert.throws(() => open(directory, [...MIGRATIONS, orphan]), /without its owner/);
  const db = open(directory);
  assert.is(db.pragma('foreign_keys'), 1);
  db.close();
});

upgrading.run();

const owning = suite('One host for a folder');

owning('a second one is told the process of the first', async () => {
  const directory = scratch();
  const first = await takeOwnership(directory);
  const again = join(scratch(), 'link');
  symlinkSync(directory, again);
  const error = await takeOwnership(again).catch((reason: unknown) => reason);
  assert.instance(error, DirectoryInUse);
  assert.is((error as DirectoryInUse).pid, process.pid);
  await first.release();
  assert.equal(readdirSync(directory), []);
  await (await takeOwnership(directory)).release();
});

owning('of five that start together after a kill, exactly one opens the room', async () => {
  const directory = scratch();
  for (let round = 0; round < 3; round += 1) {
    const hosts = await Promise.all(Array.from({ length: 5 }, () => startHost(directory)));
    const owners = hosts.filter(({ first }) => first.type === 'ready');
    const others = hosts.flatMap(({ first }) => (first.type === 'refused' ? [first] : []));
    await Promise.all(hosts.map((host) => host.kill()));
    assert.is(owners.length, 1);
    assert.equal(
      others.map(({ name }) => name),
      Array.from({ length: 4 }, () => 'DirectoryInUse'),
    );
    for (const { pid } of others) assert.ok(pid === null || pid === owners[0]?.child.pid);
  }
});

owning.run();
