// time limit: 240 s
import { execFileSync } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Nearby, NearbyRoom } from '../../server/protocol/control.ts';
import { Network, noNamespaces, type Computer } from '../support/namespaces.ts';
import { scratch, startHost } from '../support/processes.ts';
import { eventually, Page, startExtension, type Started } from './pages.ts';

/** Between computers of their own: what multicast does, and what it does not. */
const network = suite('Rooms on a network');

const why = noNamespaces();
if (why !== null) process.stderr.write(`Rooms on a network: not tested, because ${why}.\n`);
const test = why === null ? network : network.skip;

const [HOST, GUEST, OTHER] = ['10.71.0.1', '10.71.0.2', '10.71.0.3'];

interface Desk {
  running: Started;
  page: Page;
}

async function sitDown(computer: Computer, directory?: string): Promise<Desk> {
  const running = await startExtension({
    namespace: computer.name,
    ...(directory === undefined ? {} : { directory }),
  });
  return { running, page: await Page.open(running) };
}

function nearby({ page }: Desk, found: (now: Nearby) => boolean, ms = 8_000): Promise<Nearby> {
  return eventually(() => {
    const told = page.heard.flatMap((text) => (text.startsWith('{"t":"app.nearby"') ? [text] : []));
    const now = told.map((text) => (JSON.parse(text) as { nearby: Nearby }).nearby).at(-1);
    return now !== undefined && found(now) ? now : null;
  }, ms);
}

async function untilAsked(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isSo()); tries += 1) {
    if (tries > 100) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function room(name: string): (now: Nearby) => boolean {
  return ({ rooms }) => rooms.some((each) => each.name === name);
}

test('a room is nearby while it is open, and joined without an address', async () => {
  const net = Network.make(HOST, GUEST);
  const [host, guest] = net.computers as [Computer, Computer];
  const desk = await sitDown(guest);
  await desk.page.ask('nearby.watch', { on: true });
  assert.equal((await nearby(desk, ({ state }) => state === 'ok')).rooms, []);

  const directory = await scratch();
  const kitchen = await startHost(directory, ['--everywhere', '--announce', '--name', 'Kitchen'], host.name);
  const { rooms } = await nearby(desk, room('Kitchen'));
  const prefix = kitchen.fingerprint.slice(0, 16);
  const expected: NearbyRoom = {
    prefix,
    name: 'Kitchen',
    addresses: [`${HOST}:${kitchen.port}`],
    version: 1,
  };
  assert.equal(rooms, [expected]);
  const { channel } = await desk.page.connect(1, { prefix });
  assert.equal([channel?.fingerprint, channel?.address], [kitchen.fingerprint, `${HOST}:${kitchen.port}`]);

  assert.is(await kitchen.stop(), 0);
  await nearby(desk, ({ rooms: left }) => left.length === 0, 2_000);
  const quiet = await startHost(directory, ['--everywhere', '--name', 'Kitchen'], host.name);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  assert.equal((await desk.page.ask('app.state', {})).nearby.rooms, [], 'with --no-announce nobody is told');
  await quiet.stop();
  await desk.running.stop();
  net.close();
});

test('a room hosted in the app is nearby for others, not for itself, and one with two cards is one', async () => {
  const net = Network.make(HOST, GUEST);
  const [host, guest] = net.computers as [Computer, Computer];
  const ip = (...args: string[]) => execFileSync('ip', args);
  ip('link', 'add', 'eth1', 'netns', host.name, 'type', 'veth', 'peer', 'name', 'eth1', 'netns', guest.name);
  for (const [computer, address] of [
    [host, '10.72.0.1'],
    [guest, '10.72.0.2'],
  ] as const) {
    computer.ip('addr', 'add', `${address}/24`, 'dev', 'eth1');
    computer.ip('link', 'set', 'eth1', 'up');
  }
  const [mine, theirs] = [await sitDown(host), await sitDown(guest)];
  for (const { page } of [mine, theirs]) {
    // The system takes a second to notice that a card is connected.
    await untilAsked(async () =>
      (await page.ask('app.state', {})).addresses.some(({ card }) => card === 'eth1'),
    );
    await page.ask('nearby.watch', { on: true });
  }
  const { port } = await mine.page.ask('room.host', { name: 'Classe 4B', port: 0 });
  const both = [`10.71.0.1:${port}`, `10.72.0.1:${port}`];
  const { rooms } = await nearby(theirs, ({ rooms: all }) => (all[0]?.addresses.length ?? 0) === 2);
  assert.equal(
    rooms.map(({ addresses }) => addresses.toSorted()),
    [both],
  );
  assert.equal((await mine.page.ask('app.state', {})).nearby.rooms, []);

  // One cable is pulled; the other still leads there.
  host.unplug();
  const found = await theirs.page.connect(1, { prefix: rooms[0]?.prefix ?? '', addresses: [both[0] ?? ''] });
  assert.is(found.channel?.address, both[1]);
  await mine.page.ask('room.close', {});
  await nearby(theirs, ({ rooms: left }) =>
    left.every(({ addresses }) => !addresses.includes(both[1] ?? '')),
  );
  await Promise.all([mine.running.stop(), theirs.running.stop()]);
  net.close();
});

test('S8.1 a room that moved to another address and port is found by its key', async () => {
  const net = Network.make(HOST, GUEST);
  const [host, guest] = net.computers as [Computer, Computer];
  const [mine, theirs] = [await sitDown(host), await sitDown(guest)];
  const { port, fingerprint, roomId } = await mine.page.ask('room.host', { name: 'Ship', port: 0 });
  const address = `${HOST}:${port}`;
  await theirs.page.ask('recent.remember', { roomId, name: 'Ship', fingerprint, addresses: [address] });
  assert.ok((await theirs.page.connect(1, { fingerprint })).open);

  await mine.page.ask('room.close', {});
  host.moveTo('10.71.0.9');
  const moved = await mine.page.ask('room.host', { roomId, name: 'Ship', port: 0 });
  const began = Date.now();
  const { channel } = await theirs.page.connect(2, { fingerprint, addresses: [address] }, 15_000);
  assert.equal([channel?.address, channel?.fingerprint], [`10.71.0.9:${moved.port}`, fingerprint]);
  assert.ok(Date.now() - began < 8_000);
  const { recent } = await theirs.page.ask('app.state', {});
  assert.equal(
    recent.map(({ addresses }) => addresses),
    [[`10.71.0.9:${moved.port}`, address]],
  );
  await Promise.all([mine.running.stop(), theirs.running.stop()]);
  net.close();
});

test('whoever is in a room tells others where, who do not hear the room itself', async () => {
  const net = Network.make(HOST, GUEST, OTHER);
  const [host, guest, other] = net.computers as [Computer, Computer, Computer];
  const flags = ['--everywhere', '--announce', '--name', 'Kitchen'];
  const kitchen = await startHost(await scratch(), flags, host.name);
  const {
    fingerprint,
    port,
    room: { id: roomId },
  } = kitchen;
  other.drop(`ip saddr ${HOST} udp dport 5353`);
  const address = `${HOST}:${port}`;
  const [inside, lost] = [await sitDown(guest), await sitDown(other)];
  await inside.page.connect(1, { fingerprint, addresses: [address] });
  // Only looked at: that is nobody's business.
  assert.is((await lost.page.connect(1, { fingerprint })).diagnosis?.code, 'notFound');
  await inside.page.ask('recent.remember', { roomId, name: 'Kitchen', fingerprint, addresses: [address] });
  assert.is((await lost.page.connect(2, { fingerprint })).channel?.address, address);
  await lost.page.ask('recent.forget', { fingerprint });
  await inside.page.ask('room.disconnect', {});
  assert.is((await lost.page.connect(3, { fingerprint })).diagnosis?.code, 'notFound');
  await Promise.all([inside.running.stop(), lost.running.stop(), kitchen.stop()]);
  net.close();
});

test('nobody tells where a room is that does not announce itself, nor a network where it is not', async () => {
  const net = Network.make(HOST, GUEST, OTHER);
  const [host, guest, other] = net.computers as [Computer, Computer, Computer];
  const directory = await scratch();
  const quiet = await startHost(directory, ['--everywhere', '--name', 'Quiet'], host.name);
  const [inside, lost] = [await sitDown(guest), await sitDown(other)];
  const enter = async ({ fingerprint, port, room: { id: roomId } }: typeof quiet) => {
    const addresses = [`${HOST}:${port}`];
    await inside.page.connect(1, { fingerprint, addresses });
    await inside.page.ask('recent.remember', { roomId, name: 'Quiet', fingerprint, addresses });
  };
  await enter(quiet);
  assert.is((await lost.page.connect(1, { fingerprint: quiet.fingerprint })).diagnosis?.code, 'notFound');
  await inside.page.ask('room.disconnect', {});
  await quiet.stop();

  // The guest reaches the room by a cable of its own, of which the other knows nothing.
  const ip = (...args: string[]) => execFileSync('ip', args);
  ip('link', 'add', 'eth1', 'netns', host.name, 'type', 'veth', 'peer', 'name', 'eth1', 'netns', guest.name);
  for (const [computer, address] of [
    [host, '10.72.0.1'],
    [guest, '10.72.0.2'],
  ] as const) {
    computer.ip('addr', 'add', `${address}/24`, 'dev', 'eth1');
    computer.ip('link', 'set', 'eth1', 'up');
  }
  other.drop(`ip saddr ${HOST} udp dport 5353`);
  const loud = await startHost(directory, ['--everywhere', '--announce'], host.name);
  const { fingerprint, port } = loud;
  await inside.page.connect(2, { fingerprint, addresses: [`10.72.0.1:${port}`] });
  assert.is((await lost.page.connect(2, { fingerprint })).diagnosis?.code, 'notFound');
  await inside.page.ask('room.disconnect', {});
  await enter(loud);
  assert.is((await lost.page.connect(3, { fingerprint })).channel?.address, `${HOST}:${port}`);
  await Promise.all([inside.running.stop(), lost.running.stop(), loud.stop()]);
  net.close();
});

test('S9.1 where multicast is swallowed, says so, and the address works', async () => {
  const net = Network.make(HOST, GUEST);
  const [host, guest] = net.computers as [Computer, Computer];
  guest.drop('udp dport 5353');
  const kitchen = await startHost(await scratch(), ['--everywhere', '--announce'], host.name);
  const desk = await sitDown(guest);
  const began = await desk.page.ask('nearby.watch', { on: true });
  assert.is(began.state, 'looking');
  assert.equal((await nearby(desk, ({ state }) => state !== 'looking')).state, 'silent');
  const { fingerprint, port } = kitchen;
  assert.ok((await desk.page.connect(1, { fingerprint, addresses: [`${HOST}:${port}`] })).open);

  guest.dropNothing();
  // Nobody has to start anything anew.
  await nearby(desk, ({ state, rooms }) => state === 'ok' && rooms.length === 1, 25_000);
  await Promise.all([desk.running.stop(), kitchen.stop()]);
  net.close();
});

test('S9.3 wrong addresses before the right one cost less than five seconds', async () => {
  const net = Network.make(HOST, GUEST);
  const [host, guest] = net.computers as [Computer, Computer];
  guest.addCard('vmnet8', '10.99.0.2');
  host.addCard('vmnet1', '10.98.0.1');
  const kitchen = await startHost(await scratch(), ['--everywhere'], host.name);
  const desk = await sitDown(guest);
  const { fingerprint, port } = kitchen;
  const wrong = ['10.99.0.1', '10.98.0.1', '10.71.0.77', '192.168.3.4'].map(
    (address) => `${address}:${port}`,
  );
  const began = Date.now();
  const { channel } = await desk.page.connect(1, { fingerprint, addresses: [...wrong, `${HOST}:${port}`] });
  assert.is(channel?.address, `${HOST}:${port}`);
  assert.ok(Date.now() - began < 5_000);
  await Promise.all([desk.running.stop(), kitchen.stop()]);
  net.close();
});

test('on no network, says so; two copies on one computer find each other all the same', async () => {
  const net = Network.make(HOST);
  const [alone] = net.computers as [Computer];
  alone.ip('link', 'del', 'eth0');
  const kitchen = await startHost(
    await scratch(),
    ['--everywhere', '--announce', '--name', 'Cellar'],
    alone.name,
  );
  const desk = await sitDown(alone);
  await desk.page.ask('nearby.watch', { on: true });
  const { state, rooms } = await nearby(desk, room('Cellar'));
  assert.is(state, 'noNetwork');
  assert.ok((await desk.page.connect(1, { prefix: rooms[0]?.prefix ?? '' })).open);
  const { diagnosis } = await desk.page.connect(2, { addresses: ['10.71.0.5:4870'] });
  assert.is(diagnosis?.code, 'noNetwork');
  await Promise.all([desk.running.stop(), kitchen.stop()]);
  net.close();
});

network.run();
