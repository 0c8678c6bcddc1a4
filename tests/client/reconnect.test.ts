import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { retryDelay } from '../../server/client/reconnect.ts';

const reconnecting = suite('Coming back');

reconnecting('is tried at once, and then ever more rarely, up to every fifteen seconds', () => {
  const longest = () => 1;
  assert.equal(
    [0, 1, 2, 3, 6, 7, 8, 100].map((n) => retryDelay(n, longest)),
    [0, 250, 500, 1_000, 8_000, 15_000, 15_000, 15_000],
  );
});

reconnecting('is drawn by chance, so that a whole office does not come back together', () => {
  assert.equal(
    [1, 7].map((n) => retryDelay(n, () => 0)),
    [50, 3_000],
  );
  const waits = new Set(Array.from({ length: 200 }, () => retryDelay(7)));
  assert.ok(waits.size > 150);
});

reconnecting('is a whole number of milliseconds within its bounds, however often it failed', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 1_000_000 }),
      fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      (n, chance) => {
        const wait = retryDelay(n, () => chance);
        return Number.isInteger(wait) && wait >= 0 && wait <= 15_000;
      },
    ),
  );
});

reconnecting.run();
