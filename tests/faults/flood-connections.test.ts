// time limit: 120 s
// long time limit: 180 s
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { scratch, startHost, type HostProcess } from '../support/processes.ts';
import { addressOf, AS_USUAL, Bystanders, heldBy, signInFrom, type Held } from './crowd.ts';
import { flood } from './flooder.ts';
import { effort, isLong, report } from './trial.ts';

const floods = suite('A flood of connections');

let host: HostProcess;
let members: Bystanders;

floods.before(async () => {
  host = await startHost(await scratch(), AS_USUAL);
  members = await Bystanders.come(`127.0.0.1:${host.port}`, host.owner?.code ?? null);
  await members.more(8);
});

const held = () => heldBy(host.pid) ?? { megabytes: 0, descriptors: 0, cpuMs: 0 };

/** Once there are as many descriptors as before. */
async function freed(before: Held): Promise<Held> {
  for (let tries = 0; tries < 100 && held().descriptors > before.descriptors; tries += 1) await sleep(200);
  const after = held();
  assert.ok(
    after.descriptors <= before.descriptors,
    `${before.descriptors} before, ${after.descriptors} after`,
  );
  return after;
}

/** Faster, and the system itself would drop some before the host hears of them. */
const PACE = 1_500;

const FLOODS = [
  { what: 'mute, from one computer', kind: 'tcp', computers: 1 },
  { what: 'mute, from a hundred computers', kind: 'tcp', computers: 100, onlyLong: true },
  { what: 'encrypted and mute, from a hundred computers', kind: 'tls', computers: 100 },
  { what: 'encrypted, one after the other, from ten computers', kind: 'handshakes', computers: 10 },
] as const;

for (const { what, kind, computers, ...more } of FLOODS) {
  if ('onlyLong' in more && !isLong) continue;
  floods(`${what}, is cut off while the members go on, and leaves nothing behind`, async () => {
    const before = held();
    const quiet = members.mark;
    const count = effort(600, 5_000);
    const flooding = flood({
      ...{ kind, port: host.port, count, abreast: kind === 'handshakes' ? 50 : count, perSecond: PACE },
      from: Array.from({ length: computers }, (_, n) => addressOf(n)),
    });
    let most = before.megabytes;
    const watch = setInterval(() => (most = Math.max(most, held().megabytes)), 200);
    const { outcomes, longestMs, tookMs } = await flooding.done;
    clearInterval(watch);
    const during = members.mark;
    const after = await freed(before);
    report(`${count} connections, ${what}`, {
      ...outcomes,
      'longest ms': longestMs,
      'took ms': tookMs,
      'MB before': before.megabytes,
      'MB at most': most,
      'MB after': after.megabytes,
      'CPU ms each': ((after.cpuMs - before.cpuMs) / count).toFixed(2),
      'acknowledged before': members.times(0, quiet).told,
      'and during': members.times(quiet, Math.max(during, quiet + 1)).told,
    });
    assert.ok(during > quiet, 'nobody wrote during the flood');
    assert.ok(most < 400, `${most} MB`);
    assert.is(outcomes['held'], undefined, 'a connection on which nothing is said goes on and on');
    await members.more(2);
  });
}

floods('took nothing from the members', async () => {
  const newcomer = await signInFrom(`127.0.0.1:${host.port}`, addressOf(1), 'bystander-0');
  newcomer.close();
  report('members during the floods', { wrote: await members.end(), lost: 0, doubled: 0 });
  assert.is(await host.stop(), 0);
});

floods.run();
