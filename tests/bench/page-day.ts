import { launch } from '../support/browser.ts';
import { effort, median, NO_GPU, report, round, row } from './page.ts';
import { Crowd } from '../support/crowd.ts';
import { Reader } from './page-reader.ts';
import { openBenchRoom } from './page-room.ts';

/**
 * What a page holds after a day's worth of messages that came while it was open at the end of the conversation. The
 * reference is the same page after the first quarter of them: what grows in between would go on growing.
 *
 *   node --import tsx tests/bench/page-day.ts [--quick]
 */
const DAY = effort(10_000, 20_000);
const FIRST = DAY / 4;
const PER_SECOND = 400;
const SAMPLES = 5;

const browser = await launch();
const { host, seeded } = await openBenchRoom(100);
const reader = await Reader.signedIn(browser, host, seeded);
const crowd = await Crowd.signedIn(host, seeded, PER_SECOND);
await reader.cdp.send('HeapProfiler.enable');
const start = await reader.known();

const began = performance.now();
const opened = await held();
await arrive(FIRST);
const first = await held();
await arrive(DAY - FIRST);
const day = await held();
const minutes = (performance.now() - began) / 60_000;

const perMessage = (after: number, before: number, messages: number) => (after - before) / messages;
report(
  'page-day',
  [
    row(`heap after ${DAY} messages`, day.heap / 1e6, 'MB', {
      reference: first.heap / 1e6,
      target: 'ratio about 1: what is held is bounded',
    }),
    row('elements on the page', day.nodes, 'nodes', { reference: first.nodes, target: 'ratio about 1' }),
    row('listeners', day.listeners, 'listeners', { reference: first.listeners, target: 'ratio about 1' }),
    row('kept of each message that the page let go', perMessage(day.heap, first.heap, DAY - FIRST), 'bytes', {
      reference: perMessage(first.heap, opened.heap, FIRST),
      target: 'about 0',
    }),
    row('events held', day.events, 'events', { target: 'at most 2,000' }),
  ],
  [
    NO_GPU,
    `reference: after ${FIRST} messages; just opened the heap was ${round(opened.heap / 1e6)} MB`,
    `${DAY} messages in ${round(minutes)} minutes`,
  ],
);
crowd.close();
await reader.close();
await host.stop();
await browser.close();
process.exit(0);

async function arrive(count: number): Promise<void> {
  await crowd.writeCount(count, PER_SECOND);
  await reader.until(start + crowd.posted);
}

/** After everything that nobody holds any more is gone. */
async function held() {
  const heaps: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    await reader.page.waitForTimeout(300);
    await reader.cdp.send('HeapProfiler.collectGarbage');
    heaps.push((await reader.cdp.send('Runtime.getHeapUsage')).usedSize);
  }
  const { nodes, jsEventListeners } = await reader.cdp.send('Memory.getDOMCounters');
  const events = await reader.page.evaluate(() => salonTimeline()?.conversation.timeline.events.length ?? 0);
  return { heap: median(heaps), nodes, listeners: jsEventListeners, events };
}
