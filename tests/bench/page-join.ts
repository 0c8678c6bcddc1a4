import { launch } from '../support/browser.ts';
import { startHost, scratch } from '../support/processes.ts';
import { Salon } from '../support/salon.ts';
import { effort, median, NO_GPU, report, row } from './page.ts';

/**
 * How long coming in takes, from the key that is pressed to what it leads to: by a code to the door, by a short form that
 * has to be found nearby, and back into a room that has changed its port. The reference is the code, which says where
 * the room is: what it costs that it has to be found.
 *
 *   node --import tsx tests/bench/page-join.ts [--quick]
 */
const ROUNDS = effort(5, 7);
const browser = await launch();
const directory = await scratch();
let host = await startHost(directory, ['--name', 'Engine room', '--announce', '--guests', 'off']);
const owner = await Salon.open({ browser });
await owner.join(host.owner?.link ?? '');
await owner.person.signUp({ firstName: 'Ada', lastName: 'Lovelace', username: 'ada' });
const sheet = await owner.person.openInvitations();
const link = await sheet.getByRole('textbox', { name: 'Link' }).inputValue();
const spoken = (await sheet.getByText(/^([0-9A-Z]{4}-){3}[0-9A-Z]{4}$/).textContent())?.trim() ?? '';
await owner.page.keyboard.press('Escape');

const byCode = await joining(link);
const bySpoken = await joining(spoken);
const foundAgain = await findingAgain();
report(
  'page-join',
  [
    row('from a join code to the door', byCode, 'ms'),
    row('from a short form to the door', bySpoken, 'ms', { reference: byCode }),
    row('back in a room that has moved', foundAgain, 'ms', { reference: byCode }),
  ],
  [NO_GPU],
);
await owner.close();
await host.stop();
await browser.close();
process.exit(0);

async function joining(code: string): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < ROUNDS; i += 1) {
    const salon = await Salon.open({ browser });
    await salon.page.getByRole('button', { name: 'Host a room' }).waitFor();
    const began = performance.now();
    await salon.join(code);
    await salon.page.getByText('You are invited to Engine room').waitFor();
    times.push(performance.now() - began);
    await salon.close();
  }
  return median(times);
}

/** From the moment at which the host is up again, at another port. */
async function findingAgain(): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < ROUNDS; i += 1) {
    await host.stop();
    await owner.page.getByRole('button', { name: 'Keep reading' }).click();
    host = await startHost(directory, ['--announce']);
    const began = performance.now();
    await owner.page
      .getByText(`same key. Joined again`, { exact: false })
      .last()
      .waitFor({ timeout: 60_000 });
    times.push(performance.now() - began);
    await owner.page
      .getByText(`same key. Joined again`, { exact: false })
      .last()
      .waitFor({ state: 'hidden' });
  }
  return median(times);
}
