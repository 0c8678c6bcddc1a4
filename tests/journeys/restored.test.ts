// time limit: 300 s
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { seriousIn } from '../support/axe.ts';
import { launch, openContext, Person } from '../support/browser.ts';
import { scratch, startHost, type HostProcess } from '../support/processes.ts';

/** The room's file is destroyed, and its last copy takes its place. Everybody is told, and nobody's words are gone. */
const restoring = suite('A room whose file was destroyed');

/** Longer than a page waits between two attempts to come back. */
const RETURN = { timeout: 45_000 };

let browser: Browser;
let directory: string;
let host: HostProcess & { restored?: { aside: string; why: string } | null };
let [ada, bob] = [] as unknown as [Person, Person];

restoring.before(async () => {
  browser = await launch();
  directory = await scratch();
  host = await startHost(directory, ['--name', 'Petit Théâtre']);
  const contexts = [await openContext(browser), await openContext(browser, { colorScheme: 'dark' })] as const;
  // Two browsers and a host on one computer: each stands for somebody's own.
  for (const context of contexts) context.setDefaultTimeout(60_000);
  ada = await Person.at(contexts[0], host.owner?.url ?? '');
  await ada.signUp({ firstName: 'Ada', lastName: 'Lovelace', username: 'ada' });
  bob = await Person.at(contexts[1], host.url);
  await bob.signUp({ firstName: 'Bob', lastName: 'Durand', username: 'bob' });
  await bob.page.keyboard.press('Control+,');
  await bob.page.getByRole('dialog', { name: 'Settings' }).getByLabel('Français').click();
  const settings = bob.page.getByRole('dialog', { name: 'Réglages' });
  await settings.waitFor();
  await bob.page.keyboard.press('Escape');
  await settings.waitFor({ state: 'hidden' });
});

restoring.after(async () => {
  await browser.close();
  await host.stop();
});

const inFrench = { box: () => bob.page.getByRole('textbox', { name: /^Écrire/ }) };

async function bobWrites(text: string): Promise<void> {
  await inFrench.box().fill(text);
  await inFrench.box().press('Enter');
}

restoring('is open again, says of when its copy is, and keeps what waited', async () => {
  await ada.write('in the copy');
  await bob.reads('in the copy');
  // A host that closes leaves a copy.
  assert.is(await host.stop('SIGTERM'), 0);
  host = await startHost(directory, ['--port', String(host.port)]);
  // The sheet that says that the room was closed lies over everything until it is open again.
  for (const { page } of [ada, bob]) await page.getByRole('dialog').waitFor({ state: 'hidden', ...RETURN });
  await bobWrites('écrit après la copie');
  await ada.reads('écrit après la copie');
  await ada.write('after the copy');
  await bob.reads('after the copy');
  await ada.write('between us@bob');
  await bob.page.getByRole('button', { name: /ada.*non lu/ }).waitFor(RETURN);
  await ada.page.getByRole('button', { name: /^Everyone/ }).click();
  await ada.reads('after the copy');

  await host.stop('SIGKILL');
  writeFileSync(join(directory, 'room.db'), 'garbage\n'.repeat(5_000));
  await ada.page
    .getByText(/Connection lost/)
    .first()
    .waitFor();
  await ada.write('while nobody answers');
  host = await startHost(directory, ['--port', String(host.port)]);
  assert.match(host.restored?.why ?? '', /not a database/);
  assert.match(readFileSync(join(host.restored?.aside ?? '', 'room.db'), 'utf8'), /^garbage/);

  await ada.page.getByText(/its copy of .* has taken its place/).waitFor(RETURN);
  await bob.page.getByText(/sa copie .* l’a remplacé/).waitFor(RETURN);
  for (const person of [ada, bob]) {
    await person.reads('while nobody answers');
    await person.reads('in the copy');
    assert.is(await person.message('while nobody answers').count(), 1);
    assert.is(await person.message('after the copy').count(), 0);
  }
});

restoring('shows what the page still has of it, for everybody to read', async () => {
  await ada.page.getByText('This page still has 3 messages of it.').waitFor();
  await bob.page.getByText('Cette page en garde encore 3 messages.').waitFor();
  await ada.shot('restored-en-light');
  await bob.shot('restored-fr-dark');
  assert.equal(await seriousIn(ada.page), []);
  await ada.page.getByRole('button', { name: 'Show what is missing' }).click();
  const missing = ada.page.getByRole('dialog', { name: 'Not on the host any more' });
  await missing.getByText('after the copy').waitFor();
  await missing.getByText('écrit après la copie').waitFor();
  await missing.getByText('between us').waitFor();
  await ada.shot('missing-en-light');
  assert.equal(await seriousIn(ada.page), []);
  await ada.page.keyboard.press('Escape');
  await missing.waitFor({ state: 'hidden' });
  await bob.page.getByRole('button', { name: 'Voir ce qui manque' }).click();
  await bob.page.getByRole('dialog', { name: 'Ce qui n’est plus chez l’hôte' }).waitFor();
  await bob.shot('missing-fr-dark');
});

restoring('lets one’s own words go, once it was asked whether they may', async () => {
  const missing = bob.page.getByRole('dialog', { name: 'Ce qui n’est plus chez l’hôte' });
  const question = bob.page.getByRole('dialog', { name: /^Abandonner votre message/ });
  const letGo = missing.getByRole('button', { name: 'Abandonner le mien' });
  await letGo.focus();
  await bob.page.keyboard.press('Enter');
  await question.waitFor();
  assert.equal(await seriousIn(bob.page), []);
  await bob.shot('let-go-fr-dark');
  // The safe answer has the focus.
  await bob.page.keyboard.press('Enter');
  await question.waitFor({ state: 'hidden' });
  await letGo.click();
  await bob.page.keyboard.press('Escape');
  await question.waitFor({ state: 'hidden' });
  assert.ok(await missing.isVisible(), 'only the question is gone');
  await letGo.click();
  await question.getByRole('button', { name: 'Abandonner le mien' }).click();
  await bob.page.getByText('Votre message a été abandonné.').first().waitFor();
  assert.is(await missing.getByText('écrit après la copie').count(), 0);
  await missing.getByText('after the copy').waitFor();
  assert.is(await missing.getByRole('button').count(), 2, 'to close, and to copy');
  assert.ok(await missing.locator('ol').evaluate((list) => list.matches(':focus')), 'one reads on');
  await bob.page.keyboard.press('Escape');
  await missing.waitFor({ state: 'hidden' });
  await bob.page.getByRole('button', { name: 'Compris' }).click();
  await bob.page.getByText(/l’a remplacé/).waitFor({ state: 'hidden' });
  assert.ok(await inFrench.box().evaluate((box) => box.matches(':focus')), 'one goes on writing');
});

restoring('keeps one’s own lost words over a reload, and brings them back once', async () => {
  await ada.page.reload();
  await ada.page.getByRole('button', { name: 'Send my 2 again' }).click(RETURN);
  await bob.reads('after the copy');
  await bob.page.getByRole('button', { name: /ada.*non lu/ }).waitFor(RETURN);
  await ada.page.getByText(/has taken its place/).waitFor({ state: 'hidden' });
  for (const person of [ada, bob]) {
    await person.page.reload();
    for (const text of ['after the copy', 'while nobody answers']) {
      await person.reads(text);
      assert.is(await person.message(text).count(), 1, text);
    }
    assert.is(await person.message('écrit après la copie').count(), 0);
    assert.is(await person.page.getByText(/has taken its place|l’a remplacé/).count(), 0, 'said once');
  }
  await ada.page.getByRole('button', { name: 'bob , Here' }).click();
  await ada.reads('between us');
  assert.is(await ada.message('between us').count(), 1);
});

restoring('a waiting message that cannot be read any more is put aside, and said', async () => {
  await ada.page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const opening = indexedDB.open('salon');
        opening.onsuccess = () => {
          const store = opening.result.transaction('kept', 'readwrite').objectStore('kept');
          store.getAllKeys().onsuccess = ({ target }) => {
            const keys = (target as IDBRequest<string[]>).result;
            const place = keys.find((key) => key.startsWith('restored/'))?.slice('restored/'.length) ?? '';
            store.put('{"id":"half a mess', `outbox/${place}01KAR4BAN00A1B2C3D4E5F6G7H`);
            store.transaction.oncomplete = () => resolve();
          };
        };
      }),
  );
  await ada.page.reload();
  await ada.page.getByText(/1 message that waited on this computer could not be read/).waitFor(RETURN);
  await ada.shot('unreadable-en-light');
  await ada.page.reload();
  await ada.box.waitFor();
  await ada.reads('after the copy');
  assert.is(await ada.page.getByText(/could not be read/).count(), 0);
});

restoring('nothing complains on anybody’s console', () => {
  for (const person of [ada, bob]) assert.equal(person.complaints, []);
});

restoring.run();
