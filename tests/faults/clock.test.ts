// time limit: 300 s
// long time limit: 480 s
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { scratch } from '../support/processes.ts';
import { PASSWORD } from '../support/room.ts';
import { until } from '../support/visitor.ts';
import { Hosted } from './hosted.ts';
import { settled, type Member } from './member.ts';
import { effort, either, randomFrom, report, seed } from './trial.ts';

const clock = suite('A host whose clock');

const HOUR_S = 3_600;
const YEAR_S = 365 * 24 * HOUR_S;
/** Long enough for a heartbeat gone wild to show. In milliseconds. */
const WATCH_MS = either(1_000, 5_000);
/** A quiet room is told next to nothing in that time. */
const MOST_FRAMES = 30;

function libfaketime(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  return readdirSync('/usr/lib')
    .map((name) => join('/usr/lib', name, 'faketime/libfaketime.so.1'))
    .find((path) => existsSync(path));
}

const library = libfaketime();
const missing = library === undefined ? 'faketime is not installed' : null;
if (missing !== null) console.log(`▸ clock: skipped, ${missing}`);

/** A clock that can be set while its host runs; `hold` leaves the clock for timers alone, as setting a real one does. */
async function setClock({ hold }: { hold: boolean }) {
  const file = join(await scratch(), 'clock');
  const set = (text: string) => writeFileSync(file, text);
  set('+0');
  const env = {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    TZ: 'Europe/Paris',
    ...(hold ? { FAKETIME_DONT_FAKE_MONOTONIC: '1', DONT_FAKE_MONOTONIC: '1' } : {}),
  };
  return { set, by: (seconds: number) => set(`${seconds < 0 ? '-' : '+'}${Math.abs(seconds)}`), env };
}

/** So many seconds from now to three seconds before that moment. */
function shortlyBefore(moment: number): number {
  return Math.round((moment - Date.now()) / 1000) - 3;
}

const JUMPS: readonly [what: string, seconds: () => number][] = [
  ['an hour ahead', () => HOUR_S],
  ['an hour behind', () => -HOUR_S],
  ['a year ahead', () => YEAR_S],
  ['a year behind', () => -YEAR_S],
  ['over the end of 32 bits', () => shortlyBefore(Date.UTC(2038, 0, 19, 3, 14, 8))],
  ['over the beginning of summer time', () => shortlyBefore(Date.UTC(2027, 2, 28, 1))],
  ['over the end of summer time', () => shortlyBefore(Date.UTC(2027, 9, 31, 1))],
  ['back to now', () => 0],
];

/** How much processor time a process has used. In hundredths of a second. */
function ticksOf(pid: number): number {
  const [, fields = ''] = /\)\s+(.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
  const [user = 0, system = 0] = fields.split(' ').slice(11, 13).map(Number);
  return user + system;
}

clock('jumps keeps everybody connected, in order, and its times from going back', async () => {
  if (missing !== null) return;
  const random = randomFrom(seed);
  const { by, env } = await setClock({ hold: true });
  const hosted = await Hosted.open(['ada', 'grace', 'edsger'], { env });
  const { members } = hosted;
  const connections = members.map((member) => member.connections);
  const most = { frames: 0, ticks: 0 };
  for (const [what, seconds] of JUMPS) {
    by(seconds());
    await hosted.write(random, effort(6, 60));
    await settled(members);
    const frames = members.map(({ framesHeard }) => framesHeard);
    const ticks = ticksOf(hosted.host.pid);
    await wait(WATCH_MS);
    const heard = members.map(({ framesHeard }, i) => framesHeard - (frames[i] ?? 0));
    most.frames = Math.max(most.frames, ...heard);
    most.ticks = Math.max(most.ticks, ticksOf(hosted.host.pid) - ticks);
    assert.ok(Math.max(...heard) < MOST_FRAMES, `${what}: told ${heard.join(', ')} frames in a quiet room`);
  }
  assert.equal(
    members.map((member) => member.connections),
    connections,
    'nobody had to come back',
  );
  report('clock jumps', {
    jumps: JUMPS.length,
    ...{ mostFramesWhenQuiet: most.frames, mostProcessorMsWhenQuiet: most.ticks * 10 },
    ...(await hosted.judge()),
  });
});

clock('is wrong when it starts ends a session only by its own rule, and never what was written', async () => {
  if (missing !== null) return;
  const { by, env } = await setClock({ hold: true });
  const hosted = await Hosted.open(['ada', 'grace'], { env });
  const [ada, grace] = hosted.members as [Member, Member];
  const outs: string[] = [];
  for (const [what, seconds] of [
    ['an hour ahead', HOUR_S],
    ['a year behind', -YEAR_S],
    ['a year ahead', YEAR_S],
  ] as const) {
    await hosted.kill();
    await until(() => ada.visitor.visit.status === 'lost', 'ada to notice');
    await ada.write();
    await ada.write([grace]);
    by(seconds);
    await hosted.restart();
    for (const { visitor } of hosted.members) {
      await until(() => ['in', 'door'].includes(visitor.visit.status), 'an answer', 60_000);
      if (visitor.visit.status === 'in') continue;
      outs.push(what);
      await visitor.visit.signIn(visitor === ada.visitor ? 'ada' : 'grace', PASSWORD);
    }
    await settled(hosted.members);
  }
  // By the host's clock they had not been here for a year: that is the rule for sessions, and all that it may cost.
  assert.equal(outs, ['a year ahead', 'a year ahead']);
  report('clock wrong at start', { signedInAgain: outs.length, ...(await hosted.judge()) });
});

clock('runs ten times as fast keeps the promise too', async () => {
  if (missing !== null) return;
  const { set, env } = await setClock({ hold: false });
  const hosted = await Hosted.open(['ada', 'grace'], { env });
  set('+0 x10');
  await hosted.write(randomFrom(seed), effort(25, 400));
  set('+0');
  report('clock ten times as fast', { ...(await hosted.judge()) });
});

clock.run();
