-- The desk searches by words, too: see the same step of the embedded engine.
CREATE TABLE search_withdrawn (
    id      BIGINT PRIMARY KEY,
    article TEXT   NOT NULL UNIQUE REFERENCES articles (id)
);
CREATE TABLE search_withdrawn_terms (
    document BIGINT   NOT NULL,
    field    TEXT     NOT NULL,
    piece    BIGINT   NOT NULL,
    terms    TSVECTOR NOT NULL,
    PRIMARY KEY (document, field, piece)
);
CREATE INDEX search_withdrawn_said ON search_withdrawn_terms USING GIN (terms);

-- What the newest revision of a manuscript says.
CREATE TABLE manuscript_words (
    manuscript TEXT NOT NULL PRIMARY KEY REFERENCES manuscripts (id),
    title      TEXT NOT NULL,
    lead       TEXT NOT NULL,
    tags       TEXT NOT NULL,
    text       TEXT NOT NULL
);
CREATE TABLE search_manuscripts (
    id         BIGINT PRIMARY KEY,
    manuscript TEXT   NOT NULL UNIQUE REFERENCES manuscripts (id),
    filed      TEXT   NOT NULL
);
-- What is pending is by itself.
CREATE TABLE search_pending_terms (
    document BIGINT   NOT NULL,
    field    TEXT     NOT NULL,
    piece    BIGINT   NOT NULL,
    terms    TSVECTOR NOT NULL,
    PRIMARY KEY (document, field, piece)
);
CREATE INDEX search_pending_said ON search_pending_terms USING GIN (terms);
CREATE TABLE search_manuscript_terms (
    document BIGINT   NOT NULL,
    field    TEXT     NOT NULL,
    piece    BIGINT   NOT NULL,
    terms    TSVECTOR NOT NULL,
    PRIMARY KEY (document, field, piece)
);
CREATE INDEX search_manuscript_said ON search_manuscript_terms USING GIN (terms);

-- Articles are filed by kind and author, too: they are taken in anew, the newest first.
DELETE FROM search_terms;
DELETE FROM search_documents;
DELETE FROM search_backlog;
INSERT INTO search_backlog (id, published, article)
    SELECT 1, 4611686018427387904, '~' WHERE EXISTS (SELECT 1 FROM articles WHERE state IN ('published', 'withdrawn'));
