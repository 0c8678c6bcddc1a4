import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LostMessages } from '../../resources/state/lost.ts';
import { SalonError } from '../../server/protocol/errors.ts';
import type { MessagePosted } from '../../server/protocol/events.ts';
import { keepIn, until } from '../support/visitor.ts';

const losing = suite('What the host lost');

const ME = '01KAQZ6B80C5N0T7EWMR2D8QAA';
const COPIED = Date.UTC(2026, 10, 23, 12);
const id = (n: number) => `01KAQZ6B80C5N0T7EWMR2D8Q${String(n).padStart(2, '0')}`;

function mine(n: number): MessagePosted {
  const place = { conversationId: id(n), seq: 1, at: COPIED + 60_000 };
  return { type: 'message.posted', ...place, authorId: ME, id: id(50 + n), body: `words ${n}` };
}

losing('is found in every conversation, also where the host asks for patience', async () => {
  const kept = new Map<string, string>();
  let asked = 0;
  const lost = new LostMessages(keepIn(kept), 'place/', ME, () => {
    asked += 1;
    return asked % 2 === 0
      ? Promise.reject(new SalonError('SLOW_DOWN', { retryMs: 5 }))
      : Promise.resolve([]);
  });
  lost.told({ from: COPIED, at: COPIED + 3_600_000 });
  const numbers = [1, 2, 3, 4, 5];
  lost.compare(
    numbers.map((n) => ({ conversationId: id(n), memberIds: [], events: [mine(n)], isThere: true })),
  );
  await lost.check();
  await until(() => kept.size === numbers.length, 'all of them to be kept');
  assert.equal(
    lost.mine.map(({ body }) => body),
    numbers.map((n) => `words ${n}`),
  );
});

losing('is let go where its author says so, and what others wrote stays to be read', async () => {
  const kept = new Map<string, string>();
  const lost = new LostMessages(keepIn(kept), 'place/', ME, () => Promise.resolve([]));
  lost.told({ from: COPIED, at: COPIED + 3_600_000 });
  const theirs = { ...mine(3), authorId: id(99) };
  const held = [mine(1), mine(2), theirs];
  lost.compare(
    held.map((event, n) => ({ conversationId: id(n), memberIds: [], events: [event], isThere: false })),
  );
  await lost.check();
  assert.is(kept.size, 2);
  await lost.letGo();
  assert.equal([lost.mine, lost.items.map(({ body }) => body), kept.size], [[], ['words 3'], 0]);
  assert.ok(lost.notice !== null);

  const again = new LostMessages(keepIn(kept), 'place/', ME, () => Promise.resolve([]));
  again.told({ from: COPIED, at: COPIED + 3_600_000 });
  again.compare([{ conversationId: id(1), memberIds: [], events: [mine(1)], isThere: false }]);
  await again.check();
  await again.letGo();
  assert.equal([again.items, again.notice], [[], null]);
});

losing('is found also by who was away while a copy took the room’s place twice', async () => {
  const asked: number[] = [];
  const restoredTo = async (from: number, ats: readonly number[]) => {
    const lost = new LostMessages(keepIn(new Map()), 'place/', ME, (_, after) => {
      asked.push(after);
      return Promise.resolve([]);
    });
    lost.told({ from, at: from + 3_600_000 });
    const events = ats.map((at, i) => ({ ...mine(i + 1), at, seq: i + 1 }));
    lost.compare([{ conversationId: id(1), memberIds: [], events, isThere: true }]);
    await lost.check();
    return lost.mine.map(({ body }) => body);
  };
  // The last copy is of a day later than anything that is known here, and of another story.
  assert.equal(await restoredTo(COPIED + 86_400_000, [COPIED, COPIED + 60_000]), ['words 1', 'words 2']);
  // Whoever heard something after the copy was made has missed nothing before it.
  assert.equal(await restoredTo(COPIED, [COPIED - 86_400_000, COPIED + 60_000]), ['words 2']);
  assert.equal(asked, [0, 1], 'and what is older is not asked for');
});

losing.run();
