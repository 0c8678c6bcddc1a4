// time limit: 120 s
import type { Browser, Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pictureOf } from '../../server/picture.ts';
import { between, randomFrom, seed } from '../faults/trial.ts';
import { launch } from '../support/browser.ts';
import { frame, GIF, gif, held, JPEG, LOSSY_WEBP, PNG, WEBP } from '../support/pictures.ts';

/** What the host says of a picture's size, against what a browser lays out. */
const sizes = suite('The size that a picture is told with');

let browser: Browser;
let page: Page;
sizes.before(async () => {
  browser = await launch();
  page = await browser.newPage();
});
sizes.after(() => browser.close());

/** Width and height as a page has them; zeros for what it does not show. */
async function shown(pictures: readonly Buffer[]): Promise<[number, number][]> {
  return page.evaluate(
    (urls) =>
      Promise.all(
        urls.map(async (url): Promise<[number, number]> => {
          const image = new Image();
          await new Promise((resolve) => {
            image.onload = image.onerror = resolve;
            image.src = url;
          });
          return [image.naturalWidth, image.naturalHeight];
        }),
      ),
    pictures.map((bytes) => `data:image/png;base64,${bytes.toString('base64')}`),
  );
}

const area = ([width, height]: readonly [number, number]) => width * height;
function told(bytes: Buffer): [number, number] | null {
  const picture = pictureOf(bytes);
  return picture === null ? null : [picture.width, picture.height];
}

sizes('is what is shown, also of a GIF that grows to its first frame', async () => {
  const animated = gif(40, 30, frame(0, 0, 50, 60), frame(0, 0, 900, 900));
  const pictures = [PNG, JPEG, held(6), GIF, WEBP, LOSSY_WEBP, gif(40, 30, frame(0, 0, 700, 800)), animated];
  assert.equal(await shown(pictures), pictures.map(told));
});

sizes('is never less than what is shown, whatever is changed in it', async () => {
  const random = randomFrom(seed);
  const extensions = ['21f9040000000000', '21fe02616200', '21ff03616263', '03010000', '00'];
  const animated = gif(40, 30, ...extensions, frame(0, 0, 50, 60), frame(0, 0, 900, 900));
  const kinds = [PNG, JPEG, held(6), GIF, WEBP, LOSSY_WEBP, animated, animated];
  const telling = [0, 1, 2, 3, 4, 0x21, 0x2c, 0xf9, 0xff, 0xc0, 0xda, 0xe1];
  const changed = Array.from({ length: 1_600 }, (_, i) => {
    const bytes = Buffer.from(kinds[i % kinds.length] ?? PNG);
    for (let changes = between(random, 1, 4); changes > 0; changes -= 1) {
      const byte = between(random, 0, 2) === 0 ? telling[between(random, 0, telling.length - 1)] : undefined;
      bytes[between(random, 0, Math.min(bytes.length, 180) - 1)] = byte ?? between(random, 0, 255);
    }
    return bytes;
  });
  let compared = 0;
  for (const [i, size] of (await shown(changed)).entries()) {
    const bytes = changed[i] ?? PNG;
    const own = told(bytes);
    if (own === null || area(size) === 0) continue;
    compared += 1;
    assert.ok(
      area(size) <= area(own),
      `shown ${size.join(' × ')}, told ${own.join(' × ')}: ${bytes.toString('hex')}`,
    );
  }
  assert.ok(compared > 200, `${compared} of them are shown`);
});

sizes.run();
