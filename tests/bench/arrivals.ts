import { openCrowd } from './crowd.ts';
import { extent, Report, round, sleep, thousands } from './measure.ts';
import type { Place } from './member.ts';
import { roomOf } from './rooms.ts';
import { hostFor } from './subjects.ts';

/**
 * What somebody's coming costs those who are there already: bytes, which nothing else on this computer changes.
 *
 *   node --import tsx tests/bench/arrivals.ts [--quick]
 */
const SIZES = extent([200, 1_000], [200, 1_000], [20, 40]);
const COMING = extent(100, 100, 10);

const report = new Report('arrivals');
const measured: { size: number; bytes: number }[] = [];
for (const size of SIZES) measured.push({ size, bytes: await bytesForEach(size) });
const [few, many] = measured;
if (few === undefined || many === undefined) throw new Error('two sizes are compared');
Object.assign(report.figures, { few, many, coming: COMING });
report.add({
  what: `bytes to each member for each of ${COMING} who come into a room of ${thousands(many.size)}`,
  measured: `${round(many.bytes, 3)}`,
  reference: `room of ${few.size}: ${round(few.bytes, 3)}`,
  target: 'the same: changes, never members²',
});
report.write();
process.exit(0);

async function bytesForEach(size: number): Promise<number> {
  const room = await roomOf({ members: 1, guests: size });
  const host = await hostFor(room);
  const place: Place = { port: host.port, tls: false, speaks: 'salon' };
  const tokens = room.guests.map(({ token }) => token);
  const [there, coming] = [openCrowd(), openCrowd()];
  await there.connect(place, tokens.slice(0, size - COMING), 20);
  await sleep(2_000);
  const before = await there.counters();
  await coming.connect(place, tokens.slice(size - COMING), 20);
  await sleep(1_000);
  const after = await there.counters();
  there.end();
  coming.end();
  await host.stop();
  return (after.bytes - before.bytes) / (size - COMING) / COMING;
}
