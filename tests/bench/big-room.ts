import { openCrowd, type Crowd } from './crowd.ts';
import {
  alternately,
  extent,
  percentile,
  ratio,
  Report,
  residentKiB,
  round,
  sleep,
  thousands,
} from './measure.ts';
import { roomOf, type SeededRoom } from './rooms.ts';
import { apart, flow, hostFor } from './subjects.ts';

/**
 * What a long history costs: the same host on a room of a thousand messages and on one of a million. Made once and kept;
 * a million takes a minute or two.
 *
 *   node --import tsx tests/bench/big-room.ts [--quick]
 */
const MANY = extent(1_000_000, 200_000, 5_000);
const FEW = 1_000;
const MEMBERS = 50;
const PAGES = extent(400, 200, 20);

const rooms = {
  few: await roomOf({ members: MEMBERS, messages: FEW }),
  many: await roomOf({ members: MEMBERS, messages: MANY }),
};
const { few, many } = await alternately({
  few: () => run(rooms.few, FEW),
  many: () => run(rooms.many, MANY),
});

const report = new Report('big-room');
Object.assign(report.figures, { messages: MANY, few, many });
const compare = (what: string, key: keyof typeof few, target: string) =>
  report.add({
    what: `room of ${thousands(MANY)} messages: ${what}`,
    measured: `${round(many[key])}`,
    reference: `room of ${thousands(FEW)}: ${round(few[key])} (${ratio(many[key], few[key])})`,
    target,
  });
compare('host ready, ms after the start of its process', 'readyMs', '≤ 500');
compare('a page of 50 from anywhere, p50 ms', 'pageP50', '');
compare('a page of 50 from anywhere, p99 ms', 'pageP99', '≤ 10');
compare('CPU of the host for a message to 50 members, µs', 'cpuPerMessage', '0.8 to 1.2 ×');
compare('memory of the host, MiB', 'mib', '');
report.write();
process.exit(0);

async function run(room: SeededRoom, messages: number) {
  const began = performance.now();
  const host = await hostFor(room);
  const readyMs = performance.now() - began;
  const crowd = openCrowd();
  apart(host.pid, crowd.pid);
  await crowd.connect(
    { port: host.port, tls: true, speaks: 'salon' },
    room.members.map(({ token }) => token),
    10,
  );
  await sleep(1_000);
  const pages = await page(crowd, room.lobby, messages);
  await crowd.start({ senders: 10, window: 60, bodyBytes: 100, where: room.lobby });
  const { cpuPerMessage } = await flow(host.pid, crowd);
  await crowd.finish(MEMBERS);
  const mib = residentKiB(host.pid) / 1024;
  crowd.end();
  await host.stop();
  return { readyMs, pageP50: percentile(pages, 0.5), pageP99: percentile(pages, 0.99), cpuPerMessage, mib };
}

/** Anywhere: as somebody who jumps about. */
function page(crowd: Crowd, conversationId: string, messages: number): Promise<number[]> {
  const asks = Array.from({ length: PAGES }, (): [string, object] => [
    'history.page',
    { conversationId, before: 50 + Math.floor(Math.random() * messages), limit: 50 },
  ]);
  return crowd.timed(0, asks);
}
