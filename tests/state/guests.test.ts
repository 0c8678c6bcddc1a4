import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import { openRoom, PASSWORD, refusal, type TestRoom } from '../support/room.ts';
import { until, Visitor, wholeLog } from '../support/visitor.ts';

const guests = suite('A guest in a browser');

const HOUR = 3_600_000;

/** A room that lets guests in by its simple door, where its owner has said something already. */
async function openHouse(): Promise<{ room: TestRoom; ada: Visitor }> {
  const room = await openRoom({ door: 'simple', guestsForMs: HOUR });
  const ada = new Visitor(() => room.address);
  await ada.signUp('ada', room.host.ownerCode());
  await ada.room.post(ada.room.lobby, 'before you came');
  await until(() => ada.room.outbox.pending.length === 0, 'the message to leave');
  return { room, ada };
}

async function guestOf(room: TestRoom, name = 'Moss'): Promise<Visitor> {
  const guest = new Visitor(() => room.address, { channel: 'simple' });
  await guest.visit.begin();
  await guest.visit.enterAsGuest(name);
  return guest;
}

guests('is let in while guests are, reads from their coming on, and has a beginning there', async () => {
  const { room, ada } = await openHouse();
  const app = new Visitor(() => room.address);
  await app.begin();
  assert.is(app.visit.canEnterAsGuest, false, 'an app is for members');
  const guest = new Visitor(() => room.address, { channel: 'simple' });
  await guest.visit.begin();
  assert.equal([guest.visit.about?.channel, guest.visit.canEnterAsGuest], ['simple', true]);
  assert.is(await refusal(guest.visit.enterAsGuest('')), 'NAME_INVALID');
  await guest.visit.enterAsGuest('Moss');
  assert.is(guest.visit.status, 'in');
  assert.is(guest.room.isGuest, true);
  assert.is(guest.room.fingerprint, room.host.fingerprint);
  assert.equal(guest.room.addressees, []);
  const log = await wholeLog(guest.room.lobby);
  assert.is(log[0]?.type, 'member.joined');
  assert.is(log[0]?.seq, guest.room.lobby.first);
  assert.ok(guest.room.lobby.first > 1);
  assert.not.match(JSON.stringify(log), 'before you came');
  await ada.room.post(ada.room.lobby, 'welcome');
  await guest.room.post(guest.room.lobby, 'thank you');
  await until(
    () =>
      guest.room.lobby.known === ada.room.lobby.known && guest.room.lobby.known > guest.room.lobby.first + 1,
    'both messages',
  );
  await guest.room.lobby.jumpToStart();
  assert.is(guest.room.lobby.timeline.first, guest.room.lobby.first);
  for (const visitor of [ada, app, guest]) visitor.leave();
  await room.close();
});

guests('is nobody to write to privately, and is told so before anything is sent', async () => {
  const { room, ada } = await openHouse();
  const guest = await guestOf(room);
  await until(() => ada.room.members.size === 2, 'ada to see the guest');
  const name = guest.room.self.username;
  assert.equal(ada.room.readAddress(`hello@${name}`), { kind: 'refused', code: 'GUEST_READS_LOBBY' });
  assert.equal(guest.room.readAddress('hello@ada'), { kind: 'refused', code: 'NOT_FOR_GUESTS' });
  assert.equal(guest.room.readAddress('hello'), { kind: 'plain' });
  assert.equal(
    ada.room.addressees.map(({ username }) => username),
    ['ada'],
  );
  assert.equal(ada.room.people.map(({ username }) => username).toSorted(), ['ada', name].toSorted());
  for (const visitor of [ada, guest]) visitor.leave();
  await room.close();
});

guests('comes back after a reload, and after the connection broke', async () => {
  const { room, ada } = await openHouse();
  const guest = await guestOf(room);
  const { me } = guest.room;
  await guest.reload();
  assert.equal([guest.visit.status, guest.room.me], ['in', me]);
  guest.cut();
  await until(() => guest.sockets.size === 1 && guest.visit.status === 'in', 'the guest to be back');
  assert.is(guest.room.me, me);
  for (const visitor of [ada, guest]) visitor.leave();
  await room.close();
});

guests('whose stay ends can still read, is told, and is among the people no longer', async () => {
  const { room, ada } = await openHouse();
  const guest = await guestOf(room);
  const { me } = guest.room;
  await wholeLog(guest.room.lobby);
  await until(() => ada.room.members.has(me), 'ada to see the guest');
  await ada.room.changeSettings({ guestsForMs: null });
  assert.is(ada.room.settings.guestsUntil, null);
  await until(() => guest.visit.status === 'ended', 'the end');
  assert.is(guest.visit.ending, 'guestEnded');
  assert.ok(guest.room.lobby.timeline.events.length > 0);
  assert.is(guest.kept.get(`guest/${room.host.fingerprint}`), undefined);
  await until(() => ada.room.members.get(me)?.leftAt !== null, 'ada to hear of it');
  assert.not.ok(ada.room.people.some(({ id }) => id === me));
  assert.is(ada.room.members.get(me)?.presence, 'offline');
  const last = (await wholeLog(ada.room.lobby)).findLast(({ type }) => type === 'guest.ended');
  assert.is(last?.authorId, me);
  assert.is(ada.room.members.get(me)?.leftAt, last?.at);
  const late = new Visitor(() => room.address, { channel: 'simple' });
  await late.visit.begin();
  assert.is(late.visit.canEnterAsGuest, false);
  assert.is(await refusal(late.visit.enterAsGuest('Roy')), 'GUESTS_OFF');
  for (const visitor of [ada, guest, late]) visitor.leave();
  await room.close();
});

guests('whose stay ended while they were away is told when they are back', async () => {
  const { room, ada } = await openHouse();
  const guest = await guestOf(room);
  const { port } = room.host;
  await room.host.close();
  await until(() => guest.visit.status === 'lost', 'the loss');
  await room.restart({ port, guestsForMs: null });
  await until(() => guest.visit.status === 'ended', 'the end');
  assert.is(guest.visit.ending, 'guestEnded');
  for (const visitor of [ada, guest]) visitor.leave();
  await room.close();
});

guests('through the simple door no member’s token or password is ever sent', async () => {
  const { room, ada } = await openHouse();
  const token = ada.kept.get(`token/${room.host.fingerprint}`) ?? '';
  const page = new Visitor(() => room.address, { channel: 'simple' });
  page.kept.set(`token/${room.host.fingerprint}`, token);
  page.kept.set(`ended/${room.host.fingerprint}`, token);
  await page.visit.begin();
  assert.is(page.visit.status, 'door');
  assert.is(await refusal(page.visit.signIn('ada', PASSWORD)), 'ENCRYPTED_ONLY');
  assert.not.match(page.said.join(), token);
  for (const visitor of [ada, page]) visitor.leave();
  await room.close();
});

guests('with a guest’s code may come in from an app as well', async () => {
  const room = await openRoom({ access: 'invited', guestsForMs: HOUR });
  const ada = new Visitor(() => room.address);
  await ada.signUp('ada', room.host.ownerCode());
  const { code } = await ada.room.createInvite({ role: 'guest', expiresInMs: null, uses: 1 });
  const guest = new Visitor(() => room.address, { code });
  await guest.begin();
  assert.is(guest.visit.invite?.role, 'guest');
  assert.is(guest.visit.canEnterAsGuest, true);
  await guest.visit.enterAsGuest('Moss');
  assert.is(guest.room.isGuest, true);
  for (const visitor of [ada, guest]) visitor.leave();
  await room.close();
});

const leaving = suite('Somebody who is asked to leave');

leaving('keeps what they have read, and may come back unless they are banned', async () => {
  const room = await openRoom();
  const [ada, bob] = [new Visitor(() => room.address), new Visitor(() => room.address)];
  await ada.signUp('ada', room.host.ownerCode());
  await bob.signUp('bob', null);
  const { me } = bob.room;
  await until(() => ada.room.members.has(me), 'ada to see bob');
  await ada.room.removeMember(me, false);
  await until(() => bob.visit.status === 'ended', 'the end');
  assert.is(bob.visit.ending, 'removed');
  assert.is(bob.room.self.username, 'bob');
  assert.is(bob.kept.get(`token/${room.host.fingerprint}`), undefined);
  await bob.reload();
  assert.is(bob.visit.status, 'door');
  await bob.visit.signIn('bob', PASSWORD);
  assert.is(bob.visit.status, 'in');

  await ada.room.removeMember(me, true);
  await until(() => bob.visit.status === 'ended', 'the end');
  assert.is(bob.visit.ending, 'banned');
  await bob.reload();
  assert.is(await refusal(bob.visit.signIn('bob', PASSWORD)), 'BANNED');
  const [ban] = await ada.room.bans();
  assert.is(ban?.memberId, me);
  await ada.room.liftBan(ban?.id ?? '');
  await bob.visit.signIn('bob', PASSWORD);
  assert.is(bob.visit.status, 'in');
  assert.ok((await ada.room.knocks()).length > 0);
  assert.is((await ada.room.hostAddresses()).port, room.host.port);
  for (const visitor of [ada, bob]) visitor.leave();
  await room.close();
});

leaving('is told so as well when they were away, and nothing of theirs tries again', async () => {
  const room = await openRoom();
  const [ada, bob] = [new Visitor(() => room.address), new Visitor(() => room.address)];
  await ada.signUp('ada', room.host.ownerCode());
  await bob.signUp('bob', null);
  const { me } = bob.room;
  await until(() => ada.room.members.has(me), 'ada to see bob');
  bob.leave();
  await ada.room.removeMember(me, true);
  await bob.reload();
  assert.equal([bob.visit.status, bob.visit.ending], ['ended', 'banned']);
  assert.is(bob.kept.get(`token/${room.host.fingerprint}`), undefined);
  await until(() => [...bob.sockets].every(({ readyState }) => readyState === WebSocket.CLOSED), 'silence');
  for (const visitor of [ada, bob]) visitor.leave();
  await room.close();
});

guests.run();
leaving.run();
