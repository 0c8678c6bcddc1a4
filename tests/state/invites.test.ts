import type { AddressInfo } from 'node:net';
import { createServer } from 'node:https';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocketServer } from 'ws';
import { destinationOf } from '../../resources/state/destination.ts';
import { systemClock } from '../../server/clock.ts';
import { openIdentity } from '../../server/identity.ts';
import { ALPN, type Fingerprint } from '../../server/protocol/entities.ts';
import { findJoin, readJoinCode, spokenSecret, writeSpoken } from '../../server/protocol/invite.ts';
import { Impersonator } from '../support/impersonator.ts';
import { scratch } from '../support/processes.ts';
import { openRoom, PASSWORD, refusal, type TestRoom } from '../support/room.ts';
import { noWayIn, Visitor, type VisitorOptions } from '../support/visitor.ts';

const invites = suite('A visit with a join code');

const MINUTE = 60_000;
const form = (username: string) => ({
  lastName: 'Hopper',
  firstName: username,
  username,
  password: PASSWORD,
});

async function ownerOf(room: TestRoom): Promise<Visitor> {
  const ada = new Visitor(() => room.address);
  await ada.signUp('ada', room.host.ownerCode());
  return ada;
}

/** As the program begins it: the code itself says where to go. */
function visitorWith(text: string, address: () => string, options: VisitorOptions = {}): Visitor {
  const found = findJoin(text);
  if (found === null || found.kind === 'unreadable') throw new Error('not a join code');
  const visitor = new Visitor(address, options);
  visitor.visit = visitor.newVisit(destinationOf(found));
  return visitor;
}

/** A short form whose letters for the room fit another key, as if one had been made until they did. */
function respelled(spoken: string, fingerprint: Fingerprint): string {
  const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const bits = [...spokenSecret(spoken.replaceAll('-', ''))]
    .map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
    .padEnd(64, '0');
  const secret = Uint8Array.from({ length: 8 }, (_, i) => parseInt(bits.slice(i * 8, i * 8 + 8), 2));
  return writeSpoken(secret, fingerprint);
}

invites('goes to the door without a question, shows what the code allows, and signs up with it', async () => {
  const room = await openRoom({ access: 'invited' });
  const ada = await ownerOf(room);
  const { code } = await ada.room.createInvite({ role: 'member', expiresInMs: 10 * MINUTE, uses: 2 });
  const stranger = new Visitor(() => room.address);
  await stranger.begin();
  assert.is(await refusal(stranger.visit.signUp(form('grace'), null)), 'INVITE_NEEDED');

  const grace = visitorWith(code, () => room.address);
  await grace.visit.begin();
  assert.is(grace.visit.status, 'door');
  assert.is(grace.visit.inviteProblem, null);
  assert.equal([grace.visit.invite?.role, grace.visit.invite?.usesLeft], ['member', 2]);
  await grace.visit.signUp(form('grace'), null);
  assert.is(grace.visit.status, 'in');
  assert.is((await ada.room.invites())[0]?.used, 1);
  for (const visitor of [ada, stranger, grace]) visitor.leave();
  await room.close();
});

invites('that is over says so at the door, where a member can still sign in', async () => {
  const room = await openRoom({ access: 'invited' });
  const ada = await ownerOf(room);
  const { code, id } = await ada.room.createInvite({ role: 'member', expiresInMs: null, uses: null });
  await ada.room.revokeInvite(id);
  const again = visitorWith(code, () => room.address);
  await again.visit.begin();
  assert.is(again.visit.status, 'door');
  assert.is(again.visit.inviteProblem, 'INVITE_REVOKED');
  assert.is(again.visit.invite, null);
  assert.is(await refusal(again.visit.signUp(form('grace'), null)), 'INVITE_REVOKED');
  await again.visit.signIn('ada', PASSWORD);
  assert.is(again.visit.status, 'in');

  await ada.room.changeSettings({ access: 'open' });
  const grace = visitorWith(code, () => room.address);
  await grace.visit.begin();
  await grace.visit.signUp(form('grace'), null);
  assert.is(grace.visit.status, 'in', 'an open room needs no code');
  for (const visitor of [ada, again, grace]) visitor.leave();
  await room.close();
});

invites('of an owner makes the first account the owner’s', async () => {
  const room = await openRoom();
  const ada = visitorWith(room.host.ownerJoinCode() ?? '', () => room.address);
  await ada.visit.begin();
  assert.is(ada.visit.status, 'door');
  assert.is(ada.visit.invite?.role, 'owner');
  assert.is(ada.visit.ownerCode, room.host.ownerCode());
  await ada.visit.signUp(form('ada'), ada.visit.ownerCode);
  assert.is(ada.room.self.role, 'owner');
  await ada.visit.signOut();
  assert.equal([ada.visit.status, ada.visit.ownerCode], ['door', null], 'it works once');
  ada.leave();
  await room.close();
});

invites('is not shown to another room whose page it was opened in', async () => {
  const [one, other] = [await openRoom(), await openRoom({ door: 'encrypted' })];
  const [ada, bob] = [await ownerOf(one), await ownerOf(other)];
  const { code } = await ada.room.createInvite({ role: 'member', expiresInMs: null, uses: null });
  const grace = new Visitor(() => other.address, { channel: 'encrypted', code });
  await grace.visit.begin();
  assert.is(grace.visit.inviteProblem, 'INVITE_UNKNOWN');
  assert.not.match(grace.said.join(), readJoinCode(code).secret);
  await grace.visit.signUp(form('grace'), null);
  assert.not.match(grace.said.join(), readJoinCode(code).secret);
  const damaged = new Visitor(() => other.address, { channel: 'encrypted', code: code.slice(0, -2) });
  await damaged.visit.begin();
  assert.is(damaged.visit.inviteProblem, 'INVITE_UNKNOWN');
  for (const visitor of [ada, bob, grace, damaged]) visitor.leave();
  await one.close();
  await other.close();
});

invites('says that a clock is wrong when the code is good by one and over by the other', async () => {
  const room = await openRoom();
  const ada = await ownerOf(room);
  const { code } = await ada.room.createInvite({ role: 'member', expiresInMs: 30 * MINUTE, uses: null });
  const short = await ada.room.createInvite({ role: 'member', expiresInMs: 1_000, uses: null });
  ada.leave();
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const honest = visitorWith(short.code, () => room.address);
  await honest.visit.begin();
  assert.equal([honest.visit.inviteProblem, honest.visit.diagnosis], ['INVITE_EXPIRED', null]);
  honest.leave();

  await room.restart({ clock: { ...systemClock, now: () => Date.now() + 60 * MINUTE } });
  const grace = visitorWith(code, () => room.address);
  await grace.visit.begin();
  assert.is(grace.visit.inviteProblem, 'INVITE_EXPIRED');
  assert.equal([grace.visit.diagnosis?.code, grace.visit.diagnosis?.detail], ['clock', '60']);
  grace.leave();
  await room.close();
});

const spoken = suite('A visit with a short form');

spoken('proves it both ways and goes to the door without a question', async () => {
  const room = await openRoom({ access: 'invited' });
  const ada = await ownerOf(room);
  const invite = await ada.room.createInvite({ role: 'member', expiresInMs: null, uses: 1 });
  const grace = visitorWith(`${room.address} ${invite.spoken}`, () => room.address);
  await grace.visit.begin();
  assert.is(grace.visit.status, 'door');
  assert.equal(grace.visit.invite, { role: 'member', expiresAt: null, usesLeft: 1 });
  assert.is(grace.visit.destination.target.fingerprint, room.host.fingerprint);
  assert.is(grace.visit.destination.target.spoken, null);
  await grace.visit.signUp(form('grace'), null);
  assert.is(grace.visit.status, 'in');
  for (const visitor of [ada, grace]) visitor.leave();
  await room.close();
});

spoken('goes no further with somebody in between, whose key even fits the letters', async () => {
  const room = await openRoom({ access: 'invited' });
  const ada = await ownerOf(room);
  const invite = await ada.room.createInvite({ role: 'member', expiresInMs: null, uses: null });
  const impersonator = await Impersonator.open(room.host.port);
  // As it is, the letters already tell most keys apart.
  const far = visitorWith(`${impersonator.address} ${invite.spoken}`, () => impersonator.address);
  const letters = respelled(invite.spoken, impersonator.fingerprint);
  const near = visitorWith(`${impersonator.address} ${letters}`, () => impersonator.address);
  if (letters !== invite.spoken.replaceAll('-', '')) {
    assert.is((await noWayIn(far.visit.begin())).code, 'wrongKey');
    assert.equal(far.said, []);
  }
  // The real host names its own key in its hello.
  assert.is((await noWayIn(near.visit.begin())).code, 'wrongKey');
  assert.not.match(near.said.join(), 'invite.prove');
  for (const visitor of [ada, far, near]) visitor.leave();
  await impersonator.close();
  await room.close();
});

/** A room of somebody who knows the protocol, but not the code. */
async function pretender(answer: (command: string, input: unknown) => unknown) {
  const { key, certificate, fingerprint } = await openIdentity(await scratch(), Date.now());
  const server = createServer({ key, cert: certificate, minVersion: 'TLSv1.3', ALPNProtocols: [ALPN] });
  const sockets = new WebSocketServer({ server, handleProtocols: () => 'salon.v1' });
  const asked: string[] = [];
  sockets.on('connection', (socket) => {
    const respond = async (data: Buffer) => {
      const { id, command, input } = JSON.parse(data.toString()) as {
        id: number;
        command: string;
        input: unknown;
      };
      asked.push(command);
      const result = command === 'hello' ? hello(fingerprint) : await answer(command, input);
      const frame = { t: 'answer', id, result };
      const refused = { t: 'refused', id, code: result, retry: false, text: '' };
      socket.send(JSON.stringify(typeof result === 'string' ? refused : frame));
    };
    socket.on('message', (data: Buffer) => void respond(data));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    fingerprint,
    asked,
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.close();
    },
  };
}

const ID = '01J8ZQ4T7N9X5C2V6B3M1K0H0R';

const hello = (fingerprint: Fingerprint) => ({
  protocol: 1,
  room: { id: ID, name: 'The Kitchen', openedAt: 0 },
  epoch: ID,
  needsOwner: false,
  now: Date.now(),
  fingerprint,
  channel: 'app',
  settings: { access: 'open', door: 'none', guestsUntil: null },
});

spoken('goes no further with somebody who passes each proof on to the other end', async () => {
  const room = await openRoom({ access: 'invited' });
  const ada = await ownerOf(room);
  const invite = await ada.room.createInvite({ role: 'member', expiresInMs: null, uses: null });
  const between = await room.knock();
  const other = await pretender((command, input) => {
    assert.is(command, 'invite.prove');
    return refusal(between.ask('invite.prove', input as { proof: string }));
  });
  const letters = respelled(invite.spoken, other.fingerprint);
  const grace = visitorWith(`${other.address} ${letters}`, () => other.address);
  assert.is((await noWayIn(grace.visit.begin())).code, 'codeUnknown');
  assert.equal(other.asked, ['hello', 'invite.prove'], 'the two channels are not one');
  for (const visitor of [ada, grace]) visitor.leave();
  other.close();
  await room.close();
});

spoken(
  'is shown nothing more when the other end cannot prove it, or says that it does not know it',
  async () => {
    for (const [proof, code] of [
      [{ proof: 'A'.repeat(43), id: ID, secret: 'A'.repeat(22), role: 'member' }, 'wrongKey'],
      ['INVITE_UNKNOWN', 'codeUnknown'],
      ['INVITE_EXPIRED', 'codeExpired'],
      ['INVITE_USED', 'codeUsed'],
      ['INVITE_REVOKED', 'codeRevoked'],
    ] as const) {
      const other = await pretender(() => proof);
      const letters = writeSpoken(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), other.fingerprint);
      const grace = visitorWith(`${other.address} ${letters}`, () => other.address);
      assert.is((await noWayIn(grace.visit.begin())).code, code);
      assert.is.not(grace.visit.status, 'door');
      assert.equal(other.asked, ['hello', 'invite.prove']);
      assert.is(grace.visit.destination.target.fingerprint, null, 'the key is not kept as the room’s');
      grace.leave();
      other.close();
    }
  },
);

invites.run();
spoken.run();
