// time limit: 120 s
// long time limit: 900 s
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sqlite from 'node-sqlite3-wasm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Id, Seq } from '../../server/protocol/entities.ts';
import { backUp } from '../../server/store/backups.ts';
import { checkWhole } from '../../server/store/checking.ts';
import type { Database } from '../../server/store/database.ts';
import { putInPlace, removeStaleLock } from '../../server/store/files.ts';
import { runBatch } from '../../server/store/group-commit.ts';
import type { Job } from '../../server/store/jobs.ts';
import { closeDatabase, openDatabase } from '../../server/store/opening.ts';
import type { PostedMessage } from '../../server/store/records.ts';
import { createStore } from '../../server/store/store.ts';
import { DAY, message, NOON, signUp, snapshotOf } from '../store/scratch.ts';
import { watchDisk, type DiskOperation } from './disk.ts';
import { Disk } from './disk-image.ts';
import { between, effort, randomFrom, report, seed, type Random } from './trial.ts';

/**
 * The power fails. Everything that the store does to its files is recorded; then the disk is put together as it may be
 * found after a cut at any point, and opened by the very code that opens a room.
 */
const cutting = suite('A power cut');

const CUTS = effort(100, 4_000);
const CONTROL_CUTS = effort(60, 600);

/** What the host had said by then. */
type Said =
  | { kind: 'acknowledged'; id: Id; seq: Seq; body: string | null }
  | { kind: 'copied' }
  | { kind: 'destroyed' };
type Step = DiskOperation | Said;
type Messages = Map<Id, { seq: Seq; body: string | null }>;

/** Records what `work` does below a folder. */
function recorded(work: (directory: string, say: (said: Said) => void) => void): Step[] {
  const directory = mkdtempSync(join(tmpdir(), 'salon-power-'));
  const steps: Step[] = [];
  const stop = watchDisk(directory, { after: (operation) => void steps.push(operation) });
  try {
    work(directory, (said) => void steps.push(said));
    // A copy: Node's own way of deleting folders keeps the functions that it found, and is heard further on.
    return [...steps];
  } finally {
    stop();
    rmSync(directory, { recursive: true });
  }
}

/** A room is made, written in, copied, closed, opened again, destroyed and restored. */
function life(directory: string, say: (said: Said) => void, random: Random): void {
  const options = { directory, roomName: 'Kitchen', now: NOON };
  let { db } = openDatabase(options);
  const ada = createStore(db).signUp(signUp('ada', { owner: true })).member.id;
  const grace = createStore(db).signUp(signUp('grace')).member.id;
  const lobby = snapshotOf(createStore(db), ada).conversations[0]?.id ?? '';

  const post = (batches: number) => {
    for (let batch = 0; batch < batches; batch += 1) {
      const messages = Array.from({ length: between(random, 1, 6) }, (_, i) => {
        const text = `${batch}-${i} ${'.'.repeat(between(random, 0, 3_000))}`;
        return message(ada, random() < 0.8 ? lobby : [grace], text);
      });
      for (const said of commit(db, messages)) say(said);
      if (random() < 0.1) db.checkpoint(random() < 0.5 ? 'PASSIVE' : 'TRUNCATE');
    }
  };
  const withdraw = () => {
    const secret = message(ada, [grace], 'SECRET');
    const { conversationId, seq } = createStore(db).post(secret);
    createStore(db).withdraw(conversationId, seq, ada, NOON);
    say({ kind: 'acknowledged', id: secret.id, seq, body: null });
  };
  const copy = (day: number) => {
    db.checkpoint('TRUNCATE');
    const { last } = db.one<{ last: number }>('SELECT max(id) AS last FROM event') ?? { last: 0 };
    assert.ok(backUp(db.path, last, NOON + day * DAY));
    say({ kind: 'copied' });
  };

  post(10);
  withdraw();
  closeDatabase(db);
  ({ db } = openDatabase(options));
  post(6);
  copy(0);
  post(5);
  copy(1);
  withdraw();
  post(5);
  db.abandon();
  destroy(directory, db.path);
  say({ kind: 'destroyed' });
  ({ db } = openDatabase(options));
  post(5);
  closeDatabase(db);
}

/** As the storage thread does it: the answers are given once all are on disk. */
function commit(db: Database, messages: readonly PostedMessage[]): Said[] {
  const jobs = messages.map((each, id): Job => ({ id, method: 'post', args: [each] }));
  const { answers } = runBatch(db, createStore(db), () => jobs.shift());
  return answers.map((answer) => {
    assert.ok('value' in answer, JSON.stringify(answer));
    const { id, body } = messages[answer.id] ?? { id: '', body: '' };
    return { kind: 'acknowledged', id, seq: (answer.value as { seq: Seq }).seq, body };
  });
}

/** Whole and for good: the damage itself is not what is tried here. */
function destroy(directory: string, path: string): void {
  const garbage = join(directory, 'garbage');
  writeFileSync(garbage, Buffer.alloc(20_000, 'garbage '));
  putInPlace(garbage, path);
  rmSync(`${path}-wal`, { force: true });
}

/** What a room must have: one thing or the other, while it is being destroyed and restored. */
class Expected {
  #acknowledged: Messages = new Map();
  #copy: Messages = new Map();
  isDestroyed = false;

  hear(said: Said): void {
    if (said.kind === 'acknowledged') this.#acknowledged.set(said.id, said);
    else if (said.kind === 'copied') this.#copy = new Map(this.#acknowledged);
    else {
      this.isDestroyed = true;
      this.#acknowledged = this.#copy;
    }
  }

  get messages(): Messages {
    return this.#acknowledged;
  }
}

/** Opens what a cut left. @returns how many acknowledged messages are not there. */
function lostIn(directory: string, expected: Messages): number {
  const { db } = openDatabase({ directory, roomName: 'Another', now: NOON });
  try {
    checkWhole(db);
    const rows = db.all<{ id: Id; seq: Seq; body: string | null }>(
      'SELECT client_id AS id, seq, body FROM event WHERE client_id IS NOT NULL',
    );
    const stored = new Map(rows.map((row) => [row.id, row]));
    return [...expected].filter(([id, { seq, body }]) => {
      const row = stored.get(id);
      return row?.seq !== seq || row.body !== body;
    }).length;
  } finally {
    closeDatabase(db);
  }
}

interface Outcome {
  cuts: number;
  damaged: number;
  lost: number;
  checked: number;
  first: string;
}

/** Cuts the power at `cuts` points of a record, evenly spread, and looks at what is left with `open`. */
function cutAt(
  steps: readonly Step[],
  cuts: number,
  random: Random,
  open: (directory: string, expected: Messages) => number,
): Outcome {
  const outcome: Outcome = { cuts, damaged: 0, lost: 0, checked: 0, first: '' };
  const points = Array.from({ length: cuts }, () => between(random, 1, steps.length)).toSorted(
    (a, b) => a - b,
  );
  const disk = new Disk();
  const expected = new Expected();
  let done = 0;
  for (const point of points) {
    for (; done < point; done += 1) {
      const step = steps[done];
      if (step === undefined) break;
      if (step.kind === 'acknowledged' || step.kind === 'copied' || step.kind === 'destroyed')
        expected.hear(step);
      else disk.do(step);
    }
    // Half way through being destroyed it may be one room or the other.
    if (isBeingDestroyed(steps, point)) continue;
    const image = mkdtempSync(join(tmpdir(), 'salon-cut-'));
    try {
      disk.image(image, random);
      outcome.checked += expected.messages.size;
      const lost = open(image, expected.messages);
      outcome.lost += lost;
      if (lost > 0) outcome.first ||= `${lost} lost at step ${point} of ${steps.length}`;
    } catch (error) {
      outcome.damaged += 1;
      outcome.first ||= `at step ${point} of ${steps.length}: ${String(error)}`;
    } finally {
      rmSync(image, { recursive: true, force: true });
    }
  }
  return outcome;
}

function isBeingDestroyed(steps: readonly Step[], point: number): boolean {
  const begun = steps.findIndex((step) => step.kind === 'create' && step.path === 'garbage');
  const ended = steps.findIndex((step) => step.kind === 'destroyed');
  return begun !== -1 && point >= begun && point <= ended;
}

cutting('at any moment of a room’s life loses nothing that was acknowledged, and damages nothing', () => {
  const random = randomFrom(seed);
  const steps = recorded((directory, say) => life(directory, say, random));
  const { first, ...figures } = cutAt(steps, CUTS, random, lostIn);
  report('power cuts', { steps: steps.length, ...figures });
  assert.equal([figures.damaged, figures.lost, first], [0, 0, '']);
  assert.ok(figures.checked > CUTS * 10);
});

cutting('while the room is made leaves a room, or none', () => {
  const random = randomFrom(seed + 1);
  const steps = recorded((directory) =>
    openDatabase({ directory, roomName: 'Kitchen', now: NOON }).db.close(),
  );
  const { first, ...figures } = cutAt(steps, effort(40, 600), random, lostIn);
  report('power cuts while a room is made', { steps: steps.length, ...figures });
  assert.equal([figures.damaged, first], [0, '']);
});

/** The engine as it is when nobody chooses its settings: its rollback journal, which it never plays back. */
function rollbackLife(directory: string, say: (said: Said) => void, random: Random): void {
  const db = new sqlite.Database(join(directory, 'room.db'));
  db.exec(
    'PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; CREATE TABLE event(id INTEGER PRIMARY KEY, client_id TEXT UNIQUE, body TEXT)',
  );
  for (let batch = 0; batch < 60; batch += 1) {
    const ids = Array.from({ length: between(random, 1, 8) }, (_, i) => `${batch}-${i}`);
    db.exec('BEGIN');
    for (const id of ids) {
      db.run('INSERT INTO event(client_id, body) VALUES (?, ?)', [id, '.'.repeat(between(random, 0, 3_000))]);
      db.run('UPDATE event SET body = body || ? WHERE id % 7 = ?', ['+', between(random, 0, 6)]);
    }
    db.exec('COMMIT');
    for (const id of ids) say({ kind: 'acknowledged', id, seq: 0, body: null });
  }
  db.close();
}

function lostWithRollback(directory: string, expected: Messages): number {
  const path = join(directory, 'room.db');
  removeStaleLock(path);
  const db = new sqlite.Database(path);
  try {
    const [check] = db.all('PRAGMA integrity_check') as { integrity_check: string }[];
    if (check?.integrity_check !== 'ok') throw new Error(check?.integrity_check ?? 'unreadable');
    const stored = new Set(
      (db.all('SELECT client_id AS id FROM event') as { id: string }[]).map(({ id }) => id),
    );
    return [...expected.keys()].filter((id) => !stored.has(id)).length;
  } finally {
    db.close();
  }
}

cutting('does damage a database in the engine’s usual mode: these cuts would be noticed', () => {
  const random = randomFrom(seed + 2);
  const steps = recorded((directory, say) => rollbackLife(directory, say, random));
  const { first, ...figures } = cutAt(steps, CONTROL_CUTS, random, lostWithRollback);
  report('power cuts, control in rollback mode', {
    steps: steps.length,
    ...figures,
    first: first.slice(0, 80),
  });
  assert.ok(figures.damaged > 0, 'the control found nothing');
});

cutting.run();
