import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SalonError } from '../../server/protocol/errors.ts';
import { DamagedDatabase, DirectoryInUse } from '../../server/store/failures.ts';
import { openDatabase } from '../../server/store/opening.ts';
import { openStore } from '../../server/store/remote.ts';
import { eventually, message, NOON, rejected, scratch, signUp } from './scratch.ts';

async function openKitchen(directory = scratch(), onFailure?: (error: Error) => void) {
  const opened = await openStore({ directory, roomName: 'Kitchen', ...(onFailure && { onFailure }) });
  const { member } = await opened.store.signUp(signUp('ada', { owner: true }));
  const { conversations } = await opened.store.snapshotSince(member.id, null);
  return { ...opened, directory, ada: member.id, lobby: conversations[0]?.id ?? '' };
}

const remote = suite('The store in its thread');

remote('keeps what it acknowledged over a close', async () => {
  const { store, close, room, directory, ada, lobby } = await openKitchen();
  const posted = await Promise.all(
    Array.from({ length: 300 }, (_, i) => store.post(message(ada, lobby, `${i}`))),
  );
  assert.equal(
    posted.map(({ seq }) => seq),
    Array.from({ length: 300 }, (_, i) => i + 3),
  );
  const last = store.post(message(ada, lobby, 'Bye'));
  const closed = close();
  await rejected(store.room(), 'CLOSING');
  await closed;
  await close();
  assert.is((await last).seq, 303);
  assert.equal(readdirSync(directory).toSorted(), ['backups', 'room.db']);

  const again = await openStore({ directory, roomName: 'Other' });
  assert.equal(again.room, { ...room, hasOwner: true, ownerId: ada });
  assert.is((await again.store.conversation(lobby, ada)).head, 303);
  await again.close();
});

remote('refusals come through as they were, bugs as bugs', async () => {
  const { store, close, ada, lobby } = await openKitchen();
  await rejected(store.conversation('nowhere', ada), 'NO_SUCH_CONVERSATION');
  await rejected(store.post({ ...message(ada, lobby, 'x'), conversationId: null }), 'BAD_SHAPE');
  const bug = await store.post(null as never).catch((error: unknown) => error);
  assert.ok(bug instanceof Error && !(bug instanceof SalonError));
  assert.is((await store.post(message(ada, lobby, 'x'))).seq, 3);
  await close();
});

remote('more than can wait are told to come back', async () => {
  const { store, close } = await openKitchen();
  const asked = await Promise.allSettled(Array.from({ length: 2_500 }, () => store.room()));
  const refused = asked.filter(({ status }) => status === 'rejected');
  assert.is(refused.length, 500);
  const [first] = refused;
  const reason: unknown = first?.status === 'rejected' ? first.reason : null;
  assert.ok(reason instanceof SalonError && reason.code === 'BUSY' && reason.detail.retryMs === 250);
  await store.room();
  await close();
});

remote('a folder has one host, and opening says why not', async () => {
  const { directory, close } = await openKitchen();
  const error = await openStore({ directory, roomName: '' }).catch((reason: unknown) => reason);
  assert.ok(error instanceof DirectoryInUse && error.pid === process.pid);
  await close();
  rmSync(join(directory, 'backups'), { recursive: true });
  writeFileSync(join(directory, 'room.db'), 'garbage'.repeat(1_000));
  const damaged = await openStore({ directory, roomName: '' }).catch((reason: unknown) => reason);
  assert.instance(damaged, DamagedDatabase);
  // The failed one let the folder go.
  assert.instance(
    await openStore({ directory, roomName: '' }).catch((reason: unknown) => reason),
    DamagedDatabase,
  );
});

remote('lets a folder go although what says whose it was cannot be removed', async () => {
  const { directory, close } = await openKitchen();
  const owner = join(directory, 'host.json');
  rmSync(owner);
  mkdirSync(join(owner, 'in the way'), { recursive: true });
  await close();
  rmSync(owner, { recursive: true });
  await (await openStore({ directory, roomName: '' })).close();
});

remote('closes well with work still waiting', async () => {
  for (let round = 0; round < 4; round += 1) {
    const failures: string[] = [];
    const { store, close, directory, ada, lobby } = await openKitchen(scratch(), ({ message: why }) =>
      failures.push(why),
    );
    // More than one batch.
    const posts = Array.from({ length: 1_500 }, () => store.post(message(ada, lobby, 'x'.repeat(3_000))));
    await Promise.race(posts);
    await close();
    const stored = (await Promise.allSettled(posts)).filter(({ status }) => status === 'fulfilled');
    assert.equal([failures, stored.length], [[], 1_500]);
    const again = await openStore({ directory, roomName: '' });
    assert.is((await again.store.conversation(lobby, ada)).head, 1_502);
    await again.close();
  }
});

remote('when another program takes the log away, what was acknowledged is put in a new file', async () => {
  const { store, close, directory, ada, lobby } = await openKitchen();
  await store.post(message(ada, lobby, 'before'));
  rmSync(join(directory, 'room.db-wal'));
  await store.post(message(ada, lobby, 'into a file without a name'));
  await eventually(() => existsSync(join(directory, 'room.db-wal')));
  assert.is((await store.post(message(ada, lobby, 'after'))).seq, 5);

  const copy = scratch();
  cpSync(directory, copy, { recursive: true });
  const { db } = openDatabase({ directory: copy, roomName: '', now: NOON });
  const bodies = db.all<{ body: string }>('SELECT body FROM event WHERE body IS NOT NULL ORDER BY seq');
  assert.equal(
    bodies.map(({ body }) => body),
    ['before', 'into a file without a name', 'after'],
  );
  db.close();
  await close();
});

remote('when nothing can be stored any more, the host is told and everybody refused', async () => {
  const failures: Error[] = [];
  const { store, close, directory, ada, lobby } = await openKitchen(scratch(), (error) =>
    failures.push(error),
  );
  rmSync(directory, { recursive: true });
  await eventually(() => failures.length > 0);
  await rejected(store.post(message(ada, lobby, 'x')), 'STORAGE');
  await close();
});

remote.run();
