-- What the people of the desk work on before it goes out. Nothing in these tables is public.
--   kind      new, correction, withdrawal
--   article   that it corrects or withdraws, or has become; empty before
--   section, language, title, instant   as the newest document says them, for lists
--   by_person, assigned   ids of people; assigned may be empty
--   named     who alone may read it, a JSON list; [] is everybody with the right
CREATE TABLE manuscripts (
    id        TEXT   PRIMARY KEY,
    kind      TEXT   NOT NULL,
    state     TEXT   NOT NULL,
    article   TEXT   NOT NULL,
    section   BIGINT NOT NULL,
    language  TEXT   NOT NULL,
    title     TEXT   NOT NULL,
    instant   BIGINT NOT NULL,
    created   BIGINT NOT NULL,
    changed   BIGINT NOT NULL,
    by_person TEXT   NOT NULL,
    assigned  TEXT   NOT NULL,
    named     TEXT   NOT NULL,
    revision  BIGINT NOT NULL
);
CREATE INDEX manuscripts_changed ON manuscripts (state, changed, id);
CREATE INDEX manuscripts_article ON manuscripts (article);

CREATE TABLE manuscript_revisions (
    manuscript TEXT   NOT NULL REFERENCES manuscripts (id),
    number     BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    by_person  TEXT   NOT NULL,
    document   BYTEA  NOT NULL,
    how        TEXT   NOT NULL,
    PRIMARY KEY (manuscript, number)
);

-- Pictures and files beside the newest document, by the names that it gives them.
CREATE TABLE manuscript_files (
    manuscript TEXT   NOT NULL REFERENCES manuscripts (id),
    name       TEXT   NOT NULL,
    hash       TEXT   NOT NULL,
    size       BIGINT NOT NULL,
    PRIMARY KEY (manuscript, name)
);
CREATE TABLE manuscript_chunks (
    manuscript TEXT   NOT NULL REFERENCES manuscripts (id),
    name       TEXT   NOT NULL,
    number     BIGINT NOT NULL,
    content    BYTEA  NOT NULL,
    PRIMARY KEY (manuscript, name, number)
);

CREATE TABLE remarks (
    manuscript TEXT   NOT NULL REFERENCES manuscripts (id),
    number     BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    by_person  TEXT   NOT NULL,
    text       TEXT   NOT NULL,
    PRIMARY KEY (manuscript, number)
);

CREATE TABLE approvals (
    manuscript TEXT   NOT NULL REFERENCES manuscripts (id),
    revision   BIGINT NOT NULL,
    by_person  TEXT   NOT NULL,
    at         BIGINT NOT NULL,
    digest     TEXT   NOT NULL,
    reason     TEXT   NOT NULL,
    PRIMARY KEY (manuscript, revision, by_person)
);

-- What somebody has typed and not saved yet, on top of a revision.
CREATE TABLE unsaved (
    manuscript TEXT   NOT NULL REFERENCES manuscripts (id),
    person     TEXT   NOT NULL,
    revision   BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    document   BYTEA  NOT NULL,
    PRIMARY KEY (manuscript, person)
);
