import { openCrowd } from './crowd.ts';
import { alternately, extent, ratio, Report, round, sleep, thousands } from './measure.ts';
import type { Place } from './member.ts';
import { roomOf } from './rooms.ts';
import { apart, flow, hostFor, openReference, type Flow } from './subjects.ts';

/**
 * A hundred people who each write to one other, in private: on disk, answered, and heard by both. Against `ws` that sends
 * everything back and keeps nothing.
 *
 *   node --import tsx tests/bench/private.ts [--quick]
 */
const PAIRS = extent(100, 100, 10);
const WINDOW = 10;

const room = await roomOf({ members: 2 * PAIRS, pairs: PAIRS });
const host = await hostFor(room);
const echo = await openReference('echo', true);
// Whoever writes comes first.
const tokens = [0, 1]
  .flatMap((which) => room.members.filter((_, i) => i % 2 === which))
  .map(({ token }) => token);

const { salon, ws } = await alternately({
  salon: () => run(host.pid, { port: host.port, tls: true, speaks: 'salon' }, 2),
  ws: () => run(echo.child.pid, echo.place, 1),
});
await host.stop();

const report = new Report('private');
Object.assign(report.figures, { salon, ws });
report.add({
  what: `private messages/s, ${PAIRS} pairs, TLS, all on disk`,
  measured: `${thousands(salon.acknowledged)} (host ${round(salon.serverBusy)}, generator ${round(salon.generatorBusy)} of a core)`,
  reference: `ws echo ${thousands(ws.acknowledged)} (${ratio(salon.acknowledged, ws.acknowledged)})`,
  target: 'the rate of durable messages',
});
report.add({
  what: 'CPU of the host for a private message, µs',
  measured: `${round(salon.cpuPerMessage)}`,
  reference: `ws echo ${round(ws.cpuPerMessage)} (${ratio(salon.cpuPerMessage, ws.cpuPerMessage)})`,
  target: '',
});
report.write();
process.exit(0);

async function run(pid: number, place: Place, listenersOfEach: number): Promise<Flow> {
  const crowd = openCrowd();
  apart(pid, crowd.pid);
  await crowd.connect(place, place.speaks === 'salon' ? tokens : tokens.slice(0, PAIRS), 20);
  await sleep(1_000);
  await crowd.start({ senders: PAIRS, window: WINDOW, bodyBytes: 100, where: room.pairs });
  const flowed = await flow(pid, crowd);
  await crowd.finish(listenersOfEach);
  crowd.end();
  await sleep(500);
  return flowed;
}
