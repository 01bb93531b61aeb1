-- The page of another site that a new article is made of, for as long as that waits to be approved:
-- an import that finds the page again knows it.
--   identity  as the article will have it
--   reader    the generation of the importer that has read the page
--   section   in which it was handed in
--   read      the digest of what was read of the page, by which the article is known
--   written   the digest of what the document said when it was handed in
CREATE TABLE manuscript_pages (
    manuscript TEXT    PRIMARY KEY REFERENCES manuscripts (id),
    identity   TEXT    NOT NULL UNIQUE,
    source_url TEXT    NOT NULL,
    reader     INTEGER NOT NULL,
    section    BIGINT  NOT NULL,
    read       TEXT    NOT NULL,
    written    TEXT    NOT NULL
);
-- Digests of what such a page says, with its title: another page may say the same.
CREATE TABLE manuscript_page_says (
    says       TEXT NOT NULL,
    manuscript TEXT NOT NULL REFERENCES manuscripts (id),
    PRIMARY KEY (says, manuscript)
);
CREATE INDEX manuscript_page_says_manuscript ON manuscript_page_says (manuscript);
