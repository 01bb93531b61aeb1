-- The documents that articles were filed as, byte for byte, by revision, so that an
-- editor who corrects one begins with its newest text. A draft under embargo is
-- replaced, not revised: draft counts how often, from 1. document is empty for what
-- was not filed as a document.
CREATE TABLE filed (
    article  TEXT   NOT NULL REFERENCES articles (id),
    revision BIGINT NOT NULL,
    draft    BIGINT NOT NULL,
    document BYTEA  NOT NULL,
    PRIMARY KEY (article, revision)
);
