import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeCode, RECOVERY_CODE_LETTERS } from '../../../server/client/codes.ts';
import { makeCodeCredential, makeCredential, type Stretch } from '../../../server/client/signing-in.ts';
import { openRoom, PASSWORD, quickStretch, refusal, type Caller, type Person } from '../../support/room.ts';
import { HandClock } from '../hand-clock.ts';

const NEW = 'a-much-better-one';
const credential = (password = NEW) => makeCredential(password, quickStretch);
const change = async (caller: Caller, password = NEW) =>
  caller.ask('password.change', { password: await credential(password) });
const reauth = (person: Person, password = PASSWORD) =>
  person.caller.prove('reauth', person.username, password);

const changing = suite('Changing the password');

changing(
  'needs the current one, typed again on this connection, and each proof is good for one change',
  async () => {
    const clock = new HandClock();
    const room = await openRoom({ clock });
    const ada = await room.join('ada');

    assert.is(await refusal(change(ada.caller)), 'PROOF_NEEDED');
    assert.is(await refusal(reauth(ada, 'not-her-password')), 'BAD_LOGIN');
    assert.is(await refusal(change(ada.caller)), 'PROOF_NEEDED');
    clock.skip(10_000);

    await reauth(ada);
    await change(ada.caller);
    assert.is(await refusal(change(ada.caller)), 'PROOF_NEEDED');
    clock.skip(10_000);

    await reauth(ada, NEW);
    clock.skip(5 * 60_000);
    assert.is(await refusal(change(ada.caller)), 'PROOF_NEEDED');
    await room.close();
  },
);

changing('ends the other sessions with a goodbye, and the former password is dead', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  const laptop = await (await room.knock()).signIn('ada');
  // Signed in, but has not come in: it speaks for Ada all the same.
  const waiting = await room.knock();
  await waiting.ask('session.resume', { token: laptop.token });

  await reauth(ada);
  await change(ada.caller);

  for (const caller of [laptop.caller, waiting]) {
    await caller.until(() => caller.closedWith !== null, 'the connection to end');
    assert.equal([caller.goodbye, caller.closedWith], ['sessionEnded', 4004]);
  }
  assert.ok((await ada.caller.ask('session.list', {})).sessions.every(({ current }) => current));
  const caller = await room.knock();
  assert.is(await refusal(caller.ask('session.resume', { token: laptop.token })), 'SESSION_ENDED');
  assert.is(await refusal(caller.prove('signIn', 'ada', PASSWORD)), 'BAD_LOGIN');
  assert.ok((await caller.prove('signIn', 'ada', NEW)).signedIn);
  await room.close();
});

changing('also ends what was begun with the former password and not finished', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  const slow = await room.knock();
  let changed: Promise<unknown> = Promise.resolve();
  const asking = {
    ask: (async (command, input) => {
      if (command === 'proof.finish') await changed;
      return slow.ask(command, input);
    }) as Caller['ask'],
  };
  const { prove } = await import('../../../server/client/signing-in.ts');
  await reauth(ada);
  const claim = { purpose: 'signIn', username: 'ada', secret: PASSWORD, device: '' } as const;
  const stretch: Stretch = (password, salt, options) => {
    changed = change(ada.caller);
    return quickStretch(password, salt, options);
  };
  const begun = prove(asking, claim, stretch, slow.binding);

  assert.is(await refusal(begun), 'BAD_LOGIN');
  await room.close();
});

changing('takes no proof of somebody else who was signed in on the connection before', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  const grace = await room.join('grace');

  // Grace proves herself, and becomes Ada with a token she found: in order, and all at once.
  await reauth(grace);
  await grace.caller.ask('session.resume', { token: ada.token });
  assert.is(await refusal(change(grace.caller)), 'PROOF_NEEDED');

  await grace.caller.ask('session.resume', { token: grace.token });
  const [proof] = await Promise.allSettled([
    reauth(grace),
    grace.caller.ask('session.resume', { token: ada.token }),
  ]);
  assert.is(proof.status, 'rejected');
  assert.is(await refusal(change(grace.caller)), 'PROOF_NEEDED');
  assert.is(await refusal(grace.caller.prove('reauth', 'grace', PASSWORD)), 'NOT_ALLOWED');
  assert.ok((await (await room.knock()).prove('signIn', 'ada', PASSWORD)).signedIn);
  await room.close();
});

changing('accepts nothing more from an ended session once the change is acknowledged', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  const others = await Promise.all([1, 2, 3].map(async () => (await room.knock()).signIn('ada')));
  let acknowledged = false;
  const accepted: string[] = [];
  const busy = others.map(async (other, n) => {
    for (let i = 0; i < 18; i += 1) {
      const body = `${n} ${i} ${acknowledged ? 'late' : 'early'}`;
      try {
        await other.say(`01JD00000000000000000${n}${String(i).padStart(4, '0')}`, body);
        accepted.push(body);
      } catch {
        return;
      }
    }
  });
  await reauth(ada);
  await change(ada.caller);
  acknowledged = true;
  await Promise.all(busy);

  assert.ok(
    accepted.every((body) => body.endsWith('early')),
    accepted.join(),
  );
  const { events } = await ada.caller.ask('history.page', {
    conversationId: ada.lobby,
    after: 0,
    limit: 200,
  });
  assert.not.ok(JSON.stringify(events).includes('late'));
  await room.close();
});

changing('a recovery code is renewed only after the password was proven', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  const code = makeCode(RECOVERY_CODE_LETTERS);
  const renew = () => ada.caller.ask('recovery.renew', { recovery: makeCodeCredential(code) });

  assert.is(await refusal(renew()), 'PROOF_NEEDED');
  await reauth(ada);
  await renew();

  const caller = await room.knock();
  assert.is(await refusal(caller.prove('recovery', 'ada', ada.recoveryCode)), 'BAD_CODE');
  await caller.prove('recovery', 'ada', code);
  await room.close();
});

changing.run();
