import type { CodeCredential, Credential, Id, Timestamp } from '../protocol/entities.ts';
import { record } from './audit.ts';
import { fromBase64url, toBase64url } from './binary.ts';
import { refuseBanned } from './banned.ts';
import { authorOf, roleOf } from './members.ts';
import { addSession, endAll } from './sessions.ts';
import { StorageError } from './failures.ts';
import type { Database } from './database.ts';
import type { CredentialKind, Store, StoredCredential } from './records.ts';

/** What proves that somebody is who they say: what the host keeps of passwords and codes. */

type CredentialRow = {
  algorithm: 'scrypt' | 'hkdf';
  log2n: number | null;
  p: number | null;
  salt: Uint8Array;
  storedKey: Uint8Array;
  serverKey: Uint8Array;
  expiresAt: Timestamp | null;
  failures: number;
};

interface Issue {
  /** The owner who made a reset code, by internal number. */
  issuedBy: number | null;
  expiresAt: Timestamp | null;
  now: Timestamp;
}

/** In place of an earlier one of that kind. */
export function putCredential(
  db: Database,
  member: number,
  kind: CredentialKind,
  credential: Credential | CodeCredential,
  { issuedBy, expiresAt, now }: Issue,
): void {
  const stretching = credential.algorithm === 'scrypt' ? credential : null;
  db.all(
    `INSERT OR REPLACE INTO credential(member_id, kind, algorithm, log2n, r, p, salt, stored_key, server_key,
       created_at, expires_at, issued_by)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    member,
    kind,
    credential.algorithm,
    stretching?.log2N ?? null,
    stretching?.r ?? null,
    stretching?.p ?? null,
    fromBase64url(credential.salt),
    fromBase64url(credential.storedKey),
    fromBase64url(credential.serverKey),
    now,
    expiresAt,
    issuedBy,
  );
}

export const credentials = (
  db: Database,
): Pick<Store, 'credential' | 'countFailure' | 'setCredential' | 'dropCredential' | 'resetPassword'> => ({
  credential: (memberId, kind) => {
    const row = db.one<CredentialRow>(
      `SELECT algorithm, log2n, p, salt, stored_key AS storedKey, server_key AS serverKey, expires_at AS expiresAt, failures
       FROM credential WHERE member_id = (SELECT id FROM member WHERE uid = ?) AND kind = ?`,
      memberId,
      kind,
    );
    return row === undefined ? null : stored(memberId, kind, row);
  },

  // Wrong passwords are slowed down elsewhere: one that died of them would lock its owner out.
  countFailure: (memberId, kind, limit) =>
    db.atomic(() => {
      if (kind === 'password') return;
      const counted = db.one<{ member: number; failures: number }>(
        `UPDATE credential SET failures = failures + 1 WHERE member_id = (SELECT id FROM member WHERE uid = ?) AND kind = ?
         RETURNING member_id AS member, failures`,
        memberId,
        kind,
      );
      if (counted !== undefined && counted.failures >= limit) drop(db, counted.member, kind);
    }),

  setCredential: (memberId, kind, credential, { issuedBy, expiresAt, now, action }) =>
    db.atomic(() => {
      const issuer = issuedBy === null ? null : authorOf(db, issuedBy).row;
      putCredential(db, authorOf(db, memberId).row, kind, credential, { issuedBy: issuer, expiresAt, now });
      record(db, { at: now, action, actorId: issuedBy ?? memberId, targetId: memberId, detail: '' });
    }),

  dropCredential: (memberId, kind, { by, now, action }) =>
    db.atomic(() => {
      const dropped = drop(db, authorOf(db, memberId).row, kind);
      if (dropped) record(db, { at: now, action, actorId: by, targetId: memberId, detail: '' });
      return dropped;
    }),

  resetPassword: (memberId, password, recovery, session, now) =>
    db.atomic(() => {
      const member = authorOf(db, memberId);
      refuseBanned(db, memberId, now);
      const { row } = member;
      putCredential(db, row, 'password', password, { issuedBy: null, expiresAt: null, now });
      putCredential(db, row, 'recovery', recovery, { issuedBy: null, expiresAt: null, now });
      drop(db, row, 'reset');
      const ended = endAll(db, memberId, null, now);
      addSession(db, row, session, now);
      record(db, { at: now, action: 'password.reset', actorId: memberId, targetId: memberId, detail: '' });
      return { ended, role: roleOf(member) };
    }),
});

function drop(db: Database, member: number, kind: CredentialKind): boolean {
  return (
    db.one('DELETE FROM credential WHERE member_id = ? AND kind = ? RETURNING 1', member, kind) !== undefined
  );
}

function stored(memberId: Id, kind: CredentialKind, row: CredentialRow): StoredCredential {
  const keys = {
    salt: toBase64url(row.salt),
    storedKey: toBase64url(row.storedKey),
    serverKey: toBase64url(row.serverKey),
  };
  const credential: Credential | CodeCredential =
    row.algorithm === 'hkdf'
      ? { algorithm: 'hkdf', ...keys }
      : { algorithm: 'scrypt', log2N: present(row.log2n), r: 8, p: present(row.p), ...keys };
  return { memberId, kind, credential, expiresAt: row.expiresAt, failures: row.failures };
}

function present(value: number | null): number {
  if (value === null) throw new StorageError('a password without its stretching');
  return value;
}
