import { openCrowd } from './crowd.ts';
import { alternately, extent, ratio, Report, residentKiB, round, sleep, thousands } from './measure.ts';
import { Inspector } from './inspector.ts';
import type { Place } from './member.ts';
import { roomOf } from './rooms.ts';
import { hostFor, openReference } from './subjects.ts';

/**
 * What a member costs who is there and says nothing: the host's memory after a collection of garbage, less what it was
 * with nobody in it, for each of them. Against `ws` with as many connections.
 *
 *   node --import tsx tests/bench/memory.ts [--quick]
 */
const SIZES = extent([1_000, 5_000], [1_000], [50]);
const ROUNDS_EACH = extent(3, 1, 1);

// Asked for its garbage through the inspector, which opens on a signal: the host is the one that is shipped.
process.env['NODE_OPTIONS'] = '--inspect-port=0';

const report = new Report('memory');
for (const tls of [false, true]) {
  for (const size of SIZES) {
    const { salon, ws } = await alternately(
      { salon: () => ofHost(size, tls), ws: () => ofReference(size, tls) },
      ROUNDS_EACH,
    );
    report.figures[`${size} ${tls ? 'TLS' : 'plain'}`] = { salon, ws };
    report.add({
      what: `KiB for an idle member, ${thousands(size)} ${tls ? 'over TLS' : 'plain'}`,
      measured: `${round(salon.kib)}`,
      reference: `ws ${round(ws.kib)} (${ratio(salon.kib, ws.kib)})`,
      target: tls ? '≤ 40' : '≤ 12',
    });
  }
}
report.write();
process.exit(0);

async function ofHost(size: number, tls: boolean): Promise<{ kib: number }> {
  const room = await roomOf(tls ? { members: size } : { members: 1, guests: size });
  const tokens = (tls ? room.members : room.guests).map(({ token }) => token);
  const host = await hostFor(room);
  const inspector = await Inspector.open(host.pid, host.errors);
  const kib = await forEach(host.pid, inspector, { port: host.port, tls, speaks: 'salon' }, tokens);
  await host.stop();
  return { kib };
}

async function ofReference(size: number, tls: boolean): Promise<{ kib: number }> {
  const { place, child } = await openReference('ws', tls);
  const inspector = await Inspector.open(child.pid, child.errors);
  const kib = await forEach(
    child.pid,
    inspector,
    place,
    Array.from({ length: size }, () => ''),
  );
  child.end();
  return { kib };
}

async function forEach(
  pid: number,
  inspector: Inspector,
  place: Place,
  tokens: readonly string[],
): Promise<number> {
  const crowd = openCrowd();
  // The first ones make what all others use.
  await crowd.connect(place, tokens.slice(0, 10), 10);
  await inspector.collect();
  const before = residentKiB(pid);
  await crowd.connect(place, tokens.slice(10), 20);
  await sleep(2_000);
  await inspector.collect();
  const after = residentKiB(pid);
  const open = await crowd.open();
  if (open !== tokens.length) throw new Error(`${open} of ${tokens.length} are there`);
  crowd.end();
  inspector.close();
  return (after - before) / (tokens.length - 10);
}
