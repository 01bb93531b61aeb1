-- Pictures and files that were withdrawn: nothing of their content is kept, and none with the
-- same content is taken again.
--   hash   that of the content, by which it was served
--   kind   picture, file
--   note   what stands in its place, for the public; may be empty
--   shown  1 if it was public: only then does its address say that it was withdrawn
--   names  the last parts of its addresses and of those of its sizes, a JSON list
CREATE TABLE withdrawn_media (
    hash  TEXT   PRIMARY KEY,
    kind  TEXT   NOT NULL,
    at    BIGINT NOT NULL,
    note  TEXT   NOT NULL,
    shown BIGINT NOT NULL,
    names TEXT   NOT NULL
);
CREATE INDEX withdrawn_media_at ON withdrawn_media (at, hash);

-- Each content that is barred: of the picture or file, and of the picture's sizes.
CREATE TABLE withdrawn_contents (
    hash   TEXT PRIMARY KEY,
    parent TEXT NOT NULL REFERENCES withdrawn_media (hash)
);

-- The entries by which articles that had shown it were corrected.
CREATE TABLE withdrawn_media_entries (
    seq  BIGINT NOT NULL,
    hash TEXT   NOT NULL REFERENCES withdrawn_media (hash),
    PRIMARY KEY (seq, hash)
);
CREATE INDEX withdrawn_media_entries_of ON withdrawn_media_entries (hash, seq);
