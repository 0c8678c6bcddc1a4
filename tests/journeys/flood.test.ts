// time limit: 300 s
import type { Browser, Locator } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { launch, openContext, Person } from '../support/browser.ts';
import { Crowd } from '../support/crowd.ts';
import { seedRoom } from '../support/demo/seed.ts';
import { scratch, startHost } from '../support/processes.ts';

/** More arrives than a page holds. */
const flood = suite('A flood of messages');

/** A page holds 2,000 at most. */
const MESSAGES = 2_100;
/** So many more while somebody reads further up: enough to push out what they read. */
const MORE = 500;
const PER_SECOND = 250;
const GENEROUS = { timeout: 120_000 };

declare global {
  var pageWritten: number;
}

let browser: Browser;
flood.before(async () => {
  browser = await launch();
});
flood.after(async () => {
  await browser.close();
});

flood('leaves the page at the log’s end; what it let go comes back, and who reads stays there', async () => {
  const directory = await scratch();
  const seeded = await seedRoom(directory, { seed: 3, members: 12, messages: 40, language: 'en' });
  const host = await startHost(directory);
  const reader = await Person.at(await openContext(browser), host.url);
  await reader.signIn(seeded.members.at(-1)?.username ?? '', seeded.password);
  await reader.messages.last().waitFor();
  await reader.messages.last().focus();
  await reader.page.keyboard.press('End');
  // A row with the focus stays on the page wherever one scrolls.
  await reader.box.focus();
  const scroller = reader.page.getByRole('region', { name: /^Messages in/ });

  // Whatever is written there, were it the same again, is a new style for every element of the page.
  await reader.page.evaluate(() => {
    globalThis.pageWritten = 0;
    new MutationObserver((written) => (globalThis.pageWritten += written.length)).observe(
      document.documentElement,
      { attributes: true },
    );
  });

  const before = await total(scroller);
  const crowd = await Crowd.signedIn(host, seeded, PER_SECOND);
  await crowd.writeCount(MESSAGES, PER_SECOND);
  const end = before + MESSAGES;
  await until(scroller, end);
  await reader.page.locator(`article[aria-posinset="${end}"]`).waitFor();
  const shown = await positions(scroller);
  assert.is(shown.at(-1), end, 'the last that was said is the last on the page');
  assert.equal(shown, run(shown[0] ?? 0, end), 'and of those before it none is missing');
  assert.is(await reader.page.evaluate(() => globalThis.pageWritten), 0, 'the page itself is left alone');

  // To the top of what is held. What arrives meanwhile would push out just that.
  await toTop(scroller);
  const [reading = 0] = await positions(scroller);
  const row = reader.page.locator(`article[aria-posinset="${reading + 3}"]`);
  const at = await topOf(row);
  await crowd.writeCount(MORE, PER_SECOND);
  await until(scroller, end + MORE);
  assert.ok(Math.abs((await topOf(row)) - at) <= 2, 'the line that is read has not moved');

  const seen = await walkToFirst(scroller);
  const missing = run(1, reading).filter((position) => !seen.has(position));
  assert.equal(missing.slice(0, 10), [], 'what was let go has come back, to the first');
  await reader.messages.first().focus();
  await reader.page.keyboard.press('End');
  await reader.page.locator(`article[aria-posinset="${end + MORE}"]`).waitFor(GENEROUS);
  assert.equal(reader.complaints, []);
  crowd.close();
  await host.stop();
});

/** Numbers of the rows that are on the page, in their order. */
function positions(scroller: Locator): Promise<number[]> {
  return scroller.evaluate((element) =>
    [...element.querySelectorAll('[aria-posinset]')].map((row) => Number(row.getAttribute('aria-posinset'))),
  );
}

async function total(scroller: Locator): Promise<number> {
  return Number(await scroller.locator('[aria-setsize]').last().getAttribute('aria-setsize'));
}

/** Until the page has heard of so many. */
async function until(scroller: Locator, known: number): Promise<void> {
  const heard = scroller.page().locator(`[aria-setsize="${known}"]`).first();
  await heard.waitFor({ state: 'attached', ...GENEROUS });
}

async function topOf(row: Locator): Promise<number> {
  return (await row.boundingBox())?.y ?? NaN;
}

/** Up, a screen at a time, to where the rows have not been loaded from, or let go. */
function toTop(scroller: Locator): Promise<void> {
  return scroller.evaluate(async (element) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 20)));
    // Short of the place at which more is loaded.
    while (element.scrollTop > 2_000) {
      element.scrollTop -= Math.min(element.clientHeight, element.scrollTop - 1_900);
      await frame();
    }
    for (let i = 0; i < 10; i += 1) await frame();
  });
}

/** @returns every number that was on the page on the way. */
async function walkToFirst(scroller: Locator): Promise<Set<number>> {
  const seen = await scroller.evaluate(async (element) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 20)));
    const positions = new Set<number>();
    const until = performance.now() + 120_000;
    while (!(positions.has(1) && element.scrollTop === 0) && performance.now() < until) {
      for (const row of element.querySelectorAll('[aria-posinset]'))
        positions.add(Number(row.getAttribute('aria-posinset')));
      element.scrollTop -= element.clientHeight / 2;
      await frame();
    }
    return [...positions];
  });
  return new Set(seen);
}

/** `from`, `from` + 1 … `to`. */
function run(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

flood.run();
