// time limit: 180 s
import { setTimeout as sleep } from 'node:timers/promises';
import { ulid } from 'ulid';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeCodeCredential, makeCredential } from '../../server/client/signing-in.ts';
import { COMMANDS, type CommandName } from '../../server/protocol/commands.ts';
import { PROTOCOL_VERSION, type CardAddress, type Channel } from '../../server/protocol/entities.ts';
import { readJoinCode } from '../../server/protocol/invite.ts';
import type { RefusalCode } from '../../server/protocol/errors.ts';
import { LogEvent, Signal, type LogEventType } from '../../server/protocol/events.ts';
import { openRoom, PASSWORD, quickStretch, signUpInput, type Caller } from '../support/room.ts';
import { HandClock } from './hand-clock.ts';
import { Wire } from './wire.ts';

/** Ada owns the room. Grace talks with Edsger, privately; Frances, Ada and the guests are not part of that. */
const clock = new HandClock();
const card = (address: string): CardAddress => ({ address, card: 'eth0', kind: 'ethernet', loopback: false });
let cards = [card('192.168.1.24')];
const room = await openRoom({
  clock,
  cards: () => cards,
  guestsForMs: 7 * 24 * 60 * 60_000,
  // Every channel is open.
  door: 'simple',
});
const ada = await room.join('ada');
const grace = await room.join('grace');
const edsger = await room.join('edsger');
const frances = await room.join('frances');
const lin = await room.join('lin');
const mamie = await enterGuest('Mamie');
const invite = await ada.caller.ask('invite.create', { role: 'member', expiresInMs: null, uses: null });
const code = readJoinCode(invite.code);
const secret = await grace.tell(ulid(), [edsger.memberId], 'between us');
const conversationId = secret.conversationId;

const password = await makeCredential(PASSWORD, quickStretch);
const recovery = makeCodeCredential('0'.repeat(25));

/** Who asks. `insider` is a member of the conversation that is asked about, `outsider` and `owner` are not. */
type Role = 'stranger' | 'greeted' | 'signedOut' | 'guest' | 'insider' | 'outsider' | 'owner';
type Verdict = 'ok' | RefusalCode;

interface Row {
  /** Or a promise of it. */
  input: (channel: Channel) => unknown;
  /** For whoever has said hello and nothing more, or has signed out. */
  atTheDoor: Verdict;
  guest: Verdict;
  insider: Verdict;
  outsider: Verdict;
  owner: Verdict;
}

/** The same for everybody who has an account. */
const members = (verdict: Verdict) => ({ insider: verdict, outsider: verdict, owner: verdict });
/** For whoever is in, guests too. */
const forAll = (input: Row['input'], verdict: Verdict = 'ok'): Row => ({
  input,
  atTheDoor: 'NOT_SIGNED_IN',
  guest: verdict,
  ...members(verdict),
});
const forMembers = (input: Row['input'], verdict: Verdict = 'ok'): Row => ({
  ...forAll(input, verdict),
  guest: 'NOT_FOR_GUESTS',
});
/** In a private conversation. */
const forInsiders = (input: Row['input'], guest: Verdict, inside: Verdict = 'ok'): Row => ({
  input,
  atTheDoor: 'NOT_SIGNED_IN',
  guest,
  insider: inside,
  outsider: 'NO_SUCH_CONVERSATION',
  owner: 'NO_SUCH_CONVERSATION',
});
const forOwner = (input: Row['input']): Row => ({
  input,
  atTheDoor: 'NOT_SIGNED_IN',
  guest: 'NOT_ALLOWED',
  insider: 'NOT_ALLOWED',
  outsider: 'NOT_ALLOWED',
  owner: 'ok',
});
const forAnyone = (input: Row['input'], verdict: Verdict = 'ok'): Row => ({
  input,
  atTheDoor: verdict,
  guest: verdict,
  ...members(verdict),
});

const RIGHTS: Record<CommandName, Row> = {
  hello: forAnyone(() => ({ protocol: PROTOCOL_VERSION, language: 'fr', client: 'tests' })),
  'username.check': forAnyone(() => ({ username: 'whoever' })),
  'account.signUp': forAnyone(() => signUpInput(`new${ulid().slice(-10)}`.toLowerCase(), '0'.repeat(25))),
  'proof.start': forAnyone((channel) => ({
    ...{ purpose: 'signIn', username: 'ada', clientNonce: 'A'.repeat(32) },
    binding: channel === 'app' ? 'tls-exporter' : 'none',
  })),
  'proof.finish': forAnyone(() => ({ proof: 'A'.repeat(43), device: '' }), 'BAD_LOGIN'),
  'session.resume': forAnyone(() => ({ token: frances.token })),
  'password.reset': forAnyone(() => ({ password, recovery, device: '' }), 'PROOF_NEEDED'),
  'invite.check': forAnyone(() => ({ id: code.id, secret: code.secret })),
  'invite.prove': forAnyone(() => ({ proof: 'A'.repeat(43) }), 'INVITE_UNKNOWN'),
  'guest.enter': forAnyone(() => ({ name: 'Mamie', device: '' })),
  'room.enter': forAll(() => ({})),
  'message.post': forInsiders(() => ({ id: ulid(), conversationId, body: 'me too' }), 'NO_SUCH_CONVERSATION'),
  'file.begin': forAll(() => ({ hash: 'A'.repeat(43), size: 10 })),
  'file.write': forAll(() => ({ hash: 'B'.repeat(42) + 'A', offset: 0, data: 'AAAA' }), 'NO_SUCH_FILE'),
  'file.read': forInsiders(
    () => ({ conversationId, seq: 1, offset: 0 }),
    'NO_SUCH_CONVERSATION',
    'NO_SUCH_FILE',
  ),
  'message.withdraw': forInsiders(() => ({ conversationId, seq: 1 }), 'NOT_FOR_GUESTS', 'NO_SUCH_MESSAGE'),
  'conversation.open': forMembers(() => ({ memberIds: [frances.memberId] })),
  'conversation.mark': forInsiders(() => ({ conversationId, delivered: 1, read: 1 }), 'NO_SUCH_CONVERSATION'),
  'history.page': forInsiders(() => ({ conversationId, after: 0, limit: 10 }), 'NO_SUCH_CONVERSATION'),
  'typing.tell': forInsiders(() => ({ conversationId }), 'NO_SUCH_CONVERSATION'),
  'presence.set': forAll(() => ({ presence: 'here' })),
  'account.rename': forMembers(() => ({ username: `n${ulid().slice(-12)}`.toLowerCase() })),
  'password.change': forMembers(() => ({ password }), 'PROOF_NEEDED'),
  'recovery.renew': forMembers(() => ({ recovery }), 'PROOF_NEEDED'),
  'session.list': forMembers(() => ({})),
  'session.end': forMembers(() => ({ sessionId: ulid() })),
  'account.signOut': forAll(() => ({})),
  'resetCode.create': forOwner(() => ({ memberId: frances.memberId, code: recovery })),
  'resetCode.revoke': forOwner(() => ({ memberId: frances.memberId })),
  'room.change': forOwner(() => ({ access: 'open' })),
  'room.addresses': forOwner(() => ({})),
  'invite.create': forOwner(() => ({ role: 'guest', expiresInMs: 60_000, uses: 1 })),
  'invite.list': forOwner(() => ({})),
  'invite.revoke': forOwner(() => ({ id: ulid() })),
  'knock.list': forOwner(() => ({})),
  'member.remove': forOwner(() => ({ memberId: lin.memberId, ban: true })),
  'ban.list': forOwner(() => ({})),
  'ban.lift': forOwner(() => ({ id: ulid() })),
  'audit.list': forOwner(() => ({ limit: 10 })),
};

/** Nothing of a member's goes through a page that is not encrypted, whoever asks. */
const UNENCRYPTED: Partial<Record<CommandName, Verdict>> = {
  'account.signUp': 'ENCRYPTED_ONLY',
  'proof.start': 'ENCRYPTED_ONLY',
  'proof.finish': 'ENCRYPTED_ONLY',
  'session.resume': 'ENCRYPTED_ONLY',
  'password.reset': 'ENCRYPTED_ONLY',
  'password.change': 'ENCRYPTED_ONLY',
  'invite.check': 'INVITE_FOR_MEMBERS',
};

const verdictFor = (command: CommandName, role: Role, channel: Channel): Verdict => {
  if (role === 'stranger') return command === 'hello' ? 'ok' : 'HELLO_FIRST';
  const unencrypted = channel === 'simple' ? UNENCRYPTED[command] : undefined;
  if (unencrypted !== undefined) return unencrypted;
  if (role === 'greeted' || role === 'signedOut') return RIGHTS[command].atTheDoor;
  return RIGHTS[command][role];
};

const TOKENS: Partial<Record<Role, string>> = {
  guest: mamie,
  insider: grace.token,
  outsider: frances.token,
  owner: ada.token,
};

async function connected(role: Role, channel: Channel): Promise<Wire> {
  if (role === 'stranger') return Wire.open(room.address, { channel });
  const wire = await Wire.greet(room.address, { channel });
  // Of a session that is used up by the test itself.
  const token = role === 'signedOut' ? await oneMore() : TOKENS[role];
  if (token !== undefined) await wire.ask('session.resume', { token });
  if (role === 'signedOut') await wire.ask('account.signOut', {});
  return wire;
}

/** The token. */
async function enterGuest(name: string): Promise<string> {
  const caller = await room.knock();
  const { token } = await caller.ask('guest.enter', { name, device: '' });
  caller.close();
  return token;
}

async function oneMore(): Promise<string> {
  const caller = await room.knock();
  const { signedIn } = await caller.prove('signIn', 'edsger', PASSWORD);
  caller.close();
  return signedIn!.token;
}

/** Who may be there at all: no member is by the simple door, as the row of `session.resume` shows. */
const ALL: Role[] = ['stranger', 'greeted', 'signedOut', 'guest', 'insider', 'outsider', 'owner'];
const ROLES: Record<Channel, Role[]> = {
  app: ALL,
  encrypted: ALL,
  simple: ['stranger', 'greeted', 'guest'],
};

const rights = suite('The right');

rights('to ask has a row in this table for every command there is', () => {
  assert.equal(Object.keys(RIGHTS).toSorted(), Object.keys(COMMANDS).toSorted());
});

for (const command of Object.keys(RIGHTS) as CommandName[]) {
  rights(
    `to ask ${command} is ${COMMANDS[command].who === 'anyone' ? 'anyone' : `a ${COMMANDS[command].who}`}’s`,
    async () => {
      for (const [channel, roles] of Object.entries(ROLES) as [Channel, Role[]][]) {
        for (const role of roles) {
          clock.skip(1_000);
          const wire = await connected(role, channel);
          const answer = await wire.ask(command, await RIGHTS[command].input(channel));
          const cell = `${command} by ${role} through ${channel}`;
          assert.is(answer.code ?? 'ok', verdictFor(command, role, channel), cell);
          wire.close();
          // Signing out used up the session that the others go on with.
          if (command === 'account.signOut' && TOKENS[role] !== undefined)
            TOKENS[role] = await signedIn(role);
        }
      }
    },
  );
}

/** Names change while the table is walked; the passwords do not. */
async function signedIn(role: Role): Promise<string> {
  if (role === 'guest') return enterGuest('Mamie');
  const memberId = role === 'owner' ? ada.memberId : role === 'insider' ? grace.memberId : frances.memberId;
  const { members: all } = await edsger.caller.ask('room.enter', {});
  const username = all.find(({ id }) => id === memberId)?.username ?? '';
  const caller = await room.knock();
  const proven = await caller.prove('signIn', username, PASSWORD);
  return proven.signedIn!.token;
}

const hearing = suite('What happens');

type Sound = LogEventType | `${Signal['type']}`;
/** Who hears it, of those below. */
type Ear = 'grace' | 'edsger' | 'ada' | 'frances' | 'guest' | 'notEntered' | 'signedOut' | 'greeted';

const EVERYBODY: Ear[] = ['grace', 'edsger', 'ada', 'frances', 'guest'];
const INSIDERS: Ear[] = ['grace', 'edsger'];

interface Happening {
  what: string;
  sound: Sound;
  hears: Ear[];
  make: (ears: Record<Ear, Caller>) => Promise<unknown>;
}

let last = { seq: 0 };
const HAPPENINGS: Happening[] = [
  {
    what: 'the host is on another network',
    sound: 'addresses',
    hears: EVERYBODY,
    make: () => {
      cards = [card('10.0.0.4')];
      return Promise.resolve(clock.advance(5_000));
    },
  },
  {
    what: 'a private conversation opens',
    sound: 'conversation.opened',
    hears: ['grace', 'edsger', 'frances'],
    make: ({ grace: caller }) =>
      caller.ask('conversation.open', { memberIds: [edsger.memberId, frances.memberId] }),
  },
  {
    what: 'somebody joins',
    sound: 'member.joined',
    hears: EVERYBODY,
    make: async () =>
      (await room.knock()).ask('account.signUp', await signUpInput('newcomer', '0'.repeat(25))),
  },
  {
    what: 'somebody is renamed',
    sound: 'member.renamed',
    hears: EVERYBODY,
    make: ({ frances: caller }) => caller.ask('account.rename', { username: 'fran' }),
  },
  {
    what: 'something is said in the lobby',
    sound: 'message.posted',
    hears: EVERYBODY,
    make: ({ frances: caller }) =>
      caller.ask('message.post', { id: ulid(), conversationId: frances.lobby, body: 'hello all' }),
  },
  {
    what: 'something is said in private',
    sound: 'message.posted',
    hears: INSIDERS,
    make: async ({ grace: caller }) =>
      (last = await caller.ask('message.post', { id: ulid(), conversationId, body: 'hello you' })),
  },
  {
    what: 'a private message is taken back',
    sound: 'message.withdrawn',
    hears: INSIDERS,
    make: ({ grace: caller }) => caller.ask('message.withdraw', { conversationId, seq: last.seq }),
  },
  {
    what: 'somebody types in the lobby',
    sound: 'typing',
    hears: ['edsger', 'ada', 'frances', 'guest'],
    make: ({ grace: caller }) => caller.ask('typing.tell', { conversationId: grace.lobby }),
  },
  {
    what: 'somebody types in private',
    sound: 'typing',
    hears: ['edsger'],
    make: ({ grace: caller }) => caller.ask('typing.tell', { conversationId }),
  },
  {
    what: 'a private message is read',
    sound: 'receipt',
    hears: ['grace'],
    make: ({ edsger: caller }) =>
      caller.ask('conversation.mark', { conversationId, delivered: last.seq, read: last.seq }),
  },
  {
    what: 'the lobby is read',
    sound: 'receipt',
    hears: [],
    make: ({ edsger: caller }) =>
      caller.ask('conversation.mark', { conversationId: edsger.lobby, delivered: 5, read: 5 }),
  },
  {
    what: 'somebody goes away',
    sound: 'presence',
    hears: EVERYBODY,
    make: async ({ frances: caller }) => {
      await caller.ask('presence.set', { presence: 'away' });
      clock.advance(200);
    },
  },
  {
    what: 'a guest leaves',
    sound: 'guest.ended',
    hears: EVERYBODY,
    make: async () => {
      const caller = await room.knock();
      await caller.ask('guest.enter', { name: 'Papi', device: '' });
      await caller.ask('account.signOut', {});
    },
  },
  {
    what: 'the owner changes who may come in',
    sound: 'settings',
    hears: EVERYBODY,
    make: ({ ada: caller }) => caller.ask('room.change', { access: 'invited' }),
  },
  {
    what: 'the host’s heart beats',
    sound: 'heads',
    hears: EVERYBODY,
    make: () => Promise.resolve(clock.advance(15_000)),
  },
];

let ears: Record<Ear, Caller>;
hearing.before(async () => {
  ears = await listening();
});

hearing('has a row here for every kind of event and signal', () => {
  const kinds = [...LogEvent.options, ...Signal.options].map(({ entries }) => entries.type.literal);
  assert.equal([...new Set(HAPPENINGS.map(({ sound }) => sound))].toSorted(), kinds.toSorted());
});

hearing('is heard by those who may, and by nobody else', async () => {
  for (const { what, sound, hears, make } of HAPPENINGS) {
    const before = Object.fromEntries(
      Object.entries(ears).map(([ear, caller]) => [ear, countOf(caller, sound)]),
    );
    clock.skip(2_000);
    // Whatever was written is read by then: nobody counts as behind while the time jumps.
    await sleep(20);
    await make(ears);
    // Whatever is on its way has come when these are answered.
    await Promise.all(Object.values(ears).map((caller) => caller.ask('username.check', { username: 'x' })));

    const heard = Object.entries(ears).flatMap(([ear, caller]) =>
      countOf(caller, sound) > before[ear]! ? [ear] : [],
    );
    assert.equal(heard.toSorted(), hears.toSorted(), what);
  }
});

hearing('in private is in nobody else’s heads either', async () => {
  const outsiders = [ears.ada, ears.frances, ears.guest, ears.notEntered, ears.signedOut, ears.greeted];
  await ears.grace.ask('message.post', { id: ulid(), conversationId, body: 'still between us' });
  clock.advance(15_000);
  await Promise.all(outsiders.map((caller) => caller.ask('username.check', { username: 'x' })));
  for (const caller of outsiders)
    assert.not.ok(JSON.stringify([caller.signals, caller.events]).includes(conversationId));
  assert.ok(JSON.stringify(ears.edsger.signals).includes(conversationId));
});

async function listening(): Promise<Record<Ear, Caller>> {
  const notEntered = await room.knock();
  await notEntered.ask('session.resume', { token: edsger.token });
  const signedOut = await room.knock();
  await signedOut.ask('session.resume', { token: await oneMore() });
  await signedOut.ask('room.enter', {});
  await signedOut.ask('account.signOut', {});
  const enter = async (token: string) => {
    const caller = await room.knock();
    await caller.ask('session.resume', { token });
    await caller.ask('room.enter', {});
    return caller;
  };
  const [own, inside, outside, visiting] = [TOKENS.owner!, TOKENS.insider!, TOKENS.outsider!, TOKENS.guest!];
  return {
    grace: await enter(inside),
    edsger: await enter(edsger.token),
    ada: await enter(own),
    frances: await enter(outside),
    guest: await enter(visiting),
    notEntered,
    signedOut,
    greeted: await room.knock(),
  };
}

const countOf = (caller: Caller, sound: Sound) =>
  [...caller.events, ...caller.signals].filter(({ type }) => type === sound).length;

hearing.after(() => room.close());
rights.run();
hearing.run();
