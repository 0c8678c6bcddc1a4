// time limit: 180 s
// Files in the engine of the window on Linux: chosen, pasted as a bitmap, shown and saved.
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { scratch } from '../support/processes.ts';
import { assemble, StandIn } from '../support/shell/shell.ts';
import { isOnPath, missingForWebKit, Screen, WebKit } from '../support/webkit.ts';
const s = suite('x');
const ALL = `(function all(root) {
  return [...root.querySelectorAll('*')].flatMap((each) => [each, ...(each.shadowRoot ? all(each.shadowRoot) : [])]);
})(document)`;
const button = (name: string) =>
  `${ALL}.find((each) => each.localName === 'button' && (each.textContent.trim() === '${name}' || each.getAttribute('aria-label') === '${name}') && each.checkVisibility())`;
const field = (label: string) =>
  `${ALL}.find((each) => each.localName === 'input' && each.checkVisibility() && (each.labels?.[0]?.textContent ?? '').includes('${label}'))`;
s('all', async () => {
  const screen = await Screen.open();
  const shell = await StandIn.start(await assemble());
  const page = await WebKit.open(screen);
  const folder = await scratch();
  try {
    await page.goto(shell.url);
    await page.press(button('Host a room'));
    await page.type(
      `${ALL}.find((each) => each.localName === 'host-dialog')?.shadowRoot?.querySelector('input')`,
      'Classe 4B',
    );
    await page.press(button('Open the room'));
    await page.until(`${ALL}.find((each) => each.localName === 'visit-door')`);
    for (const [l, v] of [
      ['Last name', 'Lovelace'],
      ['First name', 'Ada'],
      ['Username', 'ada'],
      ['Password', 'lampe-de-chevet'],
    ])
      await page.type(field(l!), v!);
    await page.press(button('Sign up'));
    await page.press(button('I have kept it'));
    await page.until(`${ALL}.find((each) => each.localName === 'message-composer')`);
    await page.press(button('Close'));
    writeFileSync(join(folder, 'a.bin'), randomBytes(700_000));
    execFileSync('convert', ['-size', '640x400', 'gradient:blue-red', join(folder, 'p.png')]);
    await page.type(
      `${ALL}.find((each) => each.localName === 'input' && each.type === 'file' && each.multiple)`,
      `${join(folder, 'a.bin')}\n${join(folder, 'p.png')}`,
    );
    await page.until(
      `${ALL}.filter((each) => each.localName === 'staged-files')[0].shadowRoot.querySelectorAll('li').length === 2`,
    );
    await page.shot('wk-staged');
    await page.press(button('Send'));
    await page.until(`${ALL}.find((each) => each.localName === 'img' && each.closest('button.frame'))`);
    await page.shot('wk-sent');
    console.log(
      await page.evaluate(
        `${ALL}.filter((each) => each.localName === 'message-file').map((each) => each.file.name + ' ' + each.file.size + ' ' + JSON.stringify(each.file.picture))`,
      ),
    );
    if (isOnPath('xclip')) {
      spawn('xclip', ['-selection', 'clipboard', '-t', 'image/png', '-i', join(folder, 'p.png')], {
        env: { ...process.env, DISPLAY: screen.display },
        stdio: 'ignore',
      });
      await new Promise((r) => setTimeout(r, 1000));
      await page.evaluate(
        `(globalThis.pastes = [], addEventListener('paste', (e) => globalThis.pastes.push([[...e.clipboardData.types], e.clipboardData.files.length]), true), 1)`,
      );
      await page.type(`${ALL}.find((each) => each.localName === 'textarea')`, '\uE009v\uE000');
      await new Promise((r) => setTimeout(r, 2000));
      console.log(
        'pastes',
        JSON.stringify(await page.evaluate('globalThis.pastes')),
        await page.evaluate(
          `${ALL}.filter((each) => each.localName === 'staged-files')[0].files.map(({file}) => file.name + ' ' + file.size)`,
        ),
      );
      await page.shot('wk-pasted');
    }
  } finally {
    await page.close();
    screen.close();
  }
});
void missingForWebKit;
void assert;
s.run();
