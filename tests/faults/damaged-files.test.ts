// time limit: 120 s
// long time limit: 600 s
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { backUp, backupsIn } from '../../server/store/backups.ts';
import { DamagedDatabase, NewerDatabase } from '../../server/store/failures.ts';
import { closeDatabase, openDatabase } from '../../server/store/opening.ts';
import { message, NOON, openRoom } from '../store/scratch.ts';
import { between, effort, randomFrom, report, seed, type Random } from './trial.ts';

/**
 * Files that something else has damaged. Opening either works with every message where it was, or finds the damage, says
 * so, and puts the last good copy in its place; without one it refuses and changes nothing.
 */
const damaging = suite('Damaged files');

const FILES = effort(60, 1_000);
const PAGE = 4_096;
const IN_COPY = 200;
const IN_ROOM = 260;

/** A closed room, and a copy of it from before its last messages. */
function template(): string {
  const directory = mkdtempSync(join(tmpdir(), 'salon-damaged-'));
  const { db, store, lobby, ada, close } = openRoom(directory);
  const post = (from: number, to: number) =>
    db.transaction(() => {
      for (let i = from; i < to; i += 1)
        store.post(message(ada, lobby, `${i} ${'.'.repeat((i * 97) % 900)}`));
    });
  post(0, IN_COPY);
  db.checkpoint('TRUNCATE');
  assert.ok(backUp(db.path, 4 + IN_COPY, NOON));
  post(IN_COPY, IN_ROOM);
  close();
  return directory;
}

type Damage = (bytes: Buffer, random: Random) => Buffer;

const DAMAGES: Record<string, Damage> = {
  'flipped bits': (bytes, random) => {
    for (let i = between(random, 1, 40); i > 0; i -= 1) {
      const at = between(random, 0, bytes.length - 1);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << between(random, 0, 7));
    }
    return bytes;
  },
  'a damaged header': (bytes, random) => {
    bytes[between(random, 0, 99)] = between(random, 0, 255);
    return bytes;
  },
  'a zeroed stretch': (bytes, random) => {
    const from = between(random, 0, bytes.length - 1);
    return bytes.fill(0, from, Math.min(bytes.length, from + between(random, 1, 3 * PAGE)));
  },
  'a page of another': (bytes, random) => {
    const pages = bytes.length / PAGE;
    const [from, to] = [between(random, 0, pages - 1), between(random, 0, pages - 1)];
    bytes.copy(bytes, to * PAGE, from * PAGE, (from + 1) * PAGE);
    return bytes;
  },
  'cut off': (bytes, random) => bytes.subarray(0, between(random, 0, bytes.length - 1)),
  'grown by garbage': (bytes, random) =>
    Buffer.concat([bytes, Buffer.alloc(between(random, 1, 2 * PAGE), random() < 0.5 ? 0 : 'garbage')]),
};

type Outcome = 'whole' | 'restored' | 'refused';

/** @throws when a room is emptier than it was, and nothing was said. */
function outcomeOf(directory: string, copyIsDamaged: boolean): Outcome {
  const before = readFileSync(join(directory, 'room.db'));
  try {
    const { db, restored } = openDatabase({ directory, roomName: 'Another', now: NOON + 1 });
    try {
      const rows = db.all<{ seq: number; length: number }>(
        'SELECT seq, length(body) AS length FROM event WHERE client_id IS NOT NULL ORDER BY seq',
      );
      const expected = restored === null ? IN_ROOM : IN_COPY;
      assert.is(rows.length, expected, 'messages');
      // The opening and three who joined come before. What a letter of a text became cannot be known.
      assert.ok(rows.every(({ seq }, i) => seq === i + 5));
      assert.is(db.all('SELECT id FROM member').length, 3, 'members');
      if (restored !== null) assert.ok(existsSync(join(restored.aside ?? '', 'room.db')));
      return restored === null ? 'whole' : 'restored';
    } finally {
      closeDatabase(db);
    }
  } catch (error) {
    // Whether a newer Salon wrote the version, or chance did, nobody knows: that is refused too.
    if (!(error instanceof DamagedDatabase || error instanceof NewerDatabase)) throw error;
    assert.ok(copyIsDamaged || error instanceof NewerDatabase, 'there was a good copy');
    assert.equal(readFileSync(join(directory, 'room.db')), before, 'left as it was');
    return 'refused';
  }
}

damaging('are found, said and restored; nothing is ever silently emptier', () => {
  const random = randomFrom(seed);
  const room = template();
  const kinds = Object.entries(DAMAGES);
  const sum: Record<Outcome, number> = { whole: 0, restored: 0, refused: 0 };
  for (let i = 0; i < FILES; i += 1) {
    const [kind = '', damage] = kinds[i % kinds.length] ?? [];
    const directory = mkdtempSync(join(tmpdir(), 'salon-damaged-'));
    try {
      cpSync(room, directory, { recursive: true });
      const copyIsDamaged = random() < 0.3;
      const copy = backupsIn(directory)[0]?.path ?? '';
      for (const file of [join(directory, 'room.db'), ...(copyIsDamaged ? [copy] : [])]) {
        writeFileSync(file, damage?.(readFileSync(file), random) ?? '');
      }
      sum[outcomeOf(directory, copyIsDamaged)] += 1;
    } catch (error) {
      const names = readdirSync(directory).join(' ');
      throw new Error(`file ${i}, ${kind} (${names}): ${String(error)}`, { cause: error });
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
  rmSync(room, { recursive: true, force: true });
  report('damaged files', { files: FILES, ...sum, 'silently emptier': 0 });
  assert.ok(sum.restored > FILES / 4 && sum.refused > 0 && sum.whole > 0);
});

damaging.run();
