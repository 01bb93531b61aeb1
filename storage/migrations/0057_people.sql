-- Who may work on the desk.
--   login    by which they sign in; nobody has it a second time
--   removed  when they were; 0 while they are not
--   epoch    moves with each change of what they are or may do: what was made in an
--            earlier one counts no longer
CREATE TABLE people (
    id      TEXT   PRIMARY KEY,
    login   TEXT   NOT NULL UNIQUE,
    name    TEXT   NOT NULL,
    email   TEXT   NOT NULL,
    created BIGINT NOT NULL,
    removed BIGINT NOT NULL,
    epoch   BIGINT NOT NULL
);

-- What each may do, and where.
--   section   with all below it; 0 is everywhere
--   language  empty is every one
CREATE TABLE grants (
    person   TEXT   NOT NULL REFERENCES people (id),
    role     TEXT   NOT NULL,
    section  BIGINT NOT NULL,
    language TEXT   NOT NULL,
    PRIMARY KEY (person, role, section, language)
);

-- By what they show that they are it.
--   step  of one-time passwords: no earlier one is taken again
CREATE TABLE credentials (
    person TEXT   NOT NULL REFERENCES people (id),
    kind   TEXT   NOT NULL,
    secret TEXT   NOT NULL,
    added  BIGINT NOT NULL,
    step   BIGINT NOT NULL,
    PRIMARY KEY (person, kind)
);

-- Links by which somebody chooses their credentials, once.
--   hash  of what only the link has
CREATE TABLE invitations (
    hash   TEXT   PRIMARY KEY,
    person TEXT   NOT NULL REFERENCES people (id),
    epoch  BIGINT NOT NULL,
    until  BIGINT NOT NULL
);
CREATE INDEX invitations_person ON invitations (person);

-- Who is signed in.
--   hash  of what only the browser has
CREATE TABLE sessions (
    hash  TEXT   PRIMARY KEY,
    data  BYTEA  NOT NULL,
    until BIGINT NOT NULL
);
CREATE INDEX sessions_until ON sessions (until);
