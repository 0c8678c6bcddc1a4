/**
 * Files that members brought. Their bytes lie beside the database, named by their hash. A released migration never changes.
 */
export const files = `
-- Who brought it: the same bytes of two members are two rows, and one file.
CREATE TABLE file(
  member_id INTEGER NOT NULL REFERENCES member(id),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  size INTEGER NOT NULL CHECK (size >= 0),
  -- Of a picture that pages show: its kind and size.
  picture TEXT CHECK (json_valid(picture)),
  -- Null once a message brings it.
  unposted_since INTEGER,
  PRIMARY KEY (member_id, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX file_hash ON file(hash);
CREATE INDEX file_unposted ON file(unposted_since) WHERE unposted_since IS NOT NULL;

-- What was posted, and so is not forgotten.
CREATE TABLE attachment(
  event_id INTEGER PRIMARY KEY REFERENCES event(id),
  member_id INTEGER NOT NULL,
  hash BLOB NOT NULL,
  FOREIGN KEY (member_id, hash) REFERENCES file(member_id, hash)
) STRICT;
CREATE INDEX attachment_file ON attachment(member_id, hash);
`;
