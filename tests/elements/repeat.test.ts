import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { launch } from '../support/browser.ts';
import { bundled } from '../support/bundle.ts';

const repeating = suite('A list whose rows come and go');

/** Rows as the timeline has them: one comes at the end, and one goes at the beginning. */
const SLIDE = `
  import { html, render } from 'lit';
  import { repeat } from 'lit/directives/repeat.js';
  globalThis.slide = (times, shown) => {
    const list = document.createElement('div');
    document.body.append(list);
    for (let first = 0; first < times; first += 1) {
      const rows = Array.from({ length: shown }, (_, at) => first + at);
      render(html\`\${repeat(rows, (row) => row, (row) => html\`<p>\${row}</p>\`)}\`, list);
    }
    return list.childNodes.length;
  };`;

repeating('leaves nothing on the page of those that are gone', async () => {
  const browser = await launch();
  const page = await browser.newPage();
  await page.addScriptTag({ content: await bundled(SLIDE) });
  const nodes = (times: number) => page.evaluate<number>(`slide(${times}, 20)`);
  assert.is(await nodes(500), await nodes(2));
  await browser.close();
});

repeating.run();
