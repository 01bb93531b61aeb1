-- Pictures are kept in chunks, as files are: a part of one can be read without the
-- rest, and what is said of one without its content.

--   size  of the content, in bytes
ALTER TABLE media ADD COLUMN size BIGINT NOT NULL DEFAULT 0;
UPDATE media SET size = LENGTH(content);

CREATE TABLE media_chunks (
    hash    TEXT   NOT NULL REFERENCES media (hash),
    number  BIGINT NOT NULL,
    content BYTEA  NOT NULL,
    PRIMARY KEY (hash, number)
);

INSERT INTO media_chunks (hash, number, content)
WITH RECURSIVE numbers (number) AS (
    SELECT 0 UNION ALL
    SELECT number + 1 FROM numbers WHERE (number + 1) * 262144 < (SELECT MAX(size) FROM media)
)
SELECT m.hash, n.number, SUBSTR(m.content, n.number * 262144 + 1, 262144)
FROM media m JOIN numbers n ON n.number * 262144 < m.size;

ALTER TABLE media DROP COLUMN content;
