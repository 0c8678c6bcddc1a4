import type { CDPSession, Page } from 'playwright-core';
import { launch, openContext } from '../support/browser.ts';
import { effort, median, NO_GPU, percentile, report, row } from './page.ts';
import { lineOf } from '../support/crowd.ts';
import { Reader } from './page-reader.ts';
import { openBenchRoom } from './page-room.ts';

/**
 * Scrolling through 100,000 messages with a wheel, against the same wheel on a page of plain paragraphs, where the
 * browser does everything by itself; and on to the very first message, to see that none is missing on the way.
 *
 *   node --import tsx tests/bench/page-scroll.ts [--quick]
 */
const MESSAGES = effort(10_000, 100_000);
const ROUNDS = effort(5, 7);
/** Of one gesture, in pixels, and in pixels a second: a quick reader's wheel. */
const DISTANCE = effort(6_000, 12_000);
const SPEED = 3_000;
const PARAGRAPHS = 1_500;

interface Frames {
  /** Between a frame and the one before it. In milliseconds. */
  gaps: number[];
  /** Work that kept the page from answering for more than 50 ms. */
  longTasks: number;
  /** Frames in which a part of the messages was neither a message nor the three grey lines that stand for some. */
  blank: number;
}

const browser = await launch();
const { host, seeded } = await openBenchRoom(MESSAGES);
const reader = await Reader.signedIn(browser, host, seeded);
const plainContext = await openContext(browser);
const plain = await plainContext.newPage();
await plain.setContent(
  `<div style="position: fixed; inset: 0; overflow-y: scroll; font: 15px/1.5 sans-serif">${Array.from(
    { length: PARAGRAPHS },
    (_, i) => `<p style="margin: 0 0 5px">${lineOf(i)}</p>`,
  ).join('')}</div>`,
);
const plainCdp = await plainContext.newCDPSession(plain);

const [ours, theirs]: [Frames[], Frames[]] = [[], []];
for (let round = 0; round < ROUNDS; round += 1) {
  // Each scrolls up from its end, then down again.
  await plain.bringToFront();
  await plain.evaluate(() => document.querySelector('div')?.scrollTo(0, 1e9));
  for (const up of [true, false]) theirs.push(await scroll(plain, plainCdp, up));
  await reader.page.bringToFront();
  for (const up of [true, false]) ours.push(await scroll(reader.page, reader.cdp, up));
}
const perSecond = (all: readonly Frames[]) => median(all.map(({ gaps }) => 1000 / mean(gaps)));
const p95 = (all: readonly Frames[]) => median(all.map(({ gaps }) => percentile(gaps, 0.95)));
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
const walked = await walkToFirst(reader.page);
report(
  'page-scroll',
  [
    row('frames while scrolling', perSecond(ours), 'frames/s', {
      reference: perSecond(theirs),
      target: '60 frames/s; ratio at least 0.9',
    }),
    row('frame, p95', p95(ours), 'ms', { reference: p95(theirs), target: 'at most 25 ms; ratio about 1' }),
    row('long tasks', sum(ours.map(({ longTasks }) => longTasks)), 'in all', {
      reference: sum(theirs.map(({ longTasks }) => longTasks)),
    }),
    row('frames with a blank part', sum(ours.map(({ blank }) => blank)), 'frames', { target: '0' }),
    row(`walk from the last of ${MESSAGES} messages to the first`, walked.ms / 1000, 's', {
      reference: walked.pages / 40,
      target: 'the reference is what the allowance of 40 pages a second takes',
    }),
    row('numbers missing or out of order on the way', walked.holes, 'events', { target: '0' }),
  ],
  [
    NO_GPU,
    `reference: ${PARAGRAPHS} plain paragraphs in a scrolled box, the same wheel in the same run`,
    `walked over ${walked.events} events in ${walked.stops} stops`,
  ],
);
await reader.close();
await plainContext.close();
await host.stop();
await browser.close();
process.exit(walked.holes === 0 ? 0 : 1);

/** One gesture of the wheel over the middle of the page, as the browser hears it from a mouse. */
async function scroll(page: Page, cdp: CDPSession, up: boolean): Promise<Frames> {
  await page.evaluate(() => {
    const seen: Frames = { gaps: [], longTasks: 0, blank: 0 };
    const observer = new PerformanceObserver((list) => (seen.longTasks += list.getEntries().length));
    observer.observe({ type: 'longtask' });
    let last: number | null = null;
    let running = true;
    const timeline = globalThis.salonTimeline?.() ?? null;
    const isBlank = () => {
      const root = timeline?.shadowRoot;
      const box = root?.querySelector('.scroller')?.getBoundingClientRect();
      if (root === null || root === undefined || box === undefined) return false;
      const parts = [...root.querySelectorAll('.row, .skeleton')]
        .map((each) => each.getBoundingClientRect())
        .filter(({ top, bottom }) => bottom > box.top && top < box.bottom)
        .toSorted((a, b) => a.top - b.top);
      // 8 px of padding stand above the first row and below the last.
      let to = box.top + 8;
      for (const { top, bottom } of parts) {
        if (top > to + 2) return true;
        to = Math.max(to, bottom);
      }
      return to < box.bottom - 10;
    };
    const frame = (now: number) => {
      if (!running) return;
      if (last !== null) seen.gaps.push(now - last);
      last = now;
      if (isBlank()) seen.blank += 1;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    globalThis.endScroll = () => {
      running = false;
      observer.disconnect();
      return seen;
    };
  });
  await cdp.send('Input.synthesizeScrollGesture', {
    ...{ x: 640, y: 400, speed: SPEED, gestureSourceType: 'mouse' },
    yDistance: up ? DISTANCE : -DISTANCE,
  });
  return page.evaluate(() => globalThis.endScroll());
}

/** To the top of what is held, again and again until the conversation begins; every stop must join the one before. */
async function walkToFirst(page: Page) {
  return page.evaluate(async () => {
    const timeline = salonTimeline();
    const scroller = timeline?.shadowRoot?.querySelector('.scroller');
    if (timeline === null || !scroller) throw new Error('no messages on the page');
    const { conversation } = timeline;
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const began = performance.now();
    const total = conversation.known;
    let [reached, holes, stops, pages] = [total + 1, 0, 0, 0];
    let first = conversation.timeline.first;
    scroller.scrollTop = scroller.scrollHeight;
    for (let quiet = performance.now(); performance.now() - quiet < 30_000;) {
      const { events } = conversation.timeline;
      for (const [index, { seq }] of events.entries()) if (seq !== (events[0]?.seq ?? 0) + index) holes += 1;
      if ((events.at(-1)?.seq ?? 0) < reached - 1) holes += reached - 1 - (events.at(-1)?.seq ?? 0);
      reached = Math.min(reached, events[0]?.seq ?? reached);
      const shown = [...(timeline.shadowRoot?.querySelectorAll('article[aria-posinset]') ?? [])].map((each) =>
        Number(each.getAttribute('aria-posinset')),
      );
      // A withdrawn message's own event and days have no row: numbers may skip, and never go back.
      for (const [index, at] of shown.entries()) if (index > 0 && at <= (shown[index - 1] ?? 0)) holes += 1;
      stops += 1;
      if (first !== conversation.timeline.first) {
        pages += 1;
        first = conversation.timeline.first;
        quiet = performance.now();
      }
      if (conversation.atStart && shown[0] === 1) break;
      scroller.scrollTop = 0;
      await frame();
    }
    if (reached !== 1) holes += reached;
    return { ms: performance.now() - began, holes, stops, pages, events: total };
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
}

declare global {
  function endScroll(): Frames;
}
