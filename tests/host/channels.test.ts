import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeCode, RECOVERY_CODE_LETTERS } from '../../server/client/codes.ts';
import { makeCodeCredential, makeCredential, prove } from '../../server/client/signing-in.ts';
import { openRoom, PASSWORD, quickStretch, refusal, signUpInput, type Caller } from '../support/room.ts';

const openDoors = () => openRoom({ door: 'simple', guestsForMs: 60 * 60_000 });
const claim = { purpose: 'signIn', username: 'ada', secret: PASSWORD, device: '' } as const;
const start = (caller: Caller, binding: 'none' | 'tls-exporter') =>
  caller.ask('proof.start', { purpose: 'signIn', username: 'ada', clientNonce: 'A'.repeat(32), binding });

const channels = suite('The channel');

channels('is told with the room’s key and its rules', async () => {
  const room = await openDoors();
  for (const channel of ['app', 'encrypted', 'simple'] as const) {
    const { about } = await room.knock(channel);
    assert.equal([about.channel, about.fingerprint], [channel, room.host.fingerprint]);
    assert.equal(about.settings, room.host.settings());
  }
  await room.close();
});

channels(
  'of a page that is not encrypted takes no password, nothing that leads to one, and no member’s token',
  async () => {
    const room = await openDoors();
    const ada = await room.join('ada');
    const page = await room.knock('simple');
    const password = await makeCredential(PASSWORD, quickStretch);
    const recovery = makeCodeCredential(makeCode(RECOVERY_CODE_LETTERS));
    const refusedAll = await Promise.all([
      refusal(page.ask('account.signUp', await signUpInput('grace', makeCode(RECOVERY_CODE_LETTERS)))),
      refusal(start(page, 'none')),
      refusal(page.ask('proof.finish', { proof: 'A'.repeat(43), device: '' })),
      refusal(page.ask('password.change', { password })),
      refusal(page.ask('password.reset', { password, recovery, device: '' })),
      refusal(page.ask('session.resume', { token: ada.token })),
    ]);
    assert.equal(new Set(refusedAll), new Set(['ENCRYPTED_ONLY']));
    assert.is(await refusal(page.ask('session.resume', { token: 'A'.repeat(43) })), 'SESSION_ENDED');
    assert.is(await refusal(page.ask('room.enter', {})), 'NOT_SIGNED_IN');
    const { token } = await page.ask('guest.enter', { name: 'Mamie', device: '' });
    const again = await room.knock('simple');
    await again.ask('session.resume', { token });
    await room.close();
  },
);

channels('of an app must be tied to a sign-in; that of a page cannot be', async () => {
  const room = await openDoors();
  await room.join('ada');
  const [app, page] = [await room.knock('app'), await room.knock('encrypted')];
  assert.is(await refusal(start(app, 'none')), 'NOT_BOUND');
  assert.is(await refusal(start(page, 'tls-exporter')), 'NOT_BOUND');
  assert.ok((await app.signIn('ada')).memberId);
  assert.ok((await page.signIn('ada')).memberId);
  await room.close();
});

channels('of somebody in between is another one: a proof that is passed on fails there', async () => {
  const room = await openDoors();
  const ada = await room.join('ada');
  // The victim’s own connection ends at the thief, who asks the room the same.
  const [victim, thief] = [await room.knock(), await room.knock()];
  const relayed: Pick<Caller, 'ask'> = { ask: (command, input) => thief.ask(command, input) };
  assert.is(await refusal(prove(relayed, claim, quickStretch, victim.binding)), 'BAD_LOGIN');
  // The same words on one channel are right.
  const { signedIn } = await prove(relayed, claim, quickStretch, thief.binding);
  assert.is(signedIn?.memberId, ada.memberId);
  // Nor does a page's proof, tied to nothing, open the app's door.
  assert.is(await refusal(prove(relayed, claim, quickStretch, null)), 'NOT_BOUND');
  await room.close();
});

channels('by a door that the owner shuts is closed, and the others are not', async () => {
  const room = await openDoors();
  const ada = await room.join('ada');
  const [simple, encrypted] = [await room.knock('simple'), await room.knock('encrypted')];
  await ada.caller.ask('room.change', { door: 'encrypted' });
  assert.is(await simple.until(() => simple.closedWith, 'the simple door to shut'), 1001);
  assert.is(encrypted.closedWith, null);
  await ada.caller.ask('room.change', { door: 'none' });
  assert.is(await encrypted.until(() => encrypted.closedWith, 'the other door to shut'), 1001);
  await ada.caller.ask('room.enter', {});
  await room.close();
});

channels.run();
