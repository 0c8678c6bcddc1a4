// time limit: 120 s
// long time limit: 120 s
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkWhole } from '../../server/store/checking.ts';
import { closeDatabase, openDatabase } from '../../server/store/opening.ts';
import { scratch, startHost } from '../support/processes.ts';
import { until, Visitor, wholeLog } from '../support/visitor.ts';
import { effort, report } from './trial.ts';

/** A real host whose system refuses what it writes for a while, though there is room enough. */
const refusing = suite('A disk that refuses for a while');

const ROUNDS = effort(1, 8);
const PATIENCE_MS = 60_000;
/** As much as the trial with a file of its own takes; the room's own files are larger. In bytes. */
const SMALL = 8_192;

function canLimit(): boolean {
  try {
    execFileSync('prlimit', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** How large a file a process may make. */
const limitFiles = (pid: number, bytes: number | 'unlimited') =>
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);

if (!canLimit()) {
  refusing('is not tried', () => console.log('\n▸ refusing disk: not tried, it needs prlimit'));
} else {
  refusing('has everybody enter anew when it works again, and nothing is lost or doubled', async () => {
    const directory = join(await scratch(), 'room');
    const host = await startHost(directory, ['--name', 'Kitchen']);
    const [ada, bob] = [0, 1].map(() => new Visitor(() => `127.0.0.1:${host.port}`)) as [Visitor, Visitor];
    await ada.signUp('ada', host.owner?.code ?? null);
    await bob.signUp('bob', null);
    for (let round = 1; round <= ROUNDS; round += 1) {
      await ada.room.post(ada.room.lobby, `taken ${round}`);
      await until(() => ada.room.outbox.pending.length === 0, 'a first answer', PATIENCE_MS);
      const sockets = bob.sockets.size;
      limitFiles(host.pid, SMALL);
      await ada.room.post(ada.room.lobby, `refused ${round}`);
      await until(() => ada.room.hostTrouble === 'STORAGE', 'a refusal', PATIENCE_MS);
      limitFiles(host.pid, 'unlimited');
      await until(() => ada.room.outbox.pending.length === 0, 'what waited to be taken', PATIENCE_MS);
      // Bob has asked for nothing: what was refused may be there all the same, and nobody would tell him.
      await until(() => bob.sockets.size > sockets, 'the reader to enter anew', PATIENCE_MS);
      await until(() => bob.room.lobby.known === ada.room.lobby.known, 'both to know the same', PATIENCE_MS);
    }
    const log = await wholeLog(bob.room.lobby);
    assert.equal(await wholeLog(ada.room.lobby), log);
    const texts = log.flatMap((event) => (event.type === 'message.posted' ? [event.body] : []));
    const written = Array.from({ length: ROUNDS }, (_, i) => [`taken ${i + 1}`, `refused ${i + 1}`]).flat();
    report('refusing disk', {
      rounds: ROUNDS,
      written: written.length,
      lost: written.filter((text) => !texts.includes(text)).length,
      doubled: texts.length - new Set(texts).size,
    });
    assert.equal(texts, written, 'in order, each once');
    for (const person of [ada, bob]) person.leave();
    assert.is(await host.stop(), 0);

    const { db, restored } = openDatabase({ directory, roomName: '', now: Date.now() });
    assert.is(restored, null);
    checkWhole(db);
    closeDatabase(db);
  });
}

refusing.run();
