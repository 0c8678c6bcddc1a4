// time limit: 120 s
// long time limit: 240 s
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ulid } from 'ulid';
import type { LogEvent } from '../../server/protocol/events.ts';
import { HandClock } from '../host/hand-clock.ts';
import { Wire } from '../host/wire.ts';
import { openRoom, signUpInput, type Caller, type Person } from '../support/room.ts';
import { effort, either, report } from './trial.ts';

/** 48 kB on the wire. */
const LONG = '€'.repeat(16_000);
/** What the host's process may hold, and with it the test and all its clients: somewhat more than the system's own buffers. */
const MOST_MEGABYTES = either(400, 700);
/** They read what had waited for them first, all at once: a gigabyte in the long form. In milliseconds. */
const PATIENCE_MS = either(30_000, 180_000);

const stalled = suite('Members who stop reading');

stalled('cost the others nothing, are let go with 4013, and miss nothing when they come back', async () => {
  const clock = new HandClock();
  const room = await openRoom({ clock });
  const [grace, sleeper] = [await room.join('grace'), await room.join('edsger')];
  const stopped = effort(40, 200);
  const asleep: Wire[] = [];
  for (let n = 0; n < stopped; n += 1) {
    const wire = await Wire.greet(room.address);
    await wire.ask('session.resume', { token: sleeper.token });
    await wire.ask('room.enter', {});
    wire.tcp.pause();
    asleep.push(wire);
  }
  clock.advance(200);
  const before = megabytes();

  const speakers = await Promise.all(Array.from({ length: effort(8, 20) }, () => room.knock()));
  for (const [n, caller] of speakers.entries())
    await caller.ask('account.signUp', await signUpInput(`speaker-${n}`, '0'.repeat(25)));
  // As many as one may say at once: time must not pass, or those who sleep are cut for being silent.
  const rounds = effort(16, 20);
  const said: string[] = [];
  let most = 0;
  for (let round = 0; round < rounds; round += 1) {
    await Promise.all(speakers.map((caller) => post(caller, grace, said)));
    most = Math.max(most, megabytes());
  }
  const head = Math.max(...grace.caller.events.map(({ seq }) => seq), 0);
  const last = await grace.say(ulid(), 'the last');
  said.push('the last');
  await grace.caller.hears('message.posted', ({ seq }) => seq === last.seq);
  const heard = grace.caller.events.filter(({ type }) => type === 'message.posted');
  assert.is(heard.length, said.length, 'whoever reads heard everything');
  assertWhole(grace.caller.events, grace.caller.events[0]?.seq ?? 0, last.seq);
  assert.ok(head > 0 && last.seq > head);
  assert.ok(most < MOST_MEGABYTES, `${most} MB`);

  clock.advance(32_500);
  for (const wire of asleep) wire.tcp.resume();
  const codes = await Promise.all(asleep.map((wire) => wire.closing(PATIENCE_MS)));
  const told = codes.filter((code) => code === 4013).length;
  // Who takes longer than half a minute to read on is cut before that arrives.
  assert.ok(
    told > 0 && codes.every((code) => code === 4013 || code === 1006),
    [...new Set(codes)].join(', '),
  );

  // What came before it stopped reading, and what is asked for afterwards, is everything.
  for (const wire of asleep.slice(0, 5)) {
    const kept = wire.heard.flatMap((frame) => (frame.t === 'event' ? [eventOf(frame)] : []));
    const back = await room.knock();
    await back.ask('session.resume', { token: sleeper.token });
    await back.ask('room.enter', {});
    let cursor = kept.at(-1)?.seq ?? kept[0]?.seq ?? sleeper.caller.events.at(-1)?.seq ?? 0;
    const first = kept[0]?.seq ?? cursor + 1;
    while (cursor < last.seq) {
      clock.skip(1_000);
      const page = await back.ask('history.page', { conversationId: grace.lobby, after: cursor, limit: 200 });
      kept.push(...page.events);
      cursor = page.events.at(-1)?.seq ?? last.seq;
    }
    assertWhole(kept, first, last.seq);
    back.close();
  }
  report('members who stop reading', {
    stopped,
    'told so': told,
    messages: said.length,
    'MB written to each': Math.round((said.length * LONG.length * 3) / 1e6),
    'MB before': before,
    'MB at most': most,
    lost: 0,
    doubled: 0,
  });
  await room.close();
});

async function post(caller: Caller, { lobby }: Person, said: string[]): Promise<void> {
  await caller.ask('message.post', { id: ulid(), conversationId: lobby, body: LONG });
  said.push(LONG);
}

const megabytes = () => Math.round(process.memoryUsage().rss / 1_048_576);
const eventOf = (frame: object) => (frame as { event: LogEvent }).event;

function assertWhole(events: readonly LogEvent[], first: number, last: number): void {
  assert.equal(
    events.map(({ seq }) => seq),
    Array.from({ length: last - first + 1 }, (_, i) => first + i),
  );
}

stalled.run();
