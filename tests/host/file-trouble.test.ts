import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Files } from '../../server/files.ts';
import { LIMITS, type Id, type StoredFile } from '../../server/protocol/entities.ts';
import { SalonError } from '../../server/protocol/errors.ts';
import type { AsyncStore } from '../../server/store/records.ts';
import { filesIn, hashOf, partOf, placeOf, someBytes } from '../support/files.ts';
import { refusal } from '../support/room.ts';
import { HandClock } from './hand-clock.ts';

const PART = LIMITS.fileWriteBytes;
const ADA = '01KAQZ86V0MAR10N4GZ5SB2XKC';
const GRACE = '01KAQZCG4RBRVN0PX6WH9TE3FY';

/** Who has brought what, where a test decides when the database refuses and how long it takes. */
class Books {
  readonly rows = new Map<string, StoredFile>();
  /** What happens before a file is noted. */
  beforeAdd: () => Promise<void> = () => Promise.resolve();

  readonly store = {
    file: (memberId: Id, hash: string) => Promise.resolve(this.rows.get(memberId + hash) ?? null),
    fileBytesOf: (memberId: Id) => {
      const own = [...this.rows].filter(([key]) => key.startsWith(memberId));
      return Promise.resolve(own.reduce((sum, [, { size }]) => sum + size, 0));
    },
    addFile: async (memberId: Id, file: StoredFile) => {
      await this.beforeAdd();
      this.rows.set(memberId + file.hash, file);
    },
    unkeptFiles: (hashes: string[]) =>
      Promise.resolve(hashes.filter((hash) => [...this.rows.values()].every((file) => file.hash !== hash))),
    forgetFiles: () => Promise.resolve([]),
  } as unknown as AsyncStore;
}

/** A host's files; those of an earlier host, if it had any. */
async function open(books = new Books(), before: string | null = null) {
  const directory = before ?? (await mkdtemp(join(tmpdir(), 'salon-files-')));
  const clock = new HandClock();
  const reported: unknown[] = [];
  const limits = { fileBytes: LIMITS.fileBytes, memberFileBytes: 5 * PART, freeBytes: 0 };
  const report = (error: unknown) => reported.push(error);
  const files = new Files({ directory, store: books.store, clock, limits, report });
  const bring = async (memberId: Id, bytes: Buffer) => {
    const hash = hashOf(bytes);
    let sent = 0;
    let progress = await files.begin(memberId, hash, bytes.length);
    while (progress.stored === null) {
      const data = bytes.subarray(progress.received, progress.received + PART);
      sent += data.length;
      progress = await files.write(memberId, hash, progress.received, data);
    }
    return { stored: progress.stored, sent };
  };
  const close = async () => {
    await files.close();
    await rm(directory, { recursive: true });
  };
  return { directory, books, clock, files, bring, close, reported };
}

const refuse = () => Promise.reject(new SalonError('STORAGE'));
const accept = () => Promise.resolve();

const trouble = suite('A file in trouble');

trouble('that the database refuses to note is not sent again once it accepts', async () => {
  const { directory, books, files, bring, close } = await open();
  const bytes = someBytes(3 * PART);
  books.beforeAdd = refuse;
  assert.is(await refusal(bring(ADA, bytes)), 'STORAGE');
  assert.equal(await filesIn(directory), [partOf(ADA, hashOf(bytes))]);
  assert.is(await refusal(files.read(ADA, hashOf(bytes), 0)), 'NO_SUCH_FILE');
  books.beforeAdd = accept;
  assert.is((await bring(ADA, bytes)).sent, 0);
  assert.equal(await readFile(join(directory, 'files', placeOf(hashOf(bytes)))), bytes);
  await close();
});

trouble('that the database refuses to note of one stays for the other who has brought it', async () => {
  const { directory, books, bring, close } = await open();
  const bytes = someBytes(3 * PART);
  await bring(GRACE, bytes);
  books.beforeAdd = refuse;
  assert.is(await refusal(bring(ADA, bytes)), 'STORAGE');
  assert.equal(await readFile(join(directory, 'files', placeOf(hashOf(bytes)))), bytes);
  books.beforeAdd = accept;
  assert.is((await bring(ADA, bytes)).sent, 0);
  assert.equal(await filesIn(directory), [placeOf(hashOf(bytes))]);
  await close();
});

trouble('that changes on the disk is mended by whoever brings it again', async () => {
  const { directory, books, files, clock, bring, close } = await open();
  const bytes = someBytes(3 * PART);
  const path = join(directory, 'files', placeOf(hashOf(bytes)));
  const damage = () => writeFile(path, someBytes(bytes.length));
  await bring(ADA, bytes);
  await damage();
  // Somebody else, who has all of it to bring.
  assert.is((await bring(GRACE, bytes)).sent, bytes.length);
  assert.equal(await readFile(path), bytes);
  // Who has brought it before: it is not looked at each time, and yet before long.
  await damage();
  clock.advance(60 * 60_000);
  assert.is(await refusal(files.write(ADA, hashOf(bytes), 0, bytes.subarray(0, PART))), 'NO_SUCH_FILE');
  assert.is((await bring(ADA, bytes)).sent, bytes.length);
  assert.equal(await readFile(path), bytes);
  assert.is((await bring(ADA, bytes)).sent, 0);
  assert.equal(await filesIn(directory), [placeOf(hashOf(bytes))]);
  // Another start of the host has not looked at it yet.
  await damage();
  const after = await open(books, directory);
  assert.is((await after.bring(ADA, bytes)).sent, bytes.length);
  assert.equal(await readFile(path), bytes);
  await after.files.close();
  await close();
});

trouble('is not removed in the moment between its being there and its being noted', async () => {
  const { directory, books, files, bring, close } = await open();
  const bytes = someBytes(PART + 1);
  const hash = hashOf(bytes);
  const removals: Promise<void>[] = [];
  books.beforeAdd = async () => {
    removals.push(files.drop(hash), files.tidy());
    await new Promise((resolve) => setTimeout(resolve, 20));
  };
  await bring(ADA, bytes);
  await Promise.all(removals);
  assert.is(removals.length, 2);
  assert.equal(await readFile(join(directory, 'files', placeOf(hash))), bytes);
  // Nobody has it any more: then it goes, unless somebody brings it in the same moment.
  for (let round = 0; round < 20; round += 1) {
    books.rows.clear();
    const [{ stored }] = await Promise.all([bring(GRACE, bytes), files.drop(hash)]);
    assert.is(stored.hash, hash);
    assert.equal(await readFile(join(directory, 'files', placeOf(hash))), bytes);
  }
  await Promise.all(removals);
  books.rows.clear();
  await files.drop(hash);
  assert.equal(await filesIn(directory), []);
  await close();
});

trouble('that ends while the host closes is whole, or goes on where it was', async () => {
  const { directory, books, files, bring } = await open();
  const bytes = someBytes(2 * PART);
  let noted = false;
  books.beforeAdd = async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    noted = true;
  };
  const hash = hashOf(bytes);
  await files.begin(ADA, hash, bytes.length);
  const writes = [0, PART].map((at) => files.write(ADA, hash, at, bytes.subarray(at, at + PART)));
  await files.close();
  assert.ok(noted, 'what had begun was waited for');
  assert.is((await Promise.all(writes)).at(-1)?.stored?.hash, hash);
  assert.is(await refusal(bring(ADA, someBytes(1))), 'CLOSING');
  assert.is(await refusal(files.drop(hash)), 'CLOSING');
  await files.close();
  await rm(directory, { recursive: true });
});

trouble.run();
