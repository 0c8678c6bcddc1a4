// time limit: 240 s
import type { Browser, Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { seriousIn } from '../support/axe.ts';
import { launch, openContext, Person, type Look } from '../support/browser.ts';
import { Salon } from '../support/salon.ts';
import { seedRoom } from '../support/demo/seed.ts';
import { program, scratch, start, startHost, type HostProcess } from '../support/processes.ts';

/** Every screen for everybody: axe finds nothing serious, and nothing needs a mouse. */
const access = suite('Without a mouse, and read aloud');

let browser: Browser;
let host: HostProcess;
let owner: { username: string; password: string };

access.before(async () => {
  browser = await launch();
  const directory = await scratch();
  const seeded = await seedRoom(directory, { seed: 3, members: 9, messages: 120, language: 'en' });
  owner = { username: seeded.members[0]?.username ?? '', password: seeded.password };
  host = await startHost(directory);
});

access.after(async () => {
  await browser.close();
  await host.stop();
});

const LOOKS: (Look & { name: string })[] = [
  { name: 'day', colorScheme: 'light' },
  { name: 'evening', colorScheme: 'dark' },
  { name: 'phone', colorScheme: 'light', width: 390, height: 844 },
];

for (const look of LOOKS) {
  access(`axe finds nothing serious on any screen: ${look.name}`, async () => {
    const phone = look.width !== undefined;
    const person = await Person.at(await openContext(browser, look), host.url);
    const { page } = person;
    const found: string[] = [];
    const check = async (screen: string) => {
      await person.shot(`${screen}-${look.name}`);
      found.push(...(await seriousIn(page)).map((each) => `${screen}: ${each}`));
    };
    await page.getByRole('button', { name: /^Sign (up|in)$/ }).waitFor();
    await check('sign-up');
    await page.getByRole('tab', { name: 'Sign in' }).click();
    await check('sign-in');
    await page.getByRole('button', { name: 'Forgot password?' }).click();
    await check('forgotten');
    await page.getByRole('button', { name: 'Back to signing in' }).click();
    await person.signIn(owner.username, owner.password);
    await person.messages.first().waitFor();
    await check('room');
    await page.keyboard.press('Control+,');
    await page.getByRole('dialog', { name: 'Settings' }).waitFor();
    await check('settings');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+/');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await check('keys');
    await page.keyboard.press('Escape');
    if (!phone) {
      await page.getByRole('tab', { name: /^Members/ }).click();
      await check('members');
    }
    await page.keyboard.press('Control+Shift+N');
    await page.getByRole('dialog', { name: 'New private message' }).waitFor();
    await check('new-private');
    await page.keyboard.press('Escape');
    await page.context().close();
    assert.equal(found, []);
  });
}

access(
  'somebody hosts, signs up, writes, writes privately, looks who is here and leaves, with keys alone',
  async () => {
    const extension = start(program('extension'), ['--browser', '--data', await scratch()]);
    const { url } = JSON.parse(await extension.first) as { url: string };
    const ada = await Person.at(await openContext(browser), url);
    const { page } = ada;
    const { keyboard } = page;
    await page.getByRole('button', { name: 'Host a room' }).waitFor();
    await keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Host a room' }).waitFor();
    await keyboard.press('ControlOrMeta+A');
    await keyboard.type('Petit Théâtre');
    await keyboard.press('Enter');
    await page.getByText('This room is yours').waitFor();
    for (const text of ['Lovelace', 'Ada', 'ada', 'lampe-de-chevet']) {
      await keyboard.type(text);
      await keyboard.press(text === 'lampe-de-chevet' ? 'Enter' : 'Tab');
    }
    await page.getByRole('dialog', { name: 'Keep this code' }).waitFor();
    await tabTo(page, 'I have kept it');
    await keyboard.press('Enter');
    await ada.invitations.waitFor();
    await keyboard.press('Escape');
    await ada.box.waitFor();
    // The kit and the code to invite with are gone, and one can write.
    await page.waitForFunction(() => deepActive()?.tagName === 'TEXTAREA');
    await keyboard.type('bonjour');
    await keyboard.press('Shift+Enter');
    await keyboard.type('à tous');
    await keyboard.press('Enter');
    await ada.message('bonjour').waitFor();

    await keyboard.press('Alt+I');
    await ada.invitations.waitFor();
    const link = await ada.invitations.getByRole('textbox', { name: 'Link' }).inputValue();
    await keyboard.press('Escape');
    const bob = await Salon.open({ browser });
    await bob.join(link);
    await bob.person.signUp({ firstName: 'Bob', lastName: 'Durand', username: 'bob' });
    await keyboard.type('pour toi@bob');
    await keyboard.press('Escape');
    await keyboard.press('Enter');
    await ada.message('pour toi').waitFor();
    await keyboard.press('Alt+ArrowUp');
    await page.getByRole('heading', { level: 1, name: 'Everyone' }).waitFor();

    const visited = new Set<string>();
    for (let i = 0; i < 4; i++) {
      await keyboard.press('F6');
      visited.add(
        await page.evaluate(
          () =>
            deepActive()?.closest('nav, aside, main, [role=region]')?.tagName ?? deepActive()?.tagName ?? '',
        ),
      );
    }
    assert.ok(visited.size >= 2, `F6 goes from region to region: ${[...visited].join(' ')}`);
    await keyboard.press('Control+,');
    await page.getByRole('dialog', { name: 'Settings' }).waitFor();
    await keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Settings' }).waitFor({ state: 'hidden' });
    await ada.shot('keyboard-end');
    assert.equal(ada.complaints, []);
    await bob.close();
    assert.is(await extension.stop(), 0);
  },
);

/** Presses Tab until the button of that name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let i = 0; i < 30; i++) {
    const label = await page.evaluate(() => deepActive()?.textContent?.trim() ?? '');
    if (label === name) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never comes to "${name}"`);
}

declare global {
  /** The focused element, through shadow roots. Added by `openContext`. */
  function deepActive(): Element | null;
}

access.run();
