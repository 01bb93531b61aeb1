-- How articles are said in the fediverse.

-- As what type of object articles go out, from behind an entry on. An article
-- keeps the type of its first publication, whatever the configuration says
-- later.
CREATE TABLE renditions (
    after     BIGINT PRIMARY KEY,
    rendition TEXT   NOT NULL
);

-- The articles that stand on top of the profile.
CREATE TABLE pins (
    article TEXT   PRIMARY KEY REFERENCES articles (id),
    since   BIGINT NOT NULL
);

-- Permissions to quote an article that were given: to which post, of whom.
CREATE TABLE quotes (
    token   TEXT   PRIMARY KEY,
    article TEXT   NOT NULL REFERENCES articles (id),
    quote   TEXT   NOT NULL,
    actor   TEXT   NOT NULL,
    granted BIGINT NOT NULL,
    UNIQUE (article, quote)
);
CREATE INDEX quotes_actor ON quotes (actor);
