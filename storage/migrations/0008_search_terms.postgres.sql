-- The terms of each document, made by storage/terms, in pieces of each field
-- (storage/postgres/search.go).
CREATE TABLE search_terms (
    document BIGINT   NOT NULL,
    field    TEXT     NOT NULL,
    piece    BIGINT   NOT NULL,
    terms    TSVECTOR NOT NULL,
    PRIMARY KEY (document, field, piece)
);
CREATE INDEX search_terms_said ON search_terms USING GIN (terms);
