import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LIMITS } from '../../server/protocol/entities.ts';
import { openRoom, refusal, type Caller } from '../support/room.ts';
import { HandClock } from './hand-clock.ts';
import { until } from './wire.ts';

const DAY = 24 * 60 * 60_000;
const list = async (caller: Caller) => (await caller.ask('session.list', {})).sessions;

async function ended(caller: Caller): Promise<void> {
  await caller.until(() => caller.closedWith !== null, 'the connection to end');
  assert.equal([caller.goodbye, caller.closedWith], ['sessionEnded', 4004]);
}

const sessions = suite('A session');

sessions('is resumed by its token after the host was away', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  await room.restart();
  assert.is(ada.caller.goodbye, 'closing');
  assert.is(ada.caller.closedWith, 1001);

  const caller = await room.knock();
  assert.equal(await caller.ask('session.resume', { token: ada.token }), {
    memberId: ada.memberId,
    sessionId: ada.sessionId,
  });
  assert.is((await caller.ask('room.enter', {})).me, ada.memberId);
  await room.close();
});

sessions(
  'ends by signing out: its token is dead, the connection is at the door, and its other tabs say goodbye',
  async () => {
    const room = await openRoom();
    const ada = await room.join('ada');
    const tab = await room.knock();
    await tab.ask('session.resume', { token: ada.token });
    const entering = await room.knock();
    await entering.ask('session.resume', { token: ada.token });
    await entering.ask('room.enter', {});

    await ada.caller.ask('account.signOut', {});

    assert.is(await refusal(ada.caller.ask('room.enter', {})), 'NOT_SIGNED_IN');
    await Promise.all([ended(tab), ended(entering)]);
    assert.is(await refusal(ada.caller.ask('session.resume', { token: ada.token })), 'SESSION_ENDED');
    assert.is((await ada.caller.signIn('ada')).memberId, ada.memberId);
    await room.close();
  },
);

sessions('that signed out hears nothing any more on its connection', async () => {
  const room = await openRoom();
  const [ada, grace] = [await room.join('ada'), await room.join('grace')];
  const before = ada.caller.events.length;
  await ada.caller.ask('account.signOut', {});
  await grace.tell('01JD0000000000000000000001', [ada.memberId], 'are you there?');
  await grace.say('01JD0000000000000000000002', 'hello?');
  await grace.caller.hears('message.posted', ({ body }) => body === 'hello?');
  await ada.caller.ask('username.check', { username: 'whoever' });
  assert.is(ada.caller.events.length, before);
  await room.close();
});

sessions(
  'is listed with its device, and can be ended from another one, whether it came in or not',
  async () => {
    const room = await openRoom();
    const ada = await room.join('ada');
    const laptop = await (await room.knock()).signIn('ada');
    const door = await room.knock();
    const { signedIn } = await door.prove('signIn', 'ada', 'lampe-de-chevet');

    const listed = await list(ada.caller);
    assert.equal(
      listed.map(({ id }) => id).toSorted(),
      [ada.sessionId, laptop.sessionId, signedIn!.sessionId].toSorted(),
    );
    assert.ok(listed.every(({ device }) => device === 'tests'));
    assert.equal(
      listed.filter(({ current }) => current).map(({ id }) => id),
      [ada.sessionId],
    );
    assert.equal(listed.filter(({ online }) => online).length, 2);

    for (const sessionId of [laptop.sessionId, signedIn!.sessionId])
      await ada.caller.ask('session.end', { sessionId });
    await Promise.all([ended(laptop.caller), ended(door)]);
    assert.is(
      await refusal((await room.knock()).ask('session.resume', { token: laptop.token })),
      'SESSION_ENDED',
    );
    assert.is((await list(ada.caller)).length, 1);
    await room.close();
  },
);

sessions('that ends itself is answered before the goodbye', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  assert.equal(await ada.caller.ask('session.end', { sessionId: ada.sessionId }), {});
  await ended(ada.caller);
  await room.close();
});

sessions('of another member cannot be ended', async () => {
  const room = await openRoom();
  const [ada, grace] = [await room.join('ada'), await room.join('grace')];
  await ada.caller.ask('session.end', { sessionId: grace.sessionId });
  assert.is((await list(grace.caller)).length, 1);
  assert.is(grace.caller.closedWith, null);
  await room.close();
});

sessions('too many end the one that was away longest', async () => {
  const clock = new HandClock();
  const room = await openRoom({ clock });
  const ada = await room.join('ada');
  const oldest = await room.knock();
  const { signedIn } = await oldest.prove('signIn', 'ada', 'lampe-de-chevet');
  for (let n = 2; n < LIMITS.sessionsPerMember; n += 1) {
    clock.skip(1_000);
    await (await room.knock()).prove('signIn', 'ada', 'lampe-de-chevet');
  }
  await ada.caller.ask('account.signOut', {});
  await ada.caller.signIn('ada');
  assert.is((await list(ada.caller)).length, LIMITS.sessionsPerMember);
  assert.is(oldest.closedWith, null);

  clock.skip(1_000);
  const one = await (await room.knock()).signIn('ada');

  const left = await list(one.caller);
  assert.is(left.length, LIMITS.sessionsPerMember);
  assert.not.ok(left.some(({ id }) => id === signedIn!.sessionId));
  await ended(oldest);
  await room.close();
});

sessions('of a connection that signs in once too often is replaced, not ended with it', async () => {
  const clock = new HandClock();
  const room = await openRoom({ clock });
  await room.join('ada');
  const caller = await room.knock();
  for (let n = 0; n < LIMITS.sessionsPerMember + 2; n += 1) {
    clock.skip(10_000);
    await caller.prove('signIn', 'ada', 'lampe-de-chevet');
  }
  assert.is((await list(caller)).length, LIMITS.sessionsPerMember);
  assert.is(caller.closedWith, null);
  await room.close();
});

sessions('unused for a month, or older than a year, has ended', async () => {
  const clock = new HandClock();
  const room = await openRoom({ clock });
  const ada = await room.join('ada');
  const resume = async () => (await room.knock()).ask('session.resume', { token: ada.token });
  const begun = clock.now();

  clock.setWall(begun + 30 * DAY);
  await resume();
  clock.setWall(begun + 61 * DAY);
  assert.is(await refusal(resume()), 'SESSION_ENDED');
  // A clock that was wrong for a while ends nobody's session.
  clock.setWall(begun + 31 * DAY);
  for (let day = 31; day <= 365; day += 29) {
    clock.setWall(begun + day * DAY);
    await resume();
  }
  clock.setWall(begun + 366 * DAY);
  assert.is(await refusal(resume()), 'SESSION_ENDED');
  await room.close();
});

sessions('begun while the connection goes away leaves nobody online', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  for (let n = 0; n < 10; n += 1) {
    const caller = await room.knock();
    const work = [caller.ask('session.resume', { token: ada.token }), caller.ask('room.enter', {})];
    caller.close();
    await Promise.allSettled(work);
  }
  ada.caller.close();
  await until(() => room.host.online() === 0, 'everybody to be gone');
  await room.close();
});

sessions.run();
