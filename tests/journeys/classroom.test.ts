// time limit: 240 s
// A teacher without internet opens a room, and pupils join it by its code: three Salons on one computer.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findJoin } from '../../server/protocol/invite.ts';
import { launch } from '../support/browser.ts';
import { engineOf, type Running } from '../support/processes.ts';
import { Salon } from '../support/salon.ts';

const classroom = suite('A teacher, and no internet');

let browser: Browser;
let [teacher, bob, chloe] = [] as unknown as [Salon, Salon, Salon];
let link = '';
let spoken = '';

classroom.before(async () => {
  browser = await launch();
  teacher = await Salon.open({ browser });
});

classroom.after(async () => {
  for (const salon of [chloe, bob, teacher]) await salon?.close();
  await browser.close();
});

/** Where the two processes of a Salon listen for TCP connections, as the system tells it: `127.0.0.1` or `any`. */
function listening(salon: Running): string[] {
  return [salon.child.pid ?? 0, engineOf(salon)].flatMap(socketsOf);
}

function socketsOf(pid: number): string[] {
  const sockets = readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
    } catch {
      return [];
    }
  });
  const LISTEN = '0A';
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === LISTEN && sockets.includes(inode ?? ''))
      .map(([, local = '']) => (/^(0100007F|0{24}01000000):/.test(local) ? '127.0.0.1' : 'any')),
  );
}

classroom('nothing listens on the network before the button is pressed', async () => {
  const { page, process } = teacher;
  await page.getByRole('button', { name: 'Host a room' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Host a room' });
  await dialog
    .getByText('Your system may ask whether Salon can receive connections', { exact: false })
    .waitFor();
  await dialog.getByRole('textbox', { name: 'Name of the room' }).fill('Classe 4B');
  if (globalThis.process.platform === 'linux') assert.equal(listening(process), ['127.0.0.1']);
  await dialog.getByRole('button', { name: 'Open the room' }).click();
  await page.getByText('This room is yours').waitFor();
  if (globalThis.process.platform === 'linux') assert.ok(listening(process).includes('any'));
});

classroom('the owner gets a recovery code once, and then the code, the picture and the address', async () => {
  await teacher.person.signUp({ firstName: 'Anne', lastName: 'Martin', username: 'anne' });
  const { page } = teacher;
  const sheet = await teacher.person.openInvitations();
  await sheet.getByRole('img', { name: /^QR code of salon:/ }).waitFor();
  link = await sheet.getByRole('textbox', { name: 'Link' }).inputValue();
  spoken = (await sheet.getByText(/^([0-9A-Z]{4}-){3}[0-9A-Z]{4}$/).textContent())?.trim() ?? '';
  assert.is(findJoin(link)?.kind, 'code');
  assert.is(findJoin(spoken)?.kind, 'spoken');
  await teacher.person.shot('invite');
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'hidden' });
});

classroom('a pupil joins by the code, is asked nothing, and signs up', async () => {
  bob = await Salon.open({ browser });
  await bob.join(link);
  await bob.page.getByText('You are invited to Classe 4B').waitFor();
  assert.is(await bob.page.getByText('A first meeting').count(), 0);
  await bob.person.signUp({ firstName: 'Robert', lastName: 'Durand', username: 'bob' });
  await teacher.page.getByText('Robert Durand').first().waitFor();
});

classroom('another types the letters that were read aloud', async () => {
  chloe = await Salon.open({ browser });
  await chloe.join(spoken.replaceAll('-', ' ').toLowerCase());
  await chloe.page.getByText('You are invited to Classe 4B').waitFor({ timeout: 20_000 });
  assert.is(await chloe.page.getByText('A first meeting').count(), 0, 'the code proved the room');
  await chloe.person.signUp({ firstName: 'Chloé', lastName: 'Petit', username: 'chloe' });
});

classroom('what one writes, all read, once', async () => {
  await chloe.person.write('bonjour');
  for (const { person } of [teacher, bob, chloe]) {
    await person.message('bonjour').waitFor();
    assert.is(await person.message('bonjour').count(), 1);
  }
});

classroom('Online and Members tell who is here and who was', async () => {
  const { page } = teacher;
  const count = (tab: string) => page.getByRole('tab', { name: new RegExp(`^${tab}`) });
  await count('Online').filter({ hasText: '3' }).waitFor();
  await count('Members').filter({ hasText: '3' }).waitFor();
  await chloe.close();
  await count('Online').filter({ hasText: '2' }).waitFor();
  await count('Members').filter({ hasText: '3' }).waitFor();
});

classroom(
  'the room shows nearby to one who has no code, who compares six words before anything is said',
  async () => {
    const dan = await Salon.open({ browser });
    const { page } = dan;
    await page.getByRole('button', { name: 'Join Classe 4B' }).click({ timeout: 20_000 });
    await page.getByRole('heading', { name: /A first meeting/ }).waitFor();
    assert.is(await page.getByLabel('Password', { exact: true }).count(), 0, 'nothing is asked for yet');
    await dan.person.shot('first-meeting');
    await page.getByText('Can’t compare pictures?').click();
    const words = await page.getByRole('list', { name: 'Six words of the key' }).first().innerText();
    await page.getByRole('button', { name: 'It is the same' }).click();
    await page.getByRole('tab', { name: 'Sign up' }).waitFor();

    const sheet = await teacher.person.openInvitations();
    const shown = await sheet.getByRole('list', { name: 'Words of the room' }).first().innerText();
    const plain = (text: string) =>
      text
        .toLowerCase()
        .match(/[a-z]+/g)
        ?.slice(0, 6);
    assert.equal(plain(words), plain(shown), 'both screens show the same words');
    await teacher.page.keyboard.press('Escape');
    await dan.close();
  },
);

classroom('an ended code lets nobody in any more, and says so', async () => {
  const { page } = teacher;
  const sheet = await teacher.person.openInvitations();
  await sheet.locator('summary').filter({ hasText: 'Codes' }).click();
  await sheet
    .getByRole('button', { name: /^End this code/ })
    .first()
    .click();
  await page.getByRole('button', { name: 'End this code', exact: true }).last().click();
  await page.getByText('The code has ended.').first().waitFor();
  const eve = await Salon.open({ browser });
  await eve.join(link);
  await eve.page
    .getByText('The host has ended that join code', { exact: false })
    .waitFor({ timeout: 20_000 });
  await eve.person.shot('code-ended');
  await eve.close();
});

classroom('no page has complained', () => {
  for (const salon of [teacher, bob]) assert.equal(salon.person.complaints, []);
});

classroom.run();
