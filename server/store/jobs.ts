import type { RefusalCode, RefusalDetail } from '../protocol/errors.ts';
import type { PlainError } from './failures.ts';
import type { StoredRoom, StoreMethod } from './records.ts';
import type { Restored } from './restoring.ts';

/** What the main thread and the storage thread say to each other. */

export interface Job {
  id: number;
  method: StoreMethod;
  args: readonly unknown[];
}

/** Done, refused, or a bug with its whole text. */
export type Answer =
  | { id: number; value: unknown }
  | { id: number; refusal: { code: RefusalCode; detail: RefusalDetail; reason: string | null } }
  | { id: number; bug: string };

/** `jobs` is all that was asked in one turn: crossing the threads costs by the message. */
export type ToWorker = { type: 'jobs'; jobs: Job[] } | { type: 'close' };

export type FromWorker =
  | { type: 'ready'; room: StoredRoom; restored: Restored | null }
  | { type: 'unopened'; error: PlainError }
  | { type: 'answers'; answers: Answer[] }
  /** The disk works again. A change that was refused may be stored all the same, and nobody was told of it. */
  | { type: 'reopened' }
  /** Nothing can be stored any more. */
  | { type: 'failed'; error: PlainError }
  | { type: 'closed' };

/** Whether a method changes anything, and so has to wait for the disk. */
export const CHANGES: Readonly<Record<StoreMethod, boolean>> = {
  room: false,
  signUp: true,
  enterGuest: true,
  endGuests: true,
  guests: false,
  changeSettings: true,
  createInvite: true,
  invites: false,
  invite: false,
  revokeInvite: true,
  removeMember: true,
  bans: false,
  liftBan: true,
  addressIsBanned: false,
  usernameProblem: false,
  memberIdByName: false,
  member: false,
  credential: false,
  countFailure: true,
  createSession: true,
  resumeSession: true,
  sessions: false,
  endSession: true,
  endSessions: true,
  rename: true,
  setCredential: true,
  dropCredential: true,
  resetPassword: true,
  snapshotSince: false,
  openDirect: true,
  conversation: false,
  audience: false,
  post: true,
  withdraw: true,
  mark: true,
  page: false,
  addFile: true,
  file: false,
  fileBytesOf: false,
  unkeptFiles: false,
  forgetFiles: true,
  sawMember: true,
  audit: true,
  auditEntries: false,
};

export const STORE_METHODS = Object.keys(CHANGES) as readonly StoreMethod[];
