// time limit: 300 s
// The contract between the shell, the supervisor beside it and the page, with the real extension and the real page. The
// shell is a stand-in, whose rules are the real one's (tests/support/shell/stand-in.mjs).
import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import { askedToEnd } from '../../scripts/parts/shell-binary.mjs';
import { report } from '../faults/trial.ts';
import { launch, openContext, Person } from '../support/browser.ts';
import { isRunning, scratch } from '../support/processes.ts';
import { ulid } from 'ulid';
import { Caller } from '../support/room.ts';
import { assemble, StandIn, type ShellOptions } from '../support/shell/shell.ts';
import { eventually } from './pages.ts';

const shells = suite('The shell, the extension and the page');

let program: string;
let browser: Browser;

shells.before(async () => {
  [program, browser] = await Promise.all([assemble(), launch()]);
});
shells.after(() => browser.close());

interface Window {
  shell: StandIn;
  person: Person;
  context: BrowserContext;
}

async function openWindow(options?: ShellOptions): Promise<Window> {
  const shell = await StandIn.start(program, options);
  const context = await openContext(browser);
  const person = await Person.at(context, shell.url);
  await person.page.getByRole('button', { name: 'Host a room' }).first().waitFor({ timeout: 60_000 });
  // The first screen does not wait for the extension.
  await person.page.waitForFunction(() => document.querySelector('salon-app')?.app.isReady);
  return { shell, person, context };
}

async function openRoom({ page }: Person): Promise<void> {
  await page.getByRole('button', { name: 'Host a room' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Host a room' });
  await dialog.getByRole('textbox', { name: 'Name of the room' }).fill('Classe 4B');
  await dialog.getByRole('button', { name: 'Open the room' }).click();
  await page.getByText('This room is yours').waitFor({ timeout: 60_000 });
}

/** A second is what it may take; on a busy computer it takes longer. In milliseconds. */
const GENEROUS_MS = 5_000;

const titled = ({ page }: Person, name: string) => page.getByRole('dialog', { name });

shells('a window is closed at once when nobody is in the way', async () => {
  const { shell, person, context } = await openWindow();
  shell.pressX();
  assert.is(await shell.gone(), askedToEnd);
  assert.equal(person.complaints, []);
  await context.close();
});

shells('with others in the room, the X asks first, and then everybody is told', async () => {
  const { shell, person, context } = await openWindow();
  await openRoom(person);
  await person.signUp({ firstName: 'Anne', lastName: 'Martin', username: 'anne' });
  const { page } = person;

  // A dialog of the system's is open: the bridge is silent, and the conversation goes on.
  shell.silence(3_000);
  await person.write('said while the bridge is silent');
  await person.reads('said while the bridge is silent');

  const address = await page.evaluate(() => {
    const app = document.querySelector('salon-app')?.app;
    return `127.0.0.1:${app?.hosting?.port}`;
  });
  const ada = (await (await Caller.connect(address)).signUp('ada', null)).caller;

  shell.pressX();
  const question = titled(person, 'Exit Salon?');
  await question.getByText('ada is here').waitFor();
  await person.shot('exit-asks');
  // Longer than the patience with a page that does not answer.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  assert.ok(await question.isVisible(), 'nobody closes it for whoever thinks about it');
  assert.is(shell.status, null);
  await question.getByRole('button', { name: 'Cancel' }).click();
  await person.write('still here');
  await person.reads('still here');

  shell.pressX();
  await question.getByRole('button', { name: 'Exit' }).click();
  assert.is(await shell.gone(), askedToEnd);
  await eventually(() => ada.closedWith !== null);
  assert.is(ada.goodbye, 'closing');
  await context.close();
});

shells('a page that hangs, or is gone, does not keep its window', async () => {
  for (const breakPage of ['hang', 'go'] as const) {
    const { shell, person, context } = await openWindow();
    if (breakPage === 'go') await person.page.goto('about:blank');
    else void person.page.evaluate('for (;;);').catch(() => undefined);
    const pressed = performance.now();
    shell.pressX();
    assert.is(await shell.gone(), askedToEnd);
    report(`X with a page that is ${breakPage === 'go' ? 'gone' : 'hung'}`, {
      'closed after (ms)': Math.round(performance.now() - pressed),
    });
    await context.close();
  }
});

shells('an extension that is slow to start is waited for', async () => {
  const { shell, person, context } = await openWindow({ faults: ['--delay-extension=4000'] });
  assert.equal(person.complaints, []);
  shell.pressX();
  assert.is(await shell.gone(), askedToEnd);
  await context.close();
});

shells('an engine that dies comes back, and the page says so until then', async () => {
  const { shell, person, context } = await openWindow();
  await openRoom(person);
  const engine = await shell.engine();
  process.kill(engine, 'SIGKILL');
  await titled(person, 'Salon is starting again').waitFor();
  await titled(person, 'Salon is starting again').waitFor({ state: 'hidden', timeout: 60_000 });
  assert.is.not(await shell.engine(), engine);
  await person.page.getByText('This room is yours').waitFor({ timeout: 60_000 });
  await shell.kill();
  await context.close();
});

shells(
  'an engine that dies again and again is given up, with a sentence and a window that closes',
  async () => {
    const { shell, person, context } = await openWindow();
    const killed = new Set<number>();
    await eventually(async () => {
      const engine = shell.engineNow();
      if (engine !== undefined && !killed.has(engine)) process.kill(engine, 'SIGKILL');
      if (engine !== undefined) killed.add(engine);
      return titled(person, 'Salon has stopped').isVisible();
    }, 60_000);
    report('an engine that is killed each time', { 'started (times)': killed.size });
    await person.shot('stopped');
    // To start Salon again is what the sentence asks for.
    const next = await StandIn.start(program, { data: shell.data });
    await eventually(() => shell.status !== null);
    await next.engine();
    assert.is(next.status, null);
    await next.kill();
    await context.close();
  },
);

shells('an engine that hangs is ended, and does not keep the window from closing', async () => {
  const { shell, person, context } = await openWindow();
  await openRoom(person);
  const engine = await shell.engine();
  process.kill(engine, 'SIGSTOP');
  shell.pressX();
  await titled(person, 'Exit Salon?').getByRole('button', { name: 'Exit' }).click();
  assert.is(await shell.gone(), askedToEnd);
  await context.close();

  const other = await openWindow();
  await openRoom(other.person);
  const hung = await other.shell.engine();
  process.kill(hung, 'SIGSTOP');
  await eventually(() => !isRunning(hung), 60_000);
  await other.person.page.getByText('This room is yours').waitFor({ timeout: 60_000 });
  await other.shell.kill();
  await other.context.close();
});

shells('without its extension, or the line to it, the page says so and the window closes', async () => {
  for (const fault of ['kill', 'drop'] as const) {
    const { shell, person, context } = await openWindow();
    const engine = await shell.engine();
    if (fault === 'kill') process.kill(shell.extension, 'SIGKILL');
    else shell.drop();
    await titled(person, 'Salon has stopped').waitFor();
    await eventually(() => !isRunning(shell.extension) && !isRunning(engine));
    shell.pressX();
    assert.is(await shell.gone(), askedToEnd, fault);
    await context.close();
  }
});

shells('when the shell dies, however it dies, nothing is left of it', async () => {
  const figures: Record<string, number> = {};
  for (const signal of ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGSEGV'] as const) {
    const shell = await StandIn.start(program);
    await shell.engine();
    const killed = performance.now();
    await shell.kill(signal);
    figures[`${signal} (ms)`] = Math.round(performance.now() - killed);
    assert.ok(performance.now() - killed < GENEROUS_MS, signal);
  }
  report('everything gone after the shell got', figures);
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

shells('a second start brings the first window forward, hands its link on, and is gone', async () => {
  const { shell, person, context } = await openWindow();
  await shell.engine();
  const second = await StandIn.start(program, { data: shell.data, opened: '127.0.0.1:9' });
  await eventually(() => second.status !== null);
  assert.is(second.status, askedToEnd);
  await eventually(() => shell.called.includes('window.focus'));
  assert.equal(
    shell.called.filter((name) => !/setTitle|setTray/.test(name)),
    ['window.show', 'window.unminimize', 'window.focus'],
  );
  // Where nobody is: the page tried it.
  await person.page.getByText('127.0.0.1:9').first().waitFor();
  const other = await StandIn.start(program);
  await other.engine();
  assert.is(other.status, null, 'another folder is another Salon');
  for (const each of [shell, other]) await each.kill();
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

shells('where nobody shows a tray, the shell is not asked for one', async () => {
  const { shell, person, context } = await openWindow({ env: await busThatSays(false) });
  await eventually(() => shell.called.includes('window.setTitle'));
  await openRoom(person);
  await eventually(() => JSON.stringify(shell.last('window.setTitle')).includes('Classe 4B'));
  assert.not.ok(shell.called.includes('os.setTray'));
  await shell.kill();
  await context.close();
});

shells('title and tray count what is unread, and the tray leads back', async () => {
  const { shell, person, context } = await openWindow({ env: await busThatSays(true) });
  await eventually(() => shell.called.includes('os.setTray'));
  assert.equal(shell.last('window.setTitle'), { title: 'Salon' });
  await openRoom(person);
  await person.signUp({ firstName: 'Anne', lastName: 'Martin', username: 'anne' });
  await person.page.evaluate(() => {
    document.hasFocus = () => false;
  });
  await say(person, 'ada', 'bonjour');
  await eventually(() => JSON.stringify(shell.last('window.setTitle')).includes('(1) Classe 4B'));
  const tray = shell.last('os.setTray') as { icon: string; menuItems: { id?: string; text: string }[] };
  assert.is(tray.icon, '/build/page/icons/unread.png');
  assert.equal(
    tray.menuItems.map(({ text }) => text),
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
    const { shell, person, context } = await openWindow({
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

shells('the stand-in is as strict as the shell', async () => {
  const shell = await StandIn.start(program, { faults: ['--refuse-extension'] });
  const { origin, host } = new URL(shell.url);
  const globals = await (await fetch(`${origin}/__neutralino_globals.js`)).text();
  const token = /NL_TOKEN='([^']{97})'/.exec(globals)?.[1] ?? '';
  assert.match(token, /^[\w-]{47}\.[\w-]{49}$/);
  assert.match(await (await fetch(`${origin}/__neutralino_globals.js`)).text(), "NL_TOKEN=''");
  assert.is((await fetch(`${origin}/nothing.js`)).status, 404);
  assert.match((await fetch(origin)).headers.get('content-security-policy') ?? '', "default-src 'none'");

  const connectToken = token.split('.')[1];
  const knock = (query: string, headers = {}) =>
    new Promise<number>((resolve) => {
      const socket = new WebSocket(`ws://${host}/?${query}`, { headers });
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
      socket.on('open', () => resolve(101));
      socket.on('error', () => resolve(0));
    });
  assert.is(await knock(`connectToken=${connectToken}`), 101);
  assert.is(await knock('connectToken=x'), 400);
  assert.is(await knock(`connectToken=${connectToken}`, { Host: 'evil.example' }), 400);
  assert.is(await knock(`extensionId=js.other&connectToken=${connectToken}`), 400);

  const page = new WebSocket(`ws://${host}/?connectToken=${connectToken}`);
  type Heard = { id?: string; data?: { error?: { code: string }; success?: boolean } };
  const heard: Heard[] = [];
  page.on('message', (data: Buffer) => heard.push(JSON.parse(data.toString()) as Heard));
  await new Promise((resolve) => page.on('open', resolve));
  const call = (id: string, method: string, accessToken = token) =>
    page.send(JSON.stringify({ id, method, accessToken, data: null }));
  call('1', 'os.execCommand');
  call('2', 'app.getProcessId', 'wrong');
  call('3', 'app.getProcessId');
  page.send('no call');
  call('4', 'window.show');
  await eventually(() => heard.some(({ id }) => id === '4'));
  const answers = heard.flatMap(({ id, data }) =>
    id === undefined ? [] : [data?.error?.code ?? data?.success],
  );
  assert.equal(answers, ['NE_RT_NATPRME', 'NE_RT_INVTOKN', true, true]);
  await shell.kill();
});

shells.run();
