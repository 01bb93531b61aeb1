-- The desk searches by words, too, in indexes that readers do not search: those of articles that
-- were withdrawn, and of manuscripts. What is under embargo is in none.
CREATE TABLE search_withdrawn (
    id      BIGINT PRIMARY KEY,
    article TEXT   NOT NULL UNIQUE REFERENCES articles (id)
);
CREATE VIRTUAL TABLE search_withdrawn_terms USING fts5 (
    title, lead, tags, body, filed,
    content = '', contentless_delete = 1, tokenize = 'ascii'
);

-- What the newest revision of a manuscript says.
CREATE TABLE manuscript_words (
    manuscript TEXT NOT NULL PRIMARY KEY REFERENCES manuscripts (id),
    title      TEXT NOT NULL,
    lead       TEXT NOT NULL,
    tags       TEXT NOT NULL,
    text       TEXT NOT NULL
);
--   id     rises with the last change of the manuscript
--   filed  what it is narrowed by, as the index has it
CREATE TABLE search_manuscripts (
    id         BIGINT PRIMARY KEY,
    manuscript TEXT   NOT NULL UNIQUE REFERENCES manuscripts (id),
    filed      TEXT   NOT NULL
);
-- The numbers of search_manuscripts: what is pending changes often and is little, so that it is by
-- itself. Of what is taken out nothing is left in the pages of either.
CREATE VIRTUAL TABLE search_pending_terms USING fts5 (
    title, lead, tags, body, filed,
    content = '', tokenize = 'ascii'
);
INSERT INTO search_pending_terms (search_pending_terms, rank) VALUES ('secure-delete', 1);
CREATE VIRTUAL TABLE search_manuscript_terms USING fts5 (
    title, lead, tags, body, filed,
    content = '', tokenize = 'ascii'
);
INSERT INTO search_manuscript_terms (search_manuscript_terms, rank) VALUES ('secure-delete', 1);

-- Articles are filed by kind and author, too: they are taken in anew, the newest first.
INSERT INTO search_terms (search_terms) VALUES ('delete-all');
DELETE FROM search_documents;
DELETE FROM search_backlog;
INSERT INTO search_backlog (id, published, article)
    SELECT 1, 4611686018427387904, '~' WHERE EXISTS (SELECT 1 FROM articles WHERE state IN ('published', 'withdrawn'));

-- What is put together later is so as soon as there are two of a size.
INSERT INTO search_terms (search_terms, rank) VALUES ('usermerge', 2);
INSERT INTO search_withdrawn_terms (search_withdrawn_terms, rank) VALUES ('usermerge', 2);
INSERT INTO search_pending_terms (search_pending_terms, rank) VALUES ('usermerge', 2);
INSERT INTO search_manuscript_terms (search_manuscript_terms, rank) VALUES ('usermerge', 2);
