// time limit: 120 s
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SalonError } from '../../server/protocol/errors.ts';
import { scratch, startHost, type HostProcess } from '../support/processes.ts';
import { PASSWORD } from '../support/room.ts';
import { until, Visitor } from '../support/visitor.ts';
import { report } from './trial.ts';

/** A real host whose system says of what it has written that it could not be kept. */
const doubting = suite('A change that was refused and is stored all the same');

const PATIENCE_MS = 60_000;

interface Doubtful {
  host: HostProcess;
  /** The work is refused; then the disk is well again. */
  refusing: (work: () => Promise<unknown>) => Promise<void>;
}

async function start(): Promise<Doubtful> {
  const directory = await scratch();
  const marker = join(directory, 'refuse');
  const host = await startHost(join(directory, 'room'), ['--name', 'Kitchen'], undefined, {
    NODE_OPTIONS: `--require ${fileURLToPath(new URL('./fsync.cjs', import.meta.url))}`,
    SALON_FSYNC_FAILS: marker,
  });
  const refusing = async (work: () => Promise<unknown>) => {
    writeFileSync(marker, '');
    try {
      await work();
      assert.unreachable('it was taken');
    } catch (error) {
      if (!(error instanceof SalonError)) throw error;
      assert.is(error.code, 'STORAGE');
    }
    // The commit, the closing of a file that is in doubt, and what is written when it is opened again.
    await until(() => statSync(marker).size >= 3, 'the host to look at its files again', PATIENCE_MS);
    rmSync(marker);
  };
  return { host, refusing };
}

doubting('is what the host goes by, for the door and for the owner’s code', async () => {
  const { host, refusing } = await start();
  const ada = new Visitor(() => `127.0.0.1:${host.port}`);
  const goodbyes = new Set<string>();
  ada.arriving = (frame, pass) => {
    const { t, reason } = JSON.parse(frame) as { t: string; reason?: string };
    if (t === 'goodbye') goodbyes.add(`${reason}`);
    pass();
  };
  await refusing(() => ada.signUp('ada', host.owner?.code ?? null));
  await until(() => ada.visit.about?.needsOwner === false, 'the room to have its owner', PATIENCE_MS);
  await until(() => ada.visit.status === 'door', 'the door', PATIENCE_MS);
  await ada.visit.signIn('ada', PASSWORD);
  assert.is(ada.room.self.role, 'owner');
  const bob = new Visitor(() => `127.0.0.1:${host.port}`);
  await bob.signUp('bob', null);

  assert.is(ada.room.settings.access, 'open');
  // Told while the host is away, not why in words of its own but by a flag: back in a moment.
  let waited = false;
  bob.visit.subscribe(() => (waited ||= bob.visit.status === 'lost' && bob.visit.reopening));
  await refusing(() => ada.room.changeSettings({ access: 'invited' }));
  await until(() => bob.visit.status === 'in' && waited, 'the reader to enter anew', PATIENCE_MS);
  assert.equal([bob.room.settings.access, bob.visit.reopening], ['invited', false]);
  const late = new Visitor(() => `127.0.0.1:${host.port}`);
  try {
    await late.signUp('late', null);
    assert.unreachable('the door is shut');
  } catch (error) {
    assert.is(error instanceof SalonError && error.code, 'INVITE_NEEDED');
  }
  assert.equal([...goodbyes], ['reopening']);
  report('doubtful writes', { refused: 2, forgotten: 0 });
  for (const person of [ada, bob, late]) person.leave();
  assert.is(await host.stop(), 0);
});

doubting.run();
