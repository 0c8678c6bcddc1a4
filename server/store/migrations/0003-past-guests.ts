/**
 * Where banned people came from, and guests who are gone. A released migration never changes.
 */
export const pastGuests = `
DROP INDEX ban_address;
-- Nobody new comes in from there until then; a member's own ban may have no end.
CREATE TABLE ban_address(
  ban_id INTEGER NOT NULL REFERENCES ban(id) ON DELETE CASCADE,
  address TEXT NOT NULL,
  until INTEGER NOT NULL,
  PRIMARY KEY (ban_id, address)
) STRICT, WITHOUT ROWID;
CREATE INDEX ban_address_until ON ban_address(address, until);
INSERT INTO ban_address(ban_id, address, until)
  SELECT id, address, until FROM ban WHERE address IS NOT NULL AND until IS NOT NULL;
ALTER TABLE ban DROP COLUMN address;

-- A room has ever more guests who are gone, and nobody reads through them.
CREATE INDEX member_here ON member(id) WHERE left_at IS NULL;
CREATE INDEX member_left ON member(left_at) WHERE left_at IS NOT NULL;
`;
