import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeCode, RECOVERY_CODE_LETTERS } from '../../server/client/codes.ts';
import { equal } from '../../server/client/proof.ts';
import { spokenBinding, spokenProof } from '../../server/client/spoken.ts';
import { fromBase64url, toBase64url } from '../../server/protocol/base64url.ts';
import type { InputOf } from '../../server/protocol/commands.ts';
import type { Invite, InviteKey } from '../../server/protocol/entities.ts';
import { readJoinCode, readSpoken, spokenSecret } from '../../server/protocol/invite.ts';
import { openRoom, refusal, signUpInput, type Caller, type Person, type TestRoom } from '../support/room.ts';
import { HandClock } from './hand-clock.ts';
import { refused } from './refused.ts';
import { connectFrom } from './wire.ts';

const HOUR = 60 * 60_000;
const NOBODY = '00000000000000000000000000';
const WRONG = 'A'.repeat(22);

const invite = (owner: Person, wish: Partial<InputOf<'invite.create'>> = {}) =>
  owner.caller.ask('invite.create', { role: 'member', expiresInMs: null, uses: null, ...wish });

function keyOf({ code }: Invite): InviteKey {
  const { id, secret } = readJoinCode(code);
  return { id, secret };
}

async function signUpWith(caller: Caller, username: string, key?: InviteKey) {
  const input = await signUpInput(username, makeCode(RECOVERY_CODE_LETTERS));
  return caller.ask('account.signUp', { ...input, ...(key === undefined ? {} : { invite: key }) });
}

/** With Ada, who owns it. */
async function privateRoom(clock?: HandClock): Promise<{ room: TestRoom; ada: Person }> {
  const room = await openRoom({ access: 'invited', ...(clock && { clock }) });
  return { room, ada: await room.join('ada') };
}

const invites = suite('An invite');

invites('carries everything to find the room and to come in', async () => {
  const { room, ada } = await privateRoom();
  const made = await invite(ada, { role: 'guest', expiresInMs: HOUR, uses: 3 });
  const { id: _, ...code } = readJoinCode(made.code);
  assert.equal([made.role, made.uses, made.used, made.state], ['guest', 3, 0, 'live']);
  assert.is(made.expiresAt, made.createdAt + HOUR);
  assert.equal(
    { ...code, secret: code.secret.length },
    {
      ...{ role: 'guest', uses: 3, room: 'The Kitchen', secret: 22, fingerprint: room.host.fingerprint },
      expiresAt: Math.ceil((made.expiresAt ?? 0) / 1000) * 1000,
      addresses: [{ host: '127.0.0.1', port: room.host.port }],
    },
  );
  assert.is(await refusal(signUpWith(await room.knock(), 'grace')), 'INVITE_NEEDED');
  await room.close();
});

invites('is told what it is worth, and lets in so many people as it says', async () => {
  const { room, ada } = await privateRoom();
  const made = await invite(ada, { uses: 2 });
  const caller = await room.knock();
  const check = () => caller.ask('invite.check', keyOf(made));
  assert.equal(await check(), { role: 'member', expiresAt: null, usesLeft: 2 });
  await signUpWith(await room.knock(), 'grace', keyOf(made));
  assert.equal(await check(), { role: 'member', expiresAt: null, usesLeft: 1 });
  await signUpWith(await room.knock(), 'lin', keyOf(made));
  assert.is(await refusal(check()), 'INVITE_USED');
  assert.is(await refusal(signUpWith(await room.knock(), 'doro', keyOf(made))), 'INVITE_USED');
  const [listed] = (await ada.caller.ask('invite.list', {})).invites;
  assert.equal(listed, { ...made, used: 2, state: 'used', code: '', spoken: '' });
  await room.close();
});

invites('’s last use goes to exactly one of those who race for it', async () => {
  const { room, ada } = await privateRoom();
  const made = await invite(ada, { uses: 1 });
  const callers = await Promise.all(Array.from({ length: 8 }, () => room.knock()));
  const outcomes = await Promise.all(
    callers.map((caller, i) => signUpWith(caller, `racer${i}`, keyOf(made)).then(() => 'in', codeOf)),
  );
  assert.equal(outcomes.toSorted(), [...Array.from({ length: 7 }, () => 'INVITE_USED'), 'in']);
  assert.is((await ada.caller.ask('room.enter', {})).members.length, 2);
  await room.close();
});

invites('ends by the host’s clock, and by its owner at once', async () => {
  const clock = new HandClock();
  const { room, ada } = await privateRoom(clock);
  const [short, long] = [await invite(ada, { expiresInMs: HOUR }), await invite(ada)];
  const caller = await room.knock();
  clock.skip(HOUR - 1);
  assert.is((await caller.ask('invite.check', keyOf(short))).role, 'member');
  clock.skip(1);
  assert.is(await refusal(caller.ask('invite.check', keyOf(short))), 'INVITE_EXPIRED');
  assert.is(await refusal(signUpWith(caller, 'grace', keyOf(short))), 'INVITE_EXPIRED');
  await ada.caller.ask('invite.revoke', { id: long.id });
  assert.is(await refusal(signUpWith(caller, 'grace', keyOf(long))), 'INVITE_REVOKED');
  const { invites: listed } = await ada.caller.ask('invite.list', {});
  assert.equal(
    listed.map(({ id, state, code, spoken }) => [id, state, code + spoken]),
    [
      [long.id, 'revoked', ''],
      [short.id, 'expired', ''],
    ],
  );
  await room.close();
});

invites('for guests makes nobody a member', async () => {
  const { room, ada } = await privateRoom();
  const made = await invite(ada, { role: 'guest' });
  assert.is(await refusal(signUpWith(await room.knock(), 'grace', keyOf(made))), 'INVITE_FOR_GUESTS');
  await room.close();
});

invites('keeps working after the host was away, by the same code and the same short form', async () => {
  const { room, ada } = await privateRoom();
  const made = await invite(ada);
  await room.restart();
  const caller = await room.knock();
  await caller.ask('session.resume', { token: ada.token });
  assert.equal((await caller.ask('invite.list', {})).invites, [made]);
  await room.close();
});

invites('of an owner is the owner’s code as a join code, and stands in for any other', async () => {
  const room = await openRoom({ access: 'invited' });
  const code = readJoinCode(room.host.ownerJoinCode() ?? '');
  const ownerCode = Buffer.from(fromBase64url(code.secret)).toString();
  assert.equal(
    [code.role, code.fingerprint, ownerCode],
    ['owner', room.host.fingerprint, room.host.ownerCode()],
  );
  assert.is(
    await refusal(room.host.makeInvite({ role: 'member', expiresInMs: null, uses: null })),
    'OWNER_FIRST',
  );
  const caller = await room.knock();
  const owner = await signUpInput('ada', makeCode(RECOVERY_CODE_LETTERS));
  await caller.ask('account.signUp', { ...owner, ownerCode });
  assert.is(room.host.ownerJoinCode(), null);
  const made = await room.host.makeInvite({ role: 'member', expiresInMs: null, uses: null });
  await signUpWith(await room.knock(), 'grace', keyOf(made));
  await room.close();
});

invites('ends in ten years at the latest, which is as far as its code can tell', async () => {
  const { room, ada } = await privateRoom();
  const most = 10 * 365 * 24 * HOUR;
  assert.equal(await refused(invite(ada, { expiresInMs: most + 1 })), {
    code: 'BAD_SHAPE',
    path: 'expiresInMs',
  });
  const made = await invite(ada, { expiresInMs: most });
  assert.is(readJoinCode(made.code).expiresAt, Math.ceil((made.expiresAt ?? 0) / 1000) * 1000);
  await room.close();
});

invites('shows who could come in which names are taken, and nobody else', async () => {
  const { room, ada } = await privateRoom();
  const made = await invite(ada);
  const problem = async (caller: Caller, username = 'Ada') =>
    (await caller.ask('username.check', { username })).problem;
  const stranger = await room.knock();
  assert.is(await problem(stranger), null);
  assert.is(await problem(stranger, 'host'), 'reserved');
  await refusal(stranger.ask('invite.check', { ...keyOf(made), secret: WRONG }));
  assert.is(await problem(stranger), null);
  await stranger.ask('invite.check', keyOf(made));
  assert.is(await problem(stranger), 'NAME_TAKEN');

  const other = await room.knock();
  await prove(other, heard(made));
  assert.is(await problem(other), 'NAME_TAKEN');
  await ada.caller.ask('invite.revoke', { id: made.id });
  const late = await room.knock();
  await refusal(late.ask('invite.check', keyOf(made)));
  assert.is(await problem(late), null);

  assert.is(await problem(ada.caller, 'ada'), null);
  await late.ask('session.resume', { token: ada.token });
  await ada.caller.ask('room.change', { access: 'open' });
  assert.is(await problem(await room.knock()), 'NAME_TAKEN');
  await room.close();
});

invites.run();

const guessing = suite('Whoever guesses at invites');

guessing('is told the same for a wrong secret as for an invite that never was', async () => {
  const { room, ada } = await privateRoom();
  const made = await invite(ada);
  const ended = await invite(ada);
  await ada.caller.ask('invite.revoke', { id: ended.id });
  const caller = await room.knock();
  for (const id of [made.id, ended.id, NOBODY]) {
    const told = await refused(caller.ask('invite.check', { id, secret: WRONG }));
    assert.equal(told, { code: 'INVITE_UNKNOWN' });
    assert.is(await refusal(signUpWith(caller, 'grace', { id, secret: WRONG })), 'INVITE_UNKNOWN');
  }
  await room.close();
});

guessing('has to wait longer and longer; others are not held up', async () => {
  const clock = new HandClock();
  const { room, ada } = await privateRoom(clock);
  const made = await invite(ada);
  for (let tries = 0; tries < 21; tries += 1) {
    const caller = await room.knock();
    await refused(
      tries % 2 === 0
        ? caller.ask('invite.check', { id: made.id, secret: WRONG })
        : caller.ask('invite.prove', { proof: 'A'.repeat(43) }),
    );
    caller.close();
  }
  const caller = await room.knock();
  const waiting = await refused(caller.ask('invite.check', keyOf(made)));
  assert.is(waiting.code, 'SLOW_DOWN');
  assert.ok((waiting.retryMs ?? 0) > 0);
  // The same as for passwords, and for guesses at the short form.
  assert.is(await refusal(caller.prove('signIn', 'ada', 'lampe-de-chevet')), 'SLOW_DOWN');
  assert.is(await refusal(caller.ask('invite.prove', { proof: 'A'.repeat(43) })), 'SLOW_DOWN');
  const elsewhere = await connectFrom(room.address, '127.0.0.2');
  assert.is((await elsewhere.ask('invite.check', keyOf(made))).role, 'member');
  elsewhere.close();
  await room.close();
});

guessing.run();

const spoken = suite('A short form that was read aloud');

/** What the listener knows. */
const heard = ({ spoken: typed }: Invite) => spokenSecret(readSpoken(typed.toLowerCase()) ?? '');
const prove = (
  caller: Caller,
  secret: string,
  binding = spokenBinding(caller.about.channel, caller.binding),
) => caller.ask('invite.prove', { proof: toBase64url(spokenProof(secret, 'client', binding)) });

spoken('gives the whole invite to whoever knows it, and the host shows that it knows it too', async () => {
  const { room, ada } = await privateRoom();
  const [, made] = [await invite(ada), await invite(ada, { role: 'guest' })];
  const caller = await room.knock();
  const answer = await prove(caller, heard(made));
  const { proof, ...key } = answer;
  assert.equal(key, { ...keyOf(made), role: 'guest' });
  assert.ok(equal(fromBase64url(proof), spokenProof(heard(made), 'host', caller.binding!)));
  assert.not.ok(equal(fromBase64url(proof), spokenProof(heard(made), 'client', caller.binding!)));
  await room.close();
});

spoken('is worth nothing wrong, on another channel, or once the invite has ended', async () => {
  const { room, ada } = await privateRoom();
  const made = await invite(ada);
  const [caller, other] = [await room.knock(), await room.knock()];
  assert.not.equal(caller.binding, other.binding);
  assert.is(await refusal(prove(caller, '0'.repeat(12))), 'INVITE_UNKNOWN');
  assert.is(await refusal(prove(caller, heard(made), other.binding!)), 'INVITE_UNKNOWN');
  assert.is(await refusal(prove(caller, heard(made), new Uint8Array(0))), 'INVITE_UNKNOWN');
  await ada.caller.ask('invite.revoke', { id: made.id });
  assert.is(await refusal(prove(caller, heard(made))), 'INVITE_REVOKED');
  await room.close();
});

spoken('works in a page, which cannot see its channel', async () => {
  const room = await openRoom({ access: 'invited', door: 'simple', guestsForMs: HOUR });
  const ada = await room.join('ada');
  const made = await invite(ada, { role: 'guest' });
  for (const channel of ['encrypted', 'simple'] as const) {
    const page = await room.knock(channel);
    const { id, secret } = await prove(page, heard(made));
    await page.ask('guest.enter', { name: 'Mamie', device: '', invite: { id, secret } });
  }
  await room.close();
});

spoken(
  'of a member is refused on the simple page, and what was overheard there opens no other door',
  async () => {
    const room = await openRoom({ access: 'invited', door: 'simple', guestsForMs: HOUR });
    const ada = await room.join('ada');
    const made = await invite(ada);
    const page = await room.knock('simple');
    assert.is(await refusal(prove(page, heard(made))), 'INVITE_FOR_MEMBERS');
    assert.is(await refusal(page.ask('invite.check', keyOf(made))), 'INVITE_FOR_MEMBERS');
    const wish = { name: 'Mamie', device: '', invite: keyOf(made) };
    assert.is(await refusal(page.ask('guest.enter', wish)), 'INVITE_FOR_MEMBERS');

    const overheard = spokenBinding('simple', null);
    for (const channel of ['encrypted', 'app'] as const)
      assert.is(await refusal(prove(await room.knock(channel), heard(made), overheard)), 'INVITE_UNKNOWN');
    await room.close();
  },
);

spoken.run();

const secrets = suite('The secrets of invites');

secrets('are in no file of the room, no line of its log and no line of its journal', async () => {
  const lines: string[] = [];
  const room = await openRoom({ access: 'invited', log: (text) => lines.push(text) });
  const ada = await room.join('ada');
  const made = await invite(ada);
  const caller = await room.knock();
  await prove(caller, heard(made));
  await signUpWith(caller, 'grace', keyOf(made));
  await refused(caller.ask('invite.check', { id: made.id, secret: WRONG }));
  const { secret } = keyOf(made);
  const needles = [secret, made.code, made.spoken, made.spoken.replaceAll('-', ''), heard(made)].map((text) =>
    Buffer.from(text),
  );
  needles.push(Buffer.from(fromBase64url(secret)));
  const { entries } = await ada.caller.ask('audit.list', { limit: 100 });
  const found = () => {
    const written = [
      ...readdirSync(room.directory, { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => readFileSync(join(room.directory, name))),
      Buffer.from(lines.join('\n')),
      Buffer.from(JSON.stringify(entries)),
    ];
    // The search itself works.
    assert.ok(written.some((file) => file.includes(made.id)));
    return needles.filter((needle) => written.some((file) => file.includes(needle))).map(String);
  };
  assert.equal(found(), []);
  await room.host.close();
  assert.equal(found(), []);
  await room.close();
});

secrets.run();

const codeOf = (error: unknown) => (error as { code?: string }).code ?? String(error);
