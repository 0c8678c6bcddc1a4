import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ulid } from 'ulid';
import type { CardAddress } from '../../server/protocol/entities.ts';
import { Whereabouts } from '../../server/whereabouts.ts';
import { openRoom, refusal, signUpInput, type Caller } from '../support/room.ts';
import { HandClock } from './hand-clock.ts';
import { refused } from './refused.ts';
import { connectFrom } from './wire.ts';

const HOUR = 60 * 60_000;

const rules = suite('The rules of a room');

rules('are open to members and shut to browsers and guests at first', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  const first = { access: 'open', door: 'none', guestsUntil: null };
  assert.equal(
    [ada.caller.about.settings, ada.entered.settings, room.host.settings()],
    [first, first, first],
  );
  await room.close();
});

rules('are changed one by one, heard by everybody, noted, and kept', async () => {
  const clock = new HandClock();
  const room = await openRoom({ clock });
  const [ada, grace] = [await room.join('ada'), await room.join('grace')];
  const guestsUntil = clock.now() + HOUR;
  assert.equal(await ada.caller.ask('room.change', { guestsForMs: HOUR }), {
    ...{ access: 'open', door: 'none', guestsUntil },
  });
  const settings = { access: 'invited', door: 'encrypted', guestsUntil } as const;
  assert.equal(await ada.caller.ask('room.change', { access: 'invited', door: 'encrypted' }), settings);
  await grace.caller.until(
    () => grace.caller.signals.filter(({ type }) => type === 'settings').length === 2,
    'both',
  );
  assert.equal(
    grace.caller.signals.findLast(({ type }) => type === 'settings'),
    { type: 'settings', settings },
  );
  assert.equal(await ada.caller.ask('room.change', {}), settings);
  const { entries } = await ada.caller.ask('audit.list', { limit: 10 });
  assert.equal(
    entries.filter(({ action }) => action === 'room.changed').map(({ detail }) => detail),
    ['access=invited door=encrypted', `guestsUntil=${new Date(guestsUntil).toISOString()}`],
  );
  await room.restart();
  assert.equal(room.host.settings(), settings);
  await room.close();
});

rules('are what the host was started with, where it was', async () => {
  const clock = new HandClock();
  const room = await openRoom({ clock, access: 'invited', guestsForMs: 30 * 24 * HOUR });
  // A week at most.
  const guestsUntil = clock.now() + 7 * 24 * HOUR;
  assert.equal(room.host.settings(), { access: 'invited', door: 'none', guestsUntil });
  await room.restart({ access: undefined, guestsForMs: null, door: 'simple' });
  assert.equal(room.host.settings(), { access: 'invited', door: 'simple', guestsUntil: null });
  await room.close();
});

rules.run();

const full = suite('A full room');

full('takes in nobody more, but whoever is in may come by another way', async () => {
  const room = await openRoom({
    limits: { members: 2, perAddress: 100, newPerAddress: { perSecond: 99, burst: 99 } },
  });
  const [ada, grace] = [await room.join('ada'), await room.join('grace')];
  const refusal1 = await refused(room.knock());
  assert.is(refusal1.code, 'ROOM_FULL');
  // Who is in may say hello again, and enter again.
  await ada.caller.ask('hello', { protocol: 1, language: 'fr', client: 'tests' });
  await ada.caller.ask('room.enter', {});
  grace.caller.close();
  await ada.caller.until(() => room.host.online() === 1, 'her to be gone');
  // Two who said hello in time: only one finds room.
  const [one, two] = [await room.knock(), await room.knock()];
  await signUp(one, 'lin');
  assert.is(await refusal(signUp(two, 'doro')), 'ROOM_FULL');
  await room.close();
});

async function signUp(caller: Caller, username: string) {
  await caller.ask('account.signUp', await signUpInput(username, '0'.repeat(25)));
  return caller.ask('room.enter', {});
}

full('of new people from one address: the next waits, others do not', async () => {
  const room = await openRoom({
    limits: {
      signUps: { perSecond: 1 / 60, burst: 3 },
      perAddress: 100,
      newPerAddress: { perSecond: 99, burst: 99 },
    },
    guestsForMs: HOUR,
  });
  await room.join('ada');
  await room.join('grace');
  const guest = (caller: Pick<Caller, 'ask'>) => caller.ask('guest.enter', { name: 'Mamie', device: '' });
  await guest(await room.knock());
  const waiting = await refused(guest(await room.knock()));
  assert.is(waiting.code, 'SLOW_DOWN');
  assert.ok((waiting.retryMs ?? 0) > 30_000);
  assert.is(await refusal(room.join('lin')), 'SLOW_DOWN');
  const elsewhere = await connectFrom(room.address, '127.0.0.2');
  await guest({ ask: (command, input) => elsewhere.ask(command, input) });
  elsewhere.close();
  await room.close();
});

full.run();

const found = suite('Where a room is found');

const card = (address: string, kind: CardAddress['kind'] = 'ethernet'): CardAddress => ({
  address,
  card: 'x0',
  kind,
  loopback: kind === 'loopback',
});
const loopback = card('127.0.0.1', 'loopback');

function whereabouts(cards: CardAddress[], only?: string) {
  const clock = new HandClock();
  const heard: string[][] = [];
  let now = cards;
  const places = new Whereabouts({
    ...{ clock, only, port: () => 4870, cards: () => now },
    changed: (addresses) => heard.push(addresses),
  });
  const move = (next: CardAddress[]) => {
    now = next;
    clock.advance(5_000);
  };
  return { places, heard, move };
}

found('is at its own addresses, best first, and at loopback only where there is nothing else', () => {
  assert.equal(whereabouts([card('192.168.1.24'), card('fd00::1'), loopback]).places.list(), [
    '192.168.1.24:4870',
    '[fd00::1]:4870',
  ]);
  assert.equal(whereabouts([loopback]).places.list(), ['127.0.0.1:4870']);
  assert.equal(whereabouts([card('192.168.1.24'), loopback], '127.0.0.1').places.list(), ['127.0.0.1:4870']);
  assert.equal(whereabouts([card('192.168.1.24'), card('10.0.0.4')], '10.0.0.4').places.list(), [
    '10.0.0.4:4870',
  ]);
  assert.equal(whereabouts([card('10.0.0.4'), loopback], '::').places.list(), ['10.0.0.4:4870']);
});

found('is also where members came by lately, eight of them', () => {
  const { places } = whereabouts([card('192.168.1.24'), loopback]);
  for (let n = 1; n <= 9; n += 1) places.reachedBy(`::ffff:10.0.0.${n}`);
  for (const again of ['10.0.0.5', '127.0.0.1', '::1', '', '192.168.1.24']) places.reachedBy(again);
  assert.equal(
    places.list(),
    ['192.168.1.24', '10.0.0.5', '10.0.0.9', '10.0.0.8', '10.0.0.7', '10.0.0.6', '10.0.0.4', '10.0.0.3'].map(
      (host) => `${host}:4870`,
    ),
  );
});

found('is told anew when a cable is pulled, and only then', () => {
  const { heard, move } = whereabouts([card('192.168.1.24'), loopback]);
  move([card('192.168.1.24'), loopback]);
  assert.equal(heard, []);
  move([card('10.0.0.4'), loopback]);
  move([card('10.0.0.4'), loopback]);
  assert.equal(heard, [['10.0.0.4:4870']]);
});

found('is told to whoever comes in, and to the owner by card', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  assert.equal(ada.entered.addresses, [room.address]);
  const { port, addresses } = await ada.caller.ask('room.addresses', {});
  assert.is(port, room.host.port);
  assert.equal(
    addresses.map(({ address, loopback: inside }) => [address, inside]),
    [['127.0.0.1', true]],
  );
  await ada.say(ulid(), 'here');
  await room.close();
});

found.run();

const knocking = suite('Who tried to come in');

knocking('is listed for the owner, with how far they got and why no further', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  const caller = await room.knock();
  await refused(caller.prove('signIn', 'ada', 'a guess'));
  caller.close();
  const { knocks } = await ada.caller.ask('knock.list', {});
  assert.ok(knocks.some(({ reached, ended }) => reached === 'in' && ended === null));
  assert.ok(knocks.some(({ reached, ended }) => reached === 'hello' && ended === 'BAD_LOGIN'));
  await room.close();
});

knocking.run();
