// time limit: 120 s
// long time limit: 1500 s
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../support/visitor.ts';
import { Hosted } from './hosted.ts';
import { settled, type Member } from './member.ts';
import { Proxy, type Cut, type Direction, type Forecast } from './proxy.ts';
import { between, effort, isLong, randomFrom, report, seed } from './trial.ts';

const network = suite('On a network that');

/** What is written in one session, and how long it is. */
const MESSAGES = 4;
const PADDING = 'x'.repeat(300);
const CUTS: readonly Cut[] = ['reset', 'end', 'halfEnd'];

interface Trial {
  hosted: Hosted;
  proxy: Proxy;
  ada: Member;
  grace: Member;
}

/** Ada comes by the proxy, Grace does not. */
async function begin(): Promise<Trial> {
  const hosted = await Hosted.open([], { args: ['--max-per-address', '10000'] });
  const proxy = await Proxy.open(hosted.host.port, randomFrom(seed));
  const ada = await hosted.join('ada', proxy.address);
  const grace = await hosted.join('grace');
  return { hosted, proxy, ada, grace };
}

/**
 * A page that is loaded: the handshake, the way in by its token, and some messages, which are answered and heard again.
 * Nothing of it grows from one session to the next.
 */
async function session({ ada }: Trial): Promise<void> {
  await ada.visitor.reload();
  await until(() => ada.isIn, 'ada to be in', 60_000);
  await Promise.all(Array.from({ length: MESSAGES }, () => ada.write([], PADDING)));
  await until(() => ada.isSettled, 'the messages to leave', 60_000);
}

/** How many bytes a session takes each way, when nothing happens to it. */
async function measure(trial: Trial): Promise<Record<Direction, number>> {
  const before = { ...trial.proxy.passed };
  await session(trial);
  return {
    toHost: trial.proxy.passed.toHost - before.toHost,
    toClient: trial.proxy.passed.toClient - before.toClient,
  };
}

network('breaks after any byte, one way or the other: each message arrives once', async () => {
  const trial = await begin();
  const { hosted, proxy } = trial;
  const random = randomFrom(seed);
  const whole = await measure(trial);
  const offsets = { toHost: 0, toClient: 0 };
  for (const direction of ['toHost', 'toClient'] as const) {
    const step = isLong ? 1 : Math.ceil(whole[direction] / 20);
    for (let after = isLong ? 0 : between(random, 0, step - 1); after < whole[direction]; after += step) {
      const how = CUTS[offsets[direction] % CUTS.length] ?? 'reset';
      const first = proxy.connections;
      proxy.forecast = (connection) => (connection === first ? { [direction]: { cut: { after, how } } } : {});
      await session(trial);
      offsets[direction] += 1;
    }
  }
  // The last cut may still be to come.
  proxy.forecast = () => ({});
  await session(trial);
  const tried = offsets.toHost + offsets.toClient;
  assert.ok(tried >= 30 && proxy.cuts >= tried * 0.9, `${proxy.cuts} cuts in ${tried} sessions`);
  const judged = await hosted.judge();
  await proxy.close();
  report('cut after any byte', {
    ...{ bytesToHost: whole.toHost, bytesToClient: whole.toClient },
    ...{ offsets: tried, cuts: proxy.cuts, connections: proxy.connections, ...judged },
  });
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
    const { hosted, proxy, ada, grace } = await begin();
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
