// time limit: 360 s
// The contract between the shell, the supervisor beside it and the page, with the real extension and the real page. The
// shell is a stand-in, whose rules are the real one's (tests/support/shell/stand-in.mjs).
import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { askedToEnd } from '../../scripts/parts/shell-binary.mjs';
import { launch, openContext, Person } from '../support/browser.ts';
import { isRunning, scratch } from '../support/processes.ts';
import { ulid } from 'ulid';
import { Caller } from '../support/room.ts';
import { assemble } from '../support/shell/shell.ts';
import { StandIn, type StandInOptions } from '../support/shell/stand-in.ts';
import { eventually } from './pages.ts';
import { contract, openRoom, openWindow, titled } from './shell-contract.ts';

const shells = suite('The shell, the extension and the page');

let program: string;
let browser: Browser;

shells.before(async () => {
  [program, browser] = await Promise.all([assemble(), launch()]);
});
shells.after(() => browser.close());

const open = async (options?: StandInOptions) => openWindow(await StandIn.start(program, options), browser);

contract(shells, {
  start: (options) => StandIn.start(program, options),
  browser: () => browser,
  silence: (shell, ms) => shell.silence(ms),
});

shells('an extension that is slow to start is waited for', async () => {
  const { shell, person, context } = await open({ faults: ['--delay-extension=4000'] });
  assert.equal(person.complaints, []);
  shell.pressX();
  assert.is(await shell.gone(), askedToEnd);
  await context.close();
});

shells('an extension that the shell turns away ends, and the page does not wait for ever', async () => {
  const shell = await StandIn.start(program, { faults: ['--refuse-extension'] });
  await eventually(() => shell.extension !== 0 && !isRunning(shell.extension));
  const context = await openContext(browser);
  const person = await Person.at(context, shell.url);
  await titled(person, 'Salon has stopped').waitFor({ timeout: 60_000 });
  await shell.kill();
  await context.close();
});

/** Somebody else comes into the room that this window hosts, and writes to everybody. */
async function say(person: Person, username: string, body: string): Promise<void> {
  const port = await person.page.evaluate(() => document.querySelector('salon-app')?.app.hosting?.port);
  const other = await (await Caller.connect(`127.0.0.1:${port}`)).signUp(username, null);
  await other.say(ulid(), body);
}

/** A folder with nothing but links to these programs: not with the one that shows notifications. */
async function folderWith(...programs: string[]): Promise<string> {
  const folder = await scratch();
  for (const name of programs) {
    const path = execFileSync('/bin/sh', ['-c', `command -v ${name}`])
      .toString()
      .trim();
    symlinkSync(path, join(folder, name));
  }
  return folder;
}

/** The system's programs, and one that answers as the bus of a desktop with a tray, or without one. */
async function busThatSays(hasTray: boolean): Promise<NodeJS.ProcessEnv> {
  const folder = await scratch();
  writeFileSync(join(folder, 'gdbus'), `#!/bin/sh\necho '(${hasTray},)'\n`, { mode: 0o755 });
  return { PATH: [folder, process.env['PATH']].join(delimiter) };
}

shells('without the line to its extension, the page says so and the window closes', async () => {
  const { shell, person, context } = await open();
  const engine = await shell.engine();
  shell.drop();
  await titled(person, 'Salon has stopped').waitFor();
  await eventually(() => !isRunning(shell.extension) && !isRunning(engine));
  shell.pressX();
  assert.is(await shell.gone(), askedToEnd);
  await context.close();
});

shells('a second start brings the first window forward', async () => {
  const { shell, context } = await open();
  const second = await StandIn.start(program, { data: shell.data });
  await eventually(() => second.status !== null);
  // The last one wakes the thread that has the others carried out.
  const wanted = 'window.show window.unminimize window.focus window.show';
  await eventually(() => shell.called.join(' ').includes(wanted));
  await shell.kill();
  await context.close();
});

shells('where nobody shows a tray, the shell is not asked for one', async () => {
  const { shell, person, context } = await open({ env: await busThatSays(false) });
  await eventually(() => shell.called.includes('window.setTitle'));
  await openRoom(person);
  await eventually(() => JSON.stringify(shell.last('window.setTitle')).includes('Classe 4B'));
  assert.not.ok(shell.called.includes('os.setTray'));
  await shell.kill();
  await context.close();
});

shells('title and tray count what is unread, and the tray leads back', async () => {
  const { shell, person, context } = await open({ env: await busThatSays(true) });
  await eventually(() => shell.called.includes('os.setTray'));
  assert.equal(shell.last('window.setTitle'), { title: 'Salon' });
  await openRoom(person);
  await person.signUp({ firstName: 'Anne', lastName: 'Martin', username: 'anne' });
  await person.page.evaluate(() => {
    document.hasFocus = () => false;
  });
  await say(person, 'ada', 'bonjour');
  await eventually(() => JSON.stringify(shell.last('window.setTitle')).includes('(1) Classe 4B'));
  const tray = () => shell.last('os.setTray') as { icon: string; menuItems: { id?: string; text: string }[] };
  // A call behind the title's.
  await eventually(() => tray().icon === '/build/page/icons/unread.png');
  assert.equal(
    tray().menuItems.map(({ text }) => text),
    ['Open Salon', '1 unread message', '-', 'Exit'],
  );
  shell.choose('exit');
  await titled(person, 'Exit Salon?').waitFor();
  // The question is to be seen.
  await eventually(() => shell.called.includes('window.focus'));
  assert.equal(person.complaints, []);
  await shell.kill();
  await context.close();
});

shells(
  'where the shell shows notifications, it gets them; on a Mac it gets the menu for copying too',
  async () => {
    const { shell, person, context } = await open({
      faults: ['--os=Darwin', '--no-tray'],
      env: { PATH: await folderWith('readlink') },
    });
    await openRoom(person);
    await person.signUp({ firstName: 'Anne', lastName: 'Martin', username: 'anne' });
    const menu = shell.last('window.setMainMenu') as { id: string; menuItems: { action?: string }[] }[];
    const actions = menu.find(({ id }) => id === 'edit')?.menuItems.map(({ action }) => action);
    assert.ok(actions?.includes('paste:'), JSON.stringify(menu));
    await person.page.evaluate(() => {
      document.hasFocus = () => false;
      return document.querySelector('salon-app')?.app.changeSettings({ notify: 'all' });
    });
    await say(person, 'ada', 'bonjour "$(id)"');
    await eventually(() => shell.called.includes('os.showNotification'));
    assert.equal(shell.last('os.showNotification'), {
      title: 'ada · Classe 4B',
      content: 'bonjour "$(id)"',
    });
    assert.equal(person.complaints, []);
    await shell.kill();
    await context.close();
  },
);

shells.run();
