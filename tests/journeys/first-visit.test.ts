// time limit: 240 s
import type { Browser } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { launch, openContext, Person } from '../support/browser.ts';
import { scratch, startHost, type HostProcess } from '../support/processes.ts';

/** What is fetched, and in which order, by somebody whose browser has nothing of Salon's yet. */
const first = suite('A first visit');

let browser: Browser;
let host: HostProcess;

first.before(async () => {
  browser = await launch();
  host = await startHost(await scratch(), ['--name', 'Petit Théâtre']);
  // Until a room has its owner nobody else can sign up.
  const context = await openContext(browser);
  const ada = await Person.at(context, host.owner?.url ?? '');
  await ada.signUp({ firstName: 'Ada', lastName: 'Lovelace', username: 'ada' });
  await context.close();
});

first.after(async () => {
  await browser.close();
  await host.stop();
});

first('shows Salon before any script has come, and then the door in its place', async () => {
  const context = await openContext(browser);
  const page = await context.newPage();
  let letIn = (): void => undefined;
  const held = new Promise<void>((resolve) => (letIn = resolve));
  await page.route('**/*.js', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(host.url, { waitUntil: 'commit' });
  await page.locator('.threshold').getByText('Salon', { exact: true }).waitFor();
  await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
  assert.is(await page.locator('salon-app').count(), 0);
  letIn();
  await page.getByRole('button', { name: /^Sign (up|in)$/ }).waitFor();
  assert.is(await page.locator('.threshold').count(), 0, 'and nothing of it is left');
  await context.close();
});

first('fetches one language and the door, and what comes after it once there is time', async () => {
  const context = await openContext(browser, { language: 'fr' });
  const person = new Person(await context.newPage());
  const { page } = person;
  const fetched: string[] = [];
  let atDoor = -1;
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  await page.exposeFunction('doorIsShown', () => (atDoor = fetched.length));
  await page.addInitScript(() => {
    const look = () => {
      const door = document.querySelector('salon-app')?.shadowRoot?.querySelector('visit-door');
      if (door?.shadowRoot === null || door === undefined || door === null) requestAnimationFrame(look);
      else (globalThis as unknown as { doorIsShown(): void }).doorIsShown();
    };
    requestAnimationFrame(look);
  });
  await page.goto(host.url);
  await page.getByRole('button', { name: 'S’inscrire' }).waitFor();
  await page.waitForFunction(() =>
    performance.getEntriesByType('resource').some(({ name }) => /room-screen-\w+\.js$/.test(name)),
  );
  assert.ok(atDoor > 0, 'the door was seen');
  const before = fetched.slice(0, atDoor).join(' ');
  assert.match(before, /\/fr-\w+\.js/);
  assert.not.match(before, /\/en-\w+\.js/);
  assert.not.match(before, /\/room-screen-\w+\.js/);

  await page.waitForFunction(() =>
    performance.getEntriesByType('resource').some(({ name }) => /\/en-\w+\.js$/.test(name)),
  );
  await context.setOffline(true);
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('button', { name: 'Sign up' }).waitFor();
  assert.is(await page.evaluate(() => document.documentElement.lang), 'en');
  assert.equal(person.complaints, []);
  await context.close();
});

first.run();
