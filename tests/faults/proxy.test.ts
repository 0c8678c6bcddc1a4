// time limit: 300 s
// long time limit: 2400 s
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../support/visitor.ts';
import { Hosted } from './hosted.ts';
import { settled, type Member } from './member.ts';
import { Proxy, type Cut, type Direction, type Forecast } from './proxy.ts';
import { between, effort, either, randomFrom, report, seed } from './trial.ts';

const network = suite('On a network that');

/** What is written in one session, and how long it is. */
const MESSAGES = 2;
const PADDING = 'x'.repeat(300);
/** Who try places at the same time. */
const TRAVELLERS = either(2, 6);
/** A connection that nobody ended is given up after 35 seconds, on a busy machine later. In milliseconds. */
const PATIENCE_MS = 180_000;
const CUTS: readonly Cut[] = ['reset', 'end', 'halfEnd'];

/** A member who comes by a network of their own. */
interface Traveller {
  member: Member;
  proxy: Proxy;
}

async function travel(hosted: Hosted, name: string): Promise<Traveller> {
  const proxy = await Proxy.open(hosted.host.port, randomFrom(seed));
  return { proxy, member: await hosted.join(name, proxy.address) };
}

/**
 * A page that is loaded: the handshake, the way in by its token, and some messages, which are answered and heard again.
 * Nothing of it grows from one session to the next.
 */
async function session({ member }: Traveller): Promise<void> {
  await member.visitor.reload();
  await until(() => member.isIn, 'the member to be in', PATIENCE_MS);
  await Promise.all(Array.from({ length: MESSAGES }, () => member.write([], PADDING)));
  await until(() => member.isSettled, 'the messages to leave', PATIENCE_MS);
}

/** For whoever has to find out why it never ended. */
function stateOf({ member, proxy }: Traveller): string {
  const { visit } = member.visitor;
  const pending = visit.room?.outbox.pending.map(({ state, refusal }) => `${state} ${refusal ?? ''}`) ?? [];
  const { status, retryAt, diagnosis } = visit;
  return JSON.stringify({ status, retryAt, diagnosis, pending, connections: proxy.connections });
}

/** How many bytes a session takes each way, when nothing happens to it. */
async function measure(traveller: Traveller): Promise<Record<Direction, number>> {
  const { passed } = traveller.proxy;
  const before = { ...passed };
  await session(traveller);
  return { toHost: passed.toHost - before.toHost, toClient: passed.toClient - before.toClient };
}

/** Every place in a session at which it is cut. */
function placesOf(whole: Record<Direction, number>): { direction: Direction; after: number; how: Cut }[] {
  const random = randomFrom(seed);
  return (['toHost', 'toClient'] as const).flatMap((direction) => {
    const step = Math.ceil(whole[direction] / effort(20, whole[direction]));
    const first = between(random, 0, step - 1);
    return Array.from({ length: Math.ceil((whole[direction] - first) / step) }, (_, i) => ({
      direction,
      after: first + i * step,
      how: CUTS[i % CUTS.length] ?? 'reset',
    }));
  });
}

network('breaks after any byte, one way or the other: each message arrives once', async () => {
  const hosted = await Hosted.open([], { args: ['--max-per-address', '10000'] });
  const travellers: Traveller[] = [];
  for (let i = 0; i < TRAVELLERS; i += 1) travellers.push(await travel(hosted, `member${i}`));
  const [first] = travellers as [Traveller];
  const whole = await measure(first);
  const places = placesOf(whole);
  const waiting = [...places];
  const slowest = { ms: 0, place: '' };
  await Promise.all(
    travellers.map(async (traveller) => {
      const { proxy } = traveller;
      for (let place = waiting.shift(); place !== undefined; place = waiting.shift()) {
        const { direction, after, how } = place;
        const next = proxy.connections;
        proxy.forecast = (connection) =>
          connection === next ? { [direction]: { cut: { after, how } } } : {};
        const began = performance.now();
        const where = `${direction} ${after} ${how}`;
        await session(traveller).catch((cause: unknown) => {
          throw new Error(`${where}: ${stateOf(traveller)}`, { cause });
        });
        const ms = Math.round(performance.now() - began);
        if (ms > slowest.ms) Object.assign(slowest, { ms, place: where });
      }
      // The last cut may still be to come.
      proxy.forecast = () => ({});
      await session(traveller);
    }),
  );
  const cuts = travellers.reduce((sum, { proxy }) => sum + proxy.cuts, 0);
  assert.ok(places.length >= 30 && cuts >= places.length * 0.9, `${cuts} cuts at ${places.length} places`);
  report('cut after any byte', {
    ...{ bytesToHost: whole.toHost, bytesToClient: whole.toClient, places: places.length, cuts },
    ...{ slowestSessionMs: slowest.ms, cutThere: slowest.place },
    ...(await hosted.judge()),
  });
  for (const { proxy } of travellers) await proxy.close();
});

/** Shorter than what passes for a dead connection. In milliseconds. */
const STALL_MS = effort(2_500, 20_000);
const STALLS = effort(3, 12);

network('stalls one way or the other, and goes on: each message arrives once', async () => {
  const hosted = await Hosted.open([]);
  const grace = await hosted.join('grace');
  const traveller = await travel(hosted, 'ada');
  const { proxy, member } = traveller;
  const whole = await measure(traveller);
  let anew = 0;
  for (const direction of ['toHost', 'toClient'] as const) {
    for (let i = 0; i < STALLS; i += 1) {
      // The first ones while somebody comes in, the others while they write.
      const after = Math.floor((whole[direction] * (i + 0.5)) / STALLS);
      const [next, stalls] = [proxy.connections, proxy.stalls];
      proxy.forecast = (connection) =>
        connection === next ? { [direction]: { stall: { after, forMs: STALL_MS } } } : {};
      await session(traveller);
      assert.is(proxy.stalls, stalls + 1, `it never stalled after ${after} bytes`);
      anew += proxy.connections - next - 1;
      if (i === STALLS - 1) assert.is(proxy.connections, next + 1, 'nobody was thought dead');
    }
  }
  await settled([member, grace]);
  report('stalls', { stalls: proxy.stalls, forMs: STALL_MS, anew, ...(await hosted.judge()) });
  await proxy.close();
});

const WEATHERS: readonly [what: string, forecast: Forecast][] = [
  ['1-byte packets', () => ({ toHost: { pieces: 1 }, toClient: { pieces: 1 } })],
  ['7-byte packets', () => ({ toHost: { pieces: 7 }, toClient: { pieces: 7 } })],
  ['gathered for 80 ms', () => ({ toHost: { gatherMs: 80 }, toClient: { gatherMs: 80 } })],
  ['50 to 500 ms late', () => ({ toHost: { delayMs: [50, 500] }, toClient: { delayMs: [50, 500] } })],
  ['late one way only', () => ({ toClient: { delayMs: [300, 500] } })],
];

network(
  'is slow, splits or gathers packets: everything arrives once, and nobody is thought dead',
  async () => {
    const hosted = await Hosted.open([]);
    const { proxy, member: ada } = await travel(hosted, 'ada');
    const grace = await hosted.join('grace');
    const random = randomFrom(seed);
    const figures: Record<string, number> = {};
    for (const [what, forecast] of WEATHERS) {
      proxy.forecast = forecast;
      await ada.visitor.reload();
      await until(() => ada.isIn, 'ada to be in', 60_000);
      const connections = proxy.connections;
      const before = hosted.oracle.acknowledgements;
      await hosted.write(random, effort(12, 300));
      await settled([ada, grace]);
      assert.is(proxy.connections, connections, `one connection was enough with ${what}`);
      figures[what] = hosted.oracle.acknowledgements - before;
    }
    report('acknowledged with', { ...figures, ...(await hosted.judge()) });
    await proxy.close();
  },
);

network.run();
