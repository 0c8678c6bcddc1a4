import { launch } from '../support/browser.ts';
import { effort, NO_GPU, percentile, report, row } from './page.ts';
import { Crowd } from '../support/crowd.ts';
import { Reader } from './page-reader.ts';
import { openBenchRoom } from './page-room.ts';

/**
 * From a key to the letter on the screen while a hundred messages a second arrive from others, against the same page
 * while nobody else writes. The reader holds as much of the log as a page ever does.
 *
 *   node --import tsx tests/bench/page-typing.ts [--quick]
 */
const PER_SECOND = 100;
const ROUNDS = effort(5, 7);
const KEYS = effort(12, 40);
const BETWEEN_KEYS_MS = 80;
/** More than a page holds: its window is full. */
const BEFORE = effort(500, 2_500);

const browser = await launch();
const { host, seeded } = await openBenchRoom(10_000);
const reader = await Reader.signedIn(browser, host, seeded);
const crowd = await Crowd.signedIn(host, seeded, PER_SECOND);
await crowd.writeCount(BEFORE, PER_SECOND);
await reader.page.evaluate(() => {
  globalThis.keyTimes = [];
  addEventListener(
    'keydown',
    ({ timeStamp }) => {
      // A task of its own after the next frame's callbacks: by then the frame has been painted.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => globalThis.keyTimes.push(performance.now() - timeStamp);
        port2.postMessage(null);
      });
    },
    true,
  );
});

const [quiet, busy]: [number[], number[]] = [[], []];
let arrived = 0;
let busyMs = 0;
for (let round = 0; round < ROUNDS; round += 1) {
  quiet.push(...(await typing()));
  const [before, began] = [await reader.known(), performance.now()];
  const stop = crowd.write(PER_SECOND);
  busy.push(...(await typing()));
  arrived += (await reader.known()) - before;
  busyMs += performance.now() - began;
  await stop();
}
const pace = (arrived / busyMs) * 1000;
report(
  'page-typing',
  [
    ...[0.5, 0.95, 0.99].map((share) =>
      row(`from key to paint while messages arrive, p${share * 100}`, percentile(busy, share), 'ms', {
        reference: percentile(quiet, share),
        target: share === 0.99 ? '' : 'at most 50 ms',
      }),
    ),
    row('messages that arrived', pace, 'a second', { reference: PER_SECOND, target: 'ratio about 1' }),
  ],
  [NO_GPU, `${busy.length} keys; reference: the same page while nobody else writes`],
);
crowd.close();
await reader.close();
await host.stop();
await browser.close();
process.exit(0);

/** Types into the box, and empties it. @returns milliseconds for each key. */
async function typing(): Promise<number[]> {
  const { page, person } = reader;
  await person.box.focus();
  await page.evaluate(() => (globalThis.keyTimes = []));
  for (let key = 0; key < KEYS; key += 1) {
    await page.keyboard.press(key % 6 === 5 ? 'Space' : 'abcde'.charAt(key % 5));
    await page.waitForTimeout(BETWEEN_KEYS_MS);
  }
  await page.waitForFunction((count) => globalThis.keyTimes.length >= count, KEYS);
  const times = await page.evaluate(() => globalThis.keyTimes);
  await person.box.fill('');
  return times;
}

declare global {
  var keyTimes: number[];
}
