import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ulid } from 'ulid';
import { SalonError, type RefusalCode } from '../../server/protocol/errors.ts';
import type { CodeCredential, Credential, Id } from '../../server/protocol/entities.ts';
import type { Database } from '../../server/store/database.ts';
import { closeDatabase, openDatabase } from '../../server/store/opening.ts';
import type {
  NewGuest,
  NewSession,
  PostedMessage,
  SignUp,
  Snapshot,
  Store,
  Username,
} from '../../server/store/records.ts';
import { createStore } from '../../server/store/store.ts';
import * as assert from 'uvu/assert';

/** Real folders and files, gone when the test process ends. */

const folders: string[] = [];
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'salon-store-'));
  folders.push(folder);
  return folder;
}

/** Noon of some day; tests add to it. */
export const NOON = Date.UTC(2026, 10, 23, 12);
export const DAY = 24 * 60 * 60_000;

/** Bytes as base64url, the same for the same seed. */
export const filled = (length: number, seed: number) => Buffer.alloc(length, seed).toString('base64url');

export const password = (seed = 1): Credential => ({
  algorithm: 'scrypt',
  log2N: 17,
  r: 8,
  p: 1,
  salt: filled(16, seed),
  storedKey: filled(32, seed),
  serverKey: filled(32, seed + 1),
});

export const code = (seed = 3): CodeCredential => ({
  algorithm: 'hkdf',
  salt: filled(16, seed),
  storedKey: filled(32, seed),
  serverKey: filled(32, seed + 1),
});

export const named = (username: string): Username => ({
  username,
  key: username.toLowerCase(),
  skeleton: username.toLowerCase().replaceAll('0', 'o').replaceAll(/[1i]/g, 'l'),
});

let tokens = 0;
export function newSession(device = 'Firefox on Linux'): NewSession {
  tokens += 1;
  const hash = Buffer.alloc(32);
  hash.writeUInt32BE(tokens);
  return { id: ulid(), tokenHash: hash.toString('base64url'), device };
}

export function signUp(username: string, options: Partial<SignUp> = {}): SignUp {
  return {
    id: ulid(),
    name: named(username),
    firstName: 'Ada',
    lastName: 'Lovelace',
    owner: false,
    password: password(),
    recovery: code(),
    session: newSession(),
    inviteId: null,
    now: NOON,
    ...options,
  };
}

/** A guest by that name; the room must let guests in (`letGuestsIn`). */
export function guest(displayName: string, options: Partial<NewGuest> = {}): NewGuest {
  const base = displayName.toLowerCase().replaceAll(' ', '-');
  return { id: ulid(), displayName, base, session: newSession(), inviteId: null, now: NOON, ...options };
}

export function letGuestsIn(store: Store, by: Id): void {
  store.changeSettings({ guestsUntil: NOON + DAY }, by, NOON);
}

export interface Room {
  directory: string;
  db: Database;
  store: Store;
  lobby: Id;
  /** The owner. */
  ada: Id;
  grace: Id;
  lin: Id;
  close: () => void;
}

/** A room with Ada, who owns it, Grace and Lin. */
export function openRoom(directory = scratch()): Room {
  const { db } = openDatabase({ directory, roomName: 'Kitchen', now: NOON });
  const store = createStore(db);
  const ada = store.signUp(signUp('ada', { owner: true })).member.id;
  const grace = store.signUp(signUp('grace')).member.id;
  const lin = store.signUp(signUp('lin')).member.id;
  const lobby = snapshotOf(store, ada).conversations.find(({ kind }) => kind === 'lobby')?.id ?? '';
  return { directory, db, store, lobby, ada, grace, lin, close: () => closeDatabase(db) };
}

/** What is told to a member who knows nobody yet. */
export function snapshotOf(store: Pick<Store, 'snapshotSince'>, memberId: Id): Snapshot {
  const { people, ...rest } = store.snapshotSince(memberId, null);
  if (people === null) throw new Error('nobody was told');
  return { ...rest, people };
}

/** A message to the lobby, or `to` people. */
export function message(
  from: Id,
  target: Id | Id[],
  body: string,
  options: Partial<PostedMessage> = {},
): PostedMessage {
  return {
    id: ulid(),
    authorId: from,
    conversationId: typeof target === 'string' ? target : null,
    to: typeof target === 'string' ? null : target,
    newConversationId: ulid(),
    body,
    now: NOON,
    ...options,
  };
}

const isRefusal = (refusal: RefusalCode) => (error: unknown) =>
  error instanceof SalonError && error.code === refusal;

export function refused(work: () => unknown, refusal: RefusalCode): void {
  assert.throws(work, isRefusal(refusal));
}

/** Waits for something that happens by itself; longer than it should take, because test machines are busy. */
export async function eventually(check: () => boolean): Promise<void> {
  const end = performance.now() + 15_000;
  while (!check()) {
    assert.ok(performance.now() < end, 'it did not happen');
    await sleep(50);
  }
}

export async function rejected(work: Promise<unknown>, refusal: RefusalCode): Promise<void> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  assert.ok(isRefusal(refusal)(error), `expected ${refusal}, got ${String(error)}`);
}
