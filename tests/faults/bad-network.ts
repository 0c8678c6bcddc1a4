// Runs on the members' computer, that is, in its network namespace; network.test.ts makes the network and starts this.
//
//   node --import tsx bad-network.ts HOST_NAMESPACE HOST_ADDRESS OWN_NAMESPACE OWN_ADDRESS
import { execFileSync } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { Computer } from '../support/namespaces.ts';
import { percentile } from '../support/percentile.ts';
import { until } from '../support/visitor.ts';
import { Hosted, UNHURRIED } from './hosted.ts';
import { settled, type Member } from './member.ts';
import { between, effort, isLong, randomFrom, report, seed } from './trial.ts';

const [hostName = '', hostAddress = '', ownName = '', ownAddress = ''] = process.argv.slice(2);
const host = new Computer(hostName, hostAddress);
const own = new Computer(ownName, ownAddress);
const random = randomFrom(seed);
/** What comes by the cable: a computer still hears itself. */
const ALL = 'iifname eth0';
/** Noticed and back by then, on however slow a machine. In milliseconds. */
const LONG_MS = 180_000;

const hosted = await Hosted.open(['ada', 'grace', 'edsger'], {
  ...{ computer: host, args: UNHURRIED },
});
const { members, oracle } = hosted;
await lossy();
await onAndOff();
if (isLong) {
  await narrow();
  await silent();
} else console.log('▸ dead connection noticed: only in the long form, it takes 35 seconds each');
report('in all', await hosted.judge());
process.exit(0);

async function lossy(): Promise<void> {
  for (const percent of isLong ? [1, 5, 20] : [5]) {
    const before = { answers: oracle.answerTimes.length, connections: connections() };
    for (const each of [host, own]) each.lose(percent);
    await hosted.write(random, effort(30, 400));
    for (const each of [host, own]) each.dropNothing();
    await settled(members);
    const times = oracle.answerTimes.slice(before.answers);
    report(`${percent} % of packets lost`, {
      answers: times.length,
      ...{ p50Ms: percentile(times, 0.5), p99Ms: percentile(times, 0.99) },
      reconnected: connections() - before.connections,
    });
  }
}

/** Cables that are out for a moment, one way or both, again and again while everybody writes. */
async function onAndOff(): Promise<void> {
  const toggles = effort(4, 80);
  const before = connections();
  let over = false;
  const writing = members.map((member) =>
    member.keepWriting(
      random,
      members.filter((each) => each !== member),
      () => over,
    ),
  );
  for (let i = 0; i < toggles; i += 1) {
    const dead = [[host], [own], [host, own]][i % 3] ?? [];
    for (const each of dead) each.drop(ALL);
    await wait(between(random, 100, 1_500));
    const answers = oracle.acknowledgements;
    for (const each of dead) each.dropNothing();
    await until(() => oracle.acknowledgements > answers, 'an answer once the network is back', LONG_MS);
  }
  over = true;
  await Promise.all(writing);
  await settled(members);
  report('network out for a moment', { times: toggles, reconnected: connections() - before });
}

/** A line on which nothing is quick. */
async function narrow(): Promise<void> {
  const before = { answers: oracle.answerTimes.length, connections: connections() };
  for (const each of [host, own]) each.narrow('64kbit');
  await hosted.write(random, 200);
  await settled(members);
  for (const each of [host, own]) each.widen();
  const times = oracle.answerTimes.slice(before.answers);
  report('64 kbit/s', {
    ...{ p50Ms: percentile(times, 0.5), p99Ms: percentile(times, 0.99) },
    reconnected: connections() - before.connections,
  });
}

/** Nothing arrives any more, and nobody is told: both ends must find out, and what was written must wait. */
async function silent(): Promise<void> {
  for (const [what, dead] of [
    ['both ways', [host, own]],
    ['on the way to the host', [host]],
    ['on the way to the members', [own]],
  ] as const) {
    await settled(members);
    await until(() => online() === members.length, 'the host to have everybody');
    for (const each of dead) each.drop(ALL);
    const began = performance.now();
    for (const member of members) await member.write();
    const [ada] = members as [Member];
    let clientS = 0;
    let hostS = 0;
    while (clientS === 0 || hostS === 0) {
      const seconds = (performance.now() - began) / 1_000;
      assert.ok(seconds < LONG_MS / 1_000, `noticed by the client: ${clientS}, by the host: ${hostS}`);
      if (clientS === 0 && !ada.isIn) clientS = Math.round(seconds);
      if (hostS === 0 && online() === 0) hostS = Math.round(seconds);
      await wait(1_000);
    }
    assert.is(ada.waiting, 1, 'what was written waits');
    for (const each of dead) each.dropNothing();
    const restored = performance.now();
    await settled(members);
    const backS = Math.round((performance.now() - restored) / 1_000);
    report(`dead connection noticed, silent ${what}`, {
      clientAfterSeconds: clientS,
      hostAfterSeconds: hostS,
      backAfterSeconds: backS,
    });
  }
}

/** How many members the host believes to be there. It tells only its own computer. */
function online(): number {
  const ask = `fetch('http://127.0.0.1:${hosted.host.port}/health').then((answer) => answer.text()).then(console.log)`;
  const told = execFileSync('ip', ['netns', 'exec', host.name, process.execPath, '-e', ask]);
  return (JSON.parse(told.toString()) as { online: number }).online;
}

function connections(): number {
  return members.reduce((sum, member) => sum + member.connections, 0);
}
