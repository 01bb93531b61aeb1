-- What the ministry has said, and the log of saying it.
-- Instants are microseconds since 1970 UTC; booleans are 0 or 1 in BIGINT
-- columns, so that both engines read them alike.

CREATE TABLE facts (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- One row. seq is the last entry; tree the last one that changed the section
-- tree. The first statement of an appending transaction updates this row, so
-- that log order is commit order.
CREATE TABLE log_head (
    id   BIGINT PRIMARY KEY CHECK (id = 1),
    seq  BIGINT NOT NULL,
    tree BIGINT NOT NULL,
    at   BIGINT NOT NULL
);
INSERT INTO log_head (id, seq, tree, at) VALUES (1, 0, 0, 0);

-- The last entry meant for each source of deliveries.
CREATE TABLE heads (
    source TEXT PRIMARY KEY,
    seq    BIGINT NOT NULL
);

CREATE TABLE entries (
    seq      BIGINT PRIMARY KEY,
    kind     TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    article  TEXT   NOT NULL,
    revision BIGINT NOT NULL,
    section  BIGINT NOT NULL,
    actor    TEXT   NOT NULL,
    minor    BIGINT NOT NULL,
    silent   BIGINT NOT NULL,
    pushed   BIGINT NOT NULL
);
CREATE INDEX entries_article ON entries (article, seq);

CREATE TABLE sections (
    id      BIGINT PRIMARY KEY,
    parent  BIGINT NOT NULL,
    slug    TEXT   NOT NULL,
    path    TEXT   NOT NULL UNIQUE,
    created BIGINT NOT NULL,
    UNIQUE (parent, slug)
);

CREATE TABLE section_names (
    section  BIGINT NOT NULL REFERENCES sections (id),
    language TEXT   NOT NULL,
    name     TEXT   NOT NULL,
    PRIMARY KEY (section, language)
);

-- Every section with itself and all above it, the root (0) included.
CREATE TABLE section_ancestors (
    section  BIGINT NOT NULL,
    ancestor BIGINT NOT NULL,
    PRIMARY KEY (section, ancestor)
);
CREATE INDEX section_ancestors_below ON section_ancestors (ancestor, section);

-- The newest entry that changed what a section's feeds and pages say in a
-- language: ETag, cache key and Last-Modified of everything that is pulled.
CREATE TABLE changed (
    section  BIGINT NOT NULL,
    language TEXT   NOT NULL,
    seq      BIGINT NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (section, language)
);

CREATE TABLE articles (
    id                TEXT   PRIMARY KEY,
    translation_group TEXT   NOT NULL,
    section           BIGINT NOT NULL REFERENCES sections (id),
    language          TEXT   NOT NULL,
    state             TEXT   NOT NULL,
    silent            BIGINT NOT NULL,
    published         BIGINT NOT NULL,
    precision_of_date TEXT   NOT NULL,
    revision          BIGINT NOT NULL,
    changed           BIGINT NOT NULL,
    identity          TEXT   UNIQUE,
    digest            TEXT   NOT NULL,
    source_url        TEXT   NOT NULL,
    withdrawn_at      BIGINT NOT NULL,
    reason            TEXT   NOT NULL
);
CREATE INDEX articles_group ON articles (translation_group);
CREATE INDEX articles_release ON articles (published, id) WHERE state = 'embargoed';
CREATE INDEX articles_newest ON articles (published, id);

CREATE TABLE revisions (
    article  TEXT   NOT NULL REFERENCES articles (id),
    number   BIGINT NOT NULL,
    at       BIGINT NOT NULL,
    updated  BIGINT NOT NULL,
    minor    BIGINT NOT NULL,
    note     TEXT   NOT NULL,
    section  BIGINT NOT NULL,
    language TEXT   NOT NULL,
    title    TEXT   NOT NULL,
    lead     TEXT   NOT NULL,
    body     TEXT   NOT NULL,
    images   TEXT   NOT NULL,
    tags     TEXT   NOT NULL,
    PRIMARY KEY (article, number)
);

-- What a section shows, rolled up over its subtree: published articles only.
CREATE TABLE section_articles (
    section   BIGINT NOT NULL,
    language  TEXT   NOT NULL,
    published BIGINT NOT NULL,
    article   TEXT   NOT NULL,
    PRIMARY KEY (section, language, published, article)
);
CREATE INDEX section_articles_article ON section_articles (article);

-- The keys that make publishing idempotent.
CREATE TABLE publish_keys (
    key     TEXT PRIMARY KEY,
    article TEXT NOT NULL,
    digest  TEXT NOT NULL
);

CREATE TABLE media (
    hash    TEXT   PRIMARY KEY,
    type    TEXT   NOT NULL,
    width   BIGINT NOT NULL,
    height  BIGINT NOT NULL,
    content BYTEA  NOT NULL
);

-- A picture is public while an article that shows it is.
CREATE TABLE media_articles (
    hash    TEXT NOT NULL REFERENCES media (hash),
    article TEXT NOT NULL REFERENCES articles (id),
    PRIMARY KEY (hash, article)
);
