// time limit: 120 s
// long time limit: 480 s
import { execFileSync } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ulid } from 'ulid';
import { openRoom } from '../support/room.ts';
import { scratch, startHost } from '../support/processes.ts';
import { addressOf, AS_USUAL, Bystanders, heldBy, signInFrom } from './crowd.ts';
import { flood } from './flooder.ts';
import { effort, report } from './trial.ts';

const scarcity = suite('A host that runs out');

scarcity('of file descriptors keeps those who are in, and lets others in again afterwards', async () => {
  const directory = await scratch();
  const host = await startHost(directory, AS_USUAL);
  const address = `127.0.0.1:${host.port}`;
  const members = await Bystanders.come(address, host.owner?.code ?? null);
  await members.more(2);
  const before = heldBy(host.pid);
  if (before === null || !limitDescriptors(host.pid, before.descriptors + 40)) {
    await members.end();
    await host.stop();
    return console.log('▸ file descriptors: skipped, there is no prlimit or /proc on this computer');
  }

  let closed = 0;
  const sockets: Socket[] = [];
  const rounds = effort(3, 20);
  let cpuMs = 0;
  for (let round = 0; round < rounds; round += 1) {
    // Not even the one that the system's library keeps in reserve to turn people away with.
    if (round === rounds - 1) limitDescriptors(host.pid, before.descriptors - 2);
    const opened = Array.from({ length: 200 }, (_, n) =>
      connect({ host: '127.0.0.1', port: host.port, localAddress: addressOf(3_000 + (n % 10)) })
        .on('error', () => undefined)
        .on('close', () => (closed += 1))
        .resume(),
    );
    sockets.push(...opened);
    // There is none left now, and whoever comes is turned away at once.
    const atFirst = heldBy(host.pid)?.cpuMs ?? 0;
    await sleep(1_000);
    cpuMs += (heldBy(host.pid)?.cpuMs ?? 0) - atFirst;
    await members.more(1);
  }
  const most = heldBy(host.pid)?.descriptors ?? 0;
  const turnedAway = closed;
  for (const socket of sockets) socket.destroy();
  limitDescriptors(host.pid, before.descriptors + 40);
  const caller = await retried(() => signInFrom(address, addressOf(1), 'bystander-0'));
  caller.close();
  const wrote = await members.end();
  assert.is(await host.stop(), 0, host.errors());
  report('file descriptors', {
    connections: sockets.length,
    'turned away': turnedAway,
    'descriptors at most': most,
    'CPU share meanwhile': `${Math.round(cpuMs / rounds / 10)} %`,
    wrote,
    lost: 0,
    doubled: 0,
  });
  assert.ok(turnedAway >= 100 * (rounds - 1), 'most of them were turned away');
  // It does not try in vain without a pause to take those that it has no descriptor for.
  assert.ok(cpuMs / rounds < 800, `${cpuMs / rounds} ms of processor time in a second`);
  await intact(directory);
});

scarcity(
  'of memory refuses or ends rather than forget, and opens again with all that was acknowledged',
  async () => {
    const directory = await scratch();
    const options = process.env['NODE_OPTIONS'];
    process.env['NODE_OPTIONS'] = `${options ?? ''} --max-old-space-size=${SMALL_HEAP}`;
    const host = await startHost(directory, AS_USUAL);
    if (options === undefined) delete process.env['NODE_OPTIONS'];
    else process.env['NODE_OPTIONS'] = options;
    const members = await Bystanders.come(`127.0.0.1:${host.port}`, host.owner?.code ?? null);
    await members.more(2);
    const everywhere = Array.from({ length: 60 }, (_, n) => addressOf(4_000 + n));
    const kinds = [
      { kind: 'tls', count: effort(300, 3_000), abreast: 300 },
      { kind: 'logins', count: effort(150, 3_000), abreast: 100 },
    ] as const;
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, heldBy(host.pid)?.megabytes ?? 0)), 200);
    const all = await Promise.all(
      kinds.map((more) => flood({ ...more, port: host.port, from: everywhere }).done),
    );
    clearInterval(watch);
    await members.more(2);
    const wrote = await members.end();
    assert.is(await host.stop(), 0, host.errors());
    report(`a heap of ${SMALL_HEAP} MB`, {
      ...Object.fromEntries(kinds.map(({ kind }, n) => [kind, JSON.stringify(all[n]?.outcomes)])),
      'MB at most': most,
      wrote,
      lost: 0,
      doubled: 0,
    });
    await intact(directory);
  },
);

/** An eighth of what a small computer gives it. In megabytes. */
const SMALL_HEAP = 64;

/** Of a process that runs already. */
function limitDescriptors(pid: number, most: number): boolean {
  try {
    execFileSync('prlimit', ['--pid', String(pid), `--nofile=${most}:`]);
    return true;
  } catch {
    return false;
  }
}

async function retried<T>(attempt: () => Promise<T>): Promise<T> {
  for (let left = 40; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0) throw error;
      await sleep(250);
    }
  }
}

/** The room opens again, and goes on. */
async function intact(directory: string): Promise<void> {
  const room = await openRoom({ directory });
  const newcomer = await room.join(`n${ulid().slice(-8)}`.toLowerCase());
  const { head } = await newcomer.caller.ask('history.page', {
    conversationId: newcomer.lobby,
    after: 0,
    limit: 1,
  });
  let last = 0;
  while (last < head) {
    const { events } = await newcomer.caller.ask('history.page', {
      conversationId: newcomer.lobby,
      after: last,
      limit: 200,
    });
    assert.equal(
      events.map(({ seq }) => seq),
      events.map((_, i) => last + 1 + i),
    );
    last = events.at(-1)?.seq ?? head;
  }
  await room.close();
}

scarcity.run();
