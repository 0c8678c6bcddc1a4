import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openCrowd, type Load } from './crowd.ts';
import { eventText } from './frames.ts';
import { alternately, extent, percentile, ratio, Report, round, sleep, thousands } from './measure.ts';
import { roomOf } from './rooms.ts';
import { apart, flow, hostFor, MEASURED_MS } from './subjects.ts';
import { scratch } from '../support/processes.ts';

/**
 * Twenty members who all write: how many messages a second are on disk and answered, and how long an answer takes,
 * against a file to which the same bytes are appended and synchronised.
 *
 *   node --import tsx tests/bench/durable.ts [--quick]
 */
const MEMBERS = 20;
const WINDOW = 50;
const BODY = 100;
const PER_SECOND = extent(5_000, 5_000, 200);

const room = await roomOf({ members: MEMBERS });
const host = await hostFor(room);
const crowd = openCrowd();
apart(host.pid, crowd.pid);
const tokens = room.members.map(({ token }) => token);
await crowd.connect({ port: host.port, tls: true, speaks: 'salon' }, tokens, 10);
await sleep(1_000);
const load: Load = { senders: MEMBERS, window: WINDOW, bodyBytes: BODY, where: room.lobby };

const file = openSync(join(await scratch(), 'log'), 'a');
const { saturated, idle, busy, rawBatches, rawSingles } = await alternately({
  saturated: async () => {
    await crowd.start(load);
    const flowed = await flow(host.pid, crowd);
    await crowd.finish(MEMBERS);
    return flowed;
  },
  rawBatches: async () => append(MEMBERS * WINDOW),
  idle: () => answers({ ...load, senders: 1, perSecond: 20 }),
  busy: () => answers({ ...load, perSecond: PER_SECOND }),
  rawSingles: async () => append(1),
});
closeSync(file);
crowd.end();
await host.stop();

const report = new Report('durable');
Object.assign(report.figures, { saturated, idle, busy, rawBatches, rawSingles });
report.add({
  what: 'acknowledged durable messages/s, 20 members, TLS',
  measured: `${thousands(saturated.acknowledged)} (${thousands(saturated.delivered)} deliveries/s, host ${round(saturated.serverBusy)}, generator ${round(saturated.generatorBusy)} of a core)`,
  reference: `append + fdatasync of as many at once ${thousands(rawBatches.perSecond)} (${ratio(saturated.acknowledged, rawBatches.perSecond)}), one at a time ${thousands(rawSingles.perSecond)} (${ratio(saturated.acknowledged, rawSingles.perSecond)})`,
  target: '≥ 20,000',
});
report.add({
  what: 'CPU of the host for a durable message and its 20 deliveries, µs',
  measured: `${round(saturated.cpuPerMessage)}`,
  reference: '',
  target: '',
});
for (const [when, answer] of [
  ['20 messages/s', idle],
  [`${thousands(PER_SECOND)} messages/s`, busy],
] as const) {
  report.add({
    what: `time to the acknowledgement at ${when}, p50 / p99 ms`,
    measured: `${round(answer.p50)} / ${round(answer.p99)}`,
    reference: `append + fdatasync ${round(rawSingles.p50)} / ${round(rawSingles.p99)}`,
    target: 'p50 ≤ 1, p99 ≤ 10 beyond it',
  });
}
report.write();
process.exit(0);

async function answers(paced: Load): Promise<{ p50: number; p99: number }> {
  await crowd.start({ ...paced, sampleEvery: 1_000_000 });
  await sleep(MEASURED_MS);
  const { answerMs } = await crowd.finish(MEMBERS);
  return { p50: percentile(answerMs, 0.5), p99: percentile(answerMs, 0.99) };
}

/** For as long as the host was measured: so many messages at once, then on disk. */
function append(atOnce: number): { perSecond: number; p50: number; p99: number } {
  const bytes = Buffer.from(eventText(100_000, '0'.repeat(26), 'x'.repeat(BODY)).repeat(atOnce));
  const times: number[] = [];
  const began = performance.now();
  while (performance.now() - began < MEASURED_MS / 2) {
    const before = performance.now();
    writeSync(file, bytes);
    fdatasyncSync(file);
    times.push(performance.now() - before);
  }
  const perSecond = (times.length * atOnce * 1000) / (performance.now() - began);
  return { perSecond, p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}
