import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ulid } from 'ulid';
import { openRoom, refusal, type Caller, type TestRoom } from '../support/room.ts';
import { HandClock } from './hand-clock.ts';
import { refused } from './refused.ts';
import { until } from './wire.ts';

/** Shorter than a connection may be silent: the tests' clock skips it. */
const STAY = 20_000;
const DAY = 24 * 60 * 60_000;

/** Through one of the browsers' doors, or from the app. */
async function visit(room: TestRoom, name = 'Mamie', channel: 'app' | 'encrypted' | 'simple' = 'simple') {
  const caller = await room.knock(channel);
  const signedIn = await caller.ask('guest.enter', { name, device: 'a phone' });
  const entered = await caller.ask('room.enter', {});
  return { caller, ...signedIn, entered, lobby: entered.conversations[0]?.id ?? '' };
}

const openDoor = (clock?: HandClock) =>
  openRoom({
    door: 'simple',
    ...(clock === undefined ? { guestsForMs: DAY } : { guestsForMs: STAY, clock }),
  });

async function sentAway(caller: Caller): Promise<void> {
  await caller.until(() => caller.closedWith !== null, 'the connection to end');
  assert.equal([caller.goodbye, caller.closedWith], ['guestEnded', 4003]);
}

const guests = suite('A guest');

guests('comes in with a name alone, by every door, while guests are let in', async () => {
  const room = await openDoor();
  const ada = await room.join('ada');
  for (const channel of ['simple', 'encrypted', 'app'] as const) {
    const { memberId, entered } = await visit(room, 'Mamie', channel);
    assert.is(entered.me, memberId);
    const { member } = await ada.caller.hears('member.joined', ({ authorId }) => authorId === memberId);
    assert.equal([member.firstName, member.lastName, member.role], ['Mamie', '', 'guest']);
  }
  const usernames = (await visit(room, 'Mamie')).entered.members.map(({ username }) => username);
  assert.equal(usernames, ['ada', 'mamie', 'mamie2', 'mamie3', 'mamie4']);
  await ada.caller.ask('room.change', { guestsForMs: null });
  assert.is(await refusal(visit(room)), 'GUESTS_OFF');
  await room.close();
});

guests('has a name that can be used, and is not a member’s', async () => {
  const room = await openDoor();
  await room.join('ada');
  const enter = async (name: string) => {
    const { entered, memberId } = await visit(room, name);
    const { username, firstName } = entered.members.find(({ id }) => id === memberId)!;
    return [firstName, username];
  };
  const wrong = async (name: string) => refused(visit(room, name));
  assert.equal(await enter('  Mamie   Jo '), ['Mamie Jo', 'mamie-jo']);
  assert.equal(await enter('Jean-François'), ['Jean-François', 'jean-françois']);
  assert.equal(await enter('O’Neill'), ['O’Neill', 'o-neill']);
  assert.equal(await enter('Анна Smith'), ['Анна Smith', 'анна']);
  assert.equal(await enter('J. R. R.'), ['J. R. R.', 'j-r-r']);
  assert.is((await enter('x'.repeat(60)))[1], 'x'.repeat(29));
  assert.equal(await wrong(''), { code: 'NAME_INVALID', why: 'empty', path: 'name' });
  assert.equal(await wrong('…'), { code: 'NAME_INVALID', why: 'characters', path: 'name' });
  assert.equal(await wrong('y'.repeat(65)), { code: 'NAME_INVALID', why: 'tooLong', path: 'name' });
  assert.equal(await wrong('Admin'), { code: 'NAME_INVALID', why: 'reserved', path: 'name' });
  assert.equal(await wrong('Salon'), { code: 'NAME_INVALID', why: 'reserved', path: 'name' });
  // In Cyrillic too: the whole of it is one alphabet.
  for (const name of ['Ada', 'ADA', 'A.d.a', 'A-da', '\u0430\u0501\u0430'])
    assert.equal(await wrong(name), { code: 'NAME_TAKEN' });
  await room.close();
});

guests(
  'reads and writes in the lobby from their coming on, and nothing else, whatever they ask',
  async () => {
    const room = await openDoor();
    const [ada, grace] = [await room.join('ada'), await room.join('grace')];
    await ada.say(ulid(), 'before she came');
    const { conversationId } = await ada.tell(ulid(), [grace.memberId], 'between us');
    await grace.caller.ask('account.rename', { username: 'hopper' });

    const mamie = await visit(room);
    const [lobby] = mamie.entered.conversations;
    const first = lobby?.first ?? 0;
    assert.equal([lobby?.head, lobby?.read, lobby?.unread], [first, first, 0]);
    assert.equal([mamie.entered.conversations.length, mamie.entered.formerNames], [1, []]);
    const { seq } = await ada.say(ulid(), 'after she came');
    await mamie.caller.hears('message.posted');
    const page = (range: object) =>
      mamie.caller.ask('history.page', { conversationId: mamie.lobby, limit: 200, ...range });
    for (const range of [{ after: 0 }, { after: 1 }, { before: 999 }]) {
      const { events, head } = await page(range);
      assert.equal(
        events.map((event) => event.seq),
        [first, seq],
      );
      assert.is(head, seq);
    }
    assert.equal((await page({ before: first })).events, []);

    const { seq: hers } = await mamie.caller.ask('message.post', {
      ...{ id: ulid(), conversationId: mamie.lobby, body: 'hello dears' },
    });
    await ada.caller.hears('message.posted', (event) => event.seq === hers);
    const post = (input: object) => mamie.caller.ask('message.post', { id: ulid(), body: 'psst', ...input });
    assert.is(await refusal(post({ to: [ada.memberId] })), 'NOT_FOR_GUESTS');
    assert.is(await refusal(post({ conversationId })), 'NO_SUCH_CONVERSATION');
    assert.is(await refusal(ada.tell(ulid(), [mamie.memberId], 'psst')), 'GUEST_READS_LOBBY');
    const withBoth = [grace.memberId, mamie.memberId];
    assert.is(
      await refusal(ada.caller.ask('conversation.open', { memberIds: withBoth })),
      'GUEST_READS_LOBBY',
    );

    const everything = JSON.stringify([mamie.entered, mamie.caller.events, mamie.caller.signals]);
    for (const unheard of ['before she came', 'between us', conversationId, 'member.renamed'])
      assert.not.ok(everything.includes(unheard), unheard);
    await room.close();
  },
);

guests('comes back after a break, and leaves by signing out', async () => {
  const room = await openDoor();
  const ada = await room.join('ada');
  const mamie = await visit(room);
  mamie.caller.close();
  const again = await room.knock('simple');
  await again.ask('session.resume', { token: mamie.token });
  assert.is((await again.ask('room.enter', {})).me, mamie.memberId);

  await again.ask('account.signOut', {});
  const ended = await ada.caller.hears('guest.ended');
  assert.is(ended.authorId, mamie.memberId);
  assert.is(await refusal(again.ask('session.resume', { token: mamie.token })), 'SESSION_ENDED');
  const { members } = await ada.caller.ask('room.enter', {});
  assert.is(members.find(({ id }) => id === mamie.memberId)?.leftAt, ended.at);
  await room.close();
});

guests.run();

const ending = suite('A guest’s stay ends');

ending('when the time is up, for everybody, and nobody comes in any more', async () => {
  const clock = new HandClock();
  const room = await openDoor(clock);
  const ada = await room.join('ada');
  const [mamie, papi] = [await visit(room), await visit(room, 'Papi', 'app')];
  clock.skip(STAY - 1_000);
  assert.is((await mamie.caller.ask('room.enter', {})).settings.guestsUntil, clock.now() + 1_000);
  // Whatever was written is read by then: nobody counts as behind while the time jumps.
  await sleep(20);
  clock.advance(1_000);
  await Promise.all([sentAway(mamie.caller), sentAway(papi.caller)]);
  await ada.caller.until(
    () => ada.caller.events.filter(({ type }) => type === 'guest.ended').length === 2,
    'the end of both',
  );
  const settings = ada.caller.signals.findLast(({ type }) => type === 'settings');
  assert.equal(settings, {
    type: 'settings',
    settings: { access: 'open', door: 'simple', guestsUntil: null },
  });
  const door = await room.knock('simple');
  assert.is(await refusal(door.ask('guest.enter', { name: 'Mamie', device: '' })), 'GUESTS_OFF');
  assert.is(await refusal(door.ask('session.resume', { token: mamie.token })), 'SESSION_ENDED');
  await room.close();
});

ending('also when somebody puts the clock back, by a year or a little', async () => {
  for (const back of [365 * DAY, STAY]) {
    const clock = new HandClock();
    const room = await openDoor(clock);
    await room.join('ada');
    const mamie = await visit(room);
    clock.setWall(clock.now() - back);
    clock.skip(STAY - 1_000);
    await mamie.caller.ask('presence.set', { presence: 'here' });
    await sleep(20);
    clock.advance(1_000);
    await sentAway(mamie.caller);
    assert.is(await refusal(visit(room)), 'GUESTS_OFF');
    await room.close();
  }
});

ending('at the opening of the room, when it ended while the host was away', async () => {
  for (const away of [STAY, -30 * DAY]) {
    const clock = new HandClock();
    const room = await openDoor(clock);
    const ada = await room.join('ada');
    const mamie = await visit(room);
    await room.host.close();
    clock.setWall(clock.now() + away);
    await room.restart({ guestsForMs: undefined });
    assert.is(room.host.settings().guestsUntil, null);
    const caller = await room.knock('simple');
    assert.is(await refusal(caller.ask('session.resume', { token: mamie.token })), 'SESSION_ENDED');
    assert.is(await refusal(caller.ask('guest.enter', { name: 'Papi', device: '' })), 'GUESTS_OFF');
    const owner = await room.knock();
    await owner.ask('session.resume', { token: ada.token });
    const { members } = await owner.ask('room.enter', {});
    assert.ok(members.find(({ id }) => id === mamie.memberId)?.leftAt !== null);
    await room.close();
  }
});

ending('not by a restart within the time', async () => {
  const room = await openRoom({ door: 'simple', guestsForMs: DAY });
  await room.join('ada');
  const mamie = await visit(room);
  await room.restart({ guestsForMs: undefined });
  const caller = await room.knock('simple');
  await caller.ask('session.resume', { token: mamie.token });
  assert.is((await caller.ask('room.enter', {})).me, mamie.memberId);
  await room.close();
});

ending('when the owner says so: nothing of theirs is taken after the answer', async () => {
  const room = await openDoor();
  const ada = await room.join('ada');
  const visits = await Promise.all(['Mamie', 'Papi', 'Zia'].map((name) => visit(room, name)));
  const others = await Promise.all(
    visits
      .flatMap(({ token }) => [token, token])
      .map(async (token) => {
        const caller = await room.knock('simple');
        await caller.ask('session.resume', { token });
        return caller;
      }),
  );
  const callers = [...visits.map(({ caller }) => caller), ...others];
  let begun = 0;
  const talking = setInterval(() => {
    for (const caller of callers) {
      begun += 1;
      caller
        .ask('message.post', { id: ulid(), conversationId: ada.lobby, body: 'and another thing' })
        .catch(() => undefined);
    }
  }, 1);
  await until(() => begun > 20, 'them to talk');
  const coming = await Promise.all(visits.map(() => room.knock('simple')));
  const late = await room.knock('simple');
  const resuming = Promise.allSettled([
    ...coming.map((caller, i) =>
      caller.ask('session.resume', { token: visits[i]!.token }).then(() => caller.ask('room.enter', {})),
    ),
    late.ask('guest.enter', { name: 'Nonno', device: '' }).then(() => late.ask('room.enter', {})),
  ]);
  const { head } = await endAll();
  clearInterval(talking);
  await resuming;
  await Promise.all(callers.map(sentAway));

  async function endAll() {
    await ada.caller.ask('room.change', { guestsForMs: null });
    return ada.caller.ask('history.page', { conversationId: ada.lobby, after: 0, limit: 1 });
  }
  const later = await ada.caller.ask('history.page', { conversationId: ada.lobby, after: head, limit: 200 });
  assert.equal(later.events, []);
  await until(() => room.host.online() === 1, 'the owner to be alone');
  await room.close();
});

ending.run();
