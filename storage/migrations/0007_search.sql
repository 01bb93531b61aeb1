-- What can be searched: every public article and nothing else. The terms
-- themselves stand in a table that is each engine's own, under the same id.

--   id  rises with the date of publication (documentID in storage/newsdesk/index.go)
CREATE TABLE search_documents (
    id      BIGINT PRIMARY KEY,
    article TEXT   NOT NULL UNIQUE REFERENCES articles (id)
);

-- One row while articles that were public before there was a search are still
-- to be taken in: the place from which on, newest first.
CREATE TABLE search_backlog (
    id        BIGINT PRIMARY KEY CHECK (id = 1),
    published BIGINT NOT NULL,
    article   TEXT   NOT NULL
);
INSERT INTO search_backlog (id, published, article)
    SELECT 1, 4611686018427387904, '~' WHERE EXISTS (SELECT 1 FROM articles WHERE state = 'published');
