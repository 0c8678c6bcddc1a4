import {
  LIMITS,
  type Attachment,
  type FileHash,
  type Id,
  type Picture,
  type StoredFile,
} from '../protocol/entities.ts';
import { SalonError } from '../protocol/errors.ts';
import { fromBase64url, toBase64url } from './binary.ts';
import { storableText, type Database } from './database.ts';
import type { Store } from './records.ts';

/** Which files there are, and which of them messages bring. The bytes are not here. */
export const attachments = (
  db: Database,
): Pick<Store, 'addFile' | 'file' | 'fileBytesOf' | 'unkeptFiles' | 'forgetFiles'> => ({
  addFile: (memberId, { hash, size, picture }, now) => {
    db.all(
      `INSERT INTO file(member_id, hash, size, picture, unposted_since)
       SELECT id, ?, ?, ?, ? FROM member WHERE uid = ?
       ON CONFLICT DO UPDATE SET unposted_since = excluded.unposted_since WHERE unposted_since IS NOT NULL`,
      fromBase64url(hash),
      size,
      picture === null ? null : JSON.stringify(picture),
      now,
      memberId,
    );
  },

  file: (memberId, hash) => fileOf(db, memberId, hash),

  fileBytesOf: (memberId) =>
    db.one<{ bytes: number }>(
      `SELECT coalesce(sum(max(size, ?)), 0) AS bytes FROM file
       WHERE member_id = (SELECT id FROM member WHERE uid = ?)`,
      LIMITS.leastFileBytes,
      memberId,
    )?.bytes ?? 0,

  unkeptFiles: (hashes) =>
    hashes.filter(
      (hash) => db.one('SELECT 1 FROM file WHERE hash = ? LIMIT 1', fromBase64url(hash)) === undefined,
    ),

  forgetFiles: (before) =>
    db
      .all<{ hash: Uint8Array }>('DELETE FROM file WHERE unposted_since < ? RETURNING hash', before)
      .map(({ hash }) => toBase64url(hash)),
});

/** As this member brought it, or null. */
function fileOf(db: Database, memberId: Id, hash: FileHash): StoredFile | null {
  const found = db.one<{ hash: Uint8Array; size: number; picture: string | null }>(
    'SELECT hash, size, picture FROM file WHERE member_id = (SELECT id FROM member WHERE uid = ?) AND hash = ?',
    memberId,
    fromBase64url(hash),
  );
  if (found === undefined) return null;
  const { size, picture } = found;
  return {
    hash: toBase64url(found.hash),
    size,
    // Written by `addFile`, so it is what it was there.
    picture: picture === null ? null : (JSON.parse(picture) as Picture),
  };
}

/** What a message brings. @throws SalonError `NO_SUCH_FILE` where its author has not brought it. */
export function attachmentOf(
  db: Database,
  authorId: Id,
  { hash, name }: { hash: FileHash; name: string },
): Attachment {
  const file = fileOf(db, authorId, hash);
  if (file === null) throw new SalonError('NO_SUCH_FILE');
  return { ...file, name: storableText(name) };
}

/** The event with that number brings that file. */
export function attach(
  db: Database,
  conversation: number,
  seq: number,
  author: number,
  hash: FileHash,
): void {
  db.all(
    'INSERT INTO attachment(event_id, member_id, hash) SELECT id, ?, ? FROM event WHERE conversation_id = ? AND seq = ?',
    author,
    fromBase64url(hash),
    conversation,
    seq,
  );
  db.all(
    'UPDATE file SET unposted_since = NULL WHERE member_id = ? AND hash = ?',
    author,
    fromBase64url(hash),
  );
}

/** A message does not bring its file any more. What no other message of its author brings is forgotten. */
export function detach(db: Database, event: number): void {
  const [gone] = db.all<{ author: number; hash: Uint8Array }>(
    'DELETE FROM attachment WHERE event_id = ? RETURNING member_id AS author, hash',
    event,
  );
  if (gone === undefined) return;
  const { author, hash } = gone;
  db.all(
    `DELETE FROM file WHERE member_id = ? AND hash = ? AND NOT EXISTS
       (SELECT 1 FROM attachment WHERE member_id = ? AND hash = ?)`,
    author,
    hash,
    author,
    hash,
  );
}
