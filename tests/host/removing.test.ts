import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ulid } from 'ulid';
import { makeCredential, makeCodeCredential } from '../../server/client/signing-in.ts';
import type { Id } from '../../server/protocol/entities.ts';
import type { GoodbyeReason } from '../../server/protocol/frames.ts';
import {
  openRoom,
  PASSWORD,
  quickStretch,
  refusal,
  signUpInput,
  type Caller,
  type Person,
  type TestRoom,
} from '../support/room.ts';
import { HandClock } from './hand-clock.ts';
import { connectFrom, until } from './wire.ts';

const HOUR = 60 * 60_000;

const remove = (owner: Person, memberId: Id, ban = false) =>
  owner.caller.ask('member.remove', { memberId, ban });

async function sentAway(caller: Caller, reason: GoodbyeReason): Promise<void> {
  await caller.until(() => caller.closedWith !== null, 'the connection to end');
  assert.equal([caller.goodbye, caller.closedWith], [reason, 4003]);
}

async function resumed(room: TestRoom, token: string): Promise<Caller> {
  const caller = await room.knock();
  await caller.ask('session.resume', { token });
  return caller;
}

const removing = suite('Somebody who is asked to leave');

removing('is signed out everywhere at once, with a goodbye, and may sign in again', async () => {
  const room = await openRoom();
  const [ada, grace] = [await room.join('ada'), await room.join('grace')];
  const atTheDoor = await resumed(room, grace.token);
  const phone = await (await room.knock()).signIn('grace');
  await remove(ada, grace.memberId);
  await Promise.all([grace.caller, atTheDoor, phone.caller].map((caller) => sentAway(caller, 'removed')));
  assert.is(await refusal(resumed(room, grace.token)), 'SESSION_ENDED');
  assert.is(await refusal(resumed(room, phone.token)), 'SESSION_ENDED');
  assert.is((await (await room.knock()).signIn('grace')).memberId, grace.memberId);
  assert.equal(await actions(ada), ['member.removed']);
  await room.close();
});

removing('for good cannot come back, and only somebody who has proven who they are learns why', async () => {
  const room = await openRoom();
  const [ada, grace] = [await room.join('ada'), await room.join('grace')];
  const waiting = await room.knock();
  await waiting.prove('recovery', 'grace', grace.recoveryCode);
  await remove(ada, grace.memberId, true);
  await sentAway(grace.caller, 'banned');

  const caller = await room.knock();
  assert.is(await refusal(caller.ask('session.resume', { token: grace.token })), 'BANNED');
  assert.is(await refusal(caller.signIn('grace')), 'BANNED');
  const password = await makeCredential(PASSWORD, quickStretch);
  const reset = { password, recovery: makeCodeCredential('0'.repeat(25)), device: '' };
  assert.is(await refusal(waiting.ask('password.reset', reset)), 'BANNED');
  assert.is(await refusal(caller.ask('room.enter', {})), 'NOT_SIGNED_IN');
  assert.is(await refusal(caller.prove('signIn', 'grace', 'a-guess')), 'BAD_LOGIN');
  assert.is(await refusal(caller.ask('session.resume', { token: 'A'.repeat(43) })), 'SESSION_ENDED');

  await room.restart();
  const owner = await resumed(room, ada.token);
  const again = await room.knock();
  assert.is(await refusal(again.signIn('grace')), 'BANNED');
  const [ban, ...others] = (await owner.ask('ban.list', {})).bans;
  assert.equal([others, ban?.memberId, ban?.until], [[], grace.memberId, null]);
  await owner.ask('ban.lift', { id: ban!.id });
  assert.is(await refusal(again.ask('session.resume', { token: grace.token })), 'SESSION_ENDED');
  assert.is((await again.signIn('grace')).memberId, grace.memberId);
  assert.equal((await owner.ask('ban.list', {})).bans, []);
  await room.close();
});

removing('for good cannot come as somebody new from where they were, for a day', async () => {
  const clock = new HandClock();
  const room = await openRoom({ clock, guestsForMs: 72 * HOUR });
  const [ada, grace] = [await room.join('ada'), await room.join('grace')];
  const places = await Promise.all(['127.0.0.2', '127.0.0.3'].map((from) => connectFrom(room.address, from)));
  for (const place of places) {
    await place.ask('session.resume', { token: grace.token });
    await place.ask('room.enter', {});
  }
  await remove(ada, grace.memberId, true);
  const { from, signUpFrom } = coming(room);
  for (const address of ['127.0.0.2', '127.0.0.3']) {
    assert.is(await signUpFrom(address, 'hopper'), 'BANNED');
    assert.is(await from(address), 'BANNED');
  }
  // Who has an account may be behind the same router.
  const member = await connectFrom(room.address, '127.0.0.2');
  assert.is(await refusal(member.ask('session.resume', { token: grace.token })), 'BANNED');
  await member.ask('session.resume', { token: ada.token });
  // She was on the host's own computer as well.
  assert.ok(await room.join('lin'));
  clock.skip(24 * HOUR);
  assert.is(await signUpFrom('127.0.0.2', 'hopper'), 'in');
  assert.is((await (await resumed(room, ada.token)).ask('ban.list', {})).bans.length, 1);
  await room.close();
});

removing('is never the owner, and never somebody who is not there', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  for (const ban of [false, true]) {
    assert.is(await refusal(remove(ada, ada.memberId, ban)), 'NOT_ALLOWED');
    assert.is(await refusal(remove(ada, ulid(), ban)), 'NO_SUCH_MEMBER');
  }
  assert.is(ada.caller.goodbye, null);
  await room.close();
});

for (const ban of [false, true]) {
  removing(
    `${ban ? 'for good ' : ''}does nothing more after the owner is answered, whatever was in flight`,
    async () => {
      const room = await openRoom();
      const [ada, grace] = [await room.join('ada'), await room.join('grace')];
      const others = await Promise.all(Array.from({ length: 5 }, () => resumed(room, grace.token)));
      const callers = [grace.caller, ...others];
      let begun = 0;
      let accepted = 0;
      let answered = false;
      let late = 0;
      const talking = setInterval(() => {
        for (const caller of callers) {
          begun += 1;
          const asked = answered;
          caller
            .ask('message.post', { id: ulid(), conversationId: ada.lobby, body: 'and another thing' })
            .then(
              () => {
                accepted += 1;
                if (asked) late += 1;
              },
              () => undefined,
            );
        }
      }, 1);
      await until(() => accepted > 5, 'her to talk');
      // Tokens shown and passwords proven at the same moment.
      const coming = await Promise.all(Array.from({ length: 6 }, () => room.knock()));
      const resuming = Promise.allSettled(
        coming.map((caller) =>
          caller.ask('session.resume', { token: grace.token }).then(() => caller.ask('room.enter', {})),
        ),
      );
      await remove(ada, grace.memberId, ban);
      answered = true;
      const { head } = await ada.caller.ask('history.page', {
        conversationId: ada.lobby,
        after: 0,
        limit: 1,
      });
      await resuming;
      await Promise.all(callers.map((caller) => sentAway(caller, ban ? 'banned' : 'removed')));
      clearInterval(talking);

      const later = await ada.caller.ask('history.page', {
        conversationId: ada.lobby,
        after: head,
        limit: 200,
      });
      assert.equal(later.events, []);
      assert.is(late, 0);
      assert.ok(begun > accepted, 'something was in flight');
      for (const caller of coming) assert.ok(await refusal(caller.ask('presence.set', { presence: 'here' })));
      await until(() => room.host.online() === 1, 'the owner to be alone');
      await room.close();
    },
  );
}

removing.run();

const guests = suite('A guest who is asked to leave');

guests('has stayed; for good, nobody new comes from there for a day', async () => {
  const clock = new HandClock();
  const room = await openRoom({ clock, guestsForMs: 72 * HOUR });
  const ada = await room.join('ada');
  const elsewhere = await connectFrom(room.address, '127.0.0.2');
  const mamie = await elsewhere.ask('guest.enter', { name: 'Mamie', device: '' });
  await elsewhere.ask('room.enter', {});
  await remove(ada, mamie.memberId, true);
  assert.is((await ada.caller.hears('guest.ended')).authorId, mamie.memberId);
  const { from, signUpFrom } = coming(room);
  assert.is(await from('127.0.0.2'), 'BANNED');
  assert.is(await signUpFrom('127.0.0.2', 'troll'), 'BANNED');
  assert.is(await from('127.0.0.3'), 'in');
  clock.skip(24 * HOUR - 1);
  assert.is(await from('127.0.0.2'), 'BANNED');
  const [ban] = (await (await resumed(room, ada.token)).ask('ban.list', {})).bans;
  assert.is((ban?.until ?? 0) - (ban?.at ?? 0), 24 * HOUR);
  clock.skip(1);
  assert.is(await from('127.0.0.2'), 'in');
  assert.equal((await (await resumed(room, ada.token)).ask('ban.list', {})).bans, []);
  await room.close();
});

guests('for good is known by a connection that was there already, or never entered', async () => {
  const room = await openRoom({ guestsForMs: HOUR });
  const ada = await room.join('ada');
  const spare = await connectFrom(room.address, '127.0.0.2');
  const elsewhere = await connectFrom(room.address, '127.0.0.2');
  const { memberId } = await elsewhere.ask('guest.enter', { name: 'Mamie', device: '' });
  await remove(ada, memberId, true);
  assert.is(await enterAs(spare, 'Papi'), 'BANNED');
  await room.close();
});

guests('for good is known after signing out, and after whoever came later', async () => {
  const room = await openRoom({ guestsForMs: HOUR });
  const ada = await room.join('ada');
  const elsewhere = await connectFrom(room.address, '127.0.0.2');
  const { memberId } = await elsewhere.ask('guest.enter', { name: 'Mamie', device: '' });
  await elsewhere.ask('room.enter', {});
  await elsewhere.ask('account.signOut', {});
  await ada.caller.hears('guest.ended');
  // Long enough for the host to forget who is no longer here.
  await sleep(300);
  await remove(ada, memberId, true);
  assert.is(await coming(room).from('127.0.0.2'), 'BANNED');
  await room.close();
});

guests('for good keeps no member out who is behind the same router', async () => {
  const room = await openRoom({ guestsForMs: HOUR });
  const [ada, grace] = [await room.join('ada'), await room.join('grace')];
  const elsewhere = await connectFrom(room.address, '127.0.0.2');
  const { memberId } = await elsewhere.ask('guest.enter', { name: 'Mamie', device: '' });
  await remove(ada, memberId, true);
  const member = await connectFrom(room.address, '127.0.0.2');
  await member.ask('session.resume', { token: grace.token });
  assert.is((await member.ask('room.enter', {})).me, grace.memberId);
  await room.close();
});

guests('hears why, and the ban outlives the host; lifted, it is gone', async () => {
  const room = await openRoom({ guestsForMs: 72 * HOUR });
  const ada = await room.join('ada');
  const caller = await room.knock();
  const mamie = await caller.ask('guest.enter', { name: 'Mamie', device: '' });
  await remove(ada, mamie.memberId, false);
  await sentAway(caller, 'removed');
  const elsewhere = await connectFrom(room.address, '127.0.0.2');
  const papi = await elsewhere.ask('guest.enter', { name: 'Papi', device: '' });
  await elsewhere.ask('room.enter', {});
  await remove(ada, papi.memberId, true);
  await room.restart({ guestsForMs: undefined });
  const { from } = coming(room);
  assert.is(await from('127.0.0.2'), 'BANNED');
  const owner = await resumed(room, ada.token);
  const [ban] = (await owner.ask('ban.list', {})).bans;
  await owner.ask('ban.lift', { id: ban!.id });
  assert.is(await from('127.0.0.2'), 'in');
  await room.close();
});

guests('on the host’s own computer shuts nobody else out there', async () => {
  const room = await openRoom({ guestsForMs: HOUR });
  const ada = await room.join('ada');
  const caller = await room.knock();
  const mamie = await caller.ask('guest.enter', { name: 'Mamie', device: '' });
  await caller.ask('room.enter', {});
  await remove(ada, mamie.memberId, true);
  await sentAway(caller, 'banned');
  assert.is(await enterAs(await room.knock(), 'Papi'), 'in');
  await room.close();
});

guests.run();

type Asker = Pick<Caller, 'ask'>;

const enterAs = (caller: Asker, name: string) =>
  caller.ask('guest.enter', { name, device: '' }).then(() => 'in', codeOf);

/** What becomes of somebody new from an address of this computer. */
function coming(room: TestRoom) {
  return {
    from: async (address: string) => enterAs(await connectFrom(room.address, address), 'Papi'),
    signUpFrom: async (address: string, username: string) => {
      const caller: Asker = await connectFrom(room.address, address);
      const input = await signUpInput(username, '0'.repeat(25));
      return caller.ask('account.signUp', input).then(() => 'in', codeOf);
    },
  };
}

const codeOf = (error: unknown) => (error as { code?: string }).code ?? String(error);

async function actions(owner: Person): Promise<string[]> {
  const { entries } = await owner.caller.ask('audit.list', { limit: 100 });
  return entries
    .map(({ action }) => action)
    .filter((action) => action.startsWith('member.') && action !== 'member.joined');
}
