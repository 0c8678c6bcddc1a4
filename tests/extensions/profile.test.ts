import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Profile } from '../../extensions/profile.ts';
import { openIdentity } from '../../server/identity.ts';
import { scratch } from '../support/processes.ts';

const profile = suite('What this computer remembers');

const KITCHEN = 'K'.repeat(43);
const GARDEN = 'G'.repeat(43);

function visit(fingerprint: string, addresses: string[], roomId = ulid()) {
  return { roomId, name: 'A room', fingerprint, addresses, hosted: false, lastAt: Date.now() };
}

/** Of a room that is hosted here. */
function folderIn(mine: Profile): string {
  const folder = ulid();
  mkdirSync(mine.roomDirectory(folder));
  return folder;
}

profile('S8.3 a room is one room by its key, wherever it is found and whatever id it claims', async () => {
  const directory = await scratch();
  const mine = await Profile.open(directory);
  mine.remember(visit(KITCHEN, ['10.0.0.1:4870', '10.0.0.2:4870']));
  mine.remember(visit(GARDEN, ['10.0.0.3:4870']));
  mine.remember(visit(KITCHEN, ['10.0.0.9:4871', '10.0.0.1:4870']));
  const expected = [
    [KITCHEN, ['10.0.0.9:4871', '10.0.0.1:4870', '10.0.0.2:4870']],
    [GARDEN, ['10.0.0.3:4870']],
  ];
  const seen = (each: Profile) => each.recent.map(({ fingerprint, addresses }) => [fingerprint, addresses]);
  assert.equal(seen(mine), expected);
  assert.equal(seen(await Profile.open(directory)), expected);
});

profile('two rooms that claim one id are two', async () => {
  const mine = await Profile.open(await scratch());
  const roomId = ulid();
  mine.remember(visit(KITCHEN, [], roomId));
  mine.remember(visit(GARDEN, [], roomId));
  assert.is(mine.recent.length, 2);
});

profile('keeps twelve addresses of a room, those of now first', async () => {
  const mine = await Profile.open(await scratch());
  for (let i = 0; i < 30; i += 1) mine.remember(visit(KITCHEN, [`10.0.0.${i}:4870`]));
  assert.is(mine.recent[0]?.addresses.length, 12);
  assert.is(mine.recent[0]?.addresses[0], '10.0.0.29:4870');
  mine.foundAt(KITCHEN, '10.0.0.25:4870');
  assert.equal(mine.recent[0]?.addresses.slice(0, 2), ['10.0.0.25:4870', '10.0.0.29:4870']);
  mine.foundAt(GARDEN, '10.0.0.1:4870');
  assert.is(mine.recent.length, 1, 'where a stranger was found is nobody’s business');
});

profile('a visit does not take the folder of a room that is hosted here', async () => {
  const mine = await Profile.open(await scratch());
  const folder = folderIn(mine);
  mine.remember({ ...visit(KITCHEN, ['127.0.0.1:4870']), folder });
  mine.remember(visit(KITCHEN, ['10.0.0.1:4870']));
  assert.equal([mine.recent[0]?.hosted, mine.recent[0]?.folder], [true, folder]);
});

profile('forgets a visited room, and none that is hosted here, whatever id others claim', async () => {
  const mine = await Profile.open(await scratch());
  const roomId = ulid();
  mine.remember({ ...visit(KITCHEN, ['127.0.0.1:4870'], roomId), folder: folderIn(mine) });
  mine.remember(visit(GARDEN, ['10.0.0.1:4870'], roomId));
  mine.forget(GARDEN);
  mine.forget(KITCHEN);
  assert.equal(
    mine.recent.map(({ fingerprint }) => fingerprint),
    [KITCHEN],
  );
});

profile('finds hosted rooms again when their list is damaged, and those that were brought here', async () => {
  const directory = await scratch();
  const before = await Profile.open(directory);
  const folder = folderIn(before);
  before.remember({ ...visit(KITCHEN, ['127.0.0.1:4870']), folder });
  before.remember(visit(GARDEN, ['10.0.0.1:4870']));
  writeFileSync(join(directory, 'recent.json'), '[{"roomId":');
  // A visit to it meanwhile does not hide it.
  const hidden = await Profile.open(directory);
  assert.equal([hidden.recent.length, hidden.recent[0]?.folder], [1, folder]);
  writeFileSync(join(directory, 'recent.json'), JSON.stringify([visit(KITCHEN, ['10.0.0.7:4870'])]));
  const mine = await Profile.open(directory);
  assert.equal([mine.recent.length, mine.recent[0]?.folder, mine.recent[0]?.hosted], [1, folder, true]);
});

profile('marks the folders of rooms that were hosted before folders were marked', async () => {
  const directory = await scratch();
  const before = await Profile.open(directory);
  const folder = folderIn(before);
  before.remember({ ...visit(KITCHEN, ['127.0.0.1:4870']), folder });
  rmSync(join(before.roomDirectory(folder), 'known.json'));
  await Profile.open(directory);
  writeFileSync(join(directory, 'recent.json'), '');
  assert.is((await Profile.open(directory)).recent[0]?.folder, folder);
});

profile('leaves in its list what it does not understand', async () => {
  const directory = await scratch();
  const strange = { of: 'a newer Salon' };
  writeFileSync(join(directory, 'recent.json'), JSON.stringify([strange, visit(KITCHEN, ['10.0.0.1:4870'])]));
  const mine = await Profile.open(directory);
  assert.is(mine.recent.length, 1);
  mine.remember(visit(GARDEN, ['10.0.0.2:4870']));
  assert.equal(mine.putAside, []);
  const list = JSON.parse(readFileSync(join(directory, 'recent.json'), 'utf8')) as unknown[];
  assert.equal([list.length, list.at(-1)], [3, strange]);
});

profile('of what was remembered before rooms had keys, hosted rooms stay and get theirs', async () => {
  const directory = await scratch();
  const folder = ulid();
  const gone = ulid();
  mkdirSync(join(directory, 'rooms', folder), { recursive: true });
  const before = { name: 'Classe 4B', lastAt: 5 };
  const text = JSON.stringify([
    { ...before, roomId: ulid(), address: '10.0.0.1:4870', hosted: false },
    { ...before, roomId: ulid(), address: '127.0.0.1:4870', hosted: true, folder },
    { ...before, roomId: ulid(), address: '127.0.0.1:4870', hosted: true, folder: gone },
  ]);
  writeFileSync(join(directory, 'recent.json'), text);

  const mine = await Profile.open(directory);
  const { fingerprint } = await openIdentity(join(directory, 'rooms', folder), Date.now());
  assert.equal(
    mine.recent.map((room) => [room.folder, room.fingerprint, room.addresses, room.hosted]),
    [[folder, fingerprint, ['127.0.0.1:4870'], true]],
  );
  assert.is(readFileSync(join(directory, 'recent.json.former'), 'utf8'), text, 'the rest can be looked up');
  assert.not.ok(existsSync(join(directory, 'rooms', gone)), 'no folder is made for a room that is gone');
  assert.equal((await Profile.open(directory)).recent, mine.recent);
});

profile('a damaged list is set aside, and said', async () => {
  const directory = await scratch();
  const path = join(directory, 'recent.json');
  for (const content of ['[{"roomId":', '']) {
    writeFileSync(path, content);
    const mine = await Profile.open(directory);
    assert.equal(mine.recent, []);
    assert.is(mine.putAside.length, 1);
    assert.is(readFileSync(mine.putAside[0] ?? '', 'utf8'), content, 'the one before was not written over');
  }
  assert.equal((await Profile.open(directory)).putAside, []);
});

profile('of what waits here, only the damaged part is missing', async () => {
  const directory = await scratch();
  const mine = await Profile.open(directory);
  const waiting = Array.from({ length: 20 }, (_, i): [string, string] => [`outbox/${i}`, `message ${i}`]);
  for (const [key, value] of waiting) mine.keep(key, value);
  const files = readdirSync(join(directory, 'keep')).toSorted();
  const [cut = '', empty = '', flipped = ''] = files.map((name) => join(directory, 'keep', name));
  writeFileSync(cut, readFileSync(cut).subarray(0, 12));
  writeFileSync(empty, '');
  writeFileSync(flipped, readFileSync(flipped).fill(0xff, 3, 5));
  // A kill while a file is written leaves this.
  writeFileSync(join(directory, 'keep', 'half.json.new'), '["outbox/x","ha');

  const again = await Profile.open(directory);
  assert.equal(again.putAside.toSorted(), [cut, empty, flipped].map((path) => `${path}.damaged`).toSorted());
  const kept = again.kept('outbox/');
  assert.is(kept.length, 17);
  for (const entry of kept) assert.ok(waiting.some(([key, value]) => key === entry[0] && value === entry[1]));
});

profile.run();
