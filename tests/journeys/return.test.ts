// time limit: 300 s
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { launch, openContext, Person } from '../support/browser.ts';
import { scratch, startHost, type HostProcess } from '../support/processes.ts';

/** What happens when something breaks in the middle: the host is killed, the page is reloaded, the plug is pulled. */
const coming = suite('Coming back');

let browser: Browser;
let directory: string;
let host: HostProcess;
let [ada, bob] = [] as unknown as [Person, Person];

coming.before(async () => {
  browser = await launch();
  directory = await scratch();
  host = await startHost(directory, ['--name', 'Petit Théâtre']);
  ada = await Person.at(await openContext(browser), host.owner?.url ?? '');
  await ada.signUp({ firstName: 'Ada', lastName: 'Lovelace', username: 'ada' });
  bob = await Person.at(await openContext(browser), host.url);
  await bob.signUp({ firstName: 'Bob', lastName: 'Durand', username: 'bob' });
});

coming.after(async () => {
  await browser.close();
  await host.stop();
});

coming('a reload keeps one signed in, in the room, with the draft', async () => {
  await ada.box.fill('half a thought');
  await ada.page.waitForTimeout(500);
  await ada.page.reload();
  await ada.box.waitFor();
  assert.is(await ada.box.inputValue(), 'half a thought');
  await ada.box.fill('');
});

coming(
  'a host that is killed loses nothing that was acknowledged, and every page comes back by itself',
  async () => {
    await ada.write('before the crash');
    await bob.message('before the crash').waitFor();
    host.child.kill('SIGKILL');
    await host.ended;
    await ada.page
      .getByText(/Connection lost/)
      .first()
      .waitFor();

    await ada.write('while nobody answers');
    await ada.message('while nobody answers').waitFor();
    await ada.shot('connection-lost');
    host = await startHost(directory, ['--port', String(host.port)]);

    await bob.reads('while nobody answers');
    for (const person of [ada, bob]) {
      assert.is(await person.message('before the crash').count(), 1);
      assert.is(await person.message('while nobody answers').count(), 1);
    }
  },
);

coming('what is written while the room is away survives a reload, and arrives once', async () => {
  await host.stop('SIGKILL');
  await ada.page
    .getByText(/Connection lost/)
    .first()
    .waitFor();
  await ada.write('written in the dark');
  await ada.message('written in the dark').waitFor();
  const kept = await ada.page.evaluate(
    () =>
      new Promise<string[]>((resolve) => {
        const opening = indexedDB.open('salon');
        opening.onsuccess = () => {
          const keys = opening.result.transaction('kept').objectStore('kept').getAllKeys();
          keys.onsuccess = () => resolve(keys.result.map((key) => (typeof key === 'string' ? key : '')));
        };
      }),
  );
  assert.ok(
    kept.some((key) => key.startsWith('outbox/')),
    'kept on this computer',
  );
  // The page that the host serves is gone with it: the browser is closed and opened again later.
  host = await startHost(directory, ['--port', String(host.port)]);
  await ada.page.reload();
  await bob.reads('written in the dark');
  await ada.reads('written in the dark');
  for (const person of [ada, bob]) assert.is(await person.message('written in the dark').count(), 1);
});

coming('a room that closes says so, stays readable, and is there again when it opens', async () => {
  assert.is(await host.stop('SIGTERM'), 0);
  await bob.page
    .getByText(/closed/)
    .first()
    .waitFor();
  await bob.shot('room-closed');
  await bob.message('before the crash').waitFor({ state: 'attached' });
  host = await startHost(directory, ['--port', String(host.port)]);
  await ada.box.waitFor();
  await bob.page
    .getByText(/closed/)
    .first()
    .waitFor({ state: 'hidden', timeout: 20_000 });
  await ada.write('open again');
  await bob.message('open again').waitFor();
});

coming('the language changes in the middle of a sentence, and nothing typed is lost', async () => {
  await bob.box.fill('en cours de route');
  await bob.page.keyboard.press('Control+,');
  await bob.page.getByRole('dialog', { name: 'Settings' }).getByLabel('Français').click();
  await bob.page.getByRole('dialog', { name: 'Réglages' }).waitFor();
  await bob.shot('settings-fr');
  await bob.page.keyboard.press('Escape');
  await bob.page.getByRole('tab', { name: /^En ligne/ }).waitFor();
  await bob.page.getByRole('tab', { name: /^Les membres/ }).waitFor();
  assert.is(
    await bob.page.getByRole('textbox', { name: /^Écrire à tout le monde/ }).inputValue(),
    'en cours de route',
  );
  assert.is(await bob.page.evaluate(() => document.documentElement.lang), 'fr');
  await bob.shot('room-fr');
});

coming('no password is in the room’s files, and none was ever sent', async () => {
  const database = await readFile(join(directory, 'room.db'));
  assert.not.ok(database.includes('lampe-de-chevet'));
});

coming('nothing complains on anybody’s console', () => {
  for (const person of [ada, bob]) assert.equal(person.complaints, []);
});

coming.run();
