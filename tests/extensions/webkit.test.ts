// time limit: 300 s
// The engine of the window on Linux, with the real extension and the real page. The shell around it is a stand-in.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { askedToEnd } from '../../scripts/parts/shell-binary.mjs';
import { assemble } from '../support/shell/shell.ts';
import { StandIn } from '../support/shell/stand-in.ts';
import { missingForWebKit, Screen, WebKit } from '../support/webkit.ts';

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
  `${ALL}.find((each) => each.localName === 'button' && each.textContent.trim() === '${name}' && each.checkVisibility())`;
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

webkit.run();
