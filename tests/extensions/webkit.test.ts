// time limit: 300 s
// The engine of the window on Linux, with the real extension and the real page. The shell around it is a stand-in.
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { askedToEnd } from '../../scripts/parts/shell-binary.mjs';
import { scratch } from '../support/processes.ts';
import { assemble } from '../support/shell/shell.ts';
import { StandIn } from '../support/shell/stand-in.ts';
import { PASSWORD } from '../support/room.ts';
import { isOnPath, missingForWebKit, Screen, startTool, WebKit } from '../support/webkit.ts';
import { eventually } from './pages.ts';

const webkit = suite('The page in WebKitGTK');

const missing = missingForWebKit();
if (missing !== null)
  console.log(`▸ skipped: the page in WebKitGTK needs ${missing} (on Debian: webkit2gtk-driver and xvfb)`);
const test = missing === null ? webkit : webkit.skip;

/** What is shown, wherever it is drawn; for scripts in the page. */
const ALL = `(function all(root) {
  return [...root.querySelectorAll('*')].flatMap((each) => [each, ...(each.shadowRoot ? all(each.shadowRoot) : [])]);
})(document)`;
const NAME_OF_ROOM = `${ALL}.find((each) => each.localName === 'host-dialog')
  ?.shadowRoot?.querySelector('input')`;
const button = (name: string) =>
  `${ALL}.find((each) => each.localName === 'button' && (each.textContent.trim() === '${name}' || each.getAttribute('aria-label') === '${name}') && each.checkVisibility())`;
const openDialog = (words: string) =>
  `${ALL}.find((each) => each.localName === 'dialog' && each.open && each.textContent.includes('${words}'))`;

interface Window {
  shell: StandIn;
  page: WebKit;
}

let program: string;
let screen: Screen;
if (missing === null) {
  webkit.before(async () => {
    [program, screen] = await Promise.all([assemble(), Screen.open()]);
  });
  webkit.after(() => screen.close());
}

async function inWindow(work: (window: Window) => Promise<void>): Promise<void> {
  const shell = await StandIn.start(program);
  const page = await WebKit.open(screen);
  try {
    await page.goto(shell.url);
    await work({ shell, page });
  } finally {
    await page.close();
    if (shell.status === null) await shell.kill();
  }
}

const HOSTING = `document.querySelector('salon-app')?.app.hosting`;

async function openRoom(page: WebKit): Promise<void> {
  await page.press(button('Host a room'));
  await page.type(NAME_OF_ROOM, 'Classe 4B');
  await page.press(button('Open the room'));
  await page.until(`${ALL}.find((each) => each.localName === 'visit-door')`);
  await page.until(HOSTING);
}

/** The page tells of an engine that is away, and has its room again with another one. */
async function comesBack({ shell, page }: Window, engine: number): Promise<void> {
  await page.until(openDialog('Salon is starting again'));
  await page.until(`!(${openDialog('Salon is starting again')})`);
  await page.until(HOSTING);
  assert.is.not(await shell.engine(), engine);
}

test('finds its extension, hosts, comes back after a crash, asks before it closes, and closes', () =>
  inWindow(async ({ shell, page }) => {
    await openRoom(page);
    const engine = await shell.engine();
    process.kill(engine, 'SIGKILL');
    await comesBack({ shell, page }, engine);
    shell.pressX();
    await page.until(openDialog('Exit Salon?'));
    await page.shot('webkit-exit');
    await page.press(button('Exit'));
    assert.is(await shell.gone(), askedToEnd);
  }));

test('keeps its room while the bridge is silent, when it is loaded anew, and when the engine hangs', () =>
  inWindow(async ({ shell, page }) => {
    await openRoom(page);
    // A dialog of the system's is open, for longer than this test waits for anything.
    shell.silence(120_000);
    assert.ok(await page.evaluate(`document.querySelector('salon-app').app.desktop().then(() => true)`));
    shell.silence(0);

    await page.reload();
    await page.until(HOSTING);

    const engine = await shell.engine();
    process.kill(engine, 'SIGSTOP');
    await comesBack({ shell, page }, engine);
  }));

test('says so when its extension, or the line to it, is gone for good, and closes', async () => {
  for (const fault of ['kill', 'drop'] as const) {
    await inWindow(async ({ shell, page }) => {
      await page.until(button('Host a room'));
      await page.until(`document.querySelector('salon-app').app.isReady`);
      if (fault === 'kill') process.kill(await shell.supervisor(), 'SIGKILL');
      else shell.drop();
      await page.until(openDialog('Salon has stopped'));
      await page.shot(`webkit-${fault}`);
      shell.pressX();
      assert.is(await shell.gone(), askedToEnd, fault);
    });
  }
});

const CHOOSER = `${ALL}.find((each) => each.localName === 'input' && each.type === 'file' && each.multiple)`;
const STAGED_FILES = `(${ALL}.find((each) => each.localName === 'staged-files')?.files ?? [])`;
const STAGED = `${STAGED_FILES}.map(({ file }) => file.name)`;
const LEFT_OUT = `${ALL}.filter((each) => each.getAttribute('role') === 'alert').map((each) => each.textContent).join()`;
const PICTURES = `${ALL}.filter((each) => each.localName === 'img' && each.closest('button.frame') && each.naturalWidth > 0)`;
const BOX = `${ALL}.find((each) => each.localName === 'textarea')`;
const field = (name: string) =>
  `${ALL}.find((each) => each.localName === 'input' && each.checkVisibility() && each.labels?.[0]?.textContent.includes('${name}'))`;
const ICON = fileURLToPath(new URL('../../resources/icons/appIcon.png', import.meta.url));
/** As a browser tells of a link that is dropped; true when it goes nowhere. */
const DROP_LINK = `(() => {
  const dataTransfer = new DataTransfer();
  dataTransfer.setData('text/uri-list', 'https://example.com/');
  const drop = new DragEvent('drop', { bubbles: true, cancelable: true, composed: true, dataTransfer });
  return !document.querySelector('salon-app').dispatchEvent(drop);
})()`;
const TOLD = `${ALL}.some((each) => each.localName === 'salon-toasts' && each.shadowRoot.textContent.includes('could not take all of it'))`;

/** Into the clipboard of the screen. */
function copy(type: string, path: string): void {
  const env = { ...process.env, DISPLAY: screen.display };
  startTool('xclip', ['-selection', 'clipboard', '-t', type, '-i', path], env, 'ignore');
}

/** As WebDriver writes Ctrl V. */
const PASTE = '\uE009v\uE000';

test('takes files and shows pictures, also one that is in the clipboard as nothing but a picture', () =>
  inWindow(async ({ shell, page }) => {
    await openRoom(page);
    for (const [name, text] of [
      ['Last name', 'Lovelace'],
      ['First name', 'Ada'],
      ['Username', 'ada'],
      ['Password', PASSWORD],
    ] as const)
      await page.type(field(name), text);
    await page.press(button('Sign up'));
    await page.press(button('I have kept it'));
    await page.press(button('Close'));
    await page.type(CHOOSER, ICON);
    await page.until(`${STAGED}.join() === 'appIcon.png'`);
    await page.type(BOX, '\uE007');
    await page.until(`${PICTURES}.length === 1`);
    assert.ok(await page.evaluate(DROP_LINK), 'a link does not take the place of the page');

    // Dropped on the window: the shell has them, for the engine shows the page none.
    const folder = await scratch();
    const large = join(folder, 'large.bin');
    writeFileSync(large, randomBytes(1_300_000));
    const tooLarge = join(folder, 'film.mkv');
    writeFileSync(tooLarge, '');
    truncateSync(tooLarge, 100 * 1024 * 1024 + 1);
    shell.dropFiles([ICON, large, folder, tooLarge, join(folder, 'gone')]);
    await page.until(`${STAGED}.join() === 'appIcon.png,large.bin'`);
    await page.until(`${LEFT_OUT}.includes('film.mkv has more than 100 MB')`);
    await page.until(`${LEFT_OUT}.includes('A folder cannot be sent')`);
    await page.shot('webkit-dropped');
    const hash = await page.evaluate<string>(`${STAGED_FILES}[1].file.arrayBuffer()
      .then((bytes) => crypto.subtle.digest('SHA-256', bytes))
      .then((digest) => btoa(String.fromCharCode(...new Uint8Array(digest))))`);
    assert.is(hash, createHash('sha256').update(readFileSync(large)).digest('base64'));
    await page.type(BOX, '\uE007');
    await page.until(`${PICTURES}.length === 2`);
    if (!isOnPath('xclip')) return console.log('▸ skipped: pasting a picture needs xclip');
    copy('image/png', ICON);
    await eventually(async () => {
      await page.type(BOX, PASTE);
      return (await page.evaluate<string[]>(STAGED)).length > 0;
    });
    assert.is((await page.evaluate<string[]>(STAGED))[0], 'Pasted picture.png');
    await page.type(BOX, '\uE007');
    await page.until(`${PICTURES}.length >= 3`);
    await page.shot('webkit-files');
    // As a file manager copies one: WebKit 2.50.6 does not show it to the page, which says so.
    const list = join(await scratch(), 'list');
    writeFileSync(list, `${pathToFileURL(ICON).href}\r\n`);
    copy('text/uri-list', list);
    await eventually(async () => {
      await page.type(BOX, PASTE);
      const isTaken = (await page.evaluate<string[]>(STAGED)).includes('appIcon.png');
      return isTaken || (await page.evaluate<boolean>(TOLD));
    });
    await page.shot('webkit-pasted-list');
  }));

webkit.run();
