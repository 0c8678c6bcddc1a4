import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mayComeIn } from '../../server/commands/signed-in.ts';
import { Invites } from '../../server/invites.ts';
import { Bucket, Buckets, WrongTries } from '../../server/limits.ts';
import { Proofs } from '../../server/proofs.ts';
import type { Session } from '../../server/session.ts';
import type { AsyncStore } from '../../server/store/records.ts';
import { HandClock } from './hand-clock.ts';

const limits = suite('A limit');

limits('lets through a burst, and then so many each second', () => {
  const clock = new HandClock();
  const bucket = new Bucket({ perSecond: 5, burst: 3 }, clock);
  assert.equal(
    [1, 2, 3].map(() => bucket.take()),
    [0, 0, 0],
  );
  assert.equal([bucket.take(), bucket.take()], [200, 200]);
  clock.skip(100);
  assert.is(bucket.take(), 100);
  clock.skip(100);
  assert.equal([bucket.take(), bucket.take()], [0, 200]);
  clock.skip(60 * 60_000);
  assert.equal(
    [1, 2, 3, 4].map(() => bucket.take()),
    [0, 0, 0, 200],
  );
});

limits('on one address is none on another', () => {
  const buckets = new Buckets({ perSecond: 1, burst: 1 }, new HandClock());
  assert.equal(
    ['a', 'b', 'a'].map((name) => buckets.take(name)),
    [0, 0, 1_000],
  );
});

limits('on new people counts everybody in one network of IPv6 together', async () => {
  const clock = new HandClock();
  const signUps = new Buckets({ perSecond: 1, burst: 1 }, clock);
  const store = { addressIsBanned: () => Promise.resolve(false) } as unknown as AsyncStore;
  const comeFrom = (address: string) => {
    const session = { address } as Session;
    return mayComeIn({ session, store, clock, signUps }).then(() => 'in', codeOf);
  };
  assert.is(await comeFrom('2001:db8:0:1::a'), 'in');
  assert.is(await comeFrom('2001:db8:0:1:ffff::b'), 'SLOW_DOWN');
  assert.is(await comeFrom('2001:db8:0:2::a'), 'in');
  assert.is(await comeFrom('192.0.2.1'), 'in');
  assert.is(await comeFrom('::ffff:192.0.2.1'), 'SLOW_DOWN');
  assert.is(await comeFrom('192.0.2.2'), 'in');
});

limits('on wrong tries counts everybody in one network of IPv6 together', async () => {
  const clock = new HandClock();
  const store = { invite: () => Promise.resolve(null) } as unknown as AsyncStore;
  const tries = new WrongTries(3, clock);
  const invites = new Invites(store, clock, new Uint8Array(32), '', tries);
  const key = { id: '01KAR1NV1TE0A1B2C3D4E5F6G7', secret: 'A'.repeat(22) };
  const tryFrom = (address: string) => invites.check(key, address).then(() => 'in', codeOf);
  for (let n = 1; n <= 3; n += 1) assert.is(await tryFrom(`2001:db8:0:1::${n}`), 'INVITE_UNKNOWN');
  assert.is(await tryFrom('2001:db8:0:1:ffff::9'), 'SLOW_DOWN');
  assert.is(await tryFrom('2001:db8:0:2::1'), 'INVITE_UNKNOWN');

  const noOne = {
    ...store,
    memberIdByName: () => Promise.resolve(null),
    credential: () => Promise.resolve(null),
  };
  const proofs = new Proofs(noOne, clock, new Uint8Array(32), tries);
  const input = { purpose: 'signIn', username: 'ada', clientNonce: 'A'.repeat(32), binding: 'none' } as const;
  const start = (address: string) =>
    proofs.start(input, address, new Uint8Array(0)).then(() => 'begun', codeOf);
  assert.is(await start('2001:db8:0:1::77'), 'SLOW_DOWN');
  assert.is(await start('2001:db8:0:3::1'), 'begun');
});

const codeOf = (error: unknown) => (error as { code?: string }).code;

limits('on wrong tries forgets them after a quarter of an hour without one, and by success', () => {
  const clock = new HandClock();
  const tries = new WrongTries(3, clock);
  for (let n = 0; n < 4; n += 1) tries.failed('ada');
  assert.is(tries.wait('ada'), 2_000);
  clock.skip(2_000 + 15 * 60_000 + 1);
  tries.failed('ada');
  assert.is(tries.wait('ada'), 0);
  for (let n = 0; n < 4; n += 1) tries.failed('ada');
  assert.is(tries.succeeded('ada'), 5);
  assert.is(tries.wait('ada'), 0);
});

limits('on wrong tries does not fill the memory with names that somebody makes up', () => {
  const tries = new WrongTries(1, new HandClock());
  for (let n = 0; n < 100_000; n += 1) tries.failed(`name ${n}`);
  const kept = Array.from({ length: 100_000 }, (_, n) => tries.wait(`name ${n}`)).filter(
    (wait) => wait > 0,
  ).length;
  assert.ok(kept > 5_000 && kept <= 10_000, `${kept} kept`);
  assert.ok(tries.wait('name 99999') > 0);
});

limits.run();
