// time limit: 240 s
// Files and pictures: chosen, dropped, pasted; seen and saved by others; kept from who may not see them; unhurt by a cut.
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eventually } from '../extensions/pages.ts';
import { seriousIn } from '../support/axe.ts';
import { launch, openContext, Person } from '../support/browser.ts';
import { quietPort, scratch, startHost, type HostProcess } from '../support/processes.ts';

import { Salon } from '../support/salon.ts';

const files = suite('Files');

let browser: Browser;
let host: HostProcess;
let folder: string;
let room: string;
let port: number;
let [ada, bob, carl] = [] as unknown as [Person, Person, Person];

/** Written by the browser itself. */
async function drawPicture(person: Person, width: number, height: number): Promise<Buffer> {
  const text = await person.page.evaluate(
    ([w, h]) => {
      const canvas = Object.assign(document.createElement('canvas'), { width: w, height: h });
      const pen = canvas.getContext('2d');
      if (pen === null) throw new Error('no canvas');
      pen.fillStyle = '#17352c';
      pen.fillRect(0, 0, w, h);
      pen.fillStyle = '#e0a72c';
      pen.fillRect(w / 4, h / 4, w / 2, h / 3);
      return canvas.toDataURL('image/png').split(',')[1] ?? '';
    },
    [width, height] as const,
  );
  return Buffer.from(text, 'base64');
}

/** As a browser gives them to a page that they are dropped on, or pasted into. */
function give({ page }: Person, how: 'drop' | 'paste', name: string, type: string, bytes: Buffer) {
  return page.evaluate(
    ([event, fileName, fileType, text]) => {
      const data = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([data], fileName, { type: fileType }));
      const target = document.querySelector('salon-app');
      const common = { bubbles: true, composed: true, cancelable: true };
      if (event === 'paste')
        target?.dispatchEvent(new ClipboardEvent('paste', { ...common, clipboardData: transfer }));
      else
        for (const each of ['dragenter', 'dragover', 'drop'])
          target?.dispatchEvent(new DragEvent(each, { ...common, dataTransfer: transfer }));
    },
    [how, name, type, bytes.toString('base64')] as const,
  );
}

const choose = async ({ page }: Person, ...paths: string[]) =>
  page.locator('message-composer input[type=file]').setInputFiles(paths);

const send = ({ page }: Person) => page.getByRole('button', { name: 'Send', exact: true }).click();

async function saved({ page }: Person, name: string): Promise<Buffer> {
  const download = page.waitForEvent('download');
  await page
    .getByRole('button', { name: `Save ${name}` })
    .last()
    .click();
  const got = await download;
  assert.is(got.suggestedFilename(), name);
  return readFileSync(await got.path());
}

files.before(async () => {
  folder = await scratch();
  browser = await launch();
  room = await scratch();
  port = await quietPort();
  host = await startHost(room, ['--name', 'Petit Théâtre', '--port', String(port)]);
  const open = async (url: string) => Person.at(await openContext(browser), url);
  ada = await open(host.owner?.url ?? '');
  await ada.signUp({ firstName: 'Ada', lastName: 'Lovelace', username: 'ada' });
  bob = await open(host.url);
  await bob.signUp({ firstName: 'Bob', lastName: 'Durand', username: 'bob' });
  carl = await open(host.url);
  await carl.signUp({ firstName: 'Carl', lastName: 'Petit', username: 'carl' });
});

files.after(async () => {
  await browser.close();
  await host.stop();
});

files('are chosen, sent with words, and saved by somebody else as they were', async () => {
  const bytes = randomBytes(2_400_000);
  const path = join(folder, 'act-2-lighting-v7.qxw');
  writeFileSync(path, bytes);
  await ada.page.getByRole('textbox', { name: 'Message everyone' }).fill('Cue 42 now holds for six seconds.');
  await choose(ada, path);
  await ada.page.getByRole('list', { name: 'Files to send' }).getByText('2.4 MB').waitFor();
  await ada.shot('files-staged');
  assert.equal(await seriousIn(ada.page), []);
  await send(ada);
  await bob.message('Cue 42 now holds').waitFor();
  await bob.page.getByRole('article', { name: /File: act-2-lighting-v7.qxw/ }).waitFor();
  assert.ok(bytes.equals(await saved(bob, 'act-2-lighting-v7.qxw')));
});

files('are dropped and pasted, and pictures are shown where they are', async () => {
  const dropped = await drawPicture(ada, 1200, 800);
  await give(ada, 'drop', 'stage-plan.png', 'image/png', dropped);
  await give(ada, 'paste', 'image.png', 'image/png', await drawPicture(ada, 300, 900));
  await ada.page.getByRole('button', { name: 'Take out Pasted picture.png' }).waitFor();
  await ada.page.keyboard.press('Enter');
  for (const person of [ada, bob]) {
    const picture = person.page.getByRole('button', { name: 'Look at stage-plan.png' });
    await picture.waitFor();
    const [width, height] = await picture.locator('img').evaluate(async (img: HTMLImageElement) => {
      await img.decode();
      return [img.naturalWidth, img.naturalHeight];
    });
    assert.equal([width, height], [1200, 800]);
    // A tall one, too, is whole within its place.
    const tall = person.page.getByRole('button', { name: 'Look at Pasted picture.png' });
    const [place, image] = [await tall.boundingBox(), await tall.locator('img').boundingBox()];
    assert.ok(place && image);
    assert.ok(image.height <= place.height + 1, `${image.height} in ${place.height}`);
    assert.ok(image.y >= place.y - 1);
  }
  await bob.page.getByRole('button', { name: 'Look at stage-plan.png' }).click();
  const dialog = bob.page.getByRole('dialog', { name: /stage-plan\.png/ });
  await dialog.waitFor();
  await bob.shot('files-looked-at');
  assert.equal(await seriousIn(bob.page), []);
  const download = bob.page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save the picture' }).click();
  assert.ok(dropped.equals(readFileSync(await (await download).path())));
  await bob.page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await bob.shot('files-shown');
  assert.equal(await seriousIn(bob.page), []);
});

files('go where the words say, and nobody else sees them', async () => {
  const path = join(folder, 'secret.txt');
  writeFileSync(path, 'for bob');
  await ada.page.getByRole('textbox', { name: 'Message everyone' }).fill('between us@bob');
  await choose(ada, path);
  await send(ada);
  await ada.page.getByRole('article', { name: /File: secret.txt/ }).waitFor();
  await bob.page.getByRole('button', { name: /^ada/ }).first().click();
  assert.is((await saved(bob, 'secret.txt')).toString(), 'for bob');
  assert.is(await carl.page.getByText('secret.txt').count(), 0);
  await ada.page
    .getByRole('button', { name: /^Everyone/ })
    .first()
    .click();
  // A name and nothing else.
  const bare = join(folder, 'bare.txt');
  writeFileSync(bare, 'for bob alone');
  await choose(ada, bare);
  await ada.box.fill('@bob');
  await ada.page.getByText('only the two of you will see it').waitFor();
  await ada.page.keyboard.press('Enter');
  assert.is((await saved(bob, 'bare.txt')).toString(), 'for bob alone');
  assert.is(await carl.page.getByText('bare.txt').count(), 0);
  for (const { page } of [ada, bob])
    await page
      .getByRole('button', { name: /^Everyone/ })
      .first()
      .click();
});

files('are reached, looked at and left with the keyboard alone', async () => {
  const { page } = bob;
  await page.getByRole('article', { name: /Picture: Pasted picture.png/ }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: /Pasted picture\.png/ });
  await dialog.waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await page.keyboard.press('ArrowRight');
  const focused = await page.evaluate(() =>
    (globalThis as unknown as { deepActive(): Element | null }).deepActive()?.getAttribute('aria-label'),
  );
  assert.is(focused, 'Save the picture');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
});

files('go through an app and its relay both ways', async () => {
  const other = await startHost(await scratch(), ['--name', 'Atelier']);
  const app = await Salon.open({ browser });
  await app.join(other.owner?.link ?? '');
  await app.person.signUp({ firstName: 'Grace', lastName: 'Hopper', username: 'grace' });
  const guest = await Person.at(await openContext(browser), other.url);
  await guest.signUp({ firstName: 'Edsger', lastName: 'Dijkstra', username: 'edsger' });
  const bytes = randomBytes(1_500_000);
  writeFileSync(join(folder, 'out.bin'), bytes);
  await choose(app.person, join(folder, 'out.bin'));
  await send(app.person);
  assert.ok(bytes.equals(await saved(guest, 'out.bin')));
  await give(guest, 'drop', 'in.png', 'image/png', await drawPicture(guest, 640, 480));
  await send(guest);
  await app.page.getByRole('button', { name: 'Look at in.png' }).waitFor();
  assert.equal([...app.person.complaints, ...guest.complaints], []);
  await app.close();
  await guest.page.context().close();
  await other.stop();
});

files('that wait for the host arrive once it is back, and can be given up until then', async () => {
  await host.stop('SIGKILL');
  const [kept, dropped] = [join(folder, 'kept.bin'), join(folder, 'given-up.bin')];
  writeFileSync(kept, randomBytes(300_000));
  writeFileSync(dropped, randomBytes(300_000));
  await choose(ada, dropped, kept);
  await send(ada);
  const cancel = ada.page.getByRole('button', { name: 'Cancel given-up.bin' });
  await cancel.waitFor();
  await ada.shot('files-waiting');
  // They are nowhere else: whoever goes is asked.
  const asked = ada.page.waitForEvent('dialog');
  const leaving = ada.page.reload().catch(() => undefined);
  const question = await asked;
  assert.is(question.type(), 'beforeunload');
  await question.dismiss();
  await leaving;
  await cancel.click();
  await cancel.waitFor({ state: 'detached' });
  host = await startHost(room, ['--port', String(port)]);
  await bob.page.getByRole('article', { name: /File: kept.bin/ }).waitFor({ timeout: 60_000 });
  await eventually(
    async () => (await ada.page.getByRole('button', { name: 'Cancel kept.bin' }).count()) === 0,
  );
  assert.is(await bob.page.getByText('given-up').count(), 0);
  assert.ok(readFileSync(kept).equals(await saved(bob, 'kept.bin')));
});

files('that are too large, or a folder, stay here, and it is said', async () => {
  const path = join(folder, 'film.mkv');
  writeFileSync(path, Buffer.alloc(100 * 1024 * 1024 + 1));
  await choose(ada, path);
  await ada.page.getByRole('alert').getByText('film.mkv has more than 100 MB.').waitFor();
  await ada.shot('files-too-big');
  await ada.page.getByRole('textbox', { name: 'Message everyone' }).press('Escape');
  assert.is(await ada.page.getByText('film.mkv has more than').count(), 0);
});

files('that go with the room are asked about before somebody leaves', async () => {
  const { page } = ada;
  await give(ada, 'drop', 'notes.txt', 'text/plain', Buffer.from('not sent'));
  await page.getByRole('button', { name: /Petit Théâtre/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  const question = page.getByRole('dialog', { name: 'Leave without sending the files?' });
  await question.waitFor();
  await ada.shot('files-asked-about');
  await question.getByRole('button', { name: 'Cancel' }).click();
  // A link to another room asks too.
  await page.evaluate(() => (location.hash = '#join=another-room'));
  await question.waitFor();
  await question.getByRole('button', { name: 'Cancel' }).click();
  await question.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Take out notes.txt' }).click();
  assert.is(await page.getByRole('list', { name: 'Files to send' }).count(), 0);
});

files(
  'are not taken behind a dialog, and taken with the name that some systems paste beside them',
  async () => {
    const { page } = ada;
    await page.keyboard.press('Control+,');
    const settings = page.getByRole('dialog', { name: 'Settings' });
    await settings.waitFor();
    await give(ada, 'drop', 'behind.txt', 'text/plain', Buffer.from('x'));
    await page.keyboard.press('Escape');
    await settings.waitFor({ state: 'hidden' });
    assert.is(await page.getByText('behind.txt').count(), 0);
    const notice = page.getByText('Nothing can be sent from here');
    await notice.waitFor();
    // Nobody is kept from writing by it.
    const [above, box] = [await notice.boundingBox(), await page.locator('message-composer').boundingBox()];
    assert.ok(above && box);
    assert.ok(above.y + above.height <= box.y, `${above.y} + ${above.height} above ${box.y}`);
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File(['x'], 'copied.txt'));
      data.setData('text/plain', 'copied.txt');
      const how = { bubbles: true, composed: true, cancelable: true, clipboardData: data };
      document.querySelector('salon-app')?.dispatchEvent(new ClipboardEvent('paste', how));
    });
    await page.getByRole('button', { name: 'Take out copied.txt' }).click();
  },
);

files('leave nothing behind when what shows them is gone', async () => {
  const context = await openContext(browser);
  // The oldest browsers that Salon is built for cannot tell letters apart.
  await context.addInitScript(`{
    delete Intl.Segmenter;
    globalThis.urls = new Set();
    const { createObjectURL, revokeObjectURL } = URL;
    URL.createObjectURL = (blob) => { const url = createObjectURL(blob); globalThis.urls.add(url); return url; };
    URL.revokeObjectURL = (url) => { globalThis.urls.delete(url); revokeObjectURL(url); };
  }`);
  const dora = await Person.at(context, host.url);
  await dora.signUp({ firstName: 'Dora', lastName: 'Roux', username: 'dora' });
  await dora.page.getByRole('button', { name: 'Look at stage-plan.png' }).waitFor();
  assert.equal(dora.complaints, []);
  await dora.page.getByRole('button', { name: /^bob/ }).first().click();
  await dora.page.getByRole('button', { name: 'Look at stage-plan.png' }).waitFor({ state: 'detached' });
  const left = () => dora.page.evaluate(() => (globalThis as unknown as { urls: Set<string> }).urls.size);
  await eventually(async () => (await left()) === 0);
  await context.close();
});

files('that nobody takes do not replace the page', async () => {
  const { page } = await Person.at(await openContext(browser), host.url);
  await page.getByRole('button', { name: 'Sign up' }).waitFor();
  const isKept = await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(['x'], 'x.txt'));
    const how = { bubbles: true, composed: true, cancelable: true, dataTransfer: data };
    return document.querySelector('salon-app')?.dispatchEvent(new DragEvent('drop', how));
  });
  assert.is(isKept, false);
  await page.context().close();
});

files('nothing complains on anybody’s console', () => {
  for (const { complaints } of [ada, bob, carl]) assert.equal(complaints, []);
});

files.run();
