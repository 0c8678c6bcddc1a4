// time limit: 180 s
// The engine of the window on Linux, with the real extension and the real page. The shell around it is a stand-in.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { askedToEnd } from '../../scripts/parts/shell-binary.mjs';
import { assemble, StandIn } from '../support/shell/shell.ts';
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

test('finds its extension, hosts, comes back after a crash, asks before it closes, and closes', async () => {
  const screen = await Screen.open();
  const shell = await StandIn.start(await assemble());
  const page = await WebKit.open(screen);
  try {
    await page.goto(shell.url);
    await page.press(button('Host a room'));
    await page.type(NAME_OF_ROOM, 'Classe 4B');
    await page.press(button('Open the room'));
    await page.until(`${ALL}.find((each) => each.localName === 'visit-door')`);
    await page.until(`document.querySelector('salon-app').app.hosting`);

    const engine = await shell.engine();
    process.kill(engine, 'SIGKILL');
    await page.until(openDialog('Salon is starting again'));
    await page.until(`!(${openDialog('Salon is starting again')})`);
    await page.until(`document.querySelector('salon-app').app.hosting`);
    assert.is.not(await shell.engine(), engine);

    shell.pressX();
    await page.until(openDialog('Exit Salon?'));
    await page.shot('webkit-exit');
    await page.press(button('Exit'));
    assert.is(await shell.gone(), askedToEnd);
  } finally {
    await page.close();
    screen.close();
  }
});

webkit.run();
