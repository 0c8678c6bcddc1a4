import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ConnectionLost } from '../../server/client/connection.ts';
import { SalonError } from '../../server/protocol/errors.ts';
import { Outbox, type Post } from '../../resources/state/outbox.ts';
import type { Keep } from '../../resources/state/ports.ts';
import { until } from '../support/visitor.ts';

const outboxes = suite('What is written and not yet on the host');

const CONVERSATION = '01M83JJ2YCFXG0SQB21MRDCSVZ';
const BOB = '01M83JJ311C8J73DKNRAJZ3094';

function keepIn(kept: Map<string, string>): Keep {
  return {
    all: (prefix) => Promise.resolve([...kept].filter(([key]) => key.startsWith(prefix))),
    set: (key, value) => {
      if (value === null) kept.delete(key);
      else kept.set(key, value);
      return Promise.resolve();
    },
  };
}

/** A host that notes what reaches it. */
function hostThatHears(heard: string[]): Post {
  return ({ body }) => {
    heard.push(body);
    return Promise.resolve({ conversationId: CONVERSATION, seq: heard.length, at: 0 });
  };
}

outboxes('goes in order, whether its conversation had begun or not', async () => {
  const heard: string[] = [];
  const outbox = new Outbox(keepIn(new Map()), 'outbox/');
  for (let i = 0; i < 20; i++) await outbox.add({ to: [BOB], lane: BOB }, `early ${i}`);
  outbox.connect(hostThatHears(heard));
  // The conversation is born with the first of them; what is written next already knows its id.
  await outbox.add({ conversationId: CONVERSATION, lane: BOB }, 'later');
  await until(() => outbox.pending.length === 0, 'everything to leave');
  assert.is(heard.at(-1), 'later');
  assert.is(heard.length, 21);
});

outboxes(
  'goes in the order in which it was written, also where the clock is set back meanwhile',
  async () => {
    const { now } = Date;
    const kept = new Map<string, string>();
    const heard: string[] = [];
    try {
      const before = new Outbox(keepIn(kept), 'outbox/');
      for (const [i, hoursAhead] of [48, 0, 0, 24].entries()) {
        Date.now = () => now() + hoursAhead * 3_600_000;
        await before.add({ conversationId: CONVERSATION, lane: CONVERSATION }, `${i}`);
      }
      // The page is loaded again, by a clock that is right.
      Date.now = now;
      const after = new Outbox(keepIn(kept), 'outbox/');
      await after.load();
      await after.add({ conversationId: CONVERSATION, lane: CONVERSATION }, '4');
      const last = new Outbox(keepIn(kept), 'outbox/');
      await last.load();
      last.connect(hostThatHears(heard));
      await until(() => last.pending.length === 0, 'everything to leave');
    } finally {
      Date.now = now;
    }
    assert.equal(heard, ['0', '1', '2', '3', '4']);
  },
);

outboxes('is sent even where it cannot be kept, and says that it could not', async () => {
  const heard: string[] = [];
  const full: Keep = { all: () => Promise.resolve([]), set: () => Promise.reject(new Error('full')) };
  const outbox = new Outbox(full, 'outbox/');
  await outbox.add({ conversationId: CONVERSATION, lane: CONVERSATION }, 'anyway');
  assert.is(outbox.pending[0]?.unkept, true);
  outbox.connect(hostThatHears(heard));
  await until(() => outbox.pending.length === 0, 'it to leave');
  assert.equal(heard, ['anyway']);
});

outboxes('a failed message tried again is never in neither place, even where keeping fails', async () => {
  const kept = new Map<string, string>();
  const keep = keepIn(kept);
  const outbox = new Outbox(
    { ...keep, set: (key, value) => (broken ? Promise.reject(new Error('full')) : keep.set(key, value)) },
    'outbox/',
  );
  let broken = false;
  outbox.connect(() => Promise.reject(new SalonError('BODY_TOO_LONG')));
  await outbox.add({ conversationId: CONVERSATION, lane: CONVERSATION }, 'much');
  await until(() => outbox.pending[0]?.state === 'failed', 'the refusal');
  outbox.connect(null);
  broken = true;
  await outbox.retry(outbox.pending[0]?.id ?? '');
  assert.equal(
    outbox.pending.map(({ body, state }) => [body, state]),
    [['much', 'waiting']],
  );
});

outboxes(
  'a refused message stays refused after a reload, and what was given up elsewhere is not sent',
  async () => {
    const kept = new Map<string, string>();
    const first = new Outbox(keepIn(kept), 'outbox/');
    first.connect(() => Promise.reject(new SalonError('BODY_TOO_LONG')));
    await first.add({ conversationId: CONVERSATION, lane: 'a' }, 'refused');
    await until(() => first.pending[0]?.state === 'failed', 'the refusal');
    first.connect(() => Promise.reject(new ConnectionLost('message.post')));
    await first.add({ conversationId: CONVERSATION, lane: 'b' }, 'given up');

    const second = new Outbox(keepIn(kept), 'outbox/');
    await second.load();
    assert.equal(
      second.pending.map(({ body, state }) => [body, state]),
      [
        ['refused', 'failed'],
        ['given up', 'waiting'],
      ],
    );
    await first.remove(first.pending.find(({ body }) => body === 'given up')?.id ?? '');
    const heard: string[] = [];
    second.connect(hostThatHears(heard));
    await until(() => second.pending.length === 1, 'the second window to notice');
    assert.equal(heard, []);
  },
);

outboxes('is kept again when everything kept was cleared meanwhile, and sent', async () => {
  const kept = new Map<string, string>();
  const heard: string[] = [];
  const target = { conversationId: CONVERSATION, lane: CONVERSATION };
  const keptBodies = () =>
    [...kept].flatMap(([key, value]) =>
      key.startsWith('outbox/') ? [/"body":"(\w+)"/.exec(value)?.[1]] : [],
    );
  const outbox = new Outbox(keepIn(kept), 'outbox/');
  await outbox.load();
  await outbox.add(target, 'first');
  kept.clear();
  await outbox.add(target, 'second');
  await until(() => keptBodies().length === 2, 'both to be kept');
  assert.equal(new Set(keptBodies()), new Set(['first', 'second']));

  // Another window has noticed first, and has kept what is its own.
  kept.clear();
  await new Outbox(keepIn(kept), 'outbox/').load();
  outbox.connect(hostThatHears(heard));
  await until(() => outbox.pending.length === 0, 'everything to leave');
  assert.equal(heard, ['first', 'second']);
});

outboxes('says that it is not kept any more where it was cleared and cannot be written again', async () => {
  const kept = new Map<string, string>();
  const heard: string[] = [];
  const keep = keepIn(kept);
  let broken = false;
  const outbox = new Outbox(
    { ...keep, set: (key, value) => (broken ? Promise.reject(new Error('full')) : keep.set(key, value)) },
    'outbox/',
  );
  await outbox.load();
  await outbox.add({ conversationId: CONVERSATION, lane: CONVERSATION }, 'typed');
  assert.not(outbox.pending[0]?.unkept);
  kept.clear();
  broken = true;
  outbox.connect(null);
  await until(() => outbox.pending[0]?.unkept === true, 'it to be said');
  broken = false;
  outbox.connect(null);
  await until(() => outbox.pending[0]?.unkept !== true, 'it to be kept after all');
  outbox.connect(hostThatHears(heard));
  await until(() => outbox.pending.length === 0, 'it to leave');
  assert.equal(heard, ['typed']);
});

outboxes(
  'of many conversations keeps to the pace that the host asks for, instead of being refused without end',
  async () => {
    const REFILL_MS = 20;
    const heard: string[] = [];
    let refused = 0;
    let nextAt = 0;
    const outbox = new Outbox(keepIn(new Map()), 'outbox/');
    for (let i = 0; i < 60; i++) await outbox.add({ to: [BOB], lane: `lane ${i % 20}` }, `${i}`);
    outbox.connect(({ body }) => {
      const wait = Math.ceil(nextAt - performance.now());
      if (wait > 0) {
        refused += 1;
        return Promise.reject(new SalonError('SLOW_DOWN', { retryMs: wait }));
      }
      nextAt = performance.now() + REFILL_MS;
      return hostThatHears(heard)({ id: '', body, conversationId: CONVERSATION });
    });
    await until(() => outbox.pending.length === 0, 'everything to leave', 30_000);
    assert.is(heard.length, 60);
    // All twenty at once would be refused nineteen times for each that is heard.
    assert.ok(refused < 4 * heard.length, `refused ${refused} times`);
  },
);

outboxes.run();
