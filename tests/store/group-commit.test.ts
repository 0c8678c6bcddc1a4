import fs, { cpSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BATCH_LIMITS, runBatch } from '../../server/store/group-commit.ts';
import type { Answer, Job } from '../../server/store/jobs.ts';
import { openDatabase } from '../../server/store/opening.ts';
import type { Store, StoreMethod } from '../../server/store/records.ts';
import { message, openRoom, scratch, type Room } from './scratch.ts';

let lastId = 0;
function job<M extends StoreMethod>(method: M, ...args: Parameters<Store[M]>): Job {
  lastId += 1;
  return { id: lastId, method, args };
}

/** However slow the machine is. */
const unhurried = { ...BATCH_LIMITS, ms: Number.POSITIVE_INFINITY };
const run = ({ db, store }: Room, jobs: Job[], limits = unhurried) =>
  runBatch(db, store, () => jobs.shift(), limits);
const codeOf = (answer: Answer | undefined) =>
  answer !== undefined && 'refusal' in answer ? answer.refusal.code : undefined;
const isDone = (answer: Answer | undefined) => answer !== undefined && 'value' in answer;

const posts = ({ ada, lobby }: Room, count: number) =>
  Array.from({ length: count }, () => job('post', message(ada, lobby, 'Hello')));

/** The numbers of the lobby's log in a copy of the files, as after a kill. */
function seqsAfterKill({ directory }: Room): unknown[] {
  const copy = scratch();
  cpSync(directory, copy, { recursive: true });
  const { db } = openDatabase({ directory: copy, roomName: '', now: 0 });
  const rows = db.all<{ seq: number }>('SELECT seq FROM event WHERE conversation_id = 1 ORDER BY seq');
  db.close();
  return rows.map(({ seq }) => seq);
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

type Breakable = 'writeSync' | 'fsyncSync' | 'statfsSync';

/** Puts something in place of one of the system's calls meanwhile. */
function withBroken<T>(name: Breakable, broken: (original: () => unknown) => unknown, work: () => T): T {
  const original = fs[name] as (...args: unknown[]) => unknown;
  Object.assign(fs, { [name]: (...args: unknown[]) => broken(() => original(...args)) });
  syncBuiltinESMExports();
  try {
    return work();
  } finally {
    Object.assign(fs, { [name]: original });
    syncBuiltinESMExports();
  }
}

const failingAt = (n: number) => {
  let calls = 0;
  return (original: () => unknown) => {
    calls += 1;
    if (calls === n) throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
    return original();
  };
};

const batches = suite('Committing together');

batches('a refused job leaves nothing, and the others are kept', () => {
  const room = openRoom();
  const { store, ada, grace, lobby } = room;
  const reused = message(ada, lobby, 'One');
  const { answers, committed } = run(room, [
    job('post', reused),
    job('post', { ...reused, body: 'Two' }),
    job('openDirect', [ada, '00000000000000000000000000'], ada, '01ARZ3NDEKTSV4RRFFQ69G5FAV', 0),
    job('conversation', lobby, grace),
    job('post', message(grace, lobby, 'Three')),
  ]);
  assert.equal(answers.map(codeOf), [undefined, 'CID_REUSED', 'NO_SUCH_MEMBER', undefined, undefined]);
  assert.is(committed.length, 2);
  assert.equal(room.db.all('SELECT kind FROM conversation'), [{ kind: 'lobby' }]);
  assert.is(store.conversation(lobby, ada).head, 6);
  assert.equal(seqsAfterKill(room), upTo(6));
  room.close();
});

batches('text that cannot be stored is refused for good, a bug is told whole', () => {
  const room = openRoom();
  const { ada, lobby } = room;
  const { answers } = run(room, [
    job('post', message(ada, lobby, 'x', { id: 'a\0b' })),
    job('post', null as never),
    job('post', message(ada, lobby, 'y')),
  ]);
  assert.is(codeOf(answers[0]), 'BAD_SHAPE');
  assert.match(answers[1] !== undefined && 'bug' in answers[1] ? answers[1].bug : '', /TypeError/);
  assert.ok(isDone(answers[2]));
  room.close();
});

batches('ends in time: what comes later is the next batch', () => {
  const room = openRoom();
  const jobs = posts(room, 3_000);
  const sizes: number[] = [];
  while (jobs.length > 0) sizes.push(run(room, jobs, BATCH_LIMITS).answers.length);
  assert.ok(sizes.length > 1 && Math.max(...sizes) <= 2_000);
  assert.is(
    sizes.reduce((sum, size) => sum + size, 0),
    3_000,
  );
  assert.is(room.store.conversation(room.lobby, room.ada).head, 3_004);
  room.close();
});

batches.run();

const faults = suite('When the disk fails');

for (const call of ['writeSync', 'fsyncSync'] as const) {
  faults(`at any ${call}: nothing is acknowledged that is not kept, and it goes on`, () => {
    const room = openRoom();
    let head = room.store.conversation(room.lobby, room.ada).head;
    let failed = 0;
    for (let n = 1; n <= 8; n += 1) {
      const { answers } = withBroken(call, failingAt(n), () => run(room, posts(room, 10)));
      const done = answers.filter(isDone).length;
      assert.ok(done === 0 || done === 10);
      if (done === 0) {
        failed += 1;
        assert.equal(
          answers.map(codeOf),
          Array.from({ length: 10 }, () => 'STORAGE'),
        );
      }
      head += done;
      assert.is(room.store.conversation(room.lobby, room.ada).head, head);
      assert.ok(run(room, posts(room, 1)).answers.every(isDone));
      head += 1;
    }
    assert.ok(failed > 0);
    assert.equal(seqsAfterKill(room), upTo(head));
    room.close();
  });
}

faults('what was read in a batch that is lost is read again', () => {
  const room = openRoom();
  const { ada, lobby } = room;
  const { answers, committed } = withBroken('fsyncSync', failingAt(1), () =>
    run(room, [
      ...posts(room, 1),
      job('conversation', lobby, ada),
      job('page', lobby, ada, { after: 4 }, 10),
    ]),
  );
  assert.is(codeOf(answers[0]), 'STORAGE');
  assert.is(
    answers[1] !== undefined && 'value' in answers[1] && (answers[1].value as { head: number }).head,
    4,
  );
  assert.equal(answers[2] !== undefined && 'value' in answers[2] && answers[2].value, {
    events: [],
    head: 4,
  });
  assert.is(committed.length, 0);
  room.close();
});

faults('says that the disk is full when it is', () => {
  const room = openRoom();
  const { answers } = withBroken(
    'statfsSync',
    () => ({ bavail: 100, bsize: 4096 }),
    () => withBroken('writeSync', failingAt(1), () => run(room, posts(room, 2))),
  );
  assert.equal(answers.map(codeOf), ['DISK_FULL', 'DISK_FULL']);
  room.close();
});

faults.run();
