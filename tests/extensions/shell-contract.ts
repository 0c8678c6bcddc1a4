import type { Browser, BrowserContext } from 'playwright-core';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import { askedToEnd } from '../../scripts/parts/shell-binary.mjs';
import { report } from '../faults/trial.ts';
import { openContext, Person } from '../support/browser.ts';
import { isRunning } from '../support/processes.ts';
import { Caller } from '../support/room.ts';
import type { PageShell, ShellOptions } from '../support/shell/shell.ts';
import { eventually } from './pages.ts';

/** What a shell, the extension and the page promise each other: the same for the stand-in as for the real one. */

export interface Place<S extends PageShell> {
  start(options?: ShellOptions): Promise<S>;
  browser(): Browser;
  /** Where that can be tried: the bridge says nothing for so long. */
  silence?(shell: S, ms: number): void;
}

/** What adds a test to a suite. */
type Add = (name: string, test: () => Promise<void>) => void;

export interface Window<S extends PageShell> {
  shell: S;
  person: Person;
  context: BrowserContext;
}

export async function openWindow<S extends PageShell>(shell: S, browser: Browser): Promise<Window<S>> {
  const context = await openContext(browser);
  const person = await Person.at(context, shell.url);
  await person.page.getByRole('button', { name: 'Host a room' }).first().waitFor({ timeout: 60_000 });
  // The first screen does not wait for the extension.
  await person.page.waitForFunction(() => document.querySelector('salon-app')?.app.isReady);
  await shell.meet(person.page);
  return { shell, person, context };
}

export async function openRoom({ page }: Person): Promise<void> {
  await page.getByRole('button', { name: 'Host a room' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Host a room' });
  await dialog.getByRole('textbox', { name: 'Name of the room' }).fill('Classe 4B');
  await dialog.getByRole('button', { name: 'Open the room' }).click();
  await page.getByText('This room is yours').waitFor({ timeout: 60_000 });
}

export const titled = ({ page }: Person, name: string) => page.getByRole('dialog', { name });

/** A second is what it may take; on a busy computer it takes longer. In milliseconds. */
const GENEROUS_MS = 5_000;

export function contract<S extends PageShell>(test: Add, place: Place<S>): void {
  const start = (options?: ShellOptions) => place.start(options);
  const open = async () => openWindow(await start(), place.browser());

  test('a window is closed at once when nobody is in the way', async () => {
    const { shell, person, context } = await open();
    shell.pressX();
    assert.is(await shell.gone(), askedToEnd);
    assert.equal(person.complaints, []);
    await context.close();
  });

  test('with others in the room, the X asks first, and then everybody is told', async () => {
    const { shell, person, context } = await open();
    await openRoom(person);
    await person.signUp({ firstName: 'Anne', lastName: 'Martin', username: 'anne' });
    const { page } = person;

    // A dialog of the system's is open: the bridge is silent, and the conversation goes on.
    place.silence?.(shell, 3_000);
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

  test('a page that hangs, or is gone, does not keep its window', async () => {
    for (const breakPage of ['hang', 'go'] as const) {
      const { shell, person, context } = await open();
      if (breakPage === 'go') await person.page.goto('about:blank');
      else await person.page.evaluate('void setTimeout(() => { for (;;); })');
      const pressed = performance.now();
      shell.pressX();
      assert.is(await shell.gone(), askedToEnd);
      report(`X with a page that is ${breakPage === 'go' ? 'gone' : 'hung'}`, {
        'closed after (ms)': Math.round(performance.now() - pressed),
      });
      await context.close();
    }
  });

  test('an engine that dies comes back, and the page says so until then', async () => {
    const { shell, person, context } = await open();
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

  test('an engine that dies again and again is given up, with a sentence and a window that closes', async () => {
    const { shell, person, context } = await open();
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
    const next = await start({ data: shell.data });
    await eventually(() => shell.status !== null);
    await next.engine();
    assert.is(next.status, null);
    await next.kill();
    await context.close();
  });

  test('an engine that hangs is ended, and does not keep the window from closing', async () => {
    const { shell, person, context } = await open();
    await openRoom(person);
    const engine = await shell.engine();
    process.kill(engine, 'SIGSTOP');
    shell.pressX();
    await titled(person, 'Exit Salon?').getByRole('button', { name: 'Exit' }).click();
    assert.is(await shell.gone(), askedToEnd);
    await context.close();

    const other = await open();
    await openRoom(other.person);
    const hung = await other.shell.engine();
    process.kill(hung, 'SIGSTOP');
    await eventually(() => !isRunning(hung), 60_000);
    await other.person.page.getByText('This room is yours').waitFor({ timeout: 60_000 });
    await other.shell.kill();
    await other.context.close();
  });

  test('without its extension, the page says so and the window closes', async () => {
    const { shell, person, context } = await open();
    const [extension, engine] = [await shell.supervisor(), await shell.engine()];
    process.kill(extension, 'SIGKILL');
    await titled(person, 'Salon has stopped').waitFor();
    await eventually(() => !isRunning(engine));
    shell.pressX();
    assert.is(await shell.gone(), askedToEnd);
    await context.close();
  });

  test('when the shell dies, however it dies, nothing is left of it', async () => {
    const figures: Record<string, number> = {};
    for (const signal of ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGSEGV'] as const) {
      const shell = await start();
      await shell.engine();
      const killed = performance.now();
      await shell.kill(signal);
      figures[`${signal} (ms)`] = Math.round(performance.now() - killed);
      assert.ok(performance.now() - killed < GENEROUS_MS, signal);
    }
    report('everything gone after the shell got', figures);
  });

  test('a second start hands its link on, and is gone', async () => {
    const { shell, person, context } = await open();
    await shell.engine();
    const second = await start({ data: shell.data, opened: '127.0.0.1:9' });
    await eventually(() => second.status !== null);
    assert.is(second.status, askedToEnd);
    // Where nobody is: the page tried it.
    await person.page.getByText('127.0.0.1:9').first().waitFor();
    const other = await start();
    await other.engine();
    assert.is(other.status, null, 'another folder is another Salon');
    for (const each of [shell, other]) await each.kill();
    await context.close();
  });

  test('answers nobody but those whom it knows, and only what its configuration allows', async () => {
    const shell = await start();
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
    call('4', 'app.getProcessId');
    await eventually(() => heard.some(({ id }) => id === '4'));
    const answers = heard.flatMap(({ id, data }) =>
      id === undefined ? [] : [data?.error?.code ?? data?.success],
    );
    assert.equal(answers, ['NE_RT_NATPRME', 'NE_RT_INVTOKN', true, true]);
    await shell.kill();
  });
}
