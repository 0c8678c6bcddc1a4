import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { toAddress } from '../../resources/state/destination.ts';
import { Impersonator } from '../support/impersonator.ts';
import { openRoom, PASSWORD, type TestRoom } from '../support/room.ts';
import { noWayIn, until, Visitor } from '../support/visitor.ts';

/** Which key is the room's, and what is said to one that is not: nothing. */
const keys = suite('A visit and the room’s key');

async function memberOf(room: TestRoom): Promise<{ ada: Visitor; token: string }> {
  const ada = new Visitor(() => room.address);
  await ada.signUp('ada', room.host.ownerCode());
  return { ada, token: ada.kept.get(`token/${room.host.fingerprint}`) ?? '' };
}

keys('shows a key that it never saw, and says nothing before somebody trusts it', async () => {
  const room = await openRoom();
  const ada = new Visitor(() => room.address);
  await ada.visit.begin();
  assert.is(ada.visit.status, 'meeting');
  assert.is(ada.visit.fingerprint, room.host.fingerprint);
  assert.is(ada.visit.about, null);
  // Longer than the host waits for a first word.
  await new Promise((resolve) => setTimeout(resolve, 5_500));
  assert.is(ada.visit.status, 'meeting');
  assert.equal(ada.said, []);
  await ada.visit.trust();
  assert.is(ada.visit.status, 'door');
  assert.is(ada.visit.about?.room.name, 'The Kitchen');
  assert.is(ada.visit.destination.target.fingerprint, room.host.fingerprint);
  ada.leave();
  await room.close();
});

keys('trusts the key that was shown, and no other one that answers afterwards', async () => {
  const room = await openRoom();
  const impersonator = await Impersonator.open(room.host.port);
  let address = room.address;
  const ada = new Visitor(() => address);
  await ada.visit.begin();
  await room.host.close();
  address = impersonator.address;
  await ada.visit.trust();
  assert.is(ada.visit.status, 'lost');
  assert.equal(ada.said, []);
  assert.is(impersonator.bytes.length, 0);
  ada.leave();
  await impersonator.close();
});

keys('asks nothing of whoever was in the room before, wherever it is found', async () => {
  const room = await openRoom();
  const { ada } = await memberOf(room);
  ada.leave();
  await room.restart({ port: 0 });
  ada.visit = ada.newVisit(toAddress(room.address));
  await ada.visit.begin();
  assert.is(ada.visit.status, 'in');
  ada.leave();
  await room.close();
});

keys('finds the room again at another address, and says that it has moved', async () => {
  const room = await openRoom();
  const { ada } = await memberOf(room);
  const before = room.address;
  await room.restart({ port: 0 });
  await until(
    () => ada.visit.status === 'in' && ada.visit.room?.connected === true && ada.visit.movedTo !== null,
    'ada',
  );
  assert.is(ada.visit.movedTo, room.address);
  assert.is(ada.visit.address, room.address);
  assert.equal(ada.visit.addresses.slice(0, 1), [room.address]);
  assert.ok(ada.visit.addresses.includes(before));
  ada.visit.clearMoved();
  assert.is(ada.visit.movedTo, null);
  ada.leave();
  await room.close();
});

keys('of a known room that changed stops, and shows neither the old token nor anything else', async () => {
  const room = await openRoom();
  const { ada, token } = await memberOf(room);
  ada.leave();
  const said = ada.said.length;
  const other = await openRoom();
  await room.host.close();
  await other.restart({ port: room.host.port });
  const { destination } = ada.visit;
  ada.visit = ada.newVisit(destination);
  await ada.visit.begin();
  assert.is(ada.visit.status, 'otherKey');
  assert.equal(ada.visit.otherKey, { known: room.host.fingerprint, found: other.host.fingerprint });
  assert.is(ada.visit.diagnosis?.code, 'wrongKey');
  assert.is(ada.said.length, said);

  await ada.visit.acceptKey();
  assert.is(ada.visit.status, 'door');
  assert.is(ada.visit.otherKey, null);
  assert.is(ada.visit.fingerprint, other.host.fingerprint);
  assert.equal(ada.visit.people, []);
  assert.not.match(ada.said.slice(said).join(), token);
  assert.is(ada.kept.get(`token/${room.host.fingerprint}`), token, 'kept for when the first is back');
  ada.leave();
  await other.close();
});

keys('gives no alarm when another room that is known has the address now, and goes on looking', async () => {
  const room = await openRoom();
  const { ada } = await memberOf(room);
  ada.leave();
  const other = await openRoom();
  ada.recent.set(other.host.fingerprint, other.address);
  const said = ada.said.length;
  await room.host.close();
  await other.restart({ port: room.host.port });
  const { destination } = ada.visit;
  ada.visit = ada.newVisit(destination);
  const { code, foundFingerprint } = await noWayIn(ada.visit.begin());
  assert.equal([code, foundFingerprint], ['notFound', null]);
  assert.is(ada.visit.otherKey, null);

  ada.visit = ada.newVisit(destination);
  await ada.visit.begin(true);
  assert.equal([ada.visit.status, ada.visit.diagnosis?.code], ['lost', 'notFound']);
  assert.is(ada.said.length, said);
  await other.host.close();
  await room.restart({ port: room.host.port });
  await until(() => ada.visit.status === 'in', 'ada to be back', 20_000);
  ada.leave();
  await room.close();
});

keys('stops as well when another key answers at the address where a known room was', async () => {
  const room = await openRoom();
  const { ada } = await memberOf(room);
  ada.leave();
  const said = ada.said.length;
  const other = await openRoom();
  await room.host.close();
  await other.restart({ port: room.host.port });
  ada.visit = ada.newVisit(toAddress(room.address));
  await ada.visit.begin();
  assert.is(ada.visit.status, 'otherKey');
  assert.equal(ada.visit.otherKey, { known: room.host.fingerprint, found: other.host.fingerprint });
  assert.is(ada.said.length, said);
  await ada.visit.acceptKey();
  assert.is(ada.visit.status, 'door');
  ada.leave();
  await other.close();
});

keys('keeps what can be read when another room answers in place of the one that was lost', async () => {
  const room = await openRoom();
  const { ada } = await memberOf(room);
  const other = await openRoom();
  await room.host.close();
  await other.restart({ port: room.host.port });
  await until(() => ada.visit.diagnosis?.code === 'wrongKey', 'the other key');
  assert.is(ada.visit.status, 'lost');
  assert.is(ada.room.self.username, 'ada');
  await other.host.close();
  await room.restart({ port: room.host.port });
  await until(() => ada.visit.status === 'in', 'ada to be back', 20_000);
  assert.is(ada.visit.diagnosis, null);
  ada.leave();
  await room.close();
});

keys('trusted by mistake, of somebody who only passes things on, ends before the password', async () => {
  const room = await openRoom();
  await memberOf(room).then(({ ada }) => ada.leave());
  const impersonator = await Impersonator.open(room.host.port);
  const ada = new Visitor(() => impersonator.address);
  await ada.visit.begin();
  assert.is(ada.visit.status, 'meeting');
  assert.is(ada.visit.fingerprint, impersonator.fingerprint);
  await ada.visit.trust();
  assert.is(ada.visit.status, 'lost');
  assert.is(ada.visit.diagnosis?.code, 'wrongKey');
  assert.is((await noWayIn(ada.visit.signIn('ada', PASSWORD))).code, 'wrongKey');
  assert.equal(
    ada.said
      .map((text) => (JSON.parse(text) as { command: string }).command)
      .filter((each) => each !== 'hello'),
    [],
  );
  ada.leave();
  await impersonator.close();
  await room.close();
});

keys('in a join code is the only one: whoever else answers hears nothing at all', async () => {
  const room = await openRoom({ access: 'invited' });
  const { ada } = await memberOf(room);
  const { code } = await ada.room.createInvite({ role: 'member', expiresInMs: null, uses: null });
  const impersonator = await Impersonator.open(room.host.port);
  const bob = new Visitor(() => impersonator.address, { code });
  bob.visit = bob.newVisit({
    target: {
      fingerprint: room.host.fingerprint,
      prefix: '',
      addresses: [impersonator.address],
      spoken: null,
    },
    code,
    name: 'The Kitchen',
  });
  assert.is((await noWayIn(bob.visit.begin())).code, 'wrongKey');
  assert.is(bob.visit.name, 'The Kitchen');
  assert.ok(impersonator.handshakes > 0);
  assert.is(impersonator.bytes.length, 0);
  for (const visitor of [ada, bob]) visitor.leave();
  await impersonator.close();
  await room.close();
});

keys.run();
