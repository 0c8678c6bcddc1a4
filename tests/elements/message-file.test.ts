import type { Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { launch } from '../support/browser.ts';
import { bundled } from '../support/bundle.ts';

const showing = suite('A file in its row');

/** The element, with nothing fetched. */
const SHOW = `
  import './resources/elements/message-file.ts';
  import { setLanguage } from './resources/locales/locale.ts';
  import { Downloads } from './resources/state/downloads.ts';
  globalThis.show = async (name, picture, own) => {
    await setLanguage('en');
    const element = document.createElement('message-file');
    const file = { hash: 'A'.repeat(43), name, size: 100, picture };
    Object.assign(element, { file, downloads: new Downloads(), own });
    document.body.replaceChildren(element);
    await element.updateComplete;
    return element;
  };`;

async function inPage(work: (page: Page) => Promise<void>): Promise<void> {
  const browser = await launch();
  const page = await browser.newPage({ viewport: { width: 360, height: 400 } });
  await page.addScriptTag({ content: await bundled(SHOW) });
  await work(page);
  await browser.close();
}

showing('offers nothing to press on a picture that only waits for its message', () =>
  inPage(async (page) => {
    await page.evaluate(`(async () => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 40, height: 40 });
      const own = await new Promise((resolve) => canvas.toBlob(resolve));
      await show('plan.png', { width: 40, height: 40 }, own);
    })()`);
    await page.getByRole('img').waitFor();
    assert.is(await page.getByRole('button').count(), 0);
  }),
);

showing('keeps the ending of a long name in sight, whichever way it is written', () =>
  inPage(async (page) => {
    for (const name of [
      `${'a very long name of a report '.repeat(4)}(final).pdf`,
      `${'تقرير طويل جدا عن النور '.repeat(4)}الأخير.pdf`,
    ]) {
      await page.evaluate(`show(${JSON.stringify(name)}, null, null)`);
      const halves = page.locator('.file-name [aria-hidden]');
      assert.match((await halves.last().textContent()) ?? '', /\.pdf$/);
      const line = await page.locator('.file-name').boundingBox();
      const [start, end] = [await halves.first().boundingBox(), await halves.last().boundingBox()];
      assert.ok(line && start && end, name);
      assert.ok(start.width > 60, `${name}: ${start.width} of its beginning`);
      for (const { x, width } of [start, end])
        assert.ok(x >= line.x - 1 && x + width <= line.x + line.width + 1, `${name}: within its line`);
      const isRightToLeft = name.startsWith('ت');
      assert.is(end.x < start.x, isRightToLeft, `${name}: its end comes last`);
    }
  }),
);

showing.run();
