// time limit: 120 s
// long time limit: 600 s
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkWhole } from '../../server/store/checking.ts';
import { closeDatabase, openDatabase } from '../../server/store/opening.ts';
import { scratch, startHost } from '../support/processes.ts';
import { until, Visitor, wholeLog } from '../support/visitor.ts';
import { UNHURRIED } from './hosted.ts';
import { effort, report } from './trial.ts';

/** A real disk of three megabytes, a real host on it, and members who write until it is full, and on. */
const filling = suite('A full disk');

const ROUNDS = effort(1, 5);
const PATIENCE_MS = 60_000;
/** As long as a message may be, with letters of two bytes: a few dozen fill the disk. */
const LONG = 'é'.repeat(15_000);

/** Why there can be no disk of our own; null when there can. */
function noDisk(): string | null {
  if (process.platform !== 'linux') return 'a small disk can be made on Linux only';
  return process.getuid?.() === 0 ? null : 'a small disk needs root';
}

const mount = (...args: string[]) => execFileSync('mount', args, { stdio: ['ignore', 'ignore', 'pipe'] });

const why = noDisk();
if (why !== null) {
  filling(`is not tried: ${why}`, () => console.log(`\n▸ full disk: not tried, ${why}`));
} else {
  filling(
    'refuses for a while, goes on reading, and takes all that waited when there is room again',
    async () => {
      const disk = join(await scratch(), 'disk');
      mkdirSync(disk);
      mount('-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', disk);
      const directory = join(disk, 'room');
      try {
        const host = await startHost(directory, ['--name', 'Kitchen', ...UNHURRIED]);
        const [ada, bob] = [0, 1].map(() => new Visitor(() => `127.0.0.1:${host.port}`)) as [
          Visitor,
          Visitor,
        ];
        await ada.signUp('ada', host.owner?.code ?? null);
        await bob.signUp('bob', null);
        let written = 0;
        let refusedTimes = 0;
        for (let round = 1; round <= ROUNDS; round += 1) {
          const sockets = ada.sockets.size;
          while (ada.room.hostTrouble === null && written < 400 * round) {
            written += 1;
            await ada.room.post(ada.room.lobby, `${written} ${LONG}`);
            await until(
              () => ada.room.outbox.pending.length === 0 || ada.room.hostTrouble !== null,
              'an answer',
              PATIENCE_MS,
            );
          }
          assert.is(ada.room.hostTrouble, 'DISK_FULL');
          refusedTimes += 1;
          assert.is(ada.room.outbox.pending[0]?.state, 'waiting');

          // Reading goes on, and what is read was acknowledged before.
          const { events, head } = await bob.room.page(bob.room.lobby.id ?? '', { before: 1e6 }, 200);
          assert.is(events.at(-1)?.seq, head);
          await until(() => bob.room.lobby.known === head, 'the reader to have it all', PATIENCE_MS);

          mount('-o', `remount,size=${3 + round * 6}m`, disk);
          await until(() => ada.room.outbox.pending.length === 0, 'what waited to be taken', PATIENCE_MS);
          assert.is(ada.room.hostTrouble, null);
          assert.is(ada.sockets.size, sockets, 'on the same connection');
        }
        await until(
          () => bob.room.lobby.known === ada.room.lobby.known,
          'both to know the same',
          PATIENCE_MS,
        );
        const log = await wholeLog(bob.room.lobby);
        assert.equal(await wholeLog(ada.room.lobby), log);
        const texts = log.flatMap((event) =>
          event.type === 'message.posted' ? [event.body?.split(' ')[0]] : [],
        );
        for (const person of [ada, bob]) person.leave();
        assert.is(await host.stop(), 0);

        const { db, restored } = openDatabase({ directory, roomName: '', now: Date.now() });
        assert.is(restored, null);
        checkWhole(db);
        const rows = db.all('SELECT 1 FROM event WHERE client_id IS NOT NULL').length;
        closeDatabase(db);
        report('full disk', { rounds: ROUNDS, refusedTimes, written, stored: rows, lost: written - rows });
        assert.is(rows, written);
        assert.equal(
          texts,
          texts.map((_, i) => String(written - texts.length + i + 1)),
          'in order, each once',
        );
      } finally {
        execFileSync('umount', ['-l', disk]);
      }
    },
  );
}

filling.run();
