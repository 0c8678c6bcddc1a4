import { openCrowd, type Crowd } from './crowd.ts';
import { alternately, extent, percentile, Report, ratio, round, sleep, thousands } from './measure.ts';
import type { Place } from './member.ts';
import { roomOf } from './rooms.ts';
import { apart, flow, hostFor, MEASURED_MS, openReference, type Flow } from './subjects.ts';

/**
 * One room, ten of its people talk, everybody hears: how much a delivery costs when as much is said as goes, and how long
 * it takes at 50,000 deliveries a second. With history: every message is on disk before anybody hears of it.
 *
 *   node --import tsx tests/bench/fan-out.ts [--quick]
 */
const SIZES = extent([50, 200, 1_000], [50, 200, 1_000], [20]);
const SENDERS = 10;
const BODY = 100;
const WINDOW = 60;
/** For the timing, of everybody together. */
const DELIVERIES = extent(50_000, 50_000, 2_000);

const report = new Report('fan-out');

for (const tls of [false, true]) {
  for (const size of SIZES) {
    const measured = await measure(size, tls);
    addRows(`${size} members, ${tls ? 'TLS' : 'plain'}`, tls, measured);
  }
}
report.write();
process.exit(0);

type Figures = Flow & { p50: number; p99: number };

async function measure(size: number, tls: boolean): Promise<Record<'salon' | 'raw' | 'ws', Figures>> {
  const room = await roomOf(tls ? { members: size } : { members: 1, guests: size });
  const tokens = (tls ? room.members : room.guests).slice(0, size).map(({ token }) => token);
  const host = await hostFor(room);
  const [raw, ws] = [await openReference('raw', tls), await openReference('ws', tls)];
  const subjects = {
    salon: { pid: host.pid, place: { port: host.port, tls, speaks: 'salon' } as Place },
    raw: { pid: raw.child.pid, place: raw.place },
    ws: { pid: ws.child.pid, place: ws.place },
  };
  const run = async ({ pid, place }: { pid: number; place: Place }): Promise<Figures> => {
    const crowd = openCrowd();
    apart(pid, crowd.pid);
    await crowd.connect(place, tokens, 20);
    // Everybody hears who came; that is over soon.
    await sleep(1_000);
    const saturated = await saturate(pid, crowd, room.lobby, size);
    const times = await pace(crowd, room.lobby, size);
    crowd.end();
    await sleep(500);
    return { ...saturated, p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
  };
  const measured = await alternately({
    salon: () => run(subjects.salon),
    raw: () => run(subjects.raw),
    ws: () => run(subjects.ws),
  });
  await host.stop();
  raw.child.end();
  ws.child.end();
  return measured;
}

async function saturate(pid: number, crowd: Crowd, where: string, size: number): Promise<Flow> {
  await crowd.start({ senders: SENDERS, window: WINDOW, where, bodyBytes: BODY });
  const flowed = await flow(pid, crowd);
  await crowd.finish(size);
  return flowed;
}

async function pace(crowd: Crowd, where: string, size: number): Promise<number[]> {
  const perSecond = DELIVERIES / size;
  await crowd.start({ senders: SENDERS, window: 0, perSecond, where, bodyBytes: BODY, sampleEvery: 23 });
  await sleep(MEASURED_MS);
  const { deliveryMs } = await crowd.finish(size);
  return deliveryMs;
}

function addRows(name: string, tls: boolean, measured: Record<'salon' | 'raw' | 'ws', Figures>): void {
  const { salon, raw, ws } = measured;
  report.figures[name] = measured;
  report.add({
    what: `fan-out, ${name}: CPU-s for a million deliveries`,
    measured: `${round(salon.cpuPerMillion)}`,
    reference: `raw ${round(raw.cpuPerMillion)} (${ratio(salon.cpuPerMillion, raw.cpuPerMillion)}), ws ${round(ws.cpuPerMillion)} (${ratio(salon.cpuPerMillion, ws.cpuPerMillion)})`,
    target: tls ? '≤ 0.4' : '≤ 0.25, ≤ 4 × raw',
  });
  report.add({
    what: `fan-out, ${name}: deliveries/s, all on disk`,
    measured: `${thousands(salon.delivered)} (host ${round(salon.serverBusy)}, generator ${round(salon.generatorBusy)} of a core)`,
    reference: `raw ${thousands(raw.delivered)} (generator ${round(raw.generatorBusy)}), ws ${thousands(ws.delivered)}`,
    target: '',
  });
  report.add({
    what: `fan-out, ${name}: latency at ${thousands(DELIVERIES)} deliveries/s, p50 / p99 ms`,
    measured: `${round(salon.p50)} / ${round(salon.p99)}`,
    reference: `raw ${round(raw.p50)} / ${round(raw.p99)}, ws ${round(ws.p50)} / ${round(ws.p99)}`,
    target: 'p99 ≤ 2 × raw',
  });
}
