import type { Id, Timestamp } from '../protocol/entities.ts';
import { record } from './audit.ts';
import { fromBase64url } from './binary.ts';
import { storableText, type Database } from './database.ts';
import { refuseBanned } from './banned.ts';
import { authorOf, roleOf } from './members.ts';
import type { NewSession, Store, StoredSession } from './records.ts';

/** Where members are signed in. Of a token only its hash is kept. */

type SessionRow = { id: Id; memberId: Id; device: string; createdAt: Timestamp; lastSeenAt: Timestamp };

const SESSIONS = `
  SELECT s.uid AS id, m.uid AS memberId, s.device, s.created_at AS createdAt, s.last_seen_at AS lastSeenAt
  FROM session s JOIN member m ON m.id = s.member_id`;

/** `member` is the internal number. */
export function addSession(
  db: Database,
  member: number,
  { id, tokenHash, device }: NewSession,
  now: Timestamp,
): void {
  db.all(
    'INSERT INTO session(uid, token_hash, member_id, device, created_at, last_seen_at) VALUES (?, ?, ?, ?, ?, ?)',
    id,
    fromBase64url(tokenHash),
    member,
    storableText(device),
    now,
    now,
  );
}

interface Ending {
  /** Who ended it: the member, unless somebody else is named. */
  by?: Id;
  /** Ended, but still known by its token. */
  keep?: boolean;
}

/** All of a member's sessions but one. Which ones. */
export function endAll(
  db: Database,
  memberId: Id,
  exceptSessionId: Id | null,
  now: Timestamp,
  ending: Ending = {},
): Id[] {
  const leaving = sessionsOf(db, memberId).filter(({ id }) => id !== exceptSessionId);
  for (const session of leaving) end(db, session, now, ending);
  return leaving.map(({ id }) => id);
}

function end(
  db: Database,
  { id, memberId, device }: StoredSession,
  now: Timestamp,
  { by = memberId, keep = false }: Ending = {},
): void {
  if (keep) db.all('UPDATE session SET ended_at = ? WHERE uid = ?', now, id);
  else db.all('DELETE FROM session WHERE uid = ?', id);
  record(db, { at: now, action: 'session.ended', actorId: by, targetId: memberId, detail: device });
}

/** The one seen last comes first. */
function sessionsOf(db: Database, memberId: Id): StoredSession[] {
  return db.all<SessionRow>(
    `${SESSIONS} WHERE s.member_id = (SELECT id FROM member WHERE uid = ?) AND s.ended_at IS NULL
     ORDER BY s.last_seen_at DESC, s.id DESC`,
    memberId,
  );
}

export const sessions = (
  db: Database,
): Pick<Store, 'createSession' | 'resumeSession' | 'sessions' | 'endSession' | 'endSessions'> => ({
  createSession: (memberId, session, limit, now) =>
    db.atomic(() => {
      const member = authorOf(db, memberId);
      refuseBanned(db, memberId, now);
      const surplus = sessionsOf(db, memberId).slice(Math.max(0, limit - 1));
      for (const old of surplus) end(db, old, now);
      addSession(db, member.row, session, now);
      return { ended: surplus.map(({ id }) => id), role: roleOf(member) };
    }),

  // One that idled too long is left where it is: a clock that jumped and came back ends nobody's session.
  resumeSession: (tokenHash, idleMs, absoluteMs, now) =>
    db.atomic(() => {
      const found = db.one<SessionRow>(`${SESSIONS} WHERE s.token_hash = ?`, fromBase64url(tokenHash));
      if (found === undefined) return null;
      refuseBanned(db, found.memberId, now);
      if (hasEnded(db, found.id)) return null;
      if (now - found.lastSeenAt > idleMs || now - found.createdAt > absoluteMs) return null;
      db.all('UPDATE session SET last_seen_at = ? WHERE uid = ?', now, found.id);
      return { ...found, lastSeenAt: now, role: roleOf(authorOf(db, found.memberId)) };
    }),

  sessions: (memberId) => sessionsOf(db, memberId),

  endSession: (memberId, sessionId, now) =>
    db.atomic(() => {
      const session = sessionsOf(db, memberId).find(({ id }) => id === sessionId);
      if (session !== undefined) end(db, session, now);
      return session !== undefined;
    }),

  endSessions: (memberId, exceptSessionId, now) =>
    db.atomic(() => endAll(db, memberId, exceptSessionId, now)),
});

/** Of somebody who was banned. */
function hasEnded(db: Database, sessionId: Id): boolean {
  return db.one('SELECT 1 FROM session WHERE uid = ? AND ended_at IS NOT NULL', sessionId) !== undefined;
}
