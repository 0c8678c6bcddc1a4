import { ulid } from 'ulid';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Seq } from '../../server/protocol/entities.ts';
import type { LogEvent, Signal } from '../../server/protocol/events.ts';
import { openRoom, signUpInput, type Caller, type Person, type TestRoom } from '../support/room.ts';
import { HandClock } from './hand-clock.ts';
import { Wire } from './wire.ts';

/** 48 kB on the wire. */
const LONG = '€'.repeat(16_000);
/** What the two kernels take before anybody is behind, at the most. In bytes. */
const KERNEL_BYTES = 16 * 1024 * 1024;

interface Stage {
  clock: HandClock;
  room: TestRoom;
  grace: Person;
  slow: Wire;
}

/** Grace listens, and another one stops reading. */
async function stage(): Promise<Stage> {
  const clock = new HandClock();
  const room = await openRoom({ clock });
  const [grace, third] = [await room.join('grace'), await room.join('edsger')];
  third.caller.close();
  const slow = await Wire.greet(room.address);
  await slow.ask('session.resume', { token: third.token });
  await slow.ask('room.enter', {});
  clock.advance(200);
  slow.tcp.pause();
  return { clock, room, grace, slow };
}

/** So many messages of 48 kB, from as many members as it takes to say them at once. The number of the last one. */
async function talk({ room, grace }: Stage, count: number): Promise<Seq> {
  const speakers = await Promise.all(Array.from({ length: count / 20 }, () => room.knock()));
  // They do not come in, so they only talk.
  for (const [n, caller] of speakers.entries()) {
    await caller.ask('account.signUp', await signUpInput(`speaker-${n}`, '0'.repeat(25)));
  }
  const post = (caller: Caller) =>
    caller.ask('message.post', { id: ulid(), conversationId: grace.lobby, body: LONG });
  for (let round = 0; round < 20; round += 1) await Promise.all(speakers.map(post));
  const { head } = await grace.caller.ask('history.page', {
    conversationId: grace.lobby,
    after: 0,
    limit: 1,
  });
  return head;
}

const eventsHeard = (wire: Wire) =>
  wire.heard.flatMap((frame) =>
    frame.t === 'event' ? [(frame as unknown as { event: LogEvent }).event] : [],
  );
const signalsHeard = (wire: Wire) =>
  wire.heard.flatMap((frame) =>
    frame.t === 'signal' ? [(frame as unknown as { signal: Signal }).signal] : [],
  );

const slowReader = suite('A member that stops reading');

slowReader(
  'is left out of what follows, keeps nobody waiting, and is told where the conversations are once it reads on',
  async () => {
    const here = await stage();
    const { room, grace, slow, clock } = here;
    const head = await talk(here, 240);
    // Grace missed nothing.
    await grace.caller.hears('message.posted', ({ seq }) => seq === head);
    assert.is(grace.caller.events.filter(({ type }) => type === 'message.posted').length, 240);

    // While it does not read, somebody goes away.
    await grace.caller.ask('presence.set', { presence: 'away' });
    clock.advance(200);
    slow.tcp.resume();
    const heads = await slow.until(
      () => signalsHeard(slow).find((signal) => signal.type === 'heads'),
      'the heads',
    );
    assert.equal(heads, { type: 'heads', heads: [[grace.lobby, head]] });
    const known = signalsHeard(slow).findLast((signal) => signal.type === 'presence');
    assert.is(known?.changes.find(({ memberId }) => memberId === grace.memberId)?.presence, 'away');

    const heard = eventsHeard(slow);
    const bytes = heard.length * 48_000;
    assert.ok(heard.length < head && bytes < KERNEL_BYTES, `heard ${heard.length} of ${head}`);
    assert.equal(
      heard.map(({ seq }) => seq),
      heard.map((_, i) => i + heard[0]!.seq),
      'what was heard has no hole',
    );

    // And goes on as if nothing had been.
    let last = heard.at(-1)!.seq;
    while (last < head) {
      clock.skip(1_000);
      const { result } = await slow.ask('history.page', {
        conversationId: grace.lobby,
        after: last,
        limit: 200,
      });
      last = (result as { events: LogEvent[] }).events.at(-1)!.seq;
    }
    const { seq } = await grace.say(ulid(), 'welcome back');
    await slow.until(() => eventsHeard(slow).find((event) => event.seq === seq), 'the next message');
    assert.is(slow.closedWith, null);
    await room.close();
  },
);

slowReader('for half a minute is let go with 4013', async () => {
  const here = await stage();
  await talk(here, 240);
  here.clock.advance(32_500);
  here.slow.tcp.resume();
  assert.is(await here.slow.closing(), 4013);
  await here.room.close();
});

slowReader('but goes on asking is let go with 4013 before it fills the host’s memory', async () => {
  const here = await stage();
  const { room, grace, slow } = here;
  slow.tcp.resume();
  await talk(here, 80);
  slow.tcp.pause();
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  for (let n = 0; n < 80; n += 1) {
    slow.send(
      JSON.stringify({
        t: 'ask',
        id: 1_000 + n,
        command: 'history.page',
        input: { conversationId: grace.lobby, after: 0, limit: 200 },
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 5));
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  }
  assert.ok(most < 64 * 1024 * 1024, `${most} bytes`);
  await grace.say(ulid(), 'still here');
  slow.tcp.resume();
  assert.is(await slow.closing(), 4013);
  await room.close();
});

slowReader.run();
