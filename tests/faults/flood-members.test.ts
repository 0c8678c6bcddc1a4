// time limit: 120 s
// long time limit: 510 s
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { scratch, startHost, type HostProcess } from '../support/processes.ts';
import { OPCODE, RawSocket } from '../support/raw-socket.ts';
import { addressOf, AS_USUAL, Bystanders, heldBy, signInFrom } from './crowd.ts';
import { flood } from './flooder.ts';
import { effort, either, report } from './trial.ts';

/** More than any of it should take, with what a garbage collector leaves lying about. In megabytes. */
const MOST_GROWTH = 200;

const floods = suite('A flood');

let host: HostProcess;
let members: Bystanders;
let address: string;

floods.before(async () => {
  host = await startHost(await scratch(), AS_USUAL);
  address = `127.0.0.1:${host.port}`;
  members = await Bystanders.come(address, host.owner?.code ?? null);
  await members.more(4);
});

const megabytes = () => heldBy(host.pid)?.megabytes ?? 0;

/** What members noticed of something, and what the host held during it. */
async function during(trouble: () => Promise<Record<string, number | string>>, what: string): Promise<void> {
  const [before, quiet] = [megabytes(), members.mark];
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, megabytes())), 200);
  const figures = await trouble();
  clearInterval(watch);
  const busy = members.mark;
  await members.more(2);
  report(what, {
    ...figures,
    'MB before': before,
    'MB at most': most,
    'acknowledged before': members.times(0, quiet).told,
    'and during': members.times(quiet, Math.max(busy, quiet + 1)).told,
  });
  assert.ok(most - before < MOST_GROWTH, `from ${before} MB to ${most} MB`);
}

const ask = (command: string, input: unknown) => JSON.stringify({ t: 'ask', id: 1, command, input });

/** What one connection says again and again until it is closed. */
const CHATTER: [string, (socket: RawSocket) => void][] = [
  ['asks', (socket) => socket.send(ask('presence.set', { presence: 'here' }))],
  ['asks of nothing', (socket) => socket.send(ask('message.shout', {}))],
  ['texts that are no asks', (socket) => socket.send('[]')],
  ['pings', (socket) => socket.send('x', { opcode: OPCODE.ping })],
  ['pongs', (socket) => socket.send('x', { opcode: OPCODE.pong })],
];

floods('of frames from one who is signed in ends with 4008, and with nobody else’s connection', async () => {
  const { token } = members.people[0] ?? { token: '' };
  await during(async () => {
    const codes = new Set<string>();
    const rounds = effort(3, 10);
    let sent = 0;
    for (let round = 0; round < rounds; round += 1) {
      for (const [what, say] of CHATTER) {
        // From one computer each round: one alone may not come so often.
        const socket = await RawSocket.connect(address, {}, addressOf(1_900 + round));
        socket.send(ask('hello', { protocol: 1, language: 'en', client: 'flood' }));
        socket.send(ask('session.resume', { token }));
        await socket.json(({ t }) => t === 'answer');
        const ended = socket.closeCode();
        let over = false;
        void ended.then(() => (over = true));
        for (let n = 0; n < 100_000 && !over; n += 1) {
          say(socket);
          sent += 1;
          if (n % 20 === 0) await sleep(1);
        }
        codes.add(`${what} ${await ended}`);
        socket.destroy();
      }
    }
    // Whoever goes on writing after the close may be cut before it arrives.
    assert.ok(
      [...codes].some((code) => code.endsWith(' 4008')),
      [...codes].join(', '),
    );
    assert.ok(
      [...codes].every((code) => /(4008|1006)$/.test(code)),
      [...codes].join(', '),
    );
    return { connections: rounds * CHATTER.length, frames: sent };
  }, 'frames without end');
});

const COMPUTERS = Array.from({ length: 50 }, (_, n) => addressOf(2_000 + n));

floods('of passwords is slowed down, and keeps out nobody who knows the right one', async () => {
  await during(async () => {
    const connections = effort(400, 6_000);
    const flooding = flood({
      ...{ kind: 'logins', port: host.port, from: COMPUTERS, count: connections, abreast: 200 },
      // Five attempts on each.
      perSecond: 200,
    });
    await members.more(4);
    const caller = await signInFrom(address, addressOf(1), 'bystander-0');
    caller.close();
    const { outcomes, tookMs } = await flooding.done;
    const tried = outcomes['BAD_LOGIN'] ?? 0;
    // Three at once for each name and address, then one after 1, 2, 4 … seconds; a few may be on their way together.
    const most = COMPUTERS.length * (3 + Math.ceil(Math.log2(tookMs / 1_000 + 2)) + 20);
    assert.ok(tried > 0 && tried <= most, `${tried} passwords were looked at, ${most} at most may be`);
    assert.is(outcomes['in'], undefined);
    return { connections, ...outcomes, 'a second': Math.round((connections * 5_000) / tookMs) };
  }, 'passwords from fifty computers');
});

floods('of new people is slowed down', async () => {
  await during(async () => {
    const count = effort(100, 1_500);
    const flooding = flood({
      ...{ kind: 'joins', port: host.port, from: COMPUTERS.slice(0, either(1, 5)), count, abreast: 20 },
      perSecond: either(25, 50),
    });
    const { outcomes } = await flooding.done;
    const joined = outcomes['in'] ?? 0;
    assert.ok(
      joined > 0 && joined <= either(1, 5) * 110,
      `${joined} from as many computers as may be a hundred each`,
    );
    return { connections: count, ...outcomes };
  }, 'sign-ups');
});

floods('took nothing from the members', async () => {
  report('members during the floods', { wrote: await members.end(), lost: 0, doubled: 0 });
  assert.is(await host.stop(), 0);
});

floods.run();
