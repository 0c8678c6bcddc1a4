import { mkdir, rm, rmdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Downloads, OTHER_TYPE } from '../../resources/state/downloads.ts';
import type { Connection } from '../../server/client/connection.ts';
import { toBase64url } from '../../server/protocol/base64url.ts';
import { LIMITS, type Attachment } from '../../server/protocol/entities.ts';
import { SalonError } from '../../server/protocol/errors.ts';
import { bring, hashOf, placeOf, postFile, someBytes } from '../support/files.ts';
import { openRoom, refusal, type TestRoom } from '../support/room.ts';
import { until, Visitor } from '../support/visitor.ts';

const PART = LIMITS.fileReadBytes;
/** So many are under way at one time. */
const AT_ONCE = 3;

const downloads = suite('Files that a page fetches');

interface Shared {
  file: Attachment;
  source: { conversationId: string; seq: number };
  bytes: Buffer;
}

/** A room, somebody who shares files in it, and somebody who looks. */
async function look(): Promise<{ room: TestRoom; grace: Visitor; share: (size: number) => Promise<Shared> }> {
  const room = await openRoom();
  const ada = await room.join('ada');
  const grace = new Visitor(() => room.address);
  await grace.signUp('grace', null);
  const share = async (size: number) => {
    const bytes = someBytes(size);
    const { stored } = await bring(ada.caller, bytes);
    const { conversationId, seq } = await postFile(ada, stored.hash);
    return { file: { ...stored, name: 'file.bin' }, source: { conversationId, seq }, bytes };
  };
  return { room, grace, share };
}

/** The parts that were asked for, as offsets. */
const asked = ({ said }: Visitor): number[] =>
  said.flatMap((frame) => {
    const { command, input } = JSON.parse(frame) as { command: string; input: { offset: number } };
    return command === 'file.read' ? [input.offset] : [];
  });

const contents = async (blob: Blob) => Buffer.from(await blob.arrayBuffer());

downloads('come once for all who show them, whole, and are held', async () => {
  const { room, grace, share } = await look();
  const { downloads: page } = grace.room;
  for (const size of [0, 1, PART, PART + 1, 7 * PART + 5]) {
    grace.said.length = 0;
    const { file, source, bytes } = await share(size);
    const both = [page.fetch(file, source), page.fetch(file, source)];
    assert.is(page.arrived(file.hash), 0);
    const [one, two] = await Promise.all(both);
    assert.is(one, two);
    assert.ok(one);
    assert.equal(await contents(one), bytes);
    assert.is(one.type, OTHER_TYPE);
    assert.is(await page.fetch(file, source), one);
    assert.is(page.held(file.hash), one);
    assert.is(page.arrived(file.hash), null);
    assert.equal(
      asked(grace),
      Array.from({ length: Math.ceil(size / PART) }, (_, i) => i * PART),
    );
  }
  grace.leave();
  await room.close();
});

downloads('ask for no more than a few parts at one time, however many files are looked at', async () => {
  const { room, grace, share } = await look();
  let waiting = 0;
  let most = 0;
  grace.arriving = (frame, pass) => {
    if (frame.includes('"data":')) waiting -= 1;
    pass();
  };
  const files = [];
  for (let i = 0; i < 8; i += 1) files.push(await share(2 * PART + 1 + i));
  grace.said.push = (...frames) => {
    waiting += frames.filter((frame) => frame.includes('file.read')).length;
    most = Math.max(most, waiting);
    return Array.prototype.push.apply(grace.said, frames);
  };
  const blobs = await Promise.all(files.map(({ file, source }) => grace.room.downloads.fetch(file, source)));
  for (const [i, blob] of blobs.entries()) assert.equal(await contents(blob), files[i]?.bytes);
  assert.is(most, AT_ONCE);
  assert.is(asked(grace).length, 8 * 3);
  grace.leave();
  await room.close();
});

downloads('that break off wait for the next connection, and go on where they were', async () => {
  const { room, grace, share } = await look();
  const { file, source, bytes } = await share(20 * PART + 9);
  let answers = 0;
  let cuts = 0;
  grace.arriving = (frame, pass) => {
    pass();
    if (!frame.includes('"data":') || ++answers % 8 !== 0) return;
    cuts += 1;
    grace.cut();
    void until(() => !grace.room.connected, 'it to be noticed').then(() => grace.visit.tryNow());
  };
  const blob = await grace.room.downloads.fetch(file, source);
  assert.equal(await contents(blob), bytes);
  assert.ok(cuts > 1, `${cuts} cuts`);
  // What was under way when it broke is asked for once more, and nothing else.
  assert.ok(asked(grace).length <= 21 + cuts * AT_ONCE, `${asked(grace).length} parts`);
  grace.leave();
  await room.close();
});

downloads('that are asked for without a connection come with the next one', async () => {
  const { room, grace, share } = await look();
  const { file, source, bytes } = await share(PART + 1);
  grace.cut();
  await until(() => !grace.room.connected, 'it to be noticed');
  const coming = grace.room.downloads.fetch(file, source);
  assert.is(grace.room.downloads.arrived(file.hash), 0);
  grace.visit.tryNow();
  assert.equal(await contents(await coming), bytes);
  grace.leave();
  await room.close();
});

downloads('that are not what was posted are refused by their hash, and not held', async () => {
  const { room, grace, share } = await look();
  const { downloads: page } = grace.room;
  const { file, source, bytes } = await share(2 * PART);
  const path = join(room.directory, 'files', placeOf(hashOf(bytes)));
  await writeFile(path, someBytes(2 * PART));
  assert.is(await refusal(page.fetch(file, source)), 'FILE_DAMAGED');
  await truncate(path, PART);
  assert.is(await refusal(page.fetch(file, source)), 'FILE_DAMAGED');
  assert.is(page.held(file.hash), null);
  await writeFile(path, bytes);
  assert.equal(await contents(await page.fetch(file, source)), bytes);
  // One that there is none of does not hold up the others.
  const other = await share(10);
  const none = page.fetch({ ...other.file, hash: hashOf(someBytes(1)) }, { ...other.source, seq: 1 });
  const [refused, fetched] = await Promise.all([refusal(none), page.fetch(other.file, other.source)]);
  assert.is(refused, 'NO_SUCH_FILE');
  assert.equal(await contents(fetched), other.bytes);
  grace.leave();
  await room.close();
});

downloads('that the host’s disk cannot read end with that, and the others come', async () => {
  const { room, grace, share } = await look();
  const { downloads: page } = grace.room;
  const [broken, other] = [await share(4 * PART), await share(2 * PART)];
  const path = join(room.directory, 'files', placeOf(broken.file.hash));
  // A disk that fails refuses to read it with another word, and the host says the same.
  await rm(path);
  await mkdir(path);
  const both = [
    refusal(page.fetch(broken.file, broken.source)),
    page.fetch(other.file, other.source),
  ] as const;
  assert.equal(await contents(await both[1]), other.bytes);
  assert.is(await both[0], 'STORAGE');
  assert.is(page.arrived(broken.file.hash), null);
  await rmdir(path);
  await writeFile(path, broken.bytes);
  assert.equal(await contents(await page.fetch(broken.file, broken.source)), broken.bytes);
  grace.leave();
  await room.close();
});

downloads('that a busy host puts off let others go meanwhile, and ask for the rest alone', async () => {
  const page = new Downloads();
  const [first, second] = [someBytes(3 * PART), someBytes(10)];
  const asks: string[] = [];
  const refuse = [new SalonError('SLOW_DOWN', { retryMs: 1 }), new SalonError('BUSY', { retryMs: 300 })];
  page.connect({
    ask: (_: string, { seq, offset }: { seq: number; offset: number }) => {
      asks.push(`${seq}:${offset / PART}`);
      const error = seq === 1 && offset === PART ? refuse.pop() : undefined;
      const bytes = (seq === 1 ? first : second).subarray(offset, offset + PART);
      return error === undefined ? Promise.resolve({ data: toBase64url(bytes) }) : Promise.reject(error);
    },
  } as unknown as Connection);
  const fetch = async (bytes: Buffer, seq: number) => {
    const file = { hash: hashOf(bytes), size: bytes.length, picture: null, name: 'file.bin' };
    return contents(await page.fetch(file, { conversationId: '01KARA2F10EMESSAGE4K7QZ0AW', seq }));
  };
  assert.equal(await Promise.all([fetch(first, 1), fetch(second, 2)]), [first, second]);
  assert.equal(asks, ['1:0', '1:1', '1:2', '2:0', '1:1', '1:1']);
});

downloads('are let go, the longest unused first, when much is held', () => {
  const page = new Downloads();
  const MiB = new Blob([new Uint8Array(1024 * 1024)]);
  const blobOf = (mebibytes: number) => new Blob(Array.from({ length: mebibytes }, () => MiB));
  page.hold('a', blobOf(100));
  page.hold('b', blobOf(100));
  assert.is(page.held('a')?.size, 100 * 1024 * 1024);
  page.hold('c', blobOf(100));
  assert.equal(
    [page.held('a') === null, page.held('b') === null, page.held('c') === null],
    [false, true, false],
  );
  for (let i = 0; i < 300; i += 1) page.hold(`small ${i}`, MiB);
  const held = ['a', 'b', 'c', ...Array.from({ length: 300 }, (_, i) => `small ${i}`)].filter(
    (name) => page.held(name) !== null,
  );
  assert.is(held.length, 256);
  assert.is(held[0], 'small 44');
});

downloads.run();
