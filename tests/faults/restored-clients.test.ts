// time limit: 120 s
// long time limit: 360 s
import { copyFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { LogEvent } from '../../server/protocol/events.ts';
import { backupsIn } from '../../server/store/backups.ts';
import { openRoom, type TestRoom } from '../support/room.ts';
import { until, Visitor, wholeLog } from '../support/visitor.ts';
import { between, effort, randomFrom, report, seed, type Random } from './trial.ts';

/**
 * The host goes back to an earlier state while its members know more: because its file was damaged, or because somebody
 * put an old copy of it back by hand. Every member is told, and what they wrote themselves comes back once.
 */
const goingBack = suite('A host that goes back');

const ROUNDS = effort(2, 20);
const NAMES = ['ada', 'grace', 'edsger'];
const PATIENCE_MS = 60_000;

/** How the room is taken back to its last copy. */
const WAYS = {
  damaged: (room: TestRoom) => writeFileSync(join(room.directory, 'room.db'), 'garbage '.repeat(3_000)),
  byHand: (room: TestRoom) =>
    copyFileSync(backupsIn(room.directory)[0]?.path ?? '', join(room.directory, 'room.db')),
};

interface Sum {
  written: number;
  told: number;
  lost: number;
  doubled: number;
  [figure: string]: number;
}

async function round(way: keyof typeof WAYS, random: Random, sum: Sum): Promise<void> {
  const room = await openRoom();
  const people = NAMES.map(() => new Visitor(() => room.address));
  const written: string[] = [];
  const write = async (person: Visitor, what: string) => {
    const text = `${what} ${written.length}`;
    written.push(text);
    await person.room.post(person.room.lobby, text);
  };
  const settled = () =>
    until(
      () =>
        people.every(
          ({ room: { outbox, connected, lobby } }) =>
            connected && outbox.pending.length === 0 && lobby.known === people[0]?.room.lobby.known,
        ),
      'everything to be on the host',
      PATIENCE_MS,
    );
  try {
    for (const [i, person] of people.entries()) {
      await person.signUp(NAMES[i] ?? '', room.host.ownerCode());
      await person.room.lobby.open();
    }
    for (const person of people) await write(person, 'in the copy');
    await settled();
    // A host that closes leaves a copy. What comes now is not in it.
    await room.restart();
    await settled();
    const [copied] = backupsIn(room.directory);
    assert.ok(copied);
    const kept = mkdtempSync(join(tmpdir(), 'salon-kept-'));
    cpSync(copied.path, join(kept, 'copy.db'));
    for (let i = between(random, 2, 6); i > 0; i -= 1)
      for (const person of people) if (random() < 0.7) await write(person, 'after it');
    for (const person of people.slice(0, 1)) await write(person, 'after it');
    await settled();

    await room.host.close();
    // As a kill would leave it: without the copy that closing makes.
    for (const { path } of backupsIn(room.directory)) rmSync(path);
    cpSync(join(kept, 'copy.db'), copied.path);
    rmSync(kept, { recursive: true });
    WAYS[way](room);
    for (const person of people) await write(person, 'while it was away');
    await room.restart();
    // The copy's name tells the second.
    assert.is(Math.floor((room.host.restored?.from ?? 0) / 1_000), copied.at / 1_000);

    await settled();
    await until(
      () => people.every((person) => person.room.lost.notice !== null),
      'all to be told',
      PATIENCE_MS,
    );
    await until(
      () => people[0] !== undefined && people[0].room.lost.mine.length > 0,
      'what was lost to be found',
      PATIENCE_MS,
    );
    sum.told += people.length;
    for (const person of people) {
      await person.room.lost.check();
      await person.room.postLost();
      assert.is(person.room.lost.notice, null);
    }
    await settled();

    const logs = await Promise.all(people.map(({ room: each }) => wholeLog(each.lobby)));
    for (const log of logs) assert.equal(log, logs[0]);
    const bodies = textsOf(logs[0] ?? []);
    sum.written += written.length;
    sum.lost += written.filter((text) => !bodies.includes(text)).length;
    sum.doubled += bodies.length - new Set(bodies).size;
  } finally {
    for (const person of people) person.leave();
    await room.close();
  }
}

function textsOf(log: readonly LogEvent[]): string[] {
  return log.flatMap((event) => (event.type === 'message.posted' ? [event.body ?? ''] : []));
}

for (const way of Object.keys(WAYS) as (keyof typeof WAYS)[]) {
  goingBack(`tells everybody, and everybody’s words come back once: ${way}`, async () => {
    const random = randomFrom(seed);
    const sum: Sum = { written: 0, told: 0, lost: 0, doubled: 0 };
    for (let i = 0; i < ROUNDS; i += 1) await round(way, random, sum);
    report(`a host that goes back, ${way}`, { rounds: ROUNDS, ...sum });
    assert.equal([sum.lost, sum.doubled, sum.told], [0, 0, ROUNDS * NAMES.length]);
  });
}

goingBack.run();
