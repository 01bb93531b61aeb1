-- Files that go out beside articles: treaties, tables, calendars. The content is kept
-- in chunks, so that a part of it can be read without the rest.
CREATE TABLE files (
    hash TEXT   PRIMARY KEY,
    type TEXT   NOT NULL,
    size BIGINT NOT NULL
);

CREATE TABLE file_chunks (
    hash    TEXT   NOT NULL REFERENCES files (hash),
    number  BIGINT NOT NULL,
    content BYTEA  NOT NULL,
    PRIMARY KEY (hash, number)
);

-- A file is public, by the name that an article gives it, while an article that links
-- to it is.
CREATE TABLE file_articles (
    hash    TEXT NOT NULL REFERENCES files (hash),
    article TEXT NOT NULL REFERENCES articles (id),
    name    TEXT NOT NULL,
    PRIMARY KEY (hash, article, name)
);
CREATE INDEX file_articles_article ON file_articles (article);
