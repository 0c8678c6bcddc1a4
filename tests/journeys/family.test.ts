// time limit: 240 s
// A family, and a grandmother with nothing but a phone: guests in a browser, by both doors.
import type { Browser } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { launch, openContext, Person } from '../support/browser.ts';
import { Salon } from '../support/salon.ts';

const PHONE = { width: 390, height: 844 };

const family = suite('A family, and a phone');

let browser: Browser;
let host: Salon;
let mamie: Person;
let link = '';

family.before(async () => {
  browser = await launch();
  host = await Salon.open({ browser, env: { SALON_NO_MULTICAST: '1' } });
  const { page } = host;
  await page.getByRole('button', { name: 'Host a room' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Host a room' });
  await dialog.getByRole('textbox', { name: 'Name of the room' }).fill('Chez nous');
  await dialog.getByRole('button', { name: 'Open the room' }).click();
  await host.person.signUp({ firstName: 'Amélie', lastName: 'Roche', username: 'amelie' });
});

family.after(async () => {
  await host.close();
  await browser.close();
});

/** On this computer the other addresses are as good, but nothing of the tests leaves loopback. */
const onLoopback = (url: string) => url.replace(/^(https?:\/\/)[^/]+:(\d+)\//, '$1127.0.0.1:$2/');

async function letGuestsIn(door: 'Simple' | 'Encrypted'): Promise<string> {
  const sheet = await host.person.openInvitations();
  await sheet.getByRole('switch', { name: 'Let guests in by browser' }).click();
  await sheet.getByRole('radio', { name: new RegExp(`^${door}`) }).check();
  await host.person.shot(`door-${door.toLowerCase()}`);
  await sheet.getByRole('button', { name: 'Let guests in' }).click();
  const field = sheet.getByRole('textbox', { name: 'Link' });
  const scheme = door === 'Simple' ? 'http:' : 'https:';
  await sheet.getByRole('img', { name: new RegExp(`^QR code of ${scheme}`) }).waitFor();
  const shown = await field.inputValue();
  assert.ok(shown.startsWith(scheme), shown);
  await host.page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'hidden' });
  return onLoopback(shown);
}

family('nobody comes in by a browser until the host says by which door', async () => {
  const sheet = await host.person.openInvitations();
  await sheet.getByRole('img', { name: /^QR code of salon:/ }).waitFor();
  assert.not.ok(await sheet.getByRole('switch', { name: 'Let guests in by browser' }).isChecked());
  await host.page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'hidden' });
  link = await letGuestsIn('Simple');
});

family('a phone opens the page, a name is typed, and Mamie is in the room as a guest', async () => {
  mamie = await Person.at(await openContext(browser, PHONE), link);
  const { page } = mamie;
  await page.getByText('This page is not encrypted', { exact: false }).first().waitFor();
  assert.is(await page.locator('input[type=password]').count(), 0, 'no field for a password');
  await mamie.shot('guest-door');
  await page.getByRole('textbox', { name: 'Your name in the room' }).fill('Mamie');
  await page.getByRole('button', { name: 'Enter', exact: true }).click();
  await mamie.box.waitFor();
  await mamie.write('coucou');
  await host.person.message('coucou').waitFor();
  await host.page
    .getByText(/Mamie came in as a guest/)
    .first()
    .waitFor();
  await mamie.shot('guest-room');
  await host.person.shot('with-a-guest');
});

family('everybody sees that the lobby can be read along', async () => {
  await host.page.getByText('Readable on this network', { exact: false }).first().waitFor();
});

family('nothing is there that could not work, and nothing has complained', async () => {
  const { page } = mamie;
  assert.not.ok(await page.evaluate(() => isSecureContext && location.hostname !== '127.0.0.1'));
  assert.is(await page.getByRole('button', { name: 'Invite' }).count(), 0);
  assert.equal(mamie.complaints, []);
});

family('a guest is told what was said while the phone was locked, once', async () => {
  const { page } = mamie;
  await page.context().setOffline(true);
  await host.person.write('à table');
  await host.person.message('à table').waitFor();
  await page.context().setOffline(false);
  await page.reload();
  await mamie.message('à table').waitFor();
  assert.is(await mamie.message('à table').count(), 1);
  assert.is(await mamie.message('coucou').count(), 1);
});

family('a private message does not reach a guest, and none can be sent to one', async () => {
  await host.person.write('un secret@mamie');
  await host.page.getByText(/guest/i).first().waitFor();
  await mamie.page.waitForTimeout(500);
  assert.is(await mamie.page.getByText('un secret').count(), 0);
  await host.person.box.fill('');
});

family('the owner ends the stay, and it is over at once', async () => {
  const people = host.page.getByRole('complementary', { name: 'People' });
  await people.getByRole('button', { name: /Mamie/ }).first().click();
  await host.page.getByRole('menuitem', { name: 'End the stay…' }).click();
  await host.page.getByRole('button', { name: 'End the stay', exact: true }).click();
  await mamie.page
    .getByText(/asked you to leave|stay as a guest is over/)
    .first()
    .waitFor();
  await mamie.shot('stay-over');
});

family('when guests are let in no more, the old page says so', async () => {
  const sheet = await host.person.openInvitations();
  await sheet.getByRole('switch', { name: 'Let guests in by browser' }).click();
  await host.page.getByRole('button', { name: 'Let no more in' }).click();
  await host.page.getByText('Guests are no longer let in.').first().waitFor();
  const late = await Person.at(await openContext(browser, PHONE), link);
  await late.page
    .getByText(/No guests just now|expired/)
    .first()
    .waitFor();
  await late.shot('guests-off');
  await host.page.keyboard.press('Escape');
});

family('by the encrypted door a member signs up and in, and a guest sees what to compare', async () => {
  const url = await letGuestsIn('Encrypted');
  const paul = await Person.at(await openContext(browser, PHONE), url);
  const { page } = paul;
  await page.getByRole('textbox', { name: 'Your name in the room' }).waitFor();
  await paul.shot('guest-door-encrypted');
  assert.is(await page.getByText('This page is not encrypted', { exact: false }).count(), 0);
  await page.getByRole('button', { name: 'I have an account' }).click();
  await paul.signUp({ firstName: 'Paul', lastName: 'Roche', username: 'paul' });
  await paul.write('moi aussi');
  await host.person.message('moi aussi').waitFor();
  assert.equal(paul.complaints, []);
});

family.run();
