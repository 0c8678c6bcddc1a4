import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findRoom } from '../../extensions/finding.ts';
import { Profile } from '../../extensions/profile.ts';
import { Nearby } from '../../server/nearby.ts';
import { RaceLost } from '../../server/race.ts';
import { scratch } from '../support/processes.ts';
import { holdKey } from './key-holder.ts';

const finding = suite('Finding a room');

// These tests leave the network of this computer alone.
process.env['SALON_NO_MULTICAST'] = '1';

const known = { roomId: '01BX5ZZKBKACTAV9WEVGEMMVS0', name: 'Kitchen', hosted: false, lastAt: 0 };

function find(profile: Profile, target: { fingerprint: string; addresses: string[] }, hosted: string | null) {
  const around = { profile, nearby: new Nearby(), hostMode: { fingerprint: hosted } };
  return findRoom({ prefix: '', spoken: null, ...target }, around, AbortSignal.timeout(10_000));
}

finding('goes in although it cannot be remembered where the room was', async () => {
  const directory = await scratch();
  const profile = await Profile.open(directory);
  const room = await holdKey();
  const { fingerprint } = room;
  profile.remember({ ...known, fingerprint, addresses: ['127.0.0.1:9'] });
  // Nothing can be written in its place.
  mkdirSync(join(directory, 'recent.json.new'));
  const dialled = await find(profile, { fingerprint, addresses: [room.address] }, null);
  assert.is(dialled.address, room.address);
  dialled.socket.terminate();
  await room.close();
});

finding('does not take a room of this computer’s own for an answer', async () => {
  const profile = await Profile.open(await scratch());
  const [open, shut] = await Promise.all([holdKey(), holdKey()]);
  mkdirSync(profile.roomDirectory(known.roomId));
  profile.remember({ ...known, fingerprint: shut.fingerprint, addresses: [], folder: known.roomId });
  const codeOf = async (addresses: string[]) => {
    const target = { fingerprint: 'A'.repeat(43), addresses };
    const lost: unknown = await find(profile, target, open.fingerprint).catch((error: unknown) => error);
    if (!(lost instanceof RaceLost)) throw new Error('somebody won');
    return [lost.diagnosis.code, lost.diagnosis.foundFingerprint];
  };
  assert.equal(await codeOf([open.address, shut.address]), ['notFound', null]);
  assert.equal(await codeOf([open.address, '127.0.0.1:9']), ['refused', null]);
  await Promise.all([open.close(), shut.close()]);
});

finding.run();
