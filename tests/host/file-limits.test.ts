import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LIMITS } from '../../server/protocol/entities.ts';
import {
  begin,
  bring,
  fetchFile,
  filesIn,
  hashOf,
  postFile,
  someBytes,
  writePart,
} from '../support/files.ts';
import { openRoom, refusal, type Caller } from '../support/room.ts';
import { HandClock } from './hand-clock.ts';
import { refused } from './refused.ts';

const PART = LIMITS.fileWriteBytes;
const LEAST = LIMITS.leastFileBytes;

const limits = suite('How much may be brought');

/** How many of them were let in, and with which words the others were not. */
async function outcome(asks: Promise<unknown>[]): Promise<Record<string, number>> {
  const told: Record<string, number> = {};
  for (const each of await Promise.allSettled(asks)) {
    const reason: unknown = each.status === 'rejected' ? each.reason : null;
    const word = reason === null ? 'in' : ((reason as { code?: string }).code ?? 'broken');
    told[word] = (told[word] ?? 0) + 1;
  }
  return told;
}

limits('one file has a greatest size, which is said before anything is sent', async () => {
  const room = await openRoom({ limits: { fileBytes: 1_000 } });
  const ada = await room.join('ada');
  const say = (size: number) => ada.caller.ask('file.begin', { hash: hashOf(someBytes(1)), size });
  for (const size of [1_001, LIMITS.fileBytes + 1, Number.MAX_SAFE_INTEGER])
    assert.is(await refusal(say(size)), 'FILE_TOO_BIG');
  for (const size of [-1, 0.5, Number.MAX_SAFE_INTEGER + 1]) assert.is(await refusal(say(size)), 'BAD_SHAPE');
  await bring(ada.caller, someBytes(1_000));
  await room.close();
});

limits('all files of one member together have one too, those that are arriving included', async () => {
  const room = await openRoom({ limits: { memberFileBytes: 10 * LEAST } });
  const [ada, grace] = [await room.join('ada'), await room.join('grace')];
  const [first, second] = [someBytes(6 * LEAST), someBytes(3 * LEAST)];
  await bring(ada.caller, first);
  await begin(ada.caller, second);
  assert.is(await refusal(begin(ada.caller, someBytes(LEAST + 1))), 'FILE_QUOTA');
  // What is there already costs nothing, nor what goes on.
  await begin(ada.caller, first);
  await begin(ada.caller, second);
  await bring(ada.caller, someBytes(LEAST));
  await bring(ada.caller, second);
  assert.is(await refusal(begin(ada.caller, someBytes(1))), 'FILE_QUOTA');
  // Everybody has their own, also of the same bytes; and what is withdrawn is given back.
  await bring(grace.caller, first);
  const { conversationId, seq } = await postFile(ada, hashOf(first), { to: [grace.memberId] });
  await ada.caller.ask('message.withdraw', { conversationId, seq });
  await bring(ada.caller, someBytes(6 * LEAST));
  assert.is(await refusal(begin(ada.caller, someBytes(1))), 'FILE_QUOTA');
  await room.close();
});

limits('a small file counts like one of 64 KiB, so that nobody can fill the disk with names', async () => {
  const room = await openRoom({ limits: { memberFileBytes: 4 * LEAST } });
  const ada = await room.join('ada');
  for (const size of [0, 1, LEAST]) await bring(ada.caller, someBytes(size));
  // One that is arriving as well.
  const last = someBytes(2);
  await begin(ada.caller, last);
  assert.is(await refusal(begin(ada.caller, someBytes(1))), 'FILE_QUOTA');
  await bring(ada.caller, last);
  assert.is(await refusal(begin(ada.caller, someBytes(1))), 'FILE_QUOTA');
  await room.close();
});

limits('no limit is passed by those who begin many files in one moment', async () => {
  const room = await openRoom({ limits: { memberFileBytes: 10 * LEAST } });
  const ada = await room.join('ada');
  const big = Array.from({ length: 20 }, () => begin(ada.caller, someBytes(4 * LEAST)));
  assert.equal(await outcome(big), { in: 2, FILE_QUOTA: 18 });
  const grace = await room.join('grace');
  const many = Array.from({ length: 20 }, () => begin(grace.caller, someBytes(10)));
  assert.equal(await outcome(many), { in: 4, BUSY: 16 });
  // A file that ends while others begin counts once, neither never nor twice.
  const mary = await room.join('mary');
  for (let round = 0; round < 5; round += 1)
    await Promise.all([bring(mary.caller, someBytes(50)), bring(mary.caller, someBytes(50))]);
  assert.is(await refusal(begin(mary.caller, someBytes(1))), 'FILE_QUOTA');
  await room.close();
});

limits('of more than four at once one is told to wait, unless another has stalled', async () => {
  const clock = new HandClock();
  const room = await openRoom({ clock });
  const [ada, grace] = [await room.join('ada'), await room.join('grace')];
  const four = Array.from({ length: 4 }, () => someBytes(3 * PART));
  const [oldest = someBytes(1), ...rest] = four;
  for (const bytes of four) await begin(ada.caller, bytes);
  await writePart(ada.caller, oldest, 0);
  const another = someBytes(PART);
  assert.equal(await refused(begin(ada.caller, another)), { code: 'BUSY', retryMs: 2_000 });
  await begin(grace.caller, another);
  // All but the first go on.
  clock.skip(19_000);
  for (const bytes of rest) await writePart(ada.caller, bytes, 0);
  assert.is((await refused(begin(ada.caller, another))).code, 'BUSY');
  clock.skip(1_000);
  assert.is((await begin(ada.caller, another)).received, 0);
  assert.is(await refusal(writePart(ada.caller, oldest, PART)), 'NO_SUCH_FILE');
  // Its turn comes again, and what it had is there still.
  await bring(ada.caller, another);
  assert.is((await begin(ada.caller, oldest)).received, PART);
  for (const bytes of four) await bring(ada.caller, bytes);
  const posted = await postFile(ada, hashOf(oldest));
  assert.equal(await fetchFile(grace.caller, posted, oldest.length), oldest);
  await room.close();
});

limits('a file that has stalled is closed by itself, and goes on when it is begun again', async () => {
  const clock = new HandClock();
  const room = await openRoom({ clock });
  const ada = await room.join('ada');
  const [left, goesOn] = [someBytes(3 * PART), someBytes(3 * PART)];
  for (const bytes of [left, goesOn]) await begin(ada.caller, bytes);
  await writePart(ada.caller, left, 0);
  clock.skip(19_999);
  await writePart(ada.caller, goesOn, 0);
  clock.advance(20_001);
  await writePart(ada.caller, goesOn, PART);
  assert.is(await refusal(writePart(ada.caller, left, PART)), 'NO_SUCH_FILE');
  assert.is((await bring(ada.caller, left)).sent, 2 * PART);
  await room.close();
});

limits('what was begun and left does not add up', async () => {
  const clock = new HandClock();
  const room = await openRoom({ clock });
  const ada = await room.join('ada');
  for (let i = 0; i < 30; i += 1) {
    const bytes = someBytes(2 * PART);
    await begin(ada.caller, bytes);
    await writePart(ada.caller, bytes, 0);
    clock.skip(20_000);
    assert.ok((await filesIn(room.directory)).length <= 9, 'unfinished files');
  }
  await room.close();
});

limits('nothing comes while the disk is almost full, and messages still do', async () => {
  const room = await openRoom({ limits: { freeBytes: Number.MAX_SAFE_INTEGER } });
  const ada = await room.join('ada');
  assert.is(await refusal(begin(ada.caller, someBytes(10))), 'FILE_SPACE');
  assert.equal(await filesIn(room.directory), []);
  await ada.say('01KARA2F10EMESSAGE4K7QZ0AW', 'still here');
  // It fills up in the middle of one: what has come stays.
  await room.restart({ limits: { freeBytes: 0 } });
  const before = await (await room.knock()).signIn('ada');
  const bytes = someBytes(5 * 1024 * 1024);
  await begin(before.caller, bytes);
  await writePart(before.caller, bytes, 0);
  await room.restart({ limits: { freeBytes: Number.MAX_SAFE_INTEGER } });
  const after = await (await room.knock()).signIn('ada');
  assert.is(await refusal(begin(after.caller, bytes)), 'FILE_SPACE');
  await room.restart({ limits: { freeBytes: 0 } });
  const later = await (await room.knock()).signIn('ada');
  assert.is((await begin(later.caller, bytes)).received, PART);
  await room.close();
});

limits('who asks for very much at once is told to wait with the rest, and is not cut', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  const bytes = someBytes(LIMITS.fileReadBytes);
  await bring(ada.caller, bytes);
  const { seq } = await postFile(ada, hashOf(bytes));
  const read = ({ ask }: Caller) => ask('file.read', { conversationId: ada.lobby, seq, offset: 0 });
  const grace = await room.join('grace');
  const asked = outcome(Array.from({ length: 400 }, () => read(ada.caller)));
  await read(grace.caller);
  const { in: answered = 0, BUSY: busy = 0 } = await asked;
  assert.is(answered + busy, 400);
  assert.ok(answered >= 32 && busy > 0, `${answered} answered, ${busy} told to wait`);
  assert.is(ada.caller.closedWith, null);
  await read(ada.caller);
  await room.close();
});

limits.run();
