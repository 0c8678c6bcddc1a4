import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Id } from '../../server/protocol/entities.ts';
import { openRoom, type Caller, type TestRoom } from '../support/room.ts';
import { HandClock } from './hand-clock.ts';
import { until } from './wire.ts';

const BATCH = 200;
const GRACE = 2_500;

/** Every change that was heard of one member, in order. */
const changesOf = (caller: Caller, memberId: Id) =>
  caller.signals.flatMap((signal) =>
    signal.type === 'presence' ? signal.changes.filter((change) => change.memberId === memberId) : [],
  );
const heardOf = (caller: Caller, memberId: Id) => changesOf(caller, memberId).map(({ presence }) => presence);

/** Until the host has noticed that somebody's connection is gone. */
const gone = (room: TestRoom, online: number) =>
  until(() => room.host.online() === online, `${online} online`);

/** Until the host has noticed that one of somebody’s several connections is gone. `online` counts people, not connections. */
const untilGone = async (asker: Caller, sessionId: Id) => {
  const isOnline = async () => {
    const { sessions } = await asker.ask('session.list', {});
    return sessions.find(({ id }) => id === sessionId)?.online === true;
  };
  while (await isOnline()) await new Promise((resolve) => setTimeout(resolve, 20));
};

/** A round trip, so that whatever was sent before has arrived. */
const settle = (caller: Caller) => caller.ask('session.list', {});

const presence = suite('Presence');

presence('of somebody who comes in is told once to everybody', async () => {
  const clock = new HandClock();
  const room = await openRoom({ clock });
  const ada = await room.join('ada');
  clock.advance(BATCH);
  const [grace, edsger] = [await room.join('grace'), await room.join('edsger')];
  clock.advance(BATCH);
  await settle(ada.caller);

  const signals = ada.caller.signals.filter(({ type }) => type === 'presence');
  assert.is(signals.length, 2);
  assert.equal(heardOf(ada.caller, grace.memberId), ['here']);
  assert.equal(heardOf(ada.caller, edsger.memberId), ['here']);
  const { members } = edsger.entered;
  assert.is(members.find(({ id }) => id === ada.memberId)?.presence, 'here');
  await room.close();
});

presence('survives a reload, and is offline with the time they were last seen after a moment', async () => {
  const clock = new HandClock();
  const room = await openRoom({ clock });
  const ada = await room.join('ada');
  let grace = await room.join('grace');
  clock.advance(BATCH);

  grace.caller.close();
  await gone(room, 1);
  clock.advance(GRACE - 500);
  grace = await (await room.knock()).signIn('grace');
  clock.advance(GRACE);
  await settle(ada.caller);
  assert.equal(heardOf(ada.caller, grace.memberId), ['here']);

  const at = clock.now();
  grace.caller.close();
  await gone(room, 1);
  clock.advance(GRACE + BATCH);
  await settle(ada.caller);
  assert.equal(changesOf(ada.caller, grace.memberId).slice(1), [
    { memberId: grace.memberId, presence: 'offline', lastSeenAt: at },
  ]);
  const { members } = await ada.caller.ask('room.enter', {});
  const seen = members.find(({ id }) => id === grace.memberId);
  assert.equal([seen?.presence, seen?.lastSeenAt], ['offline', at]);
  await room.close();
});

presence('and the time somebody was last seen are known after a restart too', async () => {
  const clock = new HandClock();
  const room = await openRoom({ clock });
  const [ada, grace] = [await room.join('ada'), await room.join('grace')];
  clock.skip(5_000);
  const at = clock.now();
  await grace.caller.ask('account.signOut', {});
  await room.restart();
  const caller = await room.knock();
  await caller.ask('session.resume', { token: ada.token });
  const { members } = await caller.ask('room.enter', {});
  const seen = members.find(({ id }) => id === grace.memberId);
  assert.equal([seen?.presence, seen?.lastSeenAt], ['offline', at]);
  await room.close();
});

presence('ends at once for whoever signs out', async () => {
  const clock = new HandClock();
  const room = await openRoom({ clock });
  const [ada, grace] = [await room.join('ada'), await room.join('grace')];
  clock.advance(BATCH);
  await grace.caller.ask('account.signOut', {});
  clock.advance(BATCH);
  await settle(ada.caller);
  assert.equal(heardOf(ada.caller, grace.memberId), ['here', 'offline']);
  await room.close();
});

presence('is away only when every one of somebody’s devices is', async () => {
  const clock = new HandClock();
  const room = await openRoom({ clock });
  const [ada, grace] = [await room.join('ada'), await room.join('grace')];
  const phone = await (await room.knock()).signIn('grace');
  clock.advance(BATCH);

  await grace.caller.ask('presence.set', { presence: 'away' });
  clock.advance(BATCH);
  await settle(ada.caller);
  assert.equal(heardOf(ada.caller, grace.memberId), ['here']);

  await phone.caller.ask('presence.set', { presence: 'away' });
  clock.advance(BATCH);
  await settle(ada.caller);
  assert.equal(heardOf(ada.caller, grace.memberId), ['here', 'away']);

  // There and back within one batch is no news.
  await phone.caller.ask('presence.set', { presence: 'here' });
  await phone.caller.ask('presence.set', { presence: 'away' });
  clock.advance(BATCH);
  await phone.caller.ask('presence.set', { presence: 'here' });
  phone.caller.close();
  await untilGone(grace.caller, phone.sessionId);
  clock.advance(GRACE + BATCH);
  await settle(ada.caller);
  assert.is(heardOf(ada.caller, grace.memberId).at(-1), 'away');
  assert.not.ok(heardOf(ada.caller, grace.memberId).includes('offline'));
  await room.close();
});

presence('of the one who was away on a connection is not inherited by who signs in there next', async () => {
  const clock = new HandClock();
  const room = await openRoom({ clock });
  const [ada, grace] = [await room.join('ada'), await room.join('grace')];
  await ada.caller.ask('presence.set', { presence: 'away' });
  await grace.caller.ask('account.signOut', {});
  clock.advance(BATCH);
  await ada.caller.signIn('grace');
  const { members } = await ada.caller.ask('room.enter', {});
  assert.is(members.find(({ id }) => id === grace.memberId)?.presence, 'here');
  await room.close();
});

presence('counts a person once, however often they come in', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  await Promise.all([1, 2, 3].map(() => ada.caller.ask('room.enter', {})));
  await (await room.knock()).signIn('ada');
  assert.is(room.host.online(), 1);
  await ada.say('01JD0000000000000000000001', 'once');
  await ada.caller.hears('message.posted');
  await settle(ada.caller);
  assert.is(ada.caller.events.filter(({ type }) => type === 'message.posted').length, 1);
  await room.close();
});

presence.run();
