import { File } from 'node:buffer';
import { copyFileSync, mkdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { StagedFile } from '../../resources/state/conversation.ts';
import { LIMITS } from '../../server/protocol/entities.ts';
import type { MessagePosted } from '../../server/protocol/events.ts';
import { filesIn, hashOf, partOf, someBytes } from '../support/files.ts';
import { openRoom, PASSWORD, type TestRoom } from '../support/room.ts';
import { until, Visitor } from '../support/visitor.ts';

const PART = LIMITS.fileWriteBytes;
/** So many are under way at one time. */
const AT_ONCE = 6;

const ICON = fileURLToPath(new URL('../../resources/icons/appIcon.png', import.meta.url));

const uploads = suite('Files on their way to the host');

const staged = (bytes: Uint8Array, name = 'file.bin'): StagedFile => ({
  file: new File([bytes], name) as StagedFile['file'],
  picture: null,
});

async function enter(room: TestRoom, name: string): Promise<Visitor> {
  const visitor = new Visitor(() => room.address);
  await visitor.signUp(name, room.host.ownerCode());
  // Somebody looks at it: what is said there is held.
  await visitor.room.lobby.open();
  return visitor;
}

/** What everybody in the lobby has by now, the earliest first. */
function messages({ room }: Visitor): MessagePosted[] {
  const { timeline } = room.lobby;
  return timeline.events.flatMap((event) => (event.type === 'message.posted' ? [event] : []));
}

/** The parts that were sent, as offsets. */
function sentParts({ said }: Visitor): number[] {
  return said.flatMap((frame) => {
    const { command, input } = JSON.parse(frame) as { command: string; input: { offset: number } };
    return command === 'file.write' ? [input.offset] : [];
  });
}

/** Cuts the line each time so many more parts were answered. */
function cutEvery(
  visitor: Visitor,
  answers: number,
  cuts: number,
): { acknowledged: Set<number>; cuts: number } {
  const seen = { acknowledged: new Set<number>(), cuts: 0 };
  let heard = 0;
  visitor.arriving = (frame, pass) => {
    pass();
    const received = /"received":(\d+)/.exec(frame)?.[1];
    if (received === undefined) return;
    seen.acknowledged.add(Number(received));
    heard += 1;
    if (seen.cuts >= cuts || heard % answers !== 0) return;
    seen.cuts += 1;
    visitor.cut();
  };
  return seen;
}

async function empty({ room }: Visitor): Promise<void> {
  await until(
    () => room.uploads.items.length === 0 && room.outbox.pending.length === 0,
    'all to be there',
    60_000,
  );
}

uploads('become messages of their own behind the words, in the order in which they were added', async () => {
  const room = await openRoom();
  const [ada, grace] = [await enter(room, 'ada'), await enter(room, 'grace')];
  const files = [someBytes(10 * PART), someBytes(0), someBytes(5)];
  await ada.room.post(
    ada.room.lobby,
    'Three of them:',
    files.map((bytes, i) => staged(bytes, `../${i}.bin`)),
  );
  assert.equal(
    ada.room.lobby.pending.map(({ file }) => file?.name),
    [undefined, '0.bin', '1.bin', '2.bin'],
  );
  await until(() => messages(grace).length === 4, 'all of them', 30_000);
  assert.equal(
    messages(grace).map(({ body, file }) => [body, file?.name, file?.hash]),
    [['Three of them:', undefined, undefined], ...files.map((bytes, i) => ['', `${i}.bin`, hashOf(bytes)])],
  );
  await empty(ada);
  for (const { conversationId, seq, file } of messages(grace).slice(1)) {
    assert.ok(file);
    const blob = await grace.room.downloads.fetch(file, { conversationId, seq });
    assert.equal(Buffer.from(await blob.arrayBuffer()), files[Number.parseInt(file.name, 10)]);
    assert.is(ada.room.downloads.held(file.hash), null, 'what is on the disk need not be held');
  }
  assert.not.ok(ada.said.some((frame) => frame.includes('file.read')));
  for (const visitor of [ada, grace]) visitor.leave();
  await room.close();
});

uploads('that are cut again and again send nothing twice that was answered, and arrive once', async () => {
  const room = await openRoom();
  const ada = await enter(room, 'ada');
  const bytes = someBytes(40 * PART + 123);
  const seen = cutEvery(ada, 7, 5);
  const received: number[] = [];
  const stop = ada.room.uploads.subscribe(() => received.push(ada.room.uploads.items[0]?.arrived ?? 0));
  await ada.room.post(ada.room.lobby, '', [staged(bytes)]);
  for (let cuts = 1; cuts <= 5; cuts += 1) {
    await until(() => seen.cuts >= cuts || ada.room.uploads.items.length === 0, 'a cut', 30_000);
    ada.visit.tryNow();
  }
  await empty(ada);
  stop();
  assert.is(seen.cuts, 5);
  const parts = sentParts(ada);
  // Only what was under way when the line broke may have been sent again.
  assert.ok(parts.length <= 41 + 5 * AT_ONCE, `${parts.length} parts were sent`);
  assert.equal(new Set(parts).size, 41);
  assert.equal(
    received.filter((each) => each > 0),
    received.filter((each) => each > 0).toSorted((a, b) => a - b),
  );
  const own = messages(ada);
  assert.equal(
    own.map(({ file }) => file?.hash),
    [hashOf(bytes)],
  );
  ada.leave();
  await room.close();
});

uploads('go on where they were when the host comes back', async () => {
  const room = await openRoom();
  const ada = await enter(room, 'ada');
  const bytes = someBytes(30 * PART);
  let answers = 0;
  ada.arriving = (frame, pass) => {
    pass();
    if (frame.includes('"received"')) answers += 1;
  };
  await ada.room.post(ada.room.lobby, '', [staged(bytes)]);
  await until(() => answers >= 8, 'a beginning');
  await room.restart();
  ada.visit.tryNow();
  await empty(ada);
  assert.equal(
    messages(ada).map(({ file }) => file?.hash),
    [hashOf(bytes)],
  );
  assert.ok(sentParts(ada).length <= 30 + AT_ONCE);
  ada.leave();
  await room.close();
});

uploads('that the host refuses for good fail alone, and go when they are tried again', async () => {
  const room = await openRoom({ limits: { fileBytes: 100 } });
  const ada = await enter(room, 'ada');
  const [big, small] = [someBytes(101), someBytes(100)];
  await ada.room.post(ada.room.lobby, '', [staged(big, 'big'), staged(small, 'small')]);
  await until(() => messages(ada).length === 1, 'the small one');
  const [failed] = ada.room.lobby.pending;
  assert.equal([failed?.state, failed?.refusal, failed?.file?.name], ['failed', 'FILE_TOO_BIG', 'big']);
  await room.restart({ limits: {} });
  ada.visit.tryNow();
  await until(() => ada.visit.room?.connected === true, 'the room again');
  await ada.room.retry(failed?.id ?? '');
  await empty(ada);
  assert.equal(
    messages(ada).map(({ file, id }) => [file?.name, id === failed?.id]),
    [
      ['small', false],
      ['big', true],
    ],
  );
  ada.leave();
  await room.close();
});

uploads('that are given up on their way become no message, and the next one goes', async () => {
  const room = await openRoom();
  const ada = await enter(room, 'ada');
  const [first, second] = [someBytes(100 * PART), someBytes(10)];
  let answers = 0;
  ada.arriving = (frame, pass) => {
    pass();
    if (!frame.includes('"received"')) return;
    answers += 1;
    if (answers === 8) void ada.room.discard(ada.room.uploads.items[0]?.id ?? '');
  };
  await ada.room.post(ada.room.lobby, '', [staged(first), staged(second)]);
  await empty(ada);
  assert.equal(
    messages(ada).map(({ file }) => file?.hash),
    [hashOf(second)],
  );
  assert.ok(sentParts(ada).length < 30, 'it was not sent to its end');
  ada.leave();
  await room.close();
});

uploads('that are pictures and given up in their last moment become no message', async () => {
  const room = await openRoom();
  const ada = await enter(room, 'ada');
  const picture = staged(readFileSync(ICON), 'icon.png');
  const read = picture.file.arrayBuffer.bind(picture.file);
  let reads = 0;
  Object.defineProperty(picture.file, 'arrayBuffer', {
    value: async () => {
      const bytes = await read();
      // All of it has been brought: it is read to be held.
      if (sentParts(ada).length > 0) {
        reads += 1;
        await ada.room.discard(ada.room.uploads.items[0]?.id ?? '');
      }
      return bytes;
    },
  });
  await ada.room.post(ada.room.lobby, '', [picture, staged(someBytes(10))]);
  await until(() => messages(ada).length > 0, 'the other');
  await empty(ada);
  assert.is(reads, 1);
  assert.equal(
    messages(ada).map(({ file }) => file?.name),
    ['file.bin'],
  );
  ada.leave();
  await room.close();
});

/** A file on a disk that somebody else writes to: each time it is read from its beginning it is what `read` says. */
function changing(read: () => Uint8Array | Error, size: number): StagedFile {
  const file = new File([new Uint8Array(size)], 'changing.bin');
  let now = read();
  Object.defineProperty(file, 'slice', {
    value: (from: number, to: number) => {
      if (from === 0) now = read();
      const bytes = now;
      return {
        arrayBuffer: () =>
          bytes instanceof Error
            ? Promise.reject(bytes)
            : Promise.resolve(Uint8Array.from(bytes.subarray(from, to)).buffer),
      };
    },
  });
  return { file: file as StagedFile['file'], picture: null };
}

uploads(
  'that change while they are read, or cannot be read, fail, and are read anew when tried again',
  async () => {
    const room = await openRoom();
    const ada = await enter(room, 'ada');
    const [before, after] = [someBytes(3 * PART), someBytes(3 * PART)];
    const reads: (Uint8Array | Error)[] = [before, before, after, after, after];
    const file = changing(() => reads.shift() ?? after, after.length);
    await ada.room.post(ada.room.lobby, '', [file]);
    await until(() => ada.room.uploads.items[0]?.state === 'failed', 'it to fail');
    const [failed] = ada.room.lobby.pending;
    assert.is(failed?.refusal, 'FILE_DAMAGED');
    assert.equal(messages(ada), []);
    assert.equal(await filesIn(room.directory), []);
    await ada.room.retry(failed?.id ?? '');
    await empty(ada);
    assert.equal(
      messages(ada).map((message) => message.file?.hash),
      [hashOf(after)],
    );

    const moved = changing(() => new Error('it was moved'), 10);
    await ada.room.post(ada.room.lobby, '', [moved]);
    await until(() => ada.room.uploads.items[0]?.state === 'failed', 'it to fail');
    assert.is(ada.room.lobby.pending[0]?.refusal, 'FILE_DAMAGED');
    ada.leave();
    await room.close();
  },
);

uploads('never hold up a message that is written meanwhile', async () => {
  const room = await openRoom();
  const ada = await enter(room, 'ada');
  await ada.room.post(ada.room.lobby, '', [staged(someBytes(400 * PART))]);
  await until(() => (ada.room.uploads.items[0]?.arrived ?? 0) > 0, 'a beginning');
  await ada.room.post(ada.room.lobby, 'Look what is coming');
  await until(() => messages(ada).length > 0, 'the words');
  assert.is(messages(ada)[0]?.body, 'Look what is coming');
  await empty(ada);
  assert.is(messages(ada).length, 2);
  ada.leave();
  await room.close();
});

uploads('that are pictures are held as they were sent, whatever becomes of them on the disk', async () => {
  const room = await openRoom();
  const ada = await enter(room, 'ada');
  const bytes = readFileSync(ICON);
  await ada.room.post(ada.room.lobby, '', [staged(bytes, 'icon.png')]);
  await empty(ada);
  await until(() => messages(ada).length === 1, 'it');
  const [message] = messages(ada);
  const held = ada.room.downloads.held(message?.file?.hash ?? '');
  assert.is(held?.type, 'image/png');
  assert.not.instance(held, File);
  assert.equal(Buffer.from(await held!.arrayBuffer()), bytes);

  ada.leave();
  await room.close();
});

uploads(
  'that the host has lost with a room that went back are brought once more, where they are held',
  async () => {
    const room = await openRoom();
    const ada = await enter(room, 'ada');
    await ada.room.post(ada.room.lobby, 'in the copy');
    await empty(ada);
    await room.host.close();
    const [path, copy] = [join(room.directory, 'room.db'), join(room.directory, 'kept')];
    copyFileSync(path, copy);
    await room.restart();
    ada.visit.tryNow();
    const bytes = readFileSync(ICON);
    await ada.room.post(ada.room.lobby, '', [staged(bytes, 'icon.png')]);
    await empty(ada);
    await until(() => messages(ada).length === 2, 'it');
    await room.host.close();
    copyFileSync(copy, path);
    rmSync(join(room.directory, 'files'), { recursive: true });
    await room.restart();
    ada.visit.tryNow();
    await until(() => ada.room.lost.mine.length === 1, 'it to be missed');
    await ada.room.postLost();
    await empty(ada);
    const grace = await enter(room, 'grace');
    await until(() => messages(grace).length === 2, 'both');
    const { file, conversationId, seq } = messages(grace)[1]!;
    assert.is(file?.name, 'icon.png');
    const blob = await grace.room.downloads.fetch(file!, { conversationId, seq });
    assert.equal(Buffer.from(await blob.arrayBuffer()), bytes);
    for (const visitor of [ada, grace]) visitor.leave();
    await room.close();
  },
);

uploads('that the host’s full disk keeps waiting say so, and go once there is room', async () => {
  const room = await openRoom({ limits: { freeBytes: Number.MAX_SAFE_INTEGER } });
  const ada = await enter(room, 'ada');
  await ada.room.post(ada.room.lobby, '', [staged(someBytes(10))]);
  await until(() => ada.room.uploads.items[0]?.refusal === 'FILE_SPACE', 'it to be said');
  assert.is(ada.room.uploads.items[0]?.state, 'waiting');
  await room.restart({ limits: {} });
  ada.visit.tryNow();
  await empty(ada);
  await until(() => messages(ada).length === 1, 'it');
  ada.leave();
  await room.close();
});

uploads('of which the host’s disk refuses one let the others go, and it is tried again', async () => {
  const room = await openRoom();
  const ada = await enter(room, 'ada');
  const [refused, other] = [someBytes(10), someBytes(2 * PART)];
  const part = join(room.directory, 'files', partOf(ada.room.me, hashOf(refused)));
  // What no disk opens as a file.
  mkdirSync(part, { recursive: true });
  await ada.room.post(ada.room.lobby, '', [staged(refused), staged(other)]);
  await until(() => messages(ada).length === 1, 'the other', 30_000);
  assert.is(messages(ada)[0]?.file?.hash, hashOf(other));
  const [waiting] = ada.room.uploads.items;
  assert.equal([waiting?.state, waiting?.refusal], ['waiting', 'STORAGE']);
  rmdirSync(part);
  await empty(ada);
  await until(() => messages(ada).length === 2, 'both');
  assert.is(messages(ada)[1]?.file?.hash, hashOf(refused));
  ada.leave();
  await room.close();
});

uploads('never go on as somebody else who signs in at the same page', async () => {
  const room = await openRoom();
  const ada = await enter(room, 'ada');
  await ada.room.post(ada.room.lobby, '', [staged(someBytes(200 * PART))]);
  await until(() => sentParts(ada).length > 0, 'it to begin');
  await ada.visit.signOut();
  const sent = sentParts(ada).length;
  await ada.visit.signUp(
    { lastName: 'Hopper', firstName: 'Grace', username: 'grace', password: PASSWORD },
    null,
  );
  await ada.room.lobby.open();
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.ok(sentParts(ada).length <= sent + AT_ONCE, `${sentParts(ada).length - sent} parts more`);
  ada.leave();
  await room.close();
});

uploads.run();
