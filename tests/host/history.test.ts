import { ulid } from 'ulid';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LIMITS } from '../../server/protocol/entities.ts';
import type { LogEvent } from '../../server/protocol/events.ts';
import { openRoom, refusal, type Person } from '../support/room.ts';
import { HandClock } from './hand-clock.ts';

const clock = new HandClock();
const room = await openRoom({ clock });
const ada = await room.join('ada');

const page = (
  person: Person,
  range: { before?: number; after?: number },
  limit = 50,
  conversationId = person.lobby,
) => person.caller.ask('history.page', { conversationId, limit, ...range });
const seqs = (events: readonly LogEvent[]) => events.map(({ seq }) => seq);
const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

async function say(person: Person, count: number, body = (n: number) => `message ${n}`): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    clock.skip(250);
    await person.say(ulid(), body(n));
  }
}

const history = suite('The history');

history('has no holes and is read from either end, page by page', async () => {
  await say(ada, 120);
  const { head } = await page(ada, { after: 0 }, 1);
  const forwards: LogEvent[] = [];
  const backwards: LogEvent[] = [];
  while (forwards.length < head) forwards.push(...(await page(ada, { after: forwards.length }, 50)).events);
  while (backwards.length < head) {
    backwards.unshift(...(await page(ada, { before: head + 1 - backwards.length }, 50)).events);
  }
  assert.equal(seqs(forwards), upTo(1, head));
  assert.equal(backwards, forwards);
  assert.equal(seqs((await page(ada, { before: 10 }, 3)).events), [7, 8, 9]);
});

history('is empty beyond its ends, and a page has two hundred events at most', async () => {
  const { head } = await page(ada, { after: 0 }, 1);
  assert.equal((await page(ada, { after: head })).events, []);
  assert.equal((await page(ada, { after: Number.MAX_SAFE_INTEGER })).events, []);
  assert.equal((await page(ada, { before: 0 })).events, []);
  assert.equal((await page(ada, { before: 1 })).events, []);
  assert.is((await page(ada, { before: Number.MAX_SAFE_INTEGER }, 1)).events[0]?.seq, head);
  for (const limit of [0, LIMITS.pageEvents + 1, -1, 1.5])
    assert.is(await refusal(page(ada, { after: 0 }, limit)), 'BAD_SHAPE');
  for (const range of [{}, { before: 1, after: 1 }, { before: -1 }, { after: 0.5 }]) {
    assert.is(await refusal(page(ada, range)), 'BAD_SHAPE');
  }
});

history('is all there for somebody who joins late', async () => {
  const grace = await room.join('grace');
  const lobby = grace.entered.conversations.find(({ kind }) => kind === 'lobby')!;
  const { events } = await page(grace, { after: 0 }, LIMITS.pageEvents);
  assert.equal(seqs(events), upTo(1, lobby.head));
  assert.equal(events, (await page(ada, { after: 0 }, LIMITS.pageEvents)).events);
  assert.is(events.filter(({ type }) => type === 'message.posted').length, 120);
});

history(
  'is heard live in the order it is kept, the same for everybody, under load from many at once',
  async () => {
    const people = [
      ada,
      ...(await Promise.all(['edsger', 'frances', 'barbara'].map((name) => room.join(name)))),
    ];
    const { head } = await page(ada, { after: 0 }, 1);
    clock.skip(60_000);
    await Promise.all(
      people.flatMap((person) => upTo(1, 15).map((n) => person.say(ulid(), `${person.username} ${n}`))),
    );

    const expected = (await page(ada, { after: head }, LIMITS.pageEvents)).events;
    assert.equal(seqs(expected), upTo(head + 1, head + 60));
    for (const { caller, lobby } of people) {
      await caller.until(() => caller.events.some(({ seq }) => seq === head + 60), 'the last of them');
      assert.equal(
        caller.events.filter(({ seq, conversationId }) => seq > head && conversationId === lobby),
        expected,
      );
    }
    for (const { memberId, username } of people) {
      const own = expected.flatMap((event) =>
        event.type === 'message.posted' && event.authorId === memberId ? [event.body] : [],
      );
      assert.equal(
        own,
        upTo(1, 15).map((n) => `${username} ${n}`),
        `${username} was heard in the order of writing`,
      );
    }
  },
);

history('never goes back in time, whatever the host’s clock does', async () => {
  const { head } = await page(ada, { after: 0 }, 1);
  const now = clock.now();
  for (const jump of [0, -86_400_000, 3_600_000, -1]) {
    clock.setWall(now + jump);
    await say(ada, 1);
  }
  clock.setWall(now);
  const { events } = await page(ada, { after: head });
  const times = events.map(({ at }) => at);
  assert.equal(
    times,
    times.toSorted((a, b) => a - b),
  );
});

history('comes in lighter pages where messages are long, and none of it is lost', async () => {
  const body = 'é'.repeat(16_000);
  clock.skip(60_000);
  const { head } = await page(ada, { after: 0 }, 1);
  await say(ada, 40, (n) => `${n}${body.slice(2)}`);

  const first = await page(ada, { after: head }, LIMITS.pageEvents);
  const last = await page(ada, { before: head + 41 }, LIMITS.pageEvents);
  assert.is(first.events[0]?.seq, head + 1);
  assert.is(last.events.at(-1)?.seq, head + 40);
  for (const { events } of [first, last]) {
    const size = Buffer.byteLength(JSON.stringify(events));
    assert.ok(size < 1024 * 1024 && events.length > 5, `${events.length} events, ${size} bytes`);
  }
  let read = head;
  while (read < head + 40) read = (await page(ada, { after: read }, LIMITS.pageEvents)).events.at(-1)!.seq;
  assert.is(read, head + 40);
});

history('is asked page after page without being slowed down, up to a bound', async () => {
  clock.skip(60_000);
  const asks = await Promise.allSettled(upTo(1, 100).map(() => page(ada, { after: 0 }, 5)));
  const answered = asks.filter(({ status }) => status === 'fulfilled').length;
  assert.is(answered, 80);
});

history('and the places in it are the same after a restart', async () => {
  clock.skip(60_000);
  const before = await page(ada, { before: 50 }, 40);
  await room.restart();
  const caller = await room.knock();
  await caller.ask('session.resume', { token: ada.token });
  const after = await caller.ask('history.page', { conversationId: ada.lobby, before: 50, limit: 40 });
  assert.equal(after, before);
});

history.after(() => room.close());
history.run();
