import { copyFile, mkdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ulid } from 'ulid';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LIMITS, type Id, type Seq } from '../../server/protocol/entities.ts';
import { backupsIn } from '../../server/store/backups.ts';
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
import { openRoom, refusal, type Caller, type Person, type TestRoom } from '../support/room.ts';
import { HandClock } from './hand-clock.ts';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

const read = ({ ask }: Caller, { conversationId, seq }: { conversationId: Id; seq: Seq }) =>
  ask('file.read', { conversationId, seq, offset: 0 });

/** Brought and posted. */
async function share(person: Person, bytes: Uint8Array, to?: Id[]) {
  await bring(person.caller, bytes);
  return postFile(person, hashOf(bytes), to === undefined ? {} : { to });
}

/** As if its bytes had come at that moment. */
function grow(room: TestRoom, bytes: Uint8Array, at: number): Promise<void> {
  const moment = new Date(at);
  return utimes(join(room.directory, 'files', placeOf(hashOf(bytes))), moment, moment);
}

async function gone(room: TestRoom, path: string): Promise<void> {
  for (let tries = 0; (await filesIn(room.directory)).includes(path); tries += 1) {
    assert.ok(tries < 500, `${path} is still there`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const rights = suite('Who may have a file');

rights('of a private message is who may read that message, and nobody else by any way', async () => {
  const room = await openRoom({ door: 'simple', guestsForMs: DAY });
  const [owner, ada, grace, eve] = [
    await room.join('olga'),
    await room.join('ada'),
    await room.join('grace'),
    await room.join('eve'),
  ];
  const guest = await room.knock('simple');
  await guest.ask('guest.enter', { name: 'Mamie', device: '' });
  const entered = await guest.ask('room.enter', {});
  const bytes = someBytes(1_000);
  const hash = hashOf(bytes);
  const posted = await share(ada, bytes, [grace.memberId]);
  assert.equal(await fetchFile(grace.caller, posted, bytes.length), bytes);
  assert.equal(await fetchFile(ada.caller, posted, bytes.length), bytes);

  for (const outsider of [owner.caller, eve.caller, guest]) {
    assert.is(await refusal(read(outsider, posted)), 'NO_SUCH_CONVERSATION');
    // Who knows its hash has nothing by that: neither to go on with, nor to post, nor to be told that it is there.
    assert.equal(await begin(outsider, bytes), { received: 0, stored: null });
    assert.equal(await outsider.ask('file.write', { hash, offset: 10, data: '' }), {
      received: 0,
      stored: null,
    });
    assert.is(await refusal(postFile({ caller: outsider, lobby: owner.lobby }, hash)), 'NO_SUCH_FILE');
  }
  assert.is(await refusal((await room.knock()).ask('file.begin', { hash, size: 10 })), 'NOT_SIGNED_IN');
  // Another's numbers lead nowhere in one's own conversations.
  const own = await share(eve, someBytes(10), [owner.memberId]);
  assert.is(await refusal(read(eve.caller, { ...own, seq: own.seq + 1 })), 'NO_SUCH_FILE');
  assert.is(await refusal(read(eve.caller, { ...own, seq: 0 })), 'NO_SUCH_FILE');
  assert.is(await refusal(read(eve.caller, { ...own, seq: 1 })), 'NO_SUCH_FILE');
  for (const { caller } of [owner, eve]) assert.not.ok(JSON.stringify(caller.events).includes(hash));
  assert.is(entered.members.length, 5);
  await room.close();
});

rights('of the lobby is a guest from the day they came, not before', async () => {
  const room = await openRoom({ door: 'simple', guestsForMs: DAY });
  const ada = await room.join('ada');
  const [early, late] = [someBytes(100), someBytes(100)];
  const before = await share(ada, early);
  const guest = await room.knock('simple');
  await guest.ask('guest.enter', { name: 'Mamie', device: '' });
  const lobby = (await guest.ask('room.enter', {})).conversations[0]?.id ?? '';
  const after = await share(ada, late);
  assert.is(await refusal(read(guest, before)), 'NO_SUCH_FILE');
  assert.equal(await fetchFile(guest, after, late.length), late);
  // And brings files as anybody does.
  const own = someBytes(100);
  await bring(guest, own);
  const posted = await postFile({ caller: guest, lobby }, hashOf(own));
  assert.equal(await fetchFile(ada.caller, posted, own.length), own);
  await room.close();
});

rights(
  'of a withdrawn message is nobody, and its bytes are gone with the last that brings them',
  async () => {
    const room = await openRoom();
    const [ada, grace, mary] = [await room.join('ada'), await room.join('grace'), await room.join('mary')];
    const bytes = someBytes(1_000);
    const path = placeOf(hashOf(bytes));
    const withdraw = ({ caller }: Person, { conversationId, seq }: { conversationId: Id; seq: Seq }) =>
      caller.ask('message.withdraw', { conversationId, seq });
    const [once, twice] = [
      await share(ada, bytes, [grace.memberId]),
      await share(ada, bytes, [grace.memberId]),
    ];
    const others = await share(grace, bytes, [mary.memberId]);

    await withdraw(ada, once);
    assert.is(await refusal(read(ada.caller, once)), 'NO_SUCH_FILE');
    assert.equal(await fetchFile(grace.caller, twice, bytes.length), bytes);
    await withdraw(ada, twice);
    // Hers is another's now: to post it again she brings it again.
    assert.is(await refusal(postFile(ada, hashOf(bytes))), 'NO_SUCH_FILE');
    assert.equal(await filesIn(room.directory), [path]);
    assert.equal(await fetchFile(mary.caller, others, bytes.length), bytes);
    await withdraw(grace, others);
    assert.equal(await filesIn(room.directory), []);
    // Asked again it is answered again, and the page of it says nothing of a file.
    await withdraw(grace, others);
    const { events } = await ada.caller.ask('history.page', {
      conversationId: once.conversationId,
      after: once.seq - 1,
      limit: 1,
    });
    assert.not.ok(JSON.stringify(events).includes('file'));
    await room.close();
  },
);

rights('that is posted again under the same id is the same file', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  const [one, two] = [someBytes(10), someBytes(10)];
  for (const bytes of [one, two]) await bring(ada.caller, bytes);
  const id = ulid();
  const first = await postFile(ada, hashOf(one), { id, body: 'look' });
  assert.equal(await postFile(ada, hashOf(one), { id, body: 'look' }), first);
  assert.is(await refusal(postFile(ada, hashOf(two), { id, body: 'look' })), 'CID_REUSED');
  assert.is(await refusal(postFile(ada, hashOf(one), { id, body: 'see' })), 'CID_REUSED');
  assert.is(await refusal(ada.say(id, 'look')), 'CID_REUSED');
  const words = ulid();
  await ada.say(words, 'look');
  assert.is(await refusal(postFile(ada, hashOf(one), { id: words, body: 'look' })), 'CID_REUSED');
  await room.close();
});

rights('whose words are not seen is a message all the same, and its words are judged as others', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  const bytes = someBytes(10);
  await bring(ada.caller, bytes);
  for (const [typed, kept] of [
    ['', ''],
    [' \u200B\n', ''],
    ['Look!\r\n', 'Look!\n'],
  ] as const) {
    const { seq } = await postFile(ada, hashOf(bytes), { body: typed });
    assert.is((await ada.caller.hears('message.posted', (event) => event.seq === seq)).body, kept);
  }
  assert.is(await refusal(postFile(ada, hashOf(bytes), { body: 'x'.repeat(16_001) })), 'BODY_TOO_LONG');
  await room.close();
});

/** What is typed, or sent by somebody who means harm, and what everybody hears of it. */
const NAMES: readonly (readonly [typed: string, kept: string])[] = [
  ['photo.jpg', 'photo.jpg'],
  ['../../../etc/passwd', 'passwd'],
  ['..\\..\\Windows\\System32\\drivers\\etc\\hosts', 'hosts'],
  ['C:\\Users\\ada\\notes.txt', 'notes.txt'],
  ['a/b/', 'file'],
  ['', 'file'],
  ['.', 'file'],
  ['..', 'file'],
  ['. . .', 'file'],
  ['   ', 'file'],
  ['\u3164\u2800', 'file'],
  ['\uFEFF\u200B', 'file'],
  ['CON', '_CON'],
  ['nul.txt', '_nul.txt'],
  ['com¹.log', '_com¹.log'],
  ['CONIN$', '_CONIN$'],
  ['aux .txt', '_aux .txt'],
  ['console.txt', 'console.txt'],
  ['report\u202Efdp.exe', 'reportfdp.exe'],
  ['in\r\nvoice\u0000.pdf', 'invoice.pdf'],
  ['<img src=x onerror=alert(1)>.png', 'img src=x onerror=alert(1).png'],
  ['a"b|c?d*e:f.txt', 'abcdef.txt'],
  ['name.txt. . ', 'name.txt'],
  ['half \uD800 a letter', 'half \uFFFD a letter'],
  ['x'.repeat(500), 'x'.repeat(120)],
  [`${'x'.repeat(500)}.tar.gz`, `${'x'.repeat(113)}.tar.gz`],
  ['👩‍👩‍👧.png', '👩👩👧.png'],
];

rights('is told its name without what could mislead a reader or a system', async () => {
  const room = await openRoom();
  const [ada, grace] = [await room.join('ada'), await room.join('grace')];
  const bytes = someBytes(10);
  await bring(ada.caller, bytes);
  for (const [typed, kept] of NAMES) {
    // Some two dozen are more than one may post in a burst.
    const { seq } = await patiently(() => postFile(ada, hashOf(bytes), { name: typed }));
    const { file } = await grace.caller.hears('message.posted', (event) => event.seq === seq);
    assert.is(file?.name, kept, JSON.stringify(typed));
  }
  const endless = () => postFile(ada, hashOf(bytes), { name: 'x'.repeat(1_001) });
  assert.is(await refusal(patiently(endless)), 'BAD_SHAPE');
  // It has no say in where it lies.
  assert.equal(await filesIn(room.directory), [placeOf(hashOf(bytes))]);
  await room.close();
});

async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (;;)
    try {
      return await work();
    } catch (error) {
      const { code, detail } = error as { code?: string; detail?: { retryMs?: number } };
      if (code !== 'SLOW_DOWN') throw error;
      await new Promise((resolve) => setTimeout(resolve, detail?.retryMs ?? 500));
    }
}

rights('is nobody once it was not posted for a week, or was never finished', async () => {
  const clock = new HandClock();
  const room = await openRoom({ clock });
  const ada = await room.join('ada');
  const [posted, unposted, half] = [someBytes(10), someBytes(10), someBytes(2 * LIMITS.fileWriteBytes)];
  const message = await share(ada, posted);
  await bring(ada.caller, unposted);
  await begin(ada.caller, half);
  await writePart(ada.caller, half, 0);
  const part = partOf(ada.memberId, hashOf(half));
  const age = (ms: number) => {
    const at = new Date(clock.now() - ms);
    return utimes(join(room.directory, 'files', part), at, at);
  };

  await age(WEEK - HOUR);
  clock.skip(WEEK - 2 * HOUR);
  await age(WEEK - HOUR);
  await room.restart();
  await (await room.knock()).signIn('ada');
  assert.is((await filesIn(room.directory)).length, 3);
  // Asked for once more, it is kept for another week.
  const later = await (await room.knock()).signIn('ada');
  await begin(later.caller, unposted);
  clock.skip(4 * HOUR);
  await age(WEEK + 1);
  clock.advance(HOUR);
  await gone(room, part);
  assert.equal(
    await filesIn(room.directory),
    [placeOf(hashOf(posted)), placeOf(hashOf(unposted))].toSorted(),
  );
  clock.skip(WEEK);
  clock.advance(HOUR);
  await gone(room, placeOf(hashOf(unposted)));
  const last = await (await room.knock()).signIn('ada');
  assert.is(await refusal(postFile(last, hashOf(unposted))), 'NO_SUCH_FILE');
  assert.equal(await begin(last.caller, unposted), { received: 0, stored: null });
  assert.equal(await fetchFile(last.caller, message, posted.length), posted);
  await room.close();
});

rights('is nobody where a host ended before it had told: such bytes go at the next start', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  const [known, unknown] = [someBytes(10), someBytes(10)];
  const message = await share(ada, known);
  await room.host.close();
  const fresh = someBytes(10);
  for (const bytes of [unknown, fresh]) {
    const orphan = join(room.directory, 'files', placeOf(hashOf(bytes)));
    await mkdir(dirname(orphan), { recursive: true });
    await writeFile(orphan, bytes);
  }
  await grow(room, unknown, Date.now() - WEEK - HOUR);
  await grow(room, fresh, Date.now() - WEEK + HOUR);
  const foreign = join(room.directory, 'files', 'notes.txt');
  await writeFile(foreign, 'not ours');
  await room.restart();
  await gone(room, placeOf(hashOf(unknown)));
  // A room of last week that is put in its place must not take away what it does not know.
  const left = [known, fresh].map((bytes) => placeOf(hashOf(bytes)));
  assert.equal(await filesIn(room.directory), [...left, 'notes.txt'].toSorted());
  const again = await (await room.knock()).signIn('ada');
  assert.equal(await fetchFile(again.caller, message, known.length), known);
  await room.close();
});

rights(
  'is whoever had it, when the room that knows of it comes back after a copy was in its place',
  async () => {
    const room = await openRoom();
    const ada = await room.join('ada');
    await ada.say('01KARA2F10EMESSAGE4K7QZ0AW', 'in the copy');
    await room.restart();
    const [path, older] = [join(room.directory, 'room.db'), join(room.directory, 'older')];
    await copyFile(backupsIn(room.directory)[0]?.path ?? '', older);
    const before = await (await room.knock()).signIn('ada');
    const bytes = someBytes(10);
    const message = await share(before, bytes);
    await grow(room, bytes, Date.now() - 2 * WEEK);
    await room.host.close();
    await rename(path, `${path}-kept`);
    await copyFile(older, path);
    for (let starts = 0; starts < 2; starts += 1) {
      await room.restart();
      await (await room.knock()).signIn('ada');
      await new Promise((resolve) => setTimeout(resolve, 300));
      await room.host.close();
    }
    await rename(`${path}-kept`, path);
    await room.restart();
    const after = await (await room.knock()).signIn('ada');
    assert.equal(await fetchFile(after.caller, message, bytes.length), bytes);
    await room.close();
  },
);

rights('is told so where its bytes are gone, and who brought it brings it again', async () => {
  const room = await openRoom();
  const ada = await room.join('ada');
  const bytes = someBytes(1_000);
  const message = await share(ada, bytes);
  await rm(join(room.directory, 'files', placeOf(hashOf(bytes))));
  assert.is(await refusal(read(ada.caller, message)), 'NO_SUCH_FILE');
  assert.is((await bring(ada.caller, bytes)).sent, bytes.length);
  assert.equal(await fetchFile(ada.caller, message, bytes.length), bytes);
  await room.close();
});

rights.run();
