import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { areGuestsLetIn, guestNote, momentOf, tonight } from '../../resources/elements/moments.ts';
import { setLanguage, t } from '../../resources/locales/locale.ts';

const moments = suite('Moments to come');

/** A Monday afternoon, by this computer's clock. */
const now = new Date(2026, 10, 23, 14, 30).getTime();
const at = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute).getTime();
const open = (guestsUntil: number | null) => ({ access: 'open', door: 'simple', guestsUntil }) as const;

moments.before.each(() => setLanguage('en'));
moments.after(() => setLanguage('en'));

moments('are a time today, a word tomorrow, and a date after that', () => {
  assert.is(momentOf(at(23, 18, 42), now), '18:42');
  assert.is(momentOf(at(24, 18, 42), now), 'tomorrow, 18:42');
  assert.is(momentOf(at(30, 9), now), '30 November, 09:00');
});

moments('call the end of today midnight, also when two clocks differ by some seconds', () => {
  assert.is(momentOf(tonight(now), now), 'midnight');
  assert.is(momentOf(tonight(now) - 20_000, now), 'midnight');
  assert.is(momentOf(tonight(now) + 20_000, now), 'midnight');
  assert.is(momentOf(at(26, 0), now), '26 November, 00:00');
});

moments('end today where summer time ends too', () => {
  const sunday = new Date(2026, 9, 25, 1).getTime();
  assert.is(tonight(sunday), new Date(2026, 9, 26).getTime());
});

moments('stand behind “until” in both languages', async () => {
  assert.is(t().invite.until(momentOf(at(30, 9), now)), 'until 30 November, 09:00');
  await setLanguage('fr');
  assert.is(t().invite.until(momentOf(at(30, 9), now)), 'jusqu’au 30 novembre à 09:00');
  assert.is(t().invite.until(momentOf(at(24, 9), now)), 'jusqu’à demain à 09:00');
  assert.is(t().invite.until(momentOf(tonight(now), now)), 'jusqu’à minuit');
});

moments('say how long a guest stays', () => {
  assert.is(guestNote(open(at(23, 18, 42)), now), 'Guest, until 18:42');
  assert.is(guestNote(open(tonight(now)), now), 'Guest, leaves at midnight');
  assert.is(guestNote(open(null), now), 'Guest');
  assert.is(guestNote(open(now - 1), now), 'Guest');
});

moments('let guests in until then, and not after', () => {
  assert.ok(areGuestsLetIn(open(now + 1), now));
  assert.not.ok(areGuestsLetIn(open(now), now));
  assert.not.ok(areGuestsLetIn(open(null), now));
});

moments.run();
