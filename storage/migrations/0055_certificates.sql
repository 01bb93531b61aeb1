-- What a server keeps that has a certificate of its own: a tree of files, in which lie the
-- certificate, its key, the account at the authority, and, while that looks whether the host
-- is ours, the proofs of it.
--   name      its path
--   modified  when it was written
CREATE TABLE certificate_files (
    name     TEXT   PRIMARY KEY,
    content  BYTEA  NOT NULL,
    modified BIGINT NOT NULL
);

-- What one server at a time does with them.
--   holder  the one that does it, by a name that no other has, or had
--   until   when it is taken for dead if it says nothing
CREATE TABLE certificate_locks (
    name   TEXT   PRIMARY KEY,
    holder TEXT   NOT NULL,
    until  BIGINT NOT NULL
);
