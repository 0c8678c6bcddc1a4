import { readFile, stat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LIMITS } from '../../server/protocol/entities.ts';
import {
  begin,
  bring,
  fetchFile,
  filesIn,
  hashOf,
  partOf,
  placeOf,
  postFile,
  someBytes,
  writePart,
} from '../support/files.ts';
import { openRoom, refusal } from '../support/room.ts';

const PART = LIMITS.fileWriteBytes;

const files = suite('A file');

files('comes to the host and goes to others byte for byte, whatever its size', async () => {
  const room = await openRoom({ limits: { fileBytes: 400_000 } });
  const [ada, grace] = [await room.join('ada'), await room.join('grace')];
  const sizes = [0, 1, PART - 1, PART, PART + 1, 3 * PART + 7, LIMITS.fileReadBytes, 400_000];
  for (const size of sizes) {
    const bytes = someBytes(size);
    const { stored, sent } = await bring(ada.caller, bytes);
    assert.equal(stored, { hash: hashOf(bytes), size, picture: null });
    assert.is(sent, size);
    const posted = await postFile(ada, stored.hash, { name: `${size}.bin` });
    const { file, body } = await grace.caller.hears('message.posted', ({ seq }) => seq === posted.seq);
    assert.equal([file, body], [{ ...stored, name: `${size}.bin` }, '']);
    assert.equal(await fetchFile(grace.caller, posted, size), bytes);
    assert.equal(await readFile(join(room.directory, 'files', placeOf(stored.hash))), bytes);
  }
  assert.is((await filesIn(room.directory)).length, sizes.length);
  await room.close();
});

files('comes in parts that are under way at once, in the order in which they were sent', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  const bytes = someBytes(20 * PART + 5);
  await begin(ada.caller, bytes);
  const offsets = Array.from({ length: 21 }, (_, i) => i * PART);
  const answers = await Promise.all(offsets.map((offset) => writePart(ada.caller, bytes, offset)));
  assert.equal(
    answers.map(({ received }) => received),
    offsets.map((offset) => Math.min(offset + PART, bytes.length)),
  );
  assert.is(answers.at(-1)?.stored?.hash, hashOf(bytes));
  await room.close();
});

files(
  'that the member has brought before is there at once, and its last part again is answered',
  async () => {
    const room = await openRoom();
    const ada = await room.join('ada');
    const bytes = someBytes(PART + 10);
    const { stored } = await bring(ada.caller, bytes);
    assert.equal(await begin(ada.caller, bytes), { received: bytes.length, stored });
    assert.equal(await writePart(ada.caller, bytes, PART), { received: bytes.length, stored });
    assert.is((await bring(ada.caller, bytes)).sent, 0);
    await room.close();
  },
);

files('that was cut goes on where it was, on another connection and after a restart', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  const bytes = someBytes(6 * PART);
  let sent = 0;
  const send = async (caller: typeof ada.caller, parts: number) => {
    for (let i = 0; i < parts; i += 1) {
      await writePart(caller, bytes, sent);
      sent += PART;
    }
  };
  await begin(ada.caller, bytes);
  await send(ada.caller, 2);
  ada.caller.close();

  const again = await (await room.knock()).signIn('ada');
  assert.equal(await begin(again.caller, bytes), { received: 2 * PART, stored: null });
  await send(again.caller, 1);
  await room.restart();

  const later = await (await room.knock()).signIn('ada');
  assert.is(await refusal(writePart(later.caller, bytes, sent)), 'NO_SUCH_FILE');
  assert.equal(await begin(later.caller, bytes), { received: 3 * PART, stored: null });
  const rest = await bring(later.caller, bytes);
  assert.is(sent + rest.sent, bytes.length);
  const posted = await postFile(later, rest.stored.hash);
  assert.equal(await fetchFile(later.caller, posted, bytes.length), bytes);
  await room.close();
});

files(
  'written at another place than where the host is changes nothing, and says where to go on',
  async () => {
    const room = await openRoom();
    const ada = await room.join('ada');
    const bytes = someBytes(4 * PART);
    await begin(ada.caller, bytes);
    await writePart(ada.caller, bytes, 0);
    for (const offset of [0, PART - 1, PART + 1, 3 * PART])
      assert.equal(await writePart(ada.caller, bytes, offset), { received: PART, stored: null });
    // Nothing at all is no progress either.
    assert.equal(await writePart(ada.caller, bytes, PART, 0), { received: PART, stored: null });
    await bring(ada.caller, bytes);
    assert.equal(await readFile(join(room.directory, 'files', placeOf(hashOf(bytes)))), bytes);
    await room.close();
  },
);

files('that two bring from two connections at once arrives once for each of them', async () => {
  const room = await openRoom();
  const [ada, grace] = [await room.join('ada'), await room.join('grace')];
  const adaToo = await (await room.knock()).signIn('ada');
  const bytes = someBytes(10 * PART);
  const brought = await Promise.all([ada, adaToo, grace].map(({ caller }) => bring(caller, bytes)));
  for (const { stored } of brought) assert.is(stored.hash, hashOf(bytes));
  assert.equal(await filesIn(room.directory), [placeOf(hashOf(bytes))]);
  const posted = await postFile(grace, hashOf(bytes));
  assert.equal(await fetchFile(ada.caller, posted, bytes.length), bytes);
  await room.close();
});

files('with another hash than was said is refused, and nothing of it stays', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  const [said, brought] = [someBytes(PART + 1), someBytes(PART + 1)];
  const hash = hashOf(said);
  const write = (offset: number) => {
    const data = brought.subarray(offset, offset + PART).toString('base64url');
    return ada.caller.ask('file.write', { hash, offset, data });
  };
  await begin(ada.caller, said);
  await write(0);
  assert.is(await refusal(write(PART)), 'FILE_DAMAGED');
  assert.equal(await filesIn(room.directory), []);
  assert.is(await refusal(postFile(ada, hash)), 'NO_SUCH_FILE');
  assert.is(await refusal(write(PART)), 'NO_SUCH_FILE');
  // What was said is still welcome, from its beginning.
  assert.is((await bring(ada.caller, said)).sent, said.length);
  const nothing = { hash, size: 0 };
  assert.is(await refusal((await room.join('grace')).caller.ask('file.begin', nothing)), 'FILE_DAMAGED');
  await room.close();
});

files('that goes on beyond its size is refused, and nothing of it stays', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  const bytes = someBytes(2 * PART);
  await ada.caller.ask('file.begin', { hash: hashOf(bytes), size: PART + 1 });
  await writePart(ada.caller, bytes, 0);
  assert.is(await refusal(writePart(ada.caller, bytes, PART)), 'FILE_DAMAGED');
  assert.equal(await filesIn(room.directory), []);
  // Shorter than what has come of it by now: it is begun anew.
  await ada.caller.ask('file.begin', { hash: hashOf(bytes), size: 2 * PART });
  await writePart(ada.caller, bytes, 0);
  const { received } = await ada.caller.ask('file.begin', { hash: hashOf(bytes), size: 10 });
  assert.is(received, 0);
  await room.close();
});

files('is named by its hash in one way alone', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  const bytes = someBytes(10);
  const hash = hashOf(bytes);
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = letters.indexOf(hash.at(-1) ?? '');
  assert.is(last % 4, 0);
  for (const spare of [1, 2, 3]) {
    const other = hash.slice(0, -1) + letters.charAt(last + spare);
    assert.equal(Buffer.from(other, 'base64url'), Buffer.from(hash, 'base64url'));
    assert.is(await refusal(ada.caller.ask('file.begin', { hash: other, size: 10 })), 'BAD_SHAPE');
    assert.is(await refusal(postFile(ada, other)), 'BAD_SHAPE');
  }
  for (const wrong of ['', hash.slice(1), `${hash}A`, hash.replace(/./, '/'), `../${hash.slice(3)}`])
    assert.is(await refusal(ada.caller.ask('file.begin', { hash: wrong, size: 10 })), 'BAD_SHAPE');
  assert.equal(await filesIn(room.directory), []);
  await room.close();
});

files('lies where its owner’s account alone reads it', async () => {
  if (process.platform === 'win32') return;
  const room = await openRoom();
  const ada = await room.join('ada');
  const [whole, half] = [someBytes(10), someBytes(2 * PART)];
  await bring(ada.caller, whole);
  await begin(ada.caller, half);
  await writePart(ada.caller, half, 0);
  const root = join(room.directory, 'files');
  const found = await filesIn(room.directory);
  assert.equal(found, [placeOf(hashOf(whole)), partOf(ada.memberId, hashOf(half))].toSorted());
  for (const path of found) assert.is((await stat(join(root, path))).mode & 0o777, 0o600, path);
  const folders = (await readdir(root, { recursive: true, withFileTypes: true })).filter((each) =>
    each.isDirectory(),
  );
  assert.is(folders.length, 3);
  for (const { parentPath, name } of folders)
    assert.is((await stat(join(parentPath, name))).mode & 0o777, 0o700, name);
  assert.is((await stat(root)).mode & 0o777, 0o700);
  await room.close();
});

files('that is arriving when the host closes goes on at the next start, and nothing is half', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  const bytes = someBytes(30 * PART);
  await begin(ada.caller, bytes);
  const asks = Array.from({ length: 30 }, (_, i) => writePart(ada.caller, bytes, i * PART));
  await asks[4];
  const closing = room.restart();
  const answers = await Promise.allSettled(asks);
  await closing;
  const received = answers.flatMap((each) => (each.status === 'fulfilled' ? [each.value.received] : []));
  const again = await (await room.knock()).signIn('ada');
  const progress = await begin(again.caller, bytes);
  assert.ok(progress.received >= Math.max(...received), `${progress.received} of ${received.join(' ')}`);
  const { stored, sent } = await bring(again.caller, bytes);
  assert.is(progress.received + sent, bytes.length);
  const posted = await postFile(again, stored.hash);
  assert.equal(await fetchFile(again.caller, posted, bytes.length), bytes);
  await room.close();
});

files('read beyond its end is empty', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  const bytes = someBytes(10);
  await bring(ada.caller, bytes);
  const posted = await postFile(ada, hashOf(bytes));
  const read = async (offset: number) => {
    const { data } = await ada.caller.ask('file.read', {
      conversationId: ada.lobby,
      seq: posted.seq,
      offset,
    });
    return Buffer.from(data, 'base64url');
  };
  assert.equal(await read(7), bytes.subarray(7));
  assert.equal([(await read(10)).length, (await read(LIMITS.fileBytes)).length], [0, 0]);
  await room.close();
});

files.run();
