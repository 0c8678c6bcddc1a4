// time limit: 120 s
// long time limit: 1260 s
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Id, Seq } from '../../server/protocol/entities.ts';
import { checkWhole } from '../../server/store/checking.ts';
import { Database } from '../../server/store/database.ts';
import { DamagedDatabase } from '../../server/store/failures.ts';
import type { Answer, FromWorker, ToWorker } from '../../server/store/jobs.ts';
import { readMeta } from '../../server/store/meta.ts';
import { closeDatabase, openDatabase } from '../../server/store/opening.ts';
import { peopleVersion } from '../../server/store/people-version.ts';
import type { PostedMessage, StoreMethod } from '../../server/store/records.ts';
import { StorageThread } from '../../server/store/worker.ts';
import { message, NOON, openRoom } from '../store/scratch.ts';
import { watchDisk } from './disk.ts';
import { effort, report, seed } from './trial.ts';

/**
 * The disk refuses: the n-th thing that the store does to a file fails, for every n of one piece of work or for many. The
 * storage thread is the real one, run where its calls can be made to fail.
 */
const failing = suite('A disk that fails');

/** `short` writes a part and says so; `stuck` is a folder that stays read-only for some calls. */
type Failure = 'ENOSPC' | 'EIO' | 'EROFS' | 'short' | 'stuck';
const FAILURES: readonly Failure[] = ['ENOSPC', 'EIO', 'EROFS', 'short', 'stuck'];
const STUCK_CALLS = 4;
const BATCHES = 6;
/** So many of them open the room, about. */
const OPENING_CALLS = 16;

/** What the main thread is to the storage thread, and a client that posts again what was refused. */
class Client {
  readonly acknowledged = new Map<Id, { seq: Seq; body: string }>();
  readonly #port: MessagePort;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  readonly #closed: Promise<void>;
  refusals = 0;
  /** How often the disk was said to work again. */
  reopened = 0;
  failed: string | null = null;
  #lastId = 0;

  constructor(port: MessagePort) {
    this.#port = port;
    this.#closed = new Promise((resolve) => {
      port.on('message', (told: FromWorker) => {
        if (told.type === 'answers')
          for (const answer of told.answers) this.#waiting.get(answer.id)?.(answer);
        if (told.type === 'failed') {
          this.failed = told.error.message;
          for (const [id, answer] of this.#waiting) answer({ id, bug: told.error.message });
        }
        if (told.type === 'reopened') this.reopened += 1;
        if (told.type === 'closed' || told.type === 'failed') resolve();
      });
    });
  }

  ask(method: StoreMethod, ...args: unknown[]): Promise<Answer> {
    const id = (this.#lastId += 1);
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#say({ type: 'jobs', jobs: [{ id, method, args }] });
    });
  }

  async post(messages: readonly PostedMessage[]): Promise<void> {
    const answers = await Promise.all(messages.map((each) => this.ask('post', each)));
    for (const [i, answer] of answers.entries()) {
      const { id, body } = messages[i] ?? { id: '', body: '' };
      if ('value' in answer) this.#acknowledge(id, (answer.value as { seq: Seq }).seq, body);
      else if ('refusal' in answer) {
        assert.ok(['STORAGE', 'DISK_FULL'].includes(answer.refusal.code), answer.refusal.code);
        this.refusals += 1;
      } else assert.unreachable(answer.bug);
    }
  }

  async close(): Promise<void> {
    this.#say({ type: 'close' });
    await this.#closed;
    this.#port.close();
  }

  #say(message: ToWorker): void {
    this.#port.postMessage(message);
  }

  #acknowledge(id: Id, seq: Seq, body: string): void {
    const before = this.acknowledged.get(id);
    assert.ok(before === undefined || before.seq === seq, 'a message has two numbers');
    this.acknowledged.set(id, { seq, body });
  }
}

const folder = () => mkdtempSync(join(tmpdir(), 'salon-disk-'));

/** A room to be copied: making one each time would be most of the work. */
function template(): { directory: string; ada: Id; lobby: Id } {
  const { directory, ada, lobby, store, close } = openRoom(folder());
  for (let i = 0; i < 5; i += 1) store.post(message(ada, lobby, `before ${i}`));
  close();
  return { directory, ada, lobby };
}

interface Run {
  calls: number;
  failed: boolean;
  refusals: number;
  acknowledged: number;
  lost: number;
  unopened: number;
}

/** Opens the room and works in it while the n-th call fails; then the disk is well again and the rest is posted. */
async function run(room: ReturnType<typeof template>, n: number, failure: Failure): Promise<Run> {
  const directory = folder();
  cpSync(room.directory, directory, { recursive: true });
  const result: Run = { calls: 0, failed: false, refusals: 0, acknowledged: 0, lost: 0, unopened: 0 };
  const stop = watchDisk(directory, {
    before: ({ kind }) => {
      result.calls += 1;
      const isMeant =
        failure === 'stuck' ? result.calls >= n && result.calls < n + STUCK_CALLS : result.calls === n;
      if (!isMeant) return undefined;
      result.failed = true;
      if (failure === 'short') return kind === 'write' ? 100 : undefined;
      const code = failure === 'stuck' ? 'EROFS' : failure;
      throw Object.assign(new Error(`${code}: as the disk says it`), { code, syscall: kind });
    },
  });
  try {
    const opened = open(directory, result);
    const { port1, port2 } = new MessageChannel();
    const client = new Client(port2);
    new StorageThread(port1, opened);
    const messages = Array.from({ length: BATCHES * 4 }, (_, i) =>
      message(room.ada, room.lobby, `${i} ${'.'.repeat((i * 977) % 5_000)}`),
    );
    for (let from = 0; from < messages.length; from += 4) {
      await client.post(messages.slice(from, from + 4));
      // Reading goes on whatever is refused.
      const page = await client.ask('page', room.lobby, room.ada, { before: 99_999 }, 50);
      assert.ok('value' in page, `cannot read: ${JSON.stringify(page)}`);
    }
    // What was refused is posted again, as every client does, until the disk has it.
    for (let tries = 0; client.acknowledged.size < messages.length && tries < 200; tries += 1) {
      assert.is(client.failed, null);
      await client.post(messages.filter(({ id }) => !client.acknowledged.has(id)));
      if (client.acknowledged.size < messages.length) await new Promise((resolve) => setTimeout(resolve, 25));
    }
    await client.close();
    result.refusals = client.refusals;
    result.acknowledged = client.acknowledged.size;
    stop();
    assert.is(client.acknowledged.size, messages.length, 'it recovered by itself');
    result.lost = lostIn(directory, client.acknowledged);
    return result;
  } finally {
    stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** An opening that the disk refused is tried again, as a person would; it must never be taken for damage. */
function open(directory: string, result: Run): ReturnType<typeof openDatabase> {
  for (;;) {
    try {
      return openDatabase({ directory, roomName: '', now: NOON });
    } catch (error) {
      assert.not.instance(error, DamagedDatabase);
      result.unopened += 1;
      assert.ok(result.unopened <= STUCK_CALLS * 2, String(error));
    }
  }
}

function lostIn(directory: string, acknowledged: Client['acknowledged']): number {
  assert.equal(
    readdirSync(directory).filter((name) => /damaged/.test(name)),
    [],
    'nothing was taken for damaged',
  );
  const { db } = openDatabase({ directory, roomName: '', now: NOON });
  try {
    checkWhole(db);
    const rows = db.all<{ id: Id; seq: Seq; body: string }>(
      'SELECT client_id AS id, seq, body FROM event WHERE client_id IS NOT NULL',
    );
    assert.is(new Set(rows.map(({ id }) => id)).size, rows.length);
    const stored = new Map(rows.map((row) => [row.id, row]));
    return [...acknowledged].filter(([id, { seq, body }]) => {
      const row = stored.get(id);
      return row?.seq !== seq || row.body !== body;
    }).length;
  } finally {
    closeDatabase(db);
  }
}

/** As many of them as that, evenly over all, beginning elsewhere with each seed. */
function spread<T>(items: readonly T[], count: number): T[] {
  const every = Math.max(1, Math.floor(items.length / count));
  return items.filter((_, i) => (i + seed) % every === 0);
}

failing('at any call loses nothing that was acknowledged, and the room goes on by itself', async () => {
  const room = template();
  const { calls } = await run(room, 0, 'EIO');
  const all = FAILURES.flatMap((failure) => Array.from({ length: calls }, (_, i) => ({ n: i + 1, failure })));
  const opening = all.filter(({ n }) => n <= OPENING_CALLS);
  const working = all.filter(({ n }) => n > OPENING_CALLS);
  const tried = [
    ...spread(opening, effort(8, opening.length)),
    ...spread(working, effort(16, working.length)),
  ];
  const sum = { runs: 0, refusals: 0, unopened: 0, acknowledged: 0, lost: 0 };
  for (const { n, failure } of tried) {
    try {
      const one = await run(room, n, failure);
      sum.runs += 1;
      sum.refusals += one.refusals;
      sum.unopened += one.unopened;
      sum.acknowledged += one.acknowledged;
      sum.lost += one.lost;
    } catch (error) {
      throw new Error(`${failure} at call ${n}`, { cause: error });
    }
  }
  report('disk errors', { 'calls in the work': calls, ...sum });
  assert.is(sum.lost, 0);
  assert.ok(sum.refusals > 0 && sum.unopened > 0, 'nothing ever failed');
  rmSync(room.directory, { recursive: true });
  assert.not(existsSync(room.directory));
});

/** A room whose disk refuses to keep what was written for as long as `refuses.writes`. */
function workedRoom() {
  const room = template();
  const refuses = { writes: false, refused: 0 };
  const stop = watchDisk(room.directory, {
    before: ({ kind, path }) => {
      // The probe gets through: what it says is not what the room's own file is told a moment later.
      if (!refuses.writes || kind !== 'fsync' || path.includes('probe')) return undefined;
      refuses.refused += 1;
      throw Object.assign(new Error('EIO: as the disk says it'), { code: 'EIO', syscall: 'fsync' });
    },
  });
  const { port1, port2 } = new MessageChannel();
  const client = new Client(port2);
  new StorageThread(port1, openDatabase({ directory: room.directory, roomName: '', now: NOON }));
  const read = () => client.ask('page', room.lobby, room.ada, { before: 99_999 }, 50);
  return { ...room, refuses, stop, client, read };
}

failing('again while the file is read anew is waited for, and what happened meanwhile is told', async () => {
  const { directory, ada, lobby, refuses, stop, client, read } = workedRoom();
  const posted = message(ada, lobby, 'refused at first');
  const before = peopleVersion();
  try {
    refuses.writes = true;
    // The first is refused by the commit, the next by every try to open the file again.
    for (let tries = 0; refuses.refused < 3 && tries < 400; tries += 1) {
      await client.post([posted]);
      const page = await read();
      assert.ok('value' in page || ('refusal' in page && page.refusal.code === 'STORAGE'), 'read or refused');
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    assert.ok(refuses.refused >= 3, 'it never tried again');
    assert.equal([client.failed, client.reopened, client.acknowledged.size], [null, 0, 0]);
    refuses.writes = false;
    for (let tries = 0; client.acknowledged.size === 0 && tries < 400; tries += 1) {
      await client.post([posted]);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    assert.equal([client.failed, client.reopened, client.acknowledged.size], [null, 1, 1]);
    assert.ok(peopleVersion() > before, 'what people are called may have changed');
    await client.close();
    assert.is(lostIn(directory, client.acknowledged), 0);
  } finally {
    stop();
    rmSync(directory, { recursive: true });
  }
});

failing('when the room is closed leaves it to be read whole at the next start', async () => {
  const { directory, ada, lobby, refuses, stop, client } = workedRoom();
  try {
    refuses.writes = true;
    await client.post([message(ada, lobby, 'refused')]);
    await client.post([message(ada, lobby, 'refused too')]);
    assert.is(client.refusals, 2);
    refuses.writes = false;
    // Too soon after the last try for another one.
    await client.close();
    assert.is(client.failed, null);
    const db = new Database(join(directory, 'room.db'));
    assert.is(readMeta(db, 'clean'), 0);
    db.close();
  } finally {
    stop();
    rmSync(directory, { recursive: true });
  }
});

failing.run();
