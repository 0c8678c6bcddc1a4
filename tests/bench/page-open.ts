import { gzipSync } from 'node:zlib';
import { launch, openContext } from '../support/browser.ts';
import { effort, isQuick, median, NO_GPU, report, row, type Row } from './page.ts';
import { Reader, WATCH } from './page-reader.ts';
import { openBenchRoom } from './page-room.ts';

/**
 * How long a page takes to show the last messages of a room with a long history, against the same page on a room of a
 * hundred: what it costs to have a history. And what must have come before anything is painted.
 *
 *   node --import tsx tests/bench/page-open.ts [--quick]
 */
const SMALL = 100;
const ROUNDS = effort(5, 9);
const rooms = isQuick ? [SMALL, 100_000] : [SMALL, 100_000, 1_000_000];

const browser = await launch();
const opened = [];
for (const messages of rooms) {
  const { host, seeded, readyMs } = await openBenchRoom(messages);
  opened.push({ messages, host, readyMs, reader: await Reader.signedIn(browser, host, seeded) });
}
const times = new Map<number, number[]>(rooms.map((messages) => [messages, []]));
// In turn: whatever else the machine does meanwhile, it does to all of them.
for (let round = 0; round < ROUNDS; round += 1)
  for (const { messages, host, reader } of opened) times.get(messages)?.push(await reader.reopen(host.url));

const toFirst = new Map<number, number>();
for (const { messages, reader } of opened) toFirst.set(messages, await toFirstMessage(reader));

const reference = median(times.get(SMALL) ?? []);
const readyReference = opened[0]?.readyMs ?? 0;
const firstReference = toFirst.get(SMALL) ?? 0;
const rows: Row[] = opened.flatMap(({ messages, readyMs }) => [
  row(`from navigation to the last of ${messages} messages`, median(times.get(messages) ?? []), 'ms', {
    ...(messages === SMALL ? {} : { reference, target: 'at most 1,000 ms, ratio about 1' }),
  }),
  row(`host of ${messages} messages ready`, readyMs, 'ms', {
    ...(messages === SMALL ? {} : { reference: readyReference }),
    target: 'at most 500 ms',
  }),
  row(`from the last of ${messages} messages to the first, by Home`, toFirst.get(messages) ?? 0, 'ms', {
    ...(messages === SMALL ? {} : { reference: firstReference, target: 'ratio about 1' }),
  }),
]);
const paint = await firstPaints(opened[0]?.host.url ?? '');
rows.push(
  row('first paint for somebody new, nothing in the cache', paint.ms, 'ms'),
  row('scripts, styles and document that it waits for', paint.kB, 'kB gzip', { target: 'at most 60 kB' }),
  row('the door for somebody new', paint.door.ms, 'ms'),
  row('scripts, styles and document before that', paint.door.kB, 'kB gzip'),
  row('fonts before that', paint.door.fontsKB, 'kB'),
);
const [small] = opened;
if (small !== undefined) {
  const needed = await small.reader.page.evaluate(() => ({
    loaded: loadedBefore(globalThis.salonShownAt ?? 0),
  }));
  rows.push(
    row('scripts, styles and document before the last message', (await sizes(needed.loaded)).kB, 'kB gzip'),
  );
}
report('page-open', rows, [NO_GPU, 'Sizes are worked out here with gzip, which is how the host sends them.']);
for (const { host, reader } of opened) {
  await reader.close();
  await host.stop();
}
await browser.close();
process.exit(0);

/** Home and End: the beginning of the conversation is shown, and its end again. */
async function toFirstMessage({ page, person }: Reader): Promise<number> {
  const taken: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await person.messages.last().focus();
    const began = performance.now();
    await page.keyboard.press('Home');
    await page
      .getByText(/was opened/)
      .first()
      .waitFor();
    taken.push(performance.now() - began);
    await page.keyboard.press('End');
    await page.waitForFunction(() => {
      const rows = salonTimeline()?.shadowRoot?.querySelectorAll('article') ?? [];
      const last = rows[rows.length - 1];
      return last !== undefined && last.ariaPosInSet === last.ariaSetSize;
    });
  }
  return median(taken);
}

/** Of visits by somebody who was never there: until anything is painted, and until the door is. */
async function firstPaints(
  url: string,
): Promise<{ ms: number; kB: number; door: { ms: number; kB: number; fontsKB: number } }> {
  const [paints, doors]: [number[], number[]] = [[], []];
  let loaded: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const context = await openContext(browser);
    await context.addInitScript(WATCH);
    const page = await context.newPage();
    await page.goto(url);
    await page
      .getByRole('button', { name: /^Sign (up|in)$/ })
      .first()
      .waitFor();
    const seen = await page.evaluate(() => {
      const at = performance.now();
      const painted = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0;
      return { at, painted, loaded: loadedBefore(at) };
    });
    paints.push(seen.painted);
    doors.push(seen.at);
    ({ loaded } = seen);
    await context.close();
  }
  const { kB } = await sizes(await paintedWith(url));
  return { ms: median(paints), kB, door: { ms: median(doors), ...(await sizes(loaded)) } };
}

/** What must have come for the first paint: no script, or this waits for ever. */
async function paintedWith(url: string): Promise<string[]> {
  const context = await openContext(browser);
  await context.addInitScript(WATCH);
  const page = await context.newPage();
  await page.route('**/*.js', (route) => void route.abort());
  await page.goto(url);
  await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
  const loaded = await page.evaluate(() => loadedBefore(performance.now()));
  await context.close();
  return loaded.filter((address) => !address.endsWith('.js'));
}

/** Of files of the page, by their addresses: with gzip, and fonts as they are. */
async function sizes(addresses: readonly string[]): Promise<{ kB: number; fontsKB: number }> {
  const context = await openContext(browser);
  let [bytes, fonts] = [0, 0];
  for (const address of addresses) {
    const body = await (await context.request.get(address)).body();
    if (address.endsWith('.woff2')) fonts += body.length;
    else bytes += gzipSync(body, { level: 9 }).length;
  }
  await context.close();
  return { kB: bytes / 1000, fontsKB: fonts / 1000 };
}
