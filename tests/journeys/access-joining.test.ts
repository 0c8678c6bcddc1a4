// time limit: 300 s
import type { Browser, Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { seriousIn } from '../support/axe.ts';
import { launch, openContext, Person, type Look } from '../support/browser.ts';
import { scratch, startHost } from '../support/processes.ts';
import { Salon } from '../support/salon.ts';

/** The screens on which one hosts, joins, meets, invites and comes in as a guest: axe finds nothing serious on any. */
const joining = suite('Coming in, read aloud');

let browser: Browser;

joining.before(async () => {
  browser = await launch();
});

joining.after(async () => {
  await browser.close();
});

const LOOKS: (Look & { name: string })[] = [
  { name: 'day', colorScheme: 'light' },
  { name: 'evening', colorScheme: 'dark' },
  { name: 'phone', colorScheme: 'light', width: 390, height: 844 },
];

for (const look of LOOKS) {
  const found: string[] = [];
  const check = async (page: Page, screen: string) => {
    found.push(...(await seriousIn(page)).map((each) => `${screen}: ${each}`));
  };

  joining(`in an app, and its owner invites: ${look.name}`, async () => {
    found.length = 0;
    const ada = await Salon.open({ browser, look });
    const { page, person } = ada;
    await page.getByRole('button', { name: 'Host a room' }).waitFor();
    await check(page, 'welcome');
    await person.shot(`welcome-${look.name}`);
    await page.getByRole('button', { name: 'Diagnostics' }).click();
    await page.getByRole('dialog', { name: 'Diagnostics' }).getByText('Announcements').first().waitFor();
    await check(page, 'diagnostics');
    await person.shot(`diagnostics-${look.name}`);
    await page.keyboard.press('Escape');
    await ada.join('127.0.0.1:9');
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    await check(page, 'a join that failed');
    await person.shot(`failed-${look.name}`);
    await page.getByRole('button', { name: 'Host a room' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Host a room' });
    await dialog.waitFor();
    await check(page, 'host dialog');
    await person.shot(`host-dialog-${look.name}`);
    await dialog.getByRole('textbox', { name: 'Name of the room' }).fill(`Room ${look.name}`);
    await dialog.getByRole('button', { name: 'Open the room' }).click();
    await person.signUp({ firstName: 'Ada', lastName: 'Lovelace', username: 'ada' });
    await page.keyboard.press('Alt+I');
    await person.invitations.getByRole('img', { name: /^QR code/ }).waitFor();
    for (const each of ['Codes', 'Who knocked'])
      await person.invitations.locator('summary').filter({ hasText: each }).click();
    await person.invitations.getByRole('switch', { name: 'Let guests in by browser' }).click();
    await check(page, 'invite sheet');
    await person.shot(`invite-${look.name}`);
    await page.keyboard.press('Escape');

    const bob = await Salon.open({ browser, look });
    await bob.page.getByRole('button', { name: `Join Room ${look.name}` }).click({ timeout: 30_000 });
    await bob.page.getByRole('heading', { name: /A first meeting/ }).waitFor();
    await bob.page.getByText('Can’t compare pictures?').click();
    await bob.page.getByRole('list', { name: 'Six words of the key' }).first().waitFor();
    await check(bob.page, 'first meeting');
    await bob.person.shot(`meeting-${look.name}`);
    await bob.close();
    await ada.close();
    assert.equal(found, []);
  });

  for (const door of ['simple', 'encrypted'] as const) {
    joining(`as a guest by the ${door} door: ${look.name}`, async () => {
      found.length = 0;
      const directory = await scratch();
      const first = await startHost(directory, ['--name', 'Chez nous']);
      const owner = await Person.at(await openContext(browser, look), first.owner?.url ?? '');
      await owner.signUp({ firstName: 'Ada', lastName: 'Lovelace', username: 'ada' });
      await owner.page.context().close();
      await first.stop();
      const host = await startHost(directory, ['--guests', door, '--guests-for', '2']);
      const mamie = await Person.at(await openContext(browser, look), host.url);
      await mamie.page.getByRole('textbox', { name: 'Your name in the room' }).waitFor();
      await check(mamie.page, 'guest page');
      await mamie.shot(`guest-page-${door}-${look.name}`);
      await mamie.page.getByRole('textbox', { name: 'Your name in the room' }).fill('Mamie');
      await mamie.page.keyboard.press('Enter');
      await mamie.box.waitFor();
      await mamie.write('coucou');
      await mamie.message('coucou').waitFor();
      await check(mamie.page, 'room of a guest');
      await mamie.shot(`guest-room-${door}-${look.name}`);
      await mamie.page.context().close();
      await host.stop();
      assert.equal(found, []);
    });
  }
}

joining.run();
