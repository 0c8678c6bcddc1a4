import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ownAddresses } from '../../server/addresses.ts';
import { race, RaceLost, type RaceOptions } from '../../server/race.ts';
import type { Wanted } from '../../server/dial.ts';
import { formatAddress } from '../../server/protocol/address.ts';
import type { Diagnosis } from '../../server/protocol/diagnosis.ts';
import { countBytes, holdKey } from './key-holder.ts';

const racing = suite('Looking for a room at many addresses');

/** Nobody listens there, and nobody can come to: the port is ours, and shut. */
const SHUT = '127.0.0.1:9';

async function lost(
  addresses: readonly string[],
  wanted: Wanted,
  options: RaceOptions = {},
): Promise<Diagnosis> {
  try {
    await race(addresses, wanted, options);
  } catch (error) {
    if (error instanceof RaceLost) return error.diagnosis;
    throw error;
  }
  throw new Error('somebody won');
}

/** Something that is no room. */
async function listen(
  arrived: (socket: Socket) => void,
): Promise<{ address: string; server: Server; end(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    arrived(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    server,
    end: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

racing('the first that proves the key is it, and the others are let go', async () => {
  const room = await holdKey();
  const same = await holdKey();
  const other = await holdKey();
  const { fingerprint } = room;
  const dialled = await race([SHUT, other.address, room.address, same.address], { fingerprint });
  assert.is(dialled.address, room.address);
  assert.is(dialled.fingerprint, fingerprint);
  assert.is(Buffer.from(dialled.binding, 'base64url').length, 32);
  dialled.socket.terminate();
  await until(() => room.open() + same.open() + other.open() === 0);
  await Promise.all([room, same, other].map((each) => each.close()));
});

racing('S9.3 addresses that say nothing keep nobody waiting', async () => {
  const silent = await Promise.all(Array.from({ length: 11 }, () => listen(() => undefined)));
  const room = await holdKey();
  const began = performance.now();
  const { socket } = await race([...silent.map(({ address }) => address), room.address], {
    fingerprint: room.fingerprint,
  });
  assert.ok(performance.now() - began < 2_000, `took ${performance.now() - began} ms`);
  socket.terminate();
  for (const each of silent) each.end();
  await room.close();
});

racing('of two who answer, only one stays open', async () => {
  const [one, two] = await Promise.all([holdKey({ delayMs: 200 }), holdKey({ delayMs: 150 })]);
  const { socket } = await race([one.address, two.address], { fingerprint: null });
  await new Promise((resolve) => setTimeout(resolve, 400));
  assert.is(one.open() + two.open(), 1);
  socket.terminate();
  await Promise.all([one.close(), two.close()]);
});

racing('an address that becomes known on the way is tried as well', async () => {
  const room = await holdKey();
  let stopped = false;
  const dialled = await race(
    [SHUT],
    { fingerprint: room.fingerprint },
    {
      more: (add) => {
        setTimeout(() => add([SHUT, room.address]), 300);
        return () => (stopped = true);
      },
    },
  );
  assert.is(dialled.address, room.address);
  assert.ok(stopped, 'nobody is asked any more');
  dialled.socket.terminate();
  await room.close();
});

racing('says what got furthest, and what was found at each address', async () => {
  const [banner, quiet, tls] = await Promise.all([
    listen((socket) => socket.write('220 mail ready\r\n')),
    listen(() => undefined),
    holdKey(),
  ]);
  const wanted = { fingerprint: 'A'.repeat(43) };
  const quick = { limitMs: 700 };
  const refused = await lost([SHUT], wanted);
  assert.equal([refused.code, refused.address, refused.trials.length], ['refused', SHUT, 1]);

  const other = await lost([SHUT, banner.address], wanted);
  assert.equal([other.code, other.address], ['notSalon', banner.address]);
  assert.equal(other.trials.map(({ found }) => found).toSorted(), ['notSalon', 'refused']);

  // It took the connection: somebody is there, but no room.
  assert.is((await lost([quiet.address], wanted, quick)).code, 'notSalon');

  const wrong = await lost([banner.address, tls.address, SHUT], wanted);
  assert.equal(
    [wrong.code, wrong.address, wrong.foundFingerprint],
    ['wrongKey', tls.address, tls.fingerprint],
  );

  assert.is((await lost(['no-such-computer.invalid:4870'], wanted)).code, 'unknownName');
  assert.is((await lost([], wanted)).code, 'notFound');
  for (const each of [banner, quiet]) each.end();
  await tls.close();
});

const outer = ownAddresses().find(({ loopback }) => !loopback);
(outer === undefined ? racing.skip : racing)(
  'what this computer itself answers by one of its cards says least of the room',
  async () => {
    const own = formatAddress({ host: outer?.address ?? '', port: 9 });
    const wanted = { fingerprint: 'A'.repeat(43) };
    const { code, trials } = await lost([own, 'no-such-computer.invalid:4870'], wanted);
    assert.equal([code, trials.length], ['unknownName', 2]);
    const alone = await lost([own], wanted);
    assert.equal([alone.code, alone.address], ['refused', own], 'unless there is nothing else');
  },
);

racing('tells a room that turns people away from one that is not there', async () => {
  for (const [status, code] of [
    [426, 'version'],
    [429, 'tooMany'],
    [503, 'full'],
    [403, 'notSalon'],
  ] as const) {
    const room = await holdKey({ status });
    const { code: found } = await lost([SHUT, room.address], { fingerprint: room.fingerprint });
    assert.is(found, code);
    await room.close();
  }
});

racing('T1 whoever has another key is told nothing at all', async () => {
  const evil = await countBytes();
  const { code } = await lost([evil.address, evil.address], { fingerprint: 'A'.repeat(43) });
  assert.is(code, 'wrongKey');
  for (let i = 0; i < 20; i += 1)
    await lost([evil.address], { fingerprint: null, prefix: `-_${'A'.repeat(14)}` });
  assert.is(evil.connections(), 21);
  assert.is(evil.bytes(), 0);
  // The same server does count: a client that takes any key speaks.
  await lost([evil.address], { fingerprint: null }, { limitMs: 500 });
  assert.ok(evil.bytes() > 0);
  await evil.close();
});

racing('a key that the short form does not mean is another one', async () => {
  const room = await holdKey();
  const { code, foundFingerprint } = await lost(
    [room.address],
    { fingerprint: null },
    { accepts: () => false },
  );
  assert.equal([code, foundFingerprint], ['wrongKey', room.fingerprint]);
  await until(() => room.open() === 0);
  await room.close();
});

racing('ends when it is told to, and when time is up', async () => {
  const quiet = await listen(() => undefined);
  const ending = new AbortController();
  const began = performance.now();
  setTimeout(() => ending.abort(), 100);
  await lost([quiet.address], { fingerprint: null }, { signal: ending.signal });
  await lost([quiet.address], { fingerprint: null }, { limitMs: 200 });
  await lost([SHUT], { fingerprint: null }, { signal: AbortSignal.abort() });
  assert.ok(performance.now() - began < 1_500);
  quiet.end();
});

racing('waits a moment for those nearby, even when everything known has failed at once', async () => {
  const began = performance.now();
  const { code } = await lost(
    [SHUT],
    { fingerprint: null },
    { more: () => () => undefined, patienceMs: 400 },
  );
  assert.is(code, 'refused');
  assert.ok(performance.now() - began >= 390);
});

async function until(found: () => boolean): Promise<void> {
  for (let tries = 0; !found(); tries += 1) {
    if (tries > 300) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

racing.run();
