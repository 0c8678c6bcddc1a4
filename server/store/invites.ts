import { LIMITS, type Id, type InviteRole, type Timestamp } from '../protocol/entities.ts';
import { SalonError } from '../protocol/errors.ts';
import { record } from './audit.ts';
import { inviteState, refuseDead } from './invite-state.ts';
import { authorOf } from './members.ts';
import { readSettings } from './meta.ts';
import type { Database } from './database.ts';
import type { Store, StoredInvite } from './records.ts';

/** Who may come in by invitation. What an invite is shown with is nowhere here. */

/** Of invites that nobody can use any more so many are kept, to tell whoever comes with one what became of it. */
const KEPT = 100;

const INVITES = `
  SELECT uid AS id, role, created_at AS createdAt, expires_at AS expiresAt, uses, used, revoked_at AS revokedAt
  FROM invite`;

type InviteRow = {
  id: Id;
  role: InviteRole;
  createdAt: Timestamp;
  expiresAt: Timestamp | null;
  uses: number | null;
  used: number;
  revokedAt: Timestamp | null;
};

const allInvites = (db: Database): StoredInvite[] => db.all<InviteRow>(`${INVITES} ORDER BY invite.id DESC`);

const inviteOf = (db: Database, id: Id): StoredInvite | undefined =>
  db.one<InviteRow>(`${INVITES} WHERE uid = ?`, id);

/**
 * Counts one more use, where one is needed or given.
 *
 * @param as What whoever brings it becomes: a member's invite lets in a guest as well.
 * @throws SalonError `INVITE_NEEDED` and the others that are said of `Store.signUp`.
 */
export function useInvite(db: Database, id: Id | null, as: InviteRole, now: Timestamp): void {
  if (id === null) {
    if (readSettings(db).access === 'invited') throw new SalonError('INVITE_NEEDED');
    return;
  }
  const invite = inviteOf(db, id);
  if (invite === undefined) throw new SalonError('INVITE_UNKNOWN');
  refuseDead(invite, now);
  if (as === 'member' && invite.role === 'guest') throw new SalonError('INVITE_FOR_GUESTS');
  db.all('UPDATE invite SET used = used + 1 WHERE uid = ?', id);
}

export const invites = (
  db: Database,
): Pick<Store, 'createInvite' | 'invites' | 'invite' | 'revokeInvite'> => ({
  createInvite: ({ id, role, expiresAt, uses }, by, now) =>
    db.atomic(() => {
      const known = allInvites(db);
      const dead = known.filter((invite) => inviteState(invite, now) !== 'live');
      if (known.length - dead.length >= LIMITS.liveInvites) throw new SalonError('TOO_MANY_INVITES');
      for (const old of dead.slice(KEPT)) db.all('DELETE FROM invite WHERE uid = ?', old.id);
      db.all(
        'INSERT INTO invite(uid, role, created_at, created_by, expires_at, uses) VALUES (?, ?, ?, ?, ?, ?)',
        id,
        role,
        now,
        authorOf(db, by).row,
        expiresAt,
        uses,
      );
      record(db, { at: now, action: 'invite.created', actorId: by, targetId: null, detail: role });
      return { id, role, createdAt: now, expiresAt, uses, used: 0, revokedAt: null };
    }),

  invites: () => allInvites(db),

  invite: (id) => inviteOf(db, id) ?? null,

  revokeInvite: (id, by, now) =>
    db.atomic(() => {
      const revoked = db.one<{ role: InviteRole }>(
        'UPDATE invite SET revoked_at = ? WHERE uid = ? AND revoked_at IS NULL RETURNING role',
        now,
        id,
      );
      if (revoked === undefined) return false;
      record(db, { at: now, action: 'invite.revoked', actorId: by, targetId: null, detail: revoked.role });
      return true;
    }),
});
