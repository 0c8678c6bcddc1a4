import { skeleton } from '../names/skeleton.ts';
import type { Id, Timestamp } from '../protocol/entities.ts';
import { SalonError } from '../protocol/errors.ts';
import { usernameKey, usernameProblem, withoutSeparators } from '../protocol/names.ts';
import { record } from './audit.ts';
import { useInvite } from './invites.ts';
import { append, type Author } from './log.ts';
import { authorOf } from './members.ts';
import { readSettings } from './meta.ts';
import { hasOwner, lobby, lobbyHead } from './room.ts';
import { addSession } from './sessions.ts';
import { isTaken } from './usernames.ts';
import type { Database } from './database.ts';
import {
  GUESTS_AT_MOST,
  type Ended,
  type NewGuest,
  type Store,
  type StoredMember,
  type Username,
} from './records.ts';

/** People without an account: a name, the lobby from their coming on, and an end. */

/** After so many of one name somebody is only making them up. */
const MOST_OF_ONE_NAME = 100;

type GuestRow = { row: number; id: Id };

/** Those who are here to stay a while. */
export function stayingGuests(db: Database): Author[] {
  return db.all<GuestRow>(
    'SELECT id AS row, uid AS id FROM member WHERE guest_from IS NOT NULL AND left_at IS NULL ORDER BY member.id',
  );
}

/** Their names are free again; what they wrote stays under the name that they had. */
export function endStays(db: Database, guests: readonly Author[], by: Id | null, now: Timestamp): Ended {
  const published = guests.map((author) => {
    const event = append(db, lobby(db), { type: 'guest.ended', author }, now);
    // No name has a colon in it, so these stand in nobody's way.
    db.all(
      `UPDATE member SET left_at = ?, username_key = ':' || uid, skeleton = ':' || uid WHERE id = ?`,
      event.at,
      author.row,
    );
    db.all('DELETE FROM session WHERE member_id = ?', author.row);
    record(db, { at: now, action: 'guest.ended', actorId: by, targetId: author.id, detail: '' });
    return { event, audience: null };
  });
  return { memberIds: guests.map(({ id }) => id), published };
}

export const guests = (db: Database): Pick<Store, 'enterGuest' | 'endGuests' | 'guests'> => ({
  enterGuest: (guest) =>
    db.atomic(() => {
      const { id, displayName, session, now } = guest;
      if (!hasOwner(db)) throw new SalonError('OWNER_FIRST');
      const { guestsUntil } = readSettings(db);
      if (guestsUntil === null || guestsUntil <= now) throw new SalonError('GUESTS_OFF');
      useInvite(db, guest.inviteId, 'guest', now);
      if (stayingGuests(db).length >= GUESTS_AT_MOST) throw new SalonError('ROOM_FULL');
      refuseLikeness(db, displayName);

      const { username, key, skeleton: looks } = freeName(db, guest);
      const first = lobbyHead(db) + 1;
      db.all(
        `INSERT INTO member(uid, username, username_key, skeleton, first_name, last_name, role, joined_at, named_at,
           last_seen_at, guest_from)
         VALUES (?, ?, ?, ?, ?, '', 'member', ?, ?, ?, ?)`,
        id,
        username,
        key,
        looks,
        displayName,
        now,
        now,
        now,
        first,
      );
      const author = authorOf(db, id);
      addSession(db, author.row, session, now);
      const seen = {
        id,
        username,
        firstName: displayName,
        lastName: '',
        role: 'guest',
        lastSeenAt: now,
      } as const;
      const event = append(db, lobby(db), { type: 'member.joined', author, detail: { member: seen } }, now);
      const member: StoredMember = { ...seen, joinedAt: event.at, leftAt: null };
      db.all('UPDATE member SET joined_at = ? WHERE id = ?', event.at, author.row);
      db.all(
        `INSERT INTO conversation_member(conversation_id, member_id, joined_at, delivered_seq, read_seq)
         VALUES (?, ?, ?, ?, ?)`,
        lobby(db),
        author.row,
        event.at,
        first,
        first,
      );
      record(db, { at: now, action: 'guest.entered', actorId: id, targetId: id, detail: username });
      return { member, published: [{ event, audience: null }] };
    }),

  endGuests: (memberIds, by, now) =>
    db.atomic(() => {
      const staying = stayingGuests(db);
      const leaving = memberIds === null ? staying : staying.filter(({ id }) => memberIds.includes(id));
      return endStays(db, leaving, by, now);
    }),

  guests: () => stayingGuests(db).map(({ id }) => id),
});

/** A guest shall not pass for a member, whatever stands between the letters. @throws SalonError `NAME_TAKEN`. */
function refuseLikeness(db: Database, displayName: string): void {
  const looks = skeleton(lettersOf(displayName));
  for (const one of new Set([skeleton(displayName), looks])) {
    const alike = db.one('SELECT 1 FROM member WHERE skeleton = ? AND guest_from IS NULL', one);
    if (alike !== undefined) throw new SalonError('NAME_TAKEN');
  }
  // Made anew each time: of a thousand people that takes about ten milliseconds.
  if (fullNames(db).some((name) => skeleton(lettersOf(name)) === looks)) throw new SalonError('NAME_TAKEN');
}

const lettersOf = (name: string) => withoutSeparators(name.replace(/[^\p{L}\p{M}\p{N}._-]/gu, ''));

/** What members are called beside their usernames, in either order. */
function fullNames(db: Database): string[] {
  return db
    .all<{ first: string; last: string }>(
      `SELECT first_name AS first, last_name AS last FROM member WHERE guest_from IS NULL AND left_at IS NULL`,
    )
    .flatMap(({ first, last }) => [`${first} ${last}`, `${last} ${first}`]);
}

/** @throws SalonError `NAME_TAKEN` when the name itself is a member's, or was until lately. */
function freeName(db: Database, { base, now }: NewGuest): Username {
  for (let number = 1; number <= MOST_OF_ONE_NAME; number += 1) {
    const username = number === 1 ? base : `${base}${number}`;
    // A number behind digits of another script, for one.
    if (usernameProblem(username) !== null) continue;
    const name: Username = { username, key: usernameKey(username), skeleton: skeleton(username) };
    if (!isTaken(db, name, null, now)) return name;
    if (number === 1 && !isGuests(db, name)) break;
  }
  throw new SalonError('NAME_TAKEN');
}

/** Whether whoever has that name, or one like it, is a guest. */
function isGuests(db: Database, { key, skeleton: looks }: Username): boolean {
  const holder = db.one<{ guest: number }>(
    `SELECT guest_from IS NOT NULL AS guest FROM member WHERE username_key = ? OR skeleton = ?
     ORDER BY guest_from IS NOT NULL LIMIT 1`,
    key,
    looks,
  );
  return holder?.guest === 1;
}
