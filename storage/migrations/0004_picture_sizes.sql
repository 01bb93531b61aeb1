-- Pictures in smaller sizes, made when the picture is stored.

--   blurhash  a few coarse colours of the picture, shown until it is loaded
ALTER TABLE media ADD COLUMN blurhash TEXT NOT NULL DEFAULT '';

-- A size is public while the picture that it was made from is.
CREATE TABLE media_sizes (
    parent TEXT   NOT NULL REFERENCES media (hash),
    width  BIGINT NOT NULL,
    hash   TEXT   NOT NULL REFERENCES media (hash),
    PRIMARY KEY (parent, width)
);
CREATE INDEX media_sizes_hash ON media_sizes (hash);
