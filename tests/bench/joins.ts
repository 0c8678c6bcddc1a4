import { openCrowd } from './crowd.ts';
import { alternately, cpuSeconds, extent, ratio, Report, round, sleep, thousands } from './measure.ts';
import type { Place } from './member.ts';
import { roomOf } from './rooms.ts';
import { apart, hostFor, openReference } from './subjects.ts';

/**
 * How many members a second come back: a TLS connection, hello, in by a token, and the room as it is, everybody in it
 * included. Against `ws` over TLS, where nothing is said after the upgrade. And how long it takes until all are back after
 * the host was started again.
 *
 *   node --import tsx tests/bench/joins.ts [--quick]
 */
const MEMBERS = extent(500, 500, 30);
const AT_ONCE = 50;

const room = await roomOf({ members: MEMBERS });
const tokens = room.members.map(({ token }) => token);
let host = await hostFor(room);
const ws = await openReference('ws', true);

const { salon, bare, restart } = await alternately({
  salon: () => join(host.pid, { port: host.port, tls: true, speaks: 'salon' }),
  bare: () => join(ws.child.pid, ws.place),
  restart: comeBack,
});
await host.stop();

const report = new Report('joins');
Object.assign(report.figures, { members: MEMBERS, salon, bare, restart });
report.add({
  what: `joins/s over TLS, room of ${MEMBERS}`,
  measured: `${thousands(salon.perSecond)} (${round(salon.kilobytes)} kB each, host ${round(salon.serverBusy)}, generator ${round(salon.generatorBusy)} of a core)`,
  reference: `ws, connection only, ${thousands(bare.perSecond)} (${ratio(salon.perSecond, bare.perSecond)}; generator ${round(bare.generatorBusy)})`,
  target: '≥ 1,000',
});
report.add({
  what: 'CPU of the host for a join, ms',
  measured: `${round(salon.cpuMs)}`,
  reference: `ws, connection only, ${round(bare.cpuMs)} (${ratio(salon.cpuMs, bare.cpuMs)})`,
  target: '≤ 1',
});
report.add({
  what: `${MEMBERS} members back after a restart, seconds from the start of the process`,
  measured: `${round(restart.seconds)}`,
  reference: '',
  target: '≤ 5',
});
report.write();
process.exit(0);

async function join(pid: number, place: Place) {
  const crowd = openCrowd();
  apart(pid, crowd.pid);
  const [before, cpuBefore] = [await crowd.counters(), cpuSeconds(pid)];
  const ms = await crowd.connect(place, tokens, AT_ONCE);
  const [after, cpuAfter] = [await crowd.counters(), cpuSeconds(pid)];
  crowd.end();
  // Until it is told that all are gone.
  await sleep(4_000);
  return {
    perSecond: (MEMBERS / ms) * 1000,
    cpuMs: ((cpuAfter - cpuBefore) * 1000) / MEMBERS,
    serverBusy: (cpuAfter - cpuBefore) / (ms / 1000),
    generatorBusy: (after.cpu - before.cpu) / (ms / 1000),
    kilobytes: (after.bytes - before.bytes) / MEMBERS / 1000,
  };
}

/** All at once, as soon as there is a port again. */
async function comeBack() {
  await host.stop();
  const crowd = openCrowd();
  await crowd.counters();
  const began = performance.now();
  host = await hostFor(room);
  apart(host.pid, crowd.pid);
  await crowd.connect({ port: host.port, tls: true, speaks: 'salon' }, tokens, MEMBERS);
  const seconds = (performance.now() - began) / 1000;
  crowd.end();
  await sleep(4_000);
  return { seconds };
}
