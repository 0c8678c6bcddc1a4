import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeCode, RECOVERY_CODE_LETTERS } from '../../../server/client/codes.ts';
import type { InputOf } from '../../../server/protocol/commands.ts';
import { openRoom, refusal, signUpInput, type Caller, type TestRoom } from '../../support/room.ts';
import { refused } from '../refused.ts';

const form = (username: string, more: Partial<InputOf<'account.signUp'>> = {}) =>
  signUpInput(username, makeCode(RECOVERY_CODE_LETTERS)).then((input) => ({ ...input, ...more }));

async function signUp(caller: Caller, username: string, more: Partial<InputOf<'account.signUp'>> = {}) {
  return caller.ask('account.signUp', await form(username, more));
}

/** Everything that a sign-up adds to. */
async function population(room: TestRoom) {
  const { members, conversations } = await onlooker.ask('room.enter', {});
  return { members: members.length, head: conversations[0]?.head, online: room.host.online() };
}

const room = await openRoom();
const signingUp = suite('Signing up');
let onlooker: Caller;

signingUp('waits for the owner, and leaves nothing behind when it came too early', async () => {
  const caller = await room.knock();
  assert.is(await refusal(signUp(caller, 'ada')), 'OWNER_FIRST');
  assert.is(await refusal(signUp(caller, 'ada', { ownerCode: 'AAAA-BBBB-CCCC' })), 'OWNER_CODE');
  assert.is(await refusal(caller.ask('room.enter', {})), 'NOT_SIGNED_IN');

  const ownerCode = room.host.ownerCode()!;
  const both = await Promise.allSettled([
    signUp(caller, 'ada', { ownerCode: ownerCode.toLowerCase() }),
    signUp(await room.knock(), 'countess', { ownerCode }),
  ]);
  assert.equal(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
  assert.is(room.host.ownerCode(), null);
  onlooker = caller;
  assert.is((await onlooker.ask('room.enter', {})).members[0]?.role, 'owner');
});

signingUp('with the owner’s code a second time is refused', async () => {
  const caller = await room.knock();
  assert.is(await refusal(signUp(caller, 'brutus', { ownerCode: 'AAAA-BBBB-CCCC' })), 'OWNER_CODE');
});

signingUp('makes a member with all four fields, of whom everybody hears', async () => {
  const caller = await room.knock();
  const { memberId } = await signUp(caller, '  Élodie  ', {
    firstName: ' Élodie  Marie ',
    lastName: 'O’Neill',
  });

  const { member } = await onlooker.hears('member.joined', ({ authorId }) => authorId === memberId);
  const { joinedAt, lastSeenAt, ...rest } = member;
  assert.ok(joinedAt > 0 && lastSeenAt !== null);
  assert.equal(rest, {
    id: memberId,
    username: 'Élodie',
    firstName: 'Élodie Marie',
    lastName: 'O’Neill',
    role: 'member',
    leftAt: null,
    presence: 'offline',
  });
  assert.equal(Object.keys(member).toSorted(), [
    'firstName',
    'id',
    'joinedAt',
    'lastName',
    'lastSeenAt',
    'leftAt',
    'presence',
    'role',
    'username',
  ]);
  assert.is((await caller.ask('room.enter', {})).me, memberId);
});

signingUp('without one of the fields names the one that is missing', async () => {
  const caller = await room.knock();
  const whole = await form('fern');
  for (const field of ['lastName', 'firstName', 'username', 'password', 'recovery'] as const) {
    const { [field]: _, ...rest } = whole;
    const { code, path } = await refused(caller.ask('account.signUp', rest as InputOf<'account.signUp'>));
    assert.equal([code, path], ['BAD_SHAPE', field]);
    caller.close();
    Object.assign(caller, await room.knock());
  }
});

signingUp('with a name that breaks a rule says which name and which rule', async () => {
  const before = await population(room);
  const rows: [Partial<InputOf<'account.signUp'>>, string, string][] = [
    [{ username: '' }, 'username', 'empty'],
    [{ username: 'two words' }, 'username', 'spaces'],
    [{ username: 'x'.repeat(33) }, 'username', 'tooLong'],
    [{ username: 'a\u200Bb' }, 'username', 'characters'],
    [{ username: '\u0430da' }, 'username', 'mixedScripts'],
    [{ username: 'admin' }, 'username', 'reserved'],
    [{ username: 'h0st' }, 'username', 'reserved'],
    [{ username: 'Tout-le-Monde' }, 'username', 'reserved'],
    [{ firstName: ' ' }, 'firstName', 'empty'],
    [{ lastName: 'x'.repeat(65) }, 'lastName', 'tooLong'],
    [{ lastName: 'Love\nlace' }, 'lastName', 'characters'],
  ];
  for (const [fields, path, why] of rows) {
    const caller = await room.knock();
    assert.equal(await refused(signUp(caller, 'gail', fields)), { code: 'NAME_INVALID', why, path });
    caller.close();
  }
  assert.equal(await population(room), before);
});

signingUp('under a name that is taken, in any letter case or only by its look, makes nobody', async () => {
  await signUp(await room.knock(), 'modern');
  const before = await population(room);
  for (const name of [
    'modern',
    'MODERN',
    'ｍodern',
    'modem',
    'rnodern',
    'élodie',
    'ÉLODIE',
    'E\u0301lodie',
  ]) {
    const caller = await room.knock();
    assert.is(await refusal(signUp(caller, name)), 'NAME_TAKEN', name);
    const { problem } = await caller.ask('username.check', { username: name });
    assert.is(problem, 'NAME_TAKEN', name);
    assert.is(await refusal(caller.ask('room.enter', {})), 'NOT_SIGNED_IN');
    caller.close();
  }
  assert.equal(await population(room), before);
});

signingUp(
  'under a name that somebody gave up lately is refused, but its former bearer may go back',
  async () => {
    const caller = await room.knock();
    await signUp(caller, 'hopper');
    await caller.ask('account.rename', { username: 'grace' });

    assert.is(await refusal(signUp(await room.knock(), 'Hopper')), 'NAME_TAKEN');
    await caller.ask('account.rename', { username: 'hopper' });
    assert.is(await refusal(signUp(await room.knock(), 'grace')), 'NAME_TAKEN');
  },
);

signingUp('a hundred at once under one name makes one member', async () => {
  const callers = await Promise.all(Array.from({ length: 100 }, () => room.knock()));
  const inputs = await Promise.all(callers.map(() => form('crowd')));
  const outcomes = await Promise.allSettled(
    callers.map((caller, i) => caller.ask('account.signUp', inputs[i]!)),
  );
  assert.is(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
});

signingUp.after(() => room.close());
signingUp.run();
