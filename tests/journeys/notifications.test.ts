// time limit: 180 s
// Being told of a message while one looks elsewhere: in a plain browser, which shows notifications itself, and in an app.
import type { Browser, Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eventually } from '../extensions/pages.ts';
import { seriousIn } from '../support/axe.ts';
import { launch, openContext, Person, type Look } from '../support/browser.ts';
import { scratch, startHost, type HostProcess } from '../support/processes.ts';
import { Salon } from '../support/salon.ts';

const notifications = suite('Notifications');

let browser: Browser;
let host: HostProcess;
let [ada, bob, carl] = [] as unknown as [Person, Person, Person];

interface Shown {
  title: string;
  body: string;
}

/** Writes down what the browser is asked to show: without a screen there is nowhere to see it. */
const RECORDER = `{
  globalThis.shown = [];
  globalThis.isElsewhere = false;
  const permission = Notification.permission;
  globalThis.Notification = class {
    static permission = permission;
    static requestPermission = () => Promise.resolve((this.permission = 'granted'));
    constructor(title, { body }) { globalThis.shown.push({ title, body }); }
    close() {}
  };
  document.hasFocus = () => !globalThis.isElsewhere;
}`;

async function open(url: string, look: Look = {}): Promise<Person> {
  const context = await openContext(browser, look);
  await context.grantPermissions(['notifications']);
  await context.addInitScript(RECORDER);
  return Person.at(context, url);
}

const shownTo = ({ page }: Person) =>
  page.evaluate(() => (globalThis as unknown as { shown: Shown[] }).shown);

const look = ({ page }: Person, isElsewhere: boolean) =>
  page.evaluate((elsewhere) => {
    (globalThis as unknown as { isElsewhere: boolean }).isElsewhere = elsewhere;
  }, isElsewhere);

const settings = async (page: Page) => {
  await page.keyboard.press('Control+,');
  const dialog = page.getByRole('dialog', { name: 'Settings' });
  await dialog.waitFor();
  return dialog;
};

notifications.before(async () => {
  browser = await launch();
  host = await startHost(await scratch(), ['--name', 'Petit Théâtre']);
  ada = await open(host.owner?.url ?? '');
  await ada.signUp({ firstName: 'Ada', lastName: 'Lovelace', username: 'ada' });
  bob = await open(host.url);
  await bob.signUp({ firstName: 'Bob', lastName: 'Durand', username: 'bob' });
  carl = await open(host.url);
  await carl.signUp({ firstName: 'Carl', lastName: 'Petit', username: 'carl' });
});

notifications.after(async () => {
  await browser.close();
  await host.stop();
});

notifications(
  'tell of a private message, in words that say all, and of nothing that is looked at',
  async () => {
    await bob.write('before her eyes@ada');
    await ada.page.getByRole('button', { name: /bob/ }).first().waitFor();
    await carl.write('not for her alone');
    await ada.message('not for her alone').waitFor();
    // Longer than messages are gathered.
    await ada.page.waitForTimeout(1_000);
    assert.equal(await shownTo(ada), [], 'she has the page before her');
    await look(ada, true);
    await carl.write('not for her alone, again');
    await bob.write('bonjour@ada');
    await eventually(async () => (await shownTo(ada)).length > 0);
    assert.equal(await shownTo(ada), [{ title: 'bob, privately', body: 'bonjour' }]);
    assert.match(await ada.page.title(), /^\(\d\) /);
  },
);

notifications('tell of a burst once, and not what was written when that is not wanted', async () => {
  const dialog = await settings(ada.page);
  await dialog.getByRole('radio', { name: 'Every message' }).first().waitFor();
  const group = dialog.getByRole('group', { name: 'Notifications' });
  await group.getByRole('radio', { name: 'Every message' }).check();
  await dialog.getByRole('switch', { name: 'Show what was written' }).uncheck();
  await dialog.getByRole('button', { name: 'Close' }).click();
  const before = (await shownTo(ada)).length;
  await carl.write('one');
  await eventually(async () => (await shownTo(ada)).length > before);
  assert.equal((await shownTo(ada)).at(-1), { title: 'carl · Petit Théâtre', body: 'A new message' });
  for (const text of ['two', 'three', 'four']) await carl.write(text);
  await eventually(async () => (await shownTo(ada)).length > before + 1, 20_000);
  assert.equal((await shownTo(ada)).at(-1), {
    title: 'Petit Théâtre',
    body: '3 new messages from 1 person',
  });
});

notifications('are tried by a button, and a browser that was told no says so', async () => {
  const dialog = await settings(ada.page);
  const before = (await shownTo(ada)).length;
  await dialog.getByRole('button', { name: 'Try it' }).click();
  await dialog.getByText('Sent. Nothing to be seen?').waitFor();
  assert.is((await shownTo(ada)).length, before + 1);
  await ada.shot('notification-settings');
  assert.equal(await seriousIn(ada.page), []);
  await dialog.getByRole('button', { name: 'Close' }).click();

  const context = await openContext(browser);
  await context.addInitScript(RECORDER.replace('Notification.permission;', "'denied';"));
  const chloe = await Person.at(context, host.url);
  await chloe.signUp({ firstName: 'Chloé', lastName: 'Martin', username: 'chloe' });
  const refused = await settings(chloe.page);
  await refused.getByText('This browser was told not to show any').first().waitFor();
  await chloe.shot('notifications-refused');
  await refused.getByRole('button', { name: 'Try it' }).click();
  await refused.getByText('It could not be shown.').waitFor();
  await context.close();
});

notifications('the browser is asked by a press, and then they come', async () => {
  const context = await openContext(browser);
  await context.addInitScript(RECORDER.replace('Notification.permission;', "'default';"));
  const david = await Person.at(context, host.url);
  await david.signUp({ firstName: 'David', lastName: 'Petit', username: 'david' });
  const dialog = await settings(david.page);
  await dialog.getByRole('button', { name: 'Allow notifications' }).click();
  await dialog.getByRole('button', { name: 'Try it' }).click();
  await dialog.getByText('Sent.').waitFor();
  assert.is((await shownTo(david)).length, 1);
  await context.close();
});

notifications(
  'an app without a program for them leaves them to the browser, and says what else it can do',
  async () => {
    const salon = await Salon.open({ browser, env: { PATH: '' } });
    const { page } = salon;
    await page.getByRole('button', { name: 'Diagnostics' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Diagnostics' });
    const table = dialog.getByRole('table', { name: 'What Salon can do here' });
    await table.waitFor();
    await table.getByRole('row', { name: 'Notifications' }).getByText('has not been asked yet').waitFor();
    assert.match(await table.getByRole('row', { name: 'Shown in' }).innerText(), /a browser \(Chromium/);
    await table.scrollIntoViewIfNeeded();
    await salon.person.shot('abilities');
    assert.equal(await seriousIn(page), []);
    await dialog.getByRole('button', { name: 'Show the folder' }).click();
    await page.getByText('The folder could not be shown').waitFor();
    assert.equal(salon.person.complaints, []);
    await salon.close();
  },
);

notifications('nothing complains on anybody’s console', () => {
  for (const { complaints } of [ada, bob, carl]) assert.equal(complaints, []);
});

notifications.run();
