// time limit: 300 s
// long time limit: 750 s
import { readdirSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { launchWithProfile, Person } from '../support/browser.ts';
import { scratch, startHost } from '../support/processes.ts';
import { until } from '../support/visitor.ts';
import { readRoom } from './oracle.ts';
import { effort, report } from './trial.ts';

const killing = suite('A browser that is killed');

const KILLS = effort(1, 8);
const EACH = 3;

/** All processes of the browser with this profile, as a crash or the end of the battery takes them. */
async function kill(profile: string): Promise<void> {
  const own = () =>
    readdirSync('/proc').filter((name) => /^\d+$/.test(name) && commandOf(name).includes(profile));
  assert.ok(own().length > 0, 'there is something to kill');
  for (const pid of own()) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It went with the one before.
    }
  }
  await until(() => own().length === 0, 'the browser to be gone');
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

killing(
  'while messages wait for a host that is away, brings them when it is started again, each once',
  async () => {
    if (process.platform !== 'linux') {
      console.log('▸ browser killed: skipped, its processes are found on Linux only');
      return;
    }
    const directory = await scratch();
    const profile = await scratch();
    let host = await startHost(directory);
    const { url } = host;
    let context = await launchWithProfile(profile);
    let ada = await Person.at(context, host.owner?.url ?? '');
    await ada.signUp({ firstName: 'Ada', lastName: 'Lovelace', username: 'ada' });
    const written: string[] = [];
    for (let round = 0; round < KILLS; round += 1) {
      await host.stop('SIGKILL');
      await ada.page
        .getByText(/Connection lost/)
        .first()
        .waitFor();
      for (let i = 0; i < EACH; i += 1) {
        const text = `round ${round}, message ${i}, in the dark`;
        await ada.write(text);
        written.push(text);
        await ada.message(text).waitFor();
      }
      await kill(profile);
      host = await startHost(directory, ['--port', String(host.port)]);
      context = await launchWithProfile(profile);
      ada = await Person.at(context, url);
      for (const text of written.slice(-EACH)) await ada.reads(text);
      await ada.page
        .getByText(/Waiting/)
        .first()
        .waitFor({ state: 'hidden' });
    }
    for (const text of written) assert.is(await ada.message(text).count(), 1);
    await context.close();
    await host.stop();
    const stored = readRoom(directory).posted.map(({ body }) => body ?? '');
    assert.equal(stored, written, 'all of them, once, in order');
    report('browser killed', { kills: KILLS, waiting: written.length, stored: stored.length });
  },
);

killing.run();
