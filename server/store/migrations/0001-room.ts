/**
 * The first tables. A released migration never changes.
 *
 * Every conversation is one numbered log, the table `event`; all else is looked up beside it. Rows point at each other
 * by small internal numbers; `uid` is the id that the rest of the program knows.
 */
export const room = `
CREATE TABLE meta(
  k TEXT PRIMARY KEY,
  v ANY NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE member(
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  username TEXT NOT NULL,
  username_key TEXT NOT NULL UNIQUE,
  skeleton TEXT NOT NULL UNIQUE,
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('owner', 'member')),
  joined_at INTEGER NOT NULL,
  named_at INTEGER NOT NULL,
  last_seen_at INTEGER
) STRICT;
CREATE UNIQUE INDEX member_owner ON member(role) WHERE role = 'owner';

CREATE TABLE username_history(
  id INTEGER PRIMARY KEY,
  member_id INTEGER NOT NULL REFERENCES member(id),
  username TEXT NOT NULL,
  username_key TEXT NOT NULL,
  skeleton TEXT NOT NULL,
  used_from INTEGER NOT NULL,
  used_to INTEGER NOT NULL
) STRICT;
CREATE INDEX username_history_key ON username_history(username_key, used_to);
CREATE INDEX username_history_skeleton ON username_history(skeleton, used_to);

CREATE TABLE credential(
  member_id INTEGER NOT NULL REFERENCES member(id),
  kind TEXT NOT NULL CHECK (kind IN ('password', 'recovery', 'reset')),
  algorithm TEXT NOT NULL CHECK (algorithm IN ('scrypt', 'hkdf')),
  log2n INTEGER,
  r INTEGER,
  p INTEGER,
  salt BLOB NOT NULL CHECK (length(salt) = 16),
  stored_key BLOB NOT NULL CHECK (length(stored_key) = 32),
  server_key BLOB NOT NULL CHECK (length(server_key) = 32),
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  failures INTEGER NOT NULL DEFAULT 0,
  issued_by INTEGER REFERENCES member(id),
  PRIMARY KEY (member_id, kind),
  CHECK ((algorithm = 'scrypt') = (log2n IS NOT NULL AND r IS NOT NULL AND p IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE session(
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
  member_id INTEGER NOT NULL REFERENCES member(id),
  device TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL
) STRICT;
CREATE INDEX session_member ON session(member_id, last_seen_at);

CREATE TABLE conversation(
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('lobby', 'direct')),
  -- SHA-256 of the sorted ids of its members: the same people have one direct conversation.
  direct_key BLOB UNIQUE CHECK (length(direct_key) = 32),
  last_seq INTEGER NOT NULL DEFAULT 0,
  last_at INTEGER NOT NULL,
  CHECK ((kind = 'direct') = (direct_key IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX conversation_lobby ON conversation(kind) WHERE kind = 'lobby';

CREATE TABLE conversation_member(
  conversation_id INTEGER NOT NULL REFERENCES conversation(id),
  member_id INTEGER NOT NULL REFERENCES member(id),
  joined_at INTEGER NOT NULL,
  delivered_seq INTEGER NOT NULL DEFAULT 0,
  read_seq INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (conversation_id, member_id),
  CHECK (read_seq <= delivered_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_member_member ON conversation_member(member_id, conversation_id);

-- Two indexes and no more: each costs on every message.
CREATE TABLE event(
  id INTEGER PRIMARY KEY,
  conversation_id INTEGER NOT NULL REFERENCES conversation(id),
  seq INTEGER NOT NULL,
  -- A number of KIND_NUMBERS in log.ts.
  kind INTEGER NOT NULL,
  author_id INTEGER REFERENCES member(id),
  -- The id that the author's client gave a message: posting it again changes nothing, for ever.
  client_id TEXT,
  at INTEGER NOT NULL,
  -- Null when withdrawn, and for everything that is not a message.
  body TEXT,
  detail TEXT CHECK (json_valid(detail)),
  UNIQUE (conversation_id, seq),
  UNIQUE (author_id, client_id)
) STRICT;

CREATE TABLE audit(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  action TEXT NOT NULL,
  -- Ids as text: the journal stands by itself.
  actor TEXT,
  target TEXT,
  detail TEXT NOT NULL
) STRICT;
`;
