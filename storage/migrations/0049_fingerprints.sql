-- What articles say and have said, in numbers: see the package fingerprint. Of a draft that
-- was cancelled or replaced there are none.
--   digest    of a wording: of its title with its text, or of its text
CREATE TABLE fingerprints (
    digest   BIGINT NOT NULL,
    article  TEXT   NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (digest, article, revision)
);
CREATE INDEX fingerprints_article ON fingerprints (article);
-- By which one is found that says nearly the same, of articles that are under embargo or
-- were withdrawn.
CREATE TABLE shingles (
    shingle  BIGINT NOT NULL,
    article  TEXT   NOT NULL,
    revision BIGINT NOT NULL,
    PRIMARY KEY (shingle, article, revision)
);
CREATE INDEX shingles_article ON shingles (article);
