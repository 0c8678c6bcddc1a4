import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeCode, RECOVERY_CODE_LETTERS, RESET_CODE_LETTERS } from '../../../server/client/codes.ts';
import { makeCodeCredential, makeCredential } from '../../../server/client/signing-in.ts';
import { openRoom, PASSWORD, quickStretch, refusal, type Caller, type Person } from '../../support/room.ts';
import { HandClock } from '../hand-clock.ts';
import { refused } from '../refused.ts';

const NEW = 'a-much-better-one';

async function reset(caller: Caller, recovery = makeCode(RECOVERY_CODE_LETTERS)) {
  const password = await makeCredential(NEW, quickStretch);
  return caller.ask('password.reset', { password, recovery: makeCodeCredential(recovery), device: 'tests' });
}

/** The owner makes a code for somebody, and reads it to them. */
async function issue(owner: Person, forMember: Person): Promise<string> {
  const code = makeCode(RESET_CODE_LETTERS);
  await owner.caller.ask('resetCode.create', {
    memberId: forMember.memberId,
    code: makeCodeCredential(code),
  });
  return code;
}

const codes = suite('A code for a forgotten password');

codes(
  'from the day of signing up sets a new password once, ends every session, and a new one takes its place',
  async () => {
    const room = await openRoom();
    const ada = await room.join('ada');
    const caller = await room.knock();
    assert.is(await refusal(reset(caller)), 'PROOF_NEEDED');
    const proof = await caller.prove('recovery', 'ada', ada.recoveryCode);
    assert.is(proof.signedIn, null);
    assert.is(await refusal(caller.ask('room.enter', {})), 'NOT_SIGNED_IN');

    const next = makeCode(RECOVERY_CODE_LETTERS);
    const { memberId, token } = await reset(caller, next);

    assert.is(memberId, ada.memberId);
    await ada.caller.until(() => ada.caller.closedWith === 4004, 'the former session to end');
    assert.is((await caller.ask('room.enter', {})).me, ada.memberId);
    assert.is(await refusal(reset(caller)), 'PROOF_NEEDED');
    const later = await room.knock();
    assert.is(await refusal(later.prove('recovery', 'ada', ada.recoveryCode)), 'BAD_CODE');
    assert.is(await refusal(later.prove('signIn', 'ada', PASSWORD)), 'BAD_LOGIN');
    assert.ok((await later.prove('signIn', 'ada', NEW)).signedIn);
    await later.prove('recovery', 'ada', next);
    assert.is((await later.ask('session.resume', { token })).memberId, ada.memberId);
    await room.close();
  },
);

codes('proven on two connections still works once', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  const callers = [await room.knock(), await room.knock()];
  for (const caller of callers) await caller.prove('recovery', 'ada', ada.recoveryCode);

  const outcomes = await Promise.allSettled(callers.map((caller) => reset(caller)));
  assert.equal(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected'],
  );

  const grace = await room.join('grace');
  const waiting = await room.knock();
  await waiting.prove('recovery', 'grace', grace.recoveryCode);
  await grace.caller.prove('reauth', 'grace', PASSWORD);
  await grace.caller.ask('recovery.renew', { recovery: makeCodeCredential(makeCode(RECOVERY_CODE_LETTERS)) });
  assert.is(await refusal(reset(waiting)), 'PROOF_NEEDED');
  await room.close();
});

codes('used by somebody who is signed in on that very connection leaves them signed in there', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  await ada.caller.prove('recovery', 'ada', ada.recoveryCode);
  await reset(ada.caller);
  assert.is((await ada.caller.ask('room.enter', {})).me, ada.memberId);
  assert.is(ada.caller.closedWith, null);
  await room.close();
});

codes('survives others who guess at it, because it cannot be guessed', async () => {
  const clock = new HandClock();
  const room = await openRoom({ clock });
  const ada = await room.join('ada');
  const stranger = await room.knock();
  for (let tries = 0; tries < 8; tries += 1) {
    assert.is(await refusal(stranger.prove('recovery', 'ada', makeCode(RECOVERY_CODE_LETTERS))), 'BAD_CODE');
    clock.skip(30 * 60_000);
  }
  await (await room.knock()).prove('recovery', 'ada', ada.recoveryCode);
  await room.close();
});

codes('is made by the owner alone', async () => {
  const room = await openRoom();
  const [ada, grace] = [await room.join('ada'), await room.join('grace')];
  const code = makeCodeCredential(makeCode(RESET_CODE_LETTERS));
  const { memberId } = ada;

  assert.is(await refusal(grace.caller.ask('resetCode.create', { memberId, code })), 'NOT_ALLOWED');
  assert.is(await refusal(grace.caller.ask('resetCode.revoke', { memberId })), 'NOT_ALLOWED');
  assert.is(await refusal(grace.caller.ask('audit.list', { limit: 10 })), 'NOT_ALLOWED');
  const nobody = ada.caller.ask('resetCode.create', { memberId: '01JD0000000000000000000000', code });
  assert.is(await refusal(nobody), 'NO_SUCH_MEMBER');
  await room.close();
});

codes('from the owner works once, within a quarter of an hour, until it is revoked', async () => {
  const clock = new HandClock();
  const room = await openRoom({ clock });
  const [ada, grace] = [await room.join('ada'), await room.join('grace')];

  let code = await issue(ada, grace);
  clock.skip(15 * 60_000);
  assert.is(await refusal((await room.knock()).prove('reset', 'grace', code)), 'BAD_CODE');

  code = await issue(ada, grace);
  await ada.caller.ask('resetCode.revoke', { memberId: grace.memberId });
  assert.is(await refusal((await room.knock()).prove('reset', 'grace', code)), 'BAD_CODE');

  code = await issue(ada, grace);
  const proven = await room.knock();
  await proven.prove('reset', 'grace', code);
  await ada.caller.ask('resetCode.revoke', { memberId: grace.memberId });
  assert.is(await refusal(reset(proven)), 'PROOF_NEEDED');

  clock.skip(60 * 60_000);
  code = await issue(ada, grace);
  clock.skip(15 * 60_000 - 1);
  const caller = await room.knock();
  await caller.prove('reset', 'GRACE', code);
  assert.is((await reset(caller)).memberId, grace.memberId);
  assert.is(await refusal((await room.knock()).prove('reset', 'grace', code)), 'BAD_CODE');
  assert.is(await refusal((await room.knock()).prove('reset', 'ada', code)), 'BAD_CODE');
  await room.close();
});

codes('from the owner is dead after five wrong tries, wherever they come from', async () => {
  const clock = new HandClock();
  const room = await openRoom({ clock });
  const [ada, grace] = [await room.join('ada'), await room.join('grace')];
  const code = await issue(ada, grace);
  for (let tries = 0; tries < 5; tries += 1) {
    clock.skip(20_000);
    const stranger = await room.knock();
    assert.is(await refusal(stranger.prove('reset', 'grace', makeCode(RESET_CODE_LETTERS))), 'BAD_CODE');
    stranger.close();
  }
  clock.skip(60_000);
  assert.is(await refusal((await room.knock()).prove('reset', 'grace', code)), 'BAD_CODE');
  await room.close();
});

codes('leaves its line in the journal: what, who and when, and nothing more', async () => {
  const clock = new HandClock();
  const room = await openRoom({ clock });
  const [ada, grace] = [await room.join('ada'), await room.join('grace')];
  clock.skip(60_000);
  const code = await issue(ada, grace);
  const at = clock.now();
  const caller = await room.knock();
  await caller.prove('reset', 'grace', code);
  await reset(caller);

  const { entries } = await ada.caller.ask('audit.list', { limit: 10 });
  const lines = entries.map(({ action, actorId, targetId, at: when }) => [action, actorId, targetId, when]);
  assert.equal(lines.slice(0, 3), [
    ['password.reset', grace.memberId, grace.memberId, at],
    ['session.ended', grace.memberId, grace.memberId, at],
    ['resetCode.created', ada.memberId, grace.memberId, at],
  ]);
  assert.not.ok(JSON.stringify(entries).includes(code));
  assert.equal(await refused(caller.ask('audit.list', { limit: 10 })), { code: 'NOT_ALLOWED' });
  await room.close();
});

codes.run();
