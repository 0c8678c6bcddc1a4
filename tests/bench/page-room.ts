import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { createStore } from '../../server/store/store.ts';
import { closeDatabase, openDatabase } from '../../server/store/opening.ts';
import { Chance } from '../support/demo/random.ts';
import { Stage } from '../support/demo/scenes.ts';
import { seedRoom, type SeededRoom } from '../support/demo/seed.ts';
import { scratch, startHost, type HostProcess } from '../support/processes.ts';

/** Rooms with as much history as one likes, and a host on one. */

const MEMBERS = 20;
/** Said by the demo's own scenes, so that there are people, direct conversations and renames too. */
const DEMO = 100;
/** Between two messages: a million of them are 115 days. In milliseconds. */
const APART_MS = 10_000;
const IN_ONE_TRANSACTION = 10_000;
/** Changes whenever a room made before is not what would be made now. */
const VERSION = 1;

export interface BenchRoom {
  host: HostProcess;
  seeded: SeededRoom;
  /** From the start of the process to its first word. In milliseconds. */
  readyMs: number;
}

/** A host on a room in whose lobby so many messages were said. The room is made once and kept in the temporary folder. */
export async function openBenchRoom(messages: number): Promise<BenchRoom> {
  const kept = join(tmpdir(), `salon-bench-room-${VERSION}-${messages}`);
  if (!existsSync(kept)) await make(kept, messages);
  const directory = await scratch();
  cpSync(kept, directory, { recursive: true });
  const began = performance.now();
  const host = await startHost(directory);
  const readyMs = performance.now() - began;
  return { host, readyMs, seeded: JSON.parse(readFileSync(seededFile(kept), 'utf8')) as SeededRoom };
}

const seededFile = (directory: string) => join(directory, 'seeded.json');

async function make(kept: string, messages: number): Promise<void> {
  const directory = `${kept}.${process.pid}`;
  rmSync(directory, { recursive: true, force: true });
  const more = Math.max(0, messages - DEMO);
  const from = Date.now() - more * APART_MS;
  const seeded = await seedRoom(directory, {
    ...{ seed: 1, members: MEMBERS, messages: Math.min(messages, DEMO), language: 'en' },
    now: from - APART_MS,
  });
  say(directory, seeded, more, from);
  writeFileSync(seededFile(directory), JSON.stringify(seeded));
  // Whole or not at all: the next run trusts what it finds.
  renameSync(directory, kept);
}

/** Through the store's own statements, many messages to a transaction: a million of them take a minute or two. */
function say(directory: string, { lobby, members }: SeededRoom, count: number, from: number): void {
  const chance = new Chance(2);
  const stage = new Stage('en', chance);
  const { db } = openDatabase({ directory, roomName: '', now: from });
  const store = createStore(db);
  let said = 0;
  while (said < count) {
    db.transaction(() => {
      for (const end = Math.min(count, said + IN_ONE_TRANSACTION); said < end;) {
        for (const { by, text } of stage.lobby(members).slice(0, end - said)) {
          const at = from + said * APART_MS;
          const id = ulid(at, chance.next);
          store.post({
            ...{ id, authorId: by.id, conversationId: lobby, to: null, newConversationId: id },
            ...{ body: text, now: at },
          });
          said += 1;
        }
      }
    });
  }
  // Who opens the room stands at its end, not before a million unread messages.
  const [someone] = members;
  const { head } = store.conversation(lobby, someone?.id ?? '');
  for (const { id } of members) store.mark(lobby, id, head, head, Date.now());
  closeDatabase(db);
}
