// time limit: 240 s
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { launch, openContext, Person } from '../support/browser.ts';
import { scratch, startHost, type HostProcess } from '../support/processes.ts';

/** Somebody, or the browser, clears what it keeps of the page while messages wait in it. */
const clearing = suite('A browser that is cleared while messages wait');

const RETURN = { timeout: 60_000 };

let browser: Browser;
let host: HostProcess;
let directory: string;
let ada: Person;

clearing.before(async () => {
  browser = await launch();
  directory = join(await scratch(), 'room');
  host = await startHost(directory, ['--name', 'Kitchen']);
  const context = await openContext(browser);
  context.setDefaultTimeout(60_000);
  ada = await Person.at(context, host.owner?.url ?? '');
  await ada.signUp({ firstName: 'Ada', lastName: 'Lovelace', username: 'ada' });
});

clearing.after(async () => {
  await browser.close();
  await host.stop();
});

/** What the browser has kept of messages that wait. */
async function waiting(): Promise<string[]> {
  return ada.page.evaluate(
    () =>
      new Promise<string[]>((resolve) => {
        const opening = indexedDB.open('salon', 1);
        // Not even the database is there: it is not for this look to make it.
        opening.onupgradeneeded = () => opening.transaction?.abort();
        opening.onerror = () => resolve([]);
        opening.onsuccess = () => {
          const keys = IDBKeyRange.bound('outbox/', 'outbox/\uffff');
          const reading = opening.result.transaction('kept').objectStore('kept').getAll(keys);
          reading.onsuccess = () => {
            opening.result.close();
            const items = (reading.result as string[]).map((text) => JSON.parse(text) as { body: string });
            resolve(items.map(({ body }) => body).toSorted());
          };
        };
      }),
  );
}

async function eventually(expected: readonly string[]): Promise<void> {
  const deadline = Date.now() + RETURN.timeout;
  while (String(await waiting()) !== String(expected) && Date.now() < deadline)
    await ada.page.waitForTimeout(200);
  assert.equal(await waiting(), expected);
}

clearing('keeps them again while the page is open, and sends them', async () => {
  await host.stop('SIGKILL');
  await ada.page
    .getByText(/Connection lost/)
    .first()
    .waitFor();
  await ada.write('written before');
  await eventually(['written before']);
  const session = await ada.page.context().newCDPSession(ada.page);
  await session.send('Storage.clearDataForOrigin', {
    origin: new URL(ada.page.url()).origin,
    storageTypes: 'all',
  });
  await eventually([]);
  await ada.write('written after');
  await eventually(['written after', 'written before']);

  host = await startHost(directory, ['--port', String(host.port)]);
  await ada.page
    .getByText(/Connection lost/)
    .first()
    .waitFor({ state: 'hidden', ...RETURN });
  await eventually([]);
  for (const text of ['written before', 'written after']) assert.is(await ada.message(text).count(), 1);
});

clearing.run();
