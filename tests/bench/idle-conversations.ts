import { openCrowd } from './crowd.ts';
import { alternately, extent, ratio, Report, round, sleep, thousands } from './measure.ts';
import { roomOf, type SeededRoom } from './rooms.ts';
import { apart, flow, hostFor } from './subjects.ts';

/**
 * What conversations cost in which nobody says anything: the same load with none, and with thousands of them.
 *
 *   node --import tsx tests/bench/idle-conversations.ts [--quick]
 */
const DIRECTS = extent(5_000, 1_000, 50);
const HERE = 20;

const rooms = {
  none: await roomOf({ members: DIRECTS + 1, directs: 0 }),
  many: await roomOf({ members: DIRECTS + 1, directs: DIRECTS }),
};
const { none, many } = await alternately({ none: () => run(rooms.none), many: () => run(rooms.many) });

const report = new Report('idle-conversations');
Object.assign(report.figures, { directs: DIRECTS, none, many });
report.add({
  what: `CPU of the host for a message to ${HERE} members, one of whom has ${thousands(DIRECTS)} idle conversations, µs`,
  measured: `${round(many.cpuPerMessage)}`,
  reference: `with none ${round(none.cpuPerMessage)} (${ratio(many.cpuPerMessage, none.cpuPerMessage)})`,
  target: '0.8 to 1.2 ×',
});
report.write();
process.exit(0);

async function run(room: SeededRoom): Promise<{ cpuPerMessage: number }> {
  const host = await hostFor(room);
  const crowd = openCrowd();
  apart(host.pid, crowd.pid);
  const tokens = room.members.slice(0, HERE).map(({ token }) => token);
  await crowd.connect({ port: host.port, tls: true, speaks: 'salon' }, tokens, 10);
  await sleep(1_000);
  await crowd.start({ senders: HERE, window: 20, bodyBytes: 100, where: room.lobby });
  const { cpuPerMessage } = await flow(host.pid, crowd);
  await crowd.finish(HERE);
  crowd.end();
  await host.stop();
  return { cpuPerMessage };
}
