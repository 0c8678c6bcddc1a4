import { createHash, randomBytes } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BackupTimes } from '../../server/store/backup-times.ts';
import { backUp, backupsIn } from '../../server/store/backups.ts';
import type { Job } from '../../server/store/jobs.ts';
import { closeDatabase, openDatabase } from '../../server/store/opening.ts';
import { openStore } from '../../server/store/remote.ts';
import { createStore } from '../../server/store/store.ts';
import {
  DAY,
  eventually,
  message,
  newSession,
  NOON,
  openRoom,
  password,
  scratch,
  signUp,
} from './scratch.ts';

/** Everything in the folder, as one would find it on the disk. */
function bytesIn(directory: string): Buffer {
  const entries = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  const files = entries.map((name) => join(directory, name));
  return Buffer.concat(files.filter((file) => statSync(file).isFile()).map((file) => readFileSync(file)));
}

const erasing = suite('What is on the disk');

erasing('a withdrawn text is soon gone from every file', async () => {
  const directory = scratch();
  const { store, close } = await openStore({ directory, roomName: 'Kitchen' });
  const ada = (await store.signUp(signUp('ada', { owner: true }))).member.id;
  const grace = (await store.signUp(signUp('grace'))).member.id;
  const posted = [];
  for (let i = 0; i < 300; i += 1) {
    // Short ones share a page, long ones have pages of their own.
    const length = i % 7 === 0 ? 9_000 : (i * 37) % 600;
    const secret = await store.post(message(ada, [grace], `SECRET-${i}-${'SECRET'.repeat(length / 6)}`));
    await store.post(message(ada, [grace], `kept ${i} ${'-'.repeat((i * 91) % 900)}`));
    posted.push(secret);
  }
  assert.ok(bytesIn(directory).includes('SECRET'));
  await sleep(1_200);
  assert.ok(bytesIn(directory).includes('SECRET'));
  for (const { conversationId, seq } of posted) await store.withdraw(conversationId, seq, ada, NOON);
  await eventually(() => !bytesIn(directory).includes('SECRET'));
  assert.ok(bytesIn(directory).includes('kept 299'));
  await close();
  assert.not(bytesIn(directory).includes('SECRET'));
});

erasing('a text withdrawn just before a kill is gone after the next start', () => {
  const { directory, store, ada, grace, close } = openRoom();
  const { conversationId, seq } = store.post(message(ada, [grace], 'SECRET'));
  store.withdraw(conversationId, seq, ada, NOON);
  const killed = scratch();
  cpSync(directory, killed, { recursive: true });
  close();
  assert.ok(bytesIn(killed).includes('SECRET'));
  const { db } = openDatabase({ directory: killed, roomName: '', now: NOON });
  assert.not(bytesIn(killed).includes('SECRET'));
  db.close();
});

erasing('a withdrawn text is in no copy of the room, and earlier copies stay', async () => {
  const { directory, store, lobby, ada, grace, close } = openRoom();
  store.post(message(ada, lobby, 'before'));
  close();
  backUp(join(directory, 'room.db'), 5, NOON);
  const first = await openStore({ directory, roomName: '' });
  const { conversationId, seq } = await first.store.post(message(ada, [grace], 'SECRET'));
  await first.close();
  assert.is(backupsIn(directory).length, 2);
  assert.ok(bytesIn(directory).includes('SECRET'));

  const again = await openStore({ directory, roomName: '' });
  await again.store.withdraw(conversationId, seq, ada, Date.now());
  // From the answer on.
  assert.equal(
    backupsIn(directory).map(({ at }) => at),
    [NOON],
  );
  await eventually(() => !bytesIn(directory).includes('SECRET'));
  await again.close();
  assert.not(bytesIn(directory).includes('SECRET'));
  assert.is(backupsIn(directory).length, 2);
});

erasing('a text withdrawn just before a kill is in no copy after the next start', () => {
  const { directory, db, store, ada, grace, close } = openRoom();
  const { conversationId, seq } = store.post(message(ada, [grace], 'SECRET'));
  db.checkpoint('TRUNCATE');
  backUp(db.path, 6, NOON);
  store.withdraw(conversationId, seq, ada, NOON);
  const killed = scratch();
  cpSync(directory, killed, { recursive: true });
  close();
  const opened = openDatabase({ directory: killed, roomName: '', now: NOON });
  assert.equal(backupsIn(killed), []);
  assert.not(bytesIn(killed).includes('SECRET'));
  opened.db.close();
});

/** A room whose owner withdrew a message to Grace, with a copy from before, one from between and one from after. */
function roomWithCopies() {
  const room = openRoom();
  const { directory, db, store, lobby, ada, grace } = room;
  const copy = (hours: number) => {
    const { id } = db.one<{ id: number }>('SELECT max(id) AS id FROM event') ?? { id: 0 };
    db.checkpoint('TRUNCATE');
    backUp(db.path, id, NOON + hours * DAY);
  };
  store.post(message(ada, lobby, 'before'));
  copy(0);
  const { conversationId, seq } = store.post(message(ada, [grace], 'SECRET'));
  store.post(message(ada, lobby, 'between'));
  copy(1);
  store.withdraw(conversationId, seq, ada, NOON);
  store.post(message(ada, lobby, 'after'));
  copy(2);
  const withdraw: Job = { id: 1, method: 'withdraw', args: [conversationId, seq, ada, NOON] };
  return { ...room, withdraw, days: () => backupsIn(directory).map(({ at }) => (at - NOON) / DAY) };
}

erasing('a copy from after the withdrawal stays, however often it is withdrawn again', () => {
  const { db, withdraw, days, close } = roomWithCopies();
  assert.equal(days(), [2, 1, 0]);
  const times = new BackupTimes(db);
  times.committed([withdraw]);
  assert.equal(days(), [2, 0]);
  times.committed([withdraw]);
  times.tick();
  assert.equal(days(), [2, 0]);
  close();
});

erasing('a copy from after the withdrawal stays at a start after a kill', () => {
  const { directory, db, days } = roomWithCopies();
  db.close();
  const opened = openDatabase({ directory, roomName: '', now: NOON });
  assert.equal(days(), [2, 0]);
  opened.db.close();
});

erasing('a text withdrawn after an older copy took the room’s place is in no newer copy either', () => {
  const { directory, db, store, lobby, ada, grace, close } = openRoom();
  const secret = store.post(message(ada, [grace], 'SECRET'));
  db.checkpoint('TRUNCATE');
  backUp(db.path, 6, NOON);
  store.post(message(ada, lobby, 'more'));
  db.checkpoint('TRUNCATE');
  backUp(db.path, 7, NOON + DAY);
  close();
  copyFileSync(backupsIn(directory)[1]?.path ?? '', db.path);

  const again = openDatabase({ directory, roomName: '', now: NOON }).db;
  assert.is(readdirSync(join(directory, 'backups')).length, 2);
  const args = [secret.conversationId, secret.seq, ada, NOON] as const;
  createStore(again).withdraw(...args);
  new BackupTimes(again).committed([{ id: 1, method: 'withdraw', args }]);
  closeDatabase(again);
  assert.equal(readdirSync(join(directory, 'backups')), []);
  assert.not(bytesIn(directory).includes('SECRET'));
});

erasing('a copy that cannot be deleted goes later, and stops nothing', async () => {
  const { directory, ada, grace, close } = openRoom();
  close();
  // Nobody can delete this one as a file.
  const stuck = join(directory, 'backups', 'room-2026-11-23T12-00-00-6.db');
  mkdirSync(stuck, { recursive: true });
  const { store, close: end } = await openStore({ directory, roomName: '' });
  const { conversationId, seq } = await store.post(message(ada, [grace], 'SECRET'));
  await store.post(message(ada, [grace], 'more'));
  await store.withdraw(conversationId, seq, ada, NOON);
  await store.post(message(ada, [grace], 'and it goes on'));
  await end();
});

erasing('a copy that could not be deleted is gone as soon as it can be', () => {
  const { directory, db, withdraw, days, close } = roomWithCopies();
  const path = backupsIn(directory)[1]?.path ?? '';
  const times = new BackupTimes(db);
  renameSync(path, `${path}.away`);
  mkdirSync(path);
  times.committed([withdraw]);
  assert.equal(days(), [2, 1, 0]);
  rmSync(path, { recursive: true });
  renameSync(`${path}.away`, path);
  times.tick();
  assert.equal(days(), [2, 0]);
  close();
});

erasing('a copy that cannot be deleted is no reason not to open, and goes after it', () => {
  const { directory, db, days } = roomWithCopies();
  const path = backupsIn(directory)[1]?.path ?? '';
  db.close();
  renameSync(path, `${path}.away`);
  mkdirSync(path);
  const opened = openDatabase({ directory, roomName: '', now: NOON });
  rmSync(path, { recursive: true });
  renameSync(`${path}.away`, path);
  new BackupTimes(opened.db).tick();
  assert.equal(days(), [2, 0]);
  closeDatabase(opened.db);
});

erasing('no token and no password is there in any spelling', () => {
  const { directory, db, store, grace } = openRoom();
  const token = randomBytes(32);
  const typed = 'correct horse battery staple';
  const stretched = createHash('sha256').update(typed).digest('base64url');
  store.createSession(
    grace,
    { ...newSession(), tokenHash: createHash('sha256').update(token).digest('base64url') },
    20,
    NOON,
  );
  const options = { issuedBy: null, expiresAt: null, now: NOON, action: 'password.changed' } as const;
  store.setCredential(grace, 'password', { ...password(), storedKey: stretched }, options);
  for (const bytes of [bytesIn(directory), (db.close(), bytesIn(directory))]) {
    for (const secret of [
      token,
      token.toString('hex'),
      token.toString('base64'),
      token.toString('base64url'),
      typed,
    ]) {
      assert.not(bytes.includes(secret));
    }
  }
});

erasing.run();
