import scrypt from 'scrypt-js';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  makeCodeCredential,
  makeCredential,
  prove,
  STRETCH,
  type Stretch,
} from '../../../server/client/signing-in.ts';
import type { Connection } from '../../../server/client/connection.ts';
import { openRoom, PASSWORD, quickStretch, refusal, signUpInput, type Caller } from '../../support/room.ts';
import { HandClock } from '../hand-clock.ts';
import { refused } from '../refused.ts';
import { connectFrom } from '../wire.ts';

type Bound = Connection & { binding: Uint8Array | null };
const signIn = (connection: Bound | Caller, username: string, secret: string) =>
  prove(
    'connection' in connection ? connection.connection : connection,
    { purpose: 'signIn', username, secret, device: 'tests' },
    quickStretch,
    connection.binding,
  );

const nonce = 'A'.repeat(32);
const challenge = (caller: Caller, username: string, purpose: 'signIn' | 'recovery' | 'reset' = 'signIn') =>
  caller.ask('proof.start', { purpose, username, clientNonce: nonce, binding: 'tls-exporter' });

const signingIn = suite('Signing in');

signingIn('with the right password, in any letter case of the name, opens the room', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');

  const again = await (await room.knock()).signIn('ADA');

  assert.is(again.memberId, ada.memberId);
  assert.is.not(again.token, ada.token);
  assert.is.not(again.sessionId, ada.sessionId);
  await room.close();
});

signingIn('with a wrong password and with an unknown name is refused alike', async () => {
  const room = await openRoom();
  await room.join('ada');
  const caller = await room.knock();

  const wrong = await refused(signIn(caller, 'ada', 'not-her-password'));
  const unknown = await refused(signIn(caller, 'edsger', 'not-her-password'));
  assert.equal(wrong, { code: 'BAD_LOGIN' });
  assert.equal(unknown, wrong);
  for (const purpose of ['recovery', 'reset'] as const) {
    const codes = ['ada', 'edsger'].map((username) =>
      refused(caller.prove(purpose, username, '0'.repeat(25))),
    );
    assert.equal(await Promise.all(codes.map((code) => code.catch(String))), await Promise.all(codes));
  }
  assert.is(await refusal(caller.ask('room.enter', {})), 'NOT_SIGNED_IN');
  await room.close();
});

signingIn('tells no known name from an unknown one by its challenge, today or after a restart', async () => {
  const room = await openRoom();
  await room.join('ada');
  const caller = await room.knock();

  const known = await challenge(caller, 'ada');
  const unknown = await challenge(caller, 'edsger');
  assert.equal(shape(known), shape(unknown));
  assert.is((await challenge(caller, 'EDSGER')).salt, unknown.salt);
  assert.is.not((await challenge(caller, 'edsger')).serverNonce, unknown.serverNonce);
  assert.is.not((await challenge(caller, 'dijkstra')).salt, unknown.salt);
  const code = await challenge(caller, 'edsger', 'recovery');
  assert.equal(shape(code), shape(await challenge(caller, 'ada', 'recovery')));
  assert.is.not(code.salt, unknown.salt);

  await room.restart();
  const later = await room.knock();
  assert.is((await challenge(later, 'edsger')).salt, unknown.salt);
  assert.is((await challenge(later, 'ada')).salt, known.salt);
  await room.close();
});

const shape = (told: Awaited<ReturnType<typeof challenge>>) => ({
  ...told,
  serverNonce: told.serverNonce.length,
  salt: told.salt.length,
});

signingIn('without a challenge, twice with one, or a minute late is refused', async () => {
  const clock = new HandClock();
  const room = await openRoom({ clock });
  await room.join('ada');
  const caller = await room.knock();

  const finish = (proof: string) => caller.ask('proof.finish', { proof, device: '' });
  assert.is(await refusal(finish('A'.repeat(43))), 'BAD_LOGIN');

  const proofs: string[] = [];
  const recording = { ask: recordingProofs(caller, proofs) };
  const claim = { purpose: 'signIn', username: 'ada', secret: PASSWORD, device: '' } as const;
  await prove(recording, claim, quickStretch, caller.binding);
  assert.is(await refusal(finish(proofs[0]!)), 'BAD_LOGIN');

  const slowly: Stretch = (password, salt, options) => {
    clock.skip(60_001);
    return quickStretch(password, salt, options);
  };
  assert.is(await refusal(prove(caller.connection, claim, slowly, caller.binding)), 'BAD_LOGIN');
  await room.close();
});

/** Asks as `caller` does, and keeps every proof that goes out. */
function recordingProofs(caller: Caller, proofs: string[]): Caller['ask'] {
  return (command, input) => {
    if ('proof' in input) proofs.push(input.proof);
    return caller.ask(command, input);
  };
}

signingIn(
  'wrongly again and again takes longer each time, up to a quarter of an hour, for unknown names too',
  async () => {
    const clock = new HandClock();
    const room = await openRoom({ clock });
    await room.join('ada');
    const caller = await room.knock();

    const waits: Record<string, number[]> = {};
    for (const name of ['ada', 'edsger']) {
      const seen = (waits[name] = [] as number[]);
      for (let tries = 0; tries < 14; tries += 1) {
        // So that it is not the haste of this connection that is refused.
        clock.skip(5_000);
        assert.is(await refusal(signIn(caller, name, 'wrong-password')), 'BAD_LOGIN');
        // Even the right password has to wait then.
        const { retryMs } = await refused(challenge(caller, name)).catch(() => ({ retryMs: undefined }));
        if (retryMs === undefined) continue;
        seen.push(retryMs);
        assert.is(await refusal(signIn(caller, name, PASSWORD)), 'SLOW_DOWN');
        clock.skip(retryMs);
      }
      clock.skip(60 * 60_000);
    }
    assert.equal(waits['ada'], waits['edsger']);
    const grows = waits['ada']!.every(
      (wait, i, all) => i === 0 || wait === Math.min(900_000, all[i - 1]! * 2),
    );
    assert.ok(grows, waits['ada']!.join(' '));
    assert.is(waits['ada']!.at(-1), 900_000);
    assert.ok((await signIn(caller, 'ada', PASSWORD)).signedIn);
    await room.close();
  },
);

signingIn('is not denied to somebody whose name others try wrongly from another address', async () => {
  const clock = new HandClock();
  const room = await openRoom({ clock });
  await room.join('ada');
  const stranger = await connectFrom(room.address, '127.0.0.2');
  for (let tries = 0; tries < 4; tries += 1) await refusal(signIn(stranger, 'ada', 'wrong-password'));
  assert.is(await refusal(signIn(stranger, 'ada', 'wrong-password')), 'SLOW_DOWN');

  assert.ok((await signIn(await room.knock(), 'ada', PASSWORD)).signedIn);
  assert.is(await refusal(signIn(stranger, 'ada', PASSWORD)), 'SLOW_DOWN');
  stranger.close();
  await room.close();
});

signingIn(
  'of many people who mistype behind one router goes on, while trying many names from there does not',
  async () => {
    const clock = new HandClock();
    const room = await openRoom({ clock });
    await room.join('ada');
    const attempt = async (name: string, secret: string) => {
      clock.skip(1_000);
      return signIn(caller, name, secret);
    };
    const caller = await room.knock();

    for (let people = 0; people < 30; people += 1) {
      assert.is(await refusal(attempt('ada', 'mistyped-once')), 'BAD_LOGIN');
      assert.ok((await attempt('ada', PASSWORD)).signedIn);
    }
    const outcomes: string[] = [];
    for (let names = 0; names < 50; names += 1) {
      outcomes.push(await refusal(attempt(`name${names}`, 'Spring2026!')));
      // An account of one's own buys no more tries.
      if (outcomes.at(-1) === 'BAD_LOGIN') await attempt('ada', PASSWORD).catch(() => undefined);
    }
    assert.ok(outcomes.filter((outcome) => outcome === 'BAD_LOGIN').length < 26, outcomes.join(' '));
    await room.close();
  },
);

signingIn(
  'begun on twenty connections before the first turns out wrong gives no more tries than one',
  async () => {
    const clock = new HandClock();
    const room = await openRoom({ clock });
    await room.join('ada');
    const callers = await Promise.all(Array.from({ length: 20 }, () => room.knock()));
    for (const caller of callers) await challenge(caller, 'ada');

    const outcomes = await Promise.all(
      callers.map((caller) => refusal(caller.ask('proof.finish', { proof: 'A'.repeat(43), device: '' }))),
    );
    assert.is(outcomes.filter((outcome) => outcome === 'BAD_LOGIN').length, 3);
    assert.is(outcomes.filter((outcome) => outcome === 'SLOW_DOWN').length, 17);
    await room.close();
  },
);

signingIn(
  'on a connection where somebody else was signed in makes it theirs, and the first one hears no more',
  async () => {
    const room = await openRoom();
    const ada = await room.join('ada');
    const grace = await room.join('grace');
    const edsger = await room.join('edsger');

    await ada.caller.prove('signIn', 'grace', PASSWORD);
    const { conversationId } = await edsger.tell(
      '01JD0000000000000000000001',
      [ada.memberId],
      'for Ada alone',
    );
    const page = ada.caller.ask('history.page', { conversationId, after: 0, limit: 10 });
    assert.is(await refusal(page), 'NO_SUCH_CONVERSATION');
    await edsger.say('01JD0000000000000000000002', 'for everybody');
    await grace.caller.hears('message.posted');
    assert.not.ok(ada.caller.events.some((event) => event.conversationId === conversationId));

    assert.is((await ada.caller.ask('room.enter', {})).me, grace.memberId);
    assert.is(
      (await (await room.knock()).ask('session.resume', { token: ada.token })).memberId,
      ada.memberId,
    );
    await room.close();
  },
);

signingIn('works with the real stretching, and nothing of the password goes over the wire', async () => {
  const room = await openRoom();
  const stretch: Stretch = async (password, salt, { log2N, r, p }) =>
    Promise.resolve(scrypt.syncScrypt(password, salt, 2 ** log2N, r, p, 32));
  const password = 'Möwen über dem Hafen';
  const caller = await room.knock();
  const signUp = { ...(await signUpInput('ada', '0'.repeat(25))), ownerCode: room.host.ownerCode()! };
  const { memberId } = await caller.ask('account.signUp', {
    ...signUp,
    password: await makeCredential(password, stretch),
    recovery: makeCodeCredential('0'.repeat(25)),
  });
  assert.equal(STRETCH, { log2N: 17, r: 8, p: 1 });

  const sent: string[] = [];
  const asking = {
    ask: ((command, input) => {
      sent.push(JSON.stringify(input));
      return caller.ask(command, input);
    }) as Caller['ask'],
  };
  // The same letters, composed otherwise and with another space.
  const typed = password.normalize('NFD').replace(' ', '\u00A0');
  const { signedIn } = await prove(
    asking,
    { purpose: 'signIn', username: 'ada', secret: typed, device: '' },
    stretch,
    caller.binding,
  );
  assert.is(signedIn?.memberId, memberId);
  assert.not.ok(sent.some((text) => text.includes('Hafen')));
  await room.close();
});

signingIn.run();
