// time limit: 300 s
// long time limit: 900 s
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { percentile } from '../support/percentile.ts';
import { until } from '../support/visitor.ts';
import { Hosted } from './hosted.ts';
import { settled } from './member.ts';
import { effort, either, isLong, randomFrom, report, seed } from './trial.ts';

const soak = suite('A room that is used for long');

const SECONDS = effort(12, 5 * 60);
const MIB = 1024 * 1024;
const MOST_WAL_BYTES = 16 * MIB;
/** Of a message of a hundred characters or so, with its indexes, half-filled pages, and its share of everything else. */
const MOST_BYTES_EACH = 3 * 1024;

interface Sample {
  rssMib: number;
  files: number;
  walBytes: number;
  databaseBytes: number;
}

function take(pid: number, directory: string): Sample {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const sizeOf = (name: string) =>
    existsSync(join(directory, name)) ? statSync(join(directory, name)).size : 0;
  return {
    rssMib: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024,
    files: readdirSync(`/proc/${pid}/fd`).length,
    walBytes: sizeOf('room.db-wal'),
    databaseBytes: sizeOf('room.db'),
  };
}

soak('grows by what is written, and by nothing else', async () => {
  if (process.platform !== 'linux') {
    return console.log('▸ soak: skipped, a process is looked into on Linux only');
  }
  const random = randomFrom(seed);
  const hosted = await Hosted.open(['ada', 'grace', 'edsger', 'barbara']);
  const { members, host, directory, oracle } = hosted;
  await hosted.write(random, 20);
  await settled(members);
  const before = take(host.pid, directory);
  const samples: Sample[] = [];
  let over = false;
  const writing = members.map((member) =>
    member.keepWriting(
      random,
      members.filter((each) => each !== member),
      () => over,
    ),
  );
  const ends = performance.now() + SECONDS * 1_000;
  let returns = 0;
  while (performance.now() < ends) {
    await wait(either(400, 2_000));
    samples.push(take(host.pid, directory));
    // Somebody closes the page and opens it again.
    const somebody = members[returns % members.length];
    await somebody?.visitor.reload();
    await until(() => somebody?.isIn === true, 'somebody to be back', 60_000);
    returns += 1;
  }
  over = true;
  await Promise.all(writing);
  await settled(members);
  // The connections that were left, and what closes them in the end.
  await until(() => take(host.pid, directory).files <= before.files + 1, 'no more files than before', 30_000);
  const after = take(host.pid, directory);
  const rss = samples.map(({ rssMib }) => rssMib);
  const third = Math.floor(rss.length / 3);
  const [middle, last] = [
    percentile(rss.slice(third, 2 * third), 0.5),
    percentile(rss.slice(2 * third), 0.5),
  ];
  const walBytes = Math.max(...samples.map((sample) => sample.walBytes));
  const judged = await hosted.judge();
  const databaseBytes = statSync(join(directory, 'room.db')).size;
  assert.ok(walBytes <= MOST_WAL_BYTES, `the log grew to ${walBytes} bytes`);
  assert.ok(databaseBytes <= judged.stored * MOST_BYTES_EACH + MIB, `${databaseBytes} bytes in all`);
  // In seconds there is nothing to see but the warming up.
  if (isLong) assert.ok(last <= middle * 1.2 + 5, `${middle} MiB, later ${last} MiB`);
  report(`${SECONDS} s of use`, {
    returns,
    ...{ rssMibMiddle: middle, rssMibLast: last, filesBefore: before.files, filesAfter: after.files },
    ...{ mostWalKib: Math.round(walBytes / 1024), databaseKib: Math.round(databaseBytes / 1024) },
    ...judged,
    perSecond: Math.round(oracle.acknowledgements / SECONDS),
  });
});

soak.run();
