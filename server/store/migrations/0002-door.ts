/**
 * Guests, invites and bans. A released migration never changes.
 *
 * A guest is a row of `member` whose arrival has a number, so that nothing has to be rebuilt: `role` knows only the two
 * kinds of account.
 */
export const door = `
-- The number in the lobby of a guest's own arrival: nothing before it is theirs to read. Null for whoever has an account.
ALTER TABLE member ADD COLUMN guest_from INTEGER;
-- When a guest's stay ended.
ALTER TABLE member ADD COLUMN left_at INTEGER CHECK (left_at IS NULL OR guest_from IS NOT NULL);
CREATE INDEX member_staying ON member(id) WHERE guest_from IS NOT NULL AND left_at IS NULL;

-- Of somebody who is banned the sessions stay, ended: only who shows their token is told of the ban.
ALTER TABLE session ADD COLUMN ended_at INTEGER;

-- No secret is here: it is made from the id with the host's own (invites.ts).
CREATE TABLE invite(
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL CHECK (role IN ('member', 'guest')),
  created_at INTEGER NOT NULL,
  created_by INTEGER NOT NULL REFERENCES member(id),
  expires_at INTEGER,
  uses INTEGER,
  used INTEGER NOT NULL DEFAULT 0,
  revoked_at INTEGER,
  CHECK (uses IS NULL OR used <= uses)
) STRICT;

CREATE TABLE ban(
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  member_id INTEGER NOT NULL UNIQUE REFERENCES member(id),
  at INTEGER NOT NULL,
  until INTEGER,
  -- Where a guest came from: they have nothing else that they could be known by.
  address TEXT
) STRICT;
CREATE INDEX ban_address ON ban(address) WHERE address IS NOT NULL;
`;
